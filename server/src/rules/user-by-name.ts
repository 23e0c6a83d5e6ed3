import { type CreatedUser, createdUsers } from '../distros/created-users.ts';
import { createdId, namedUser } from '../distros/users.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { deployment } from '../facts/deployment/deployment.ts';
import { baseTraits, isRoot, isWindows } from '../facts/stage.ts';
import { userComment } from '../fixes/add-user.ts';
import type { Fix } from '../fixes/fix.ts';
import { insertWords } from '../fixes/insert-words.ts';
import { Layout } from '../fixes/layout.ts';
import { commandSteps } from '../model/commands.ts';
import { lastStep, lineage, type Stage, type Step } from '../model/dockerfile.ts';
import type { TextEdit } from '../text/edits.ts';
import type { Rule } from './rule.ts';

const manifest =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      securityContext:\n        runAsNonRoot: true\n      containers:\n        - name: web\n          image: example.com/web:1\n';
const files = { 'server.js': '', 'k8s/web.yaml': manifest };

export const userByName: Rule = {
  meta: {
    id: 'user-by-name',
    aliases: [],
    summary: 'USER is a name, and Kubernetes is told to refuse root.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The number of the user is not known.',
    needs: ['images'],
    docs: {
      what: 'The stage that ships ends with a `USER` that is a name, and a Kubernetes manifest of the project runs it with `runAsNonRoot: true` and without `runAsUser`.',
      why: 'Kubernetes does not look names up in the image. It cannot tell whether the name is root, and refuses to start the container: “image has non-numeric user, cannot verify user is non-root”.',
      silent:
        'No manifest of the container is found, it is a template of Helm, or it sets `runAsUser`; the user is root, a number, or comes from a variable.',
      fix: 'Names the user by its number. A user that the Dockerfile creates without one is given a number where it is created. For review.',
      bad: {
        dockerfile: 'FROM node:24-slim\nCOPY server.js /\nUSER node\nCMD ["node", "/server.js"]\n',
        files,
      },
      good: {
        dockerfile: 'FROM node:24-slim\nCOPY server.js /\nUSER 1000\nCMD ["node", "/server.js"]\n',
        files,
      },
      switchOff: 'Where nothing runs the image in Kubernetes.',
      references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
    },
  },

  *check(context) {
    const { final } = context.dockerfile;
    const step = final === undefined ? undefined : lastStep(final, 'USER');
    const word = step?.instruction.words[0];
    const written = word?.value ?? '';
    const [name = ''] = written.split(':');
    if (
      final === undefined ||
      step === undefined ||
      word === undefined ||
      isWindows(final) ||
      isRoot(written) ||
      !/^[a-z_][\w.-]*$/i.test(name)
    ) {
      return;
    }
    const container = deployment(context.project).find((one) => one.refusesRoot && one.user === undefined);
    if (container !== undefined) {
      const fix = numberFix(context, final, step, written);
      yield {
        message: `USER is the name \`${name}\`, and Kubernetes cannot tell whether that is root: ${container.evidence.says} with runAsNonRoot, which takes a number only.`,
        span: word.span,
        fixes: fix === undefined ? [] : [fix],
      };
    }
  },
};

/** Names the user by its number, which it is given where the Dockerfile creates it without one. */
function numberFix(context: AnalysisContext, stage: Stage, step: Step, written: string): Fix | undefined {
  const traits = baseTraits(stage, context.images);
  const layout = new Layout(context.dockerfile.syntax);
  const [name = ''] = written.split(':');
  const created = createdUsers(stage).find((one) => one.name === name);
  const isGiven = created !== undefined && created.uid === undefined;
  const user = namedUser(written, isGiven ? Number(createdId) : created?.uid, traits);
  const giving = isGiven ? giveNumber(stage, created, traits?.distribution?.id === 'alpine') : [];
  const span = step.instruction.words[0]?.span;
  if (!/^\d/.test(user.id) || span === undefined || giving === undefined) {
    return undefined;
  }
  const comment = userComment(user);
  return {
    title: `Name ${name} by its number`,
    applicability: 'review',
    edits: [...giving, layout.insertRightBefore(step.instruction, comment), { span, text: user.id }],
  };
}

/** Adds the number to the command that creates a user; undefined where that command is not found. */
function giveNumber(stage: Stage, user: CreatedUser, isAlpine: boolean): TextEdit[] | undefined {
  const at = lineage(stage)
    .flatMap((one) => commandSteps(one))
    .find(
      ({ command }) =>
        (command.name === 'useradd' || command.name === 'adduser') &&
        command.args.some((word) => word.value === user.name),
    );
  if (at === undefined) {
    return undefined;
  }
  // BusyBox knows the short option alone, and Debian's adduser the long one.
  const option = isAlpine && at.command.name === 'adduser' ? '-u' : '--uid';
  const edit = insertWords(at, at.command.nameWord, [option, `${createdId}`]);
  return edit === undefined ? undefined : [edit];
}
