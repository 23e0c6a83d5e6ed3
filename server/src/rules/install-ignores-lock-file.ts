import type { InstallCommand } from '../ecosystems/ecosystem.ts';
import { packageManagers, readInstall } from '../ecosystems/index.ts';
import { lockContradiction, pnpmFormatObstacle } from '../ecosystems/node/lock-step.ts';
import { isLockInStep } from '../ecosystems/node/manifests.ts';
import type { PackageManager } from '../ecosystems/toolchain.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { hiddenWords } from '../facts/installs/hidden-words.ts';
import { buildFolderOf } from '../facts/installs/install-order.ts';
import { isBroughtBefore, missingLock, sentLock } from '../facts/installs/lock-file.ts';
import { isDevContainer } from '../facts/stage.ts';
import { pnpmVersion } from '../facts/versions/pnpm-version.ts';
import { copyLockFile, manifestCopy } from '../fixes/copy-lock-file.ts';
import type { Fix } from '../fixes/fix.ts';
import { insertWords, lastOption, placeOfWord } from '../fixes/insert-words.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import type { Stage } from '../model/dockerfile.ts';
import { readMounts } from '../model/mounts.ts';
import { joinPath } from '../project/paths.ts';
import type { Project } from '../project/project.ts';
import type { ContextPath } from '../text/path-types.ts';
import type { Finding, Rule } from './rule.ts';

export const installIgnoresLockFile: Rule = {
  meta: {
    id: 'install-ignores-lock-file',
    aliases: [],
    summary: 'An install may ignore the lock file beside it, or finds none.',
    category: 'correctness',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    unfixed:
      'The lock file is not there or does not agree with the manifest, or this manager has no option for it.',
    needs: ['project'],
    docs: {
      what: 'A `RUN` installs dependencies in a form that rewrites the lock file where it does not fit (`npm install`, `yarn install`, `uv sync`), although the lock file lies in the build context and is copied; or the manifest is copied by name and the lock file is left behind; or an install keeps to a lock file (`npm ci`, `uv sync --frozen`) that is nowhere in the build context.',
      why: 'Two builds of the same commit may then hold different versions, and nobody sees that the lock file is out of step. An install that keeps to a lock file ends without one; Yarn 1 and Bun take the newest versions.',
      silent:
        'There is no lock file in the build context, or the ignore file keeps it out, and the install asks for none; the form is a frozen one already and the lock file is copied, or something above the install may write it, or a variable among its words says so or is not known; the install names packages; pnpm runs with `CI` set; uv is told by a variable.',
      fix: 'Writes `npm ci`, or adds the option of that manager. The build stops when the lock file is out of step with the manifest: for review. None is offered where the two do not agree, or where the pnpm that runs does not read the format of its lock file. A lock file that was left behind is copied beside the manifest.',
      bad: {
        dockerfile: 'FROM node:24-slim\nCOPY package.json package-lock.json ./\nRUN npm install\n',
        files: {
          'package.json': '{ "dependencies": { "express": "5.0.0" } }\n',
          'package-lock.json': '{ "packages": { "": { "dependencies": { "express": "5.0.0" } } } }\n',
        },
      },
      good: {
        dockerfile: 'FROM node:24-slim\nCOPY package.json package-lock.json ./\nRUN npm ci\n',
        files: {
          'package.json': '{ "dependencies": { "express": "5.0.0" } }\n',
          'package-lock.json': '{ "packages": { "": { "dependencies": { "express": "5.0.0" } } } }\n',
        },
      },
      switchOff: 'Where the newest versions are wanted in every build.',
      references: ['https://docs.npmjs.com/cli/commands/npm-ci'],
    },
  },

  *check(context) {
    if (!context.project.isKnown || isDevContainer(context)) {
      return;
    }
    for (const stage of context.dockerfile.stages) {
      for (const at of commandSteps(stage)) {
        const install = readInstall(at.command);
        const manager = packageManagers.find((one) => one.id === install?.tool);
        const form = manager?.frozen;
        if (install === undefined || install.directory !== undefined) {
          continue;
        }
        const directory =
          at.directory === undefined ? undefined : buildFolderOf(context.dockerfile, stage, at.directory);
        if (install.isFrozen && directory !== undefined && manager?.withoutLock !== undefined) {
          const left = uncopied(context, stage, at, directory, { install, manager });
          const missing = left ?? withoutLock(context, stage, at, directory, { install, manager });
          if (missing !== undefined) {
            yield missing;
          }
          continue;
        }
        // A manager without such a form always takes what the lock file says, as long as it is there.
        if (
          (install.isFrozen && form !== undefined) ||
          mayBeFrozen(at) ||
          ['UV_FROZEN', 'UV_LOCKED'].some((name) => at.step.before.variables.has(name))
        ) {
          continue;
        }
        const lock =
          directory === undefined
            ? undefined
            : copiedLock(context, stage, at, directory, manager?.lockFiles ?? []);
        const left =
          directory === undefined ? undefined : uncopied(context, stage, at, directory, { install, manager });
        if (left !== undefined) {
          yield left;
        }
        if (directory === undefined || lock === undefined || form === undefined || install.isFrozen) {
          continue;
        }
        const obstacle = obstacleOf(context, stage, directory, lock);
        const fix =
          obstacle === undefined ? frozen(at, install, form, context.project, directory) : undefined;
        yield {
          message: `\`${install.tool} ${install.tool === 'uv' ? 'sync' : 'install'}\` may choose other versions than ${lock}.${reason(obstacle)}`,
          span: at.script.sourceSpan(at.command.span),
          fixes: fix === undefined ? [] : [fix],
        };
      }
    }
  },
};

/** Why an install that keeps to the lock file would stop; undefined where nothing speaks against it. */
function obstacleOf(
  { project }: AnalysisContext,
  stage: Stage,
  directory: ContextPath,
  lock: string,
): string | undefined {
  return (
    lockContradiction(project, directory, lock) ??
    (lock === 'pnpm-lock.yaml'
      ? pnpmFormatObstacle(project, directory, pnpmVersion(project, directory, stage))
      : undefined)
  );
}

function reason(obstacle: string | undefined): string {
  return obstacle === undefined ? '' : ` No fix is offered: ${obstacle}.`;
}

/** True where a variable among the words brings the option, or may bring it. */
function mayBeFrozen(at: CommandStep): boolean {
  const { words, isComplete } = hiddenWords(at);
  const option = /^--(?:frozen-lockfile|immutable|pure-lockfile|frozen|locked)$/;
  return !isComplete || words.some((word) => option.test(word));
}

/** An install that keeps to a lock file which is nowhere. */
function withoutLock(
  context: AnalysisContext,
  stage: Stage,
  at: CommandStep,
  directory: ContextPath,
  { install, manager }: { readonly install: InstallCommand; readonly manager: PackageManager },
): Finding | undefined {
  const missing = missingLock(context, stage, at, directory, manager);
  if (missing === undefined) {
    return undefined;
  }
  const words = commandWords(install);
  const why =
    missing.kind === 'ignored'
      ? `The ignore file keeps ${missing.name} out of the build context`
      : `There is no ${missing.name} in the build context`;
  return {
    message: `${why}, and \`${words}\` ${effectOf(context.project, directory, manager)} without it.`,
    span: at.script.sourceSpan(at.command.span),
    fixes: [],
  };
}

/** What an install does that keeps to a lock file and finds none. */
function effectOf(project: Project, directory: ContextPath, manager: PackageManager): string {
  return isBerry(project, directory, manager.id) ? 'ends' : (manager.withoutLock ?? 'ends');
}

/** Yarn of today, which has settings of its own. */
function isBerry(project: Project, directory: ContextPath, tool: string): boolean {
  return tool === 'yarn' && project.reader.read(joinPath(directory, '.yarnrc.yml')) !== undefined;
}

/** The program, the verb and the option for which a command keeps to the lock file. */
function commandWords({ command }: InstallCommand): string {
  const options = /^--(?:frozen-lockfile|immutable|pure-lockfile|frozen|locked|deploy|deployment)$/;
  const words = command.args
    .map((word) => word.text)
    .filter((word, i) => options.test(word) || (!word.startsWith('-') && i < 3));
  return [command.nameWord.text, ...words].join(' ');
}

/** A lock file that lies beside the manifest, while a COPY above brings the manifest alone. */
function uncopied(
  context: AnalysisContext,
  stage: Stage,
  at: CommandStep,
  directory: ContextPath,
  { install, manager }: { readonly install: InstallCommand; readonly manager: PackageManager | undefined },
): Finding | undefined {
  const { project, dockerfile } = context;
  const names = manager?.lockFiles ?? [];
  const name = sentLock(project, directory, names);
  if (name === undefined) {
    return undefined;
  }
  const isMounted = readMounts(at.step.instruction).some(({ type }) => type === 'bind');
  const isBrought = isMounted || isBroughtBefore(dockerfile, stage, at, directory, names);
  const found = isBrought ? undefined : manifestCopy(context, stage, at, directory);
  if (found === undefined) {
    return undefined;
  }
  const copied = copyLockFile(context, found, at, directory, name);
  const form = manager?.frozen;
  // With the lock file there, the form of the install decides whether it counts: one step without the other solves nothing.
  const own =
    form === undefined || install.isFrozen ? undefined : frozen(at, install, form, project, directory);
  const obstacle = obstacleOf(context, stage, directory, name);
  const fix =
    copied === undefined ||
    obstacle !== undefined ||
    (form !== undefined && !install.isFrozen && own === undefined)
      ? undefined
      : { ...copied, edits: [...copied.edits, ...(own?.edits ?? [])] };
  return {
    message: `${name} is not copied before ${calledBy(context, directory, install, manager)}.${reason(obstacle)}`,
    span: found.source.span,
    fixes: fix === undefined ? [] : [fix],
  };
}

function calledBy(
  { project }: AnalysisContext,
  directory: ContextPath,
  install: InstallCommand,
  manager: PackageManager | undefined,
): string {
  return install.isFrozen && manager?.withoutLock !== undefined
    ? `\`${commandWords(install)}\`, which ${effectOf(project, directory, manager)} without it`
    : `\`${manager?.id} install\`, which chooses other versions with every build`;
}

/** The lock file, when it is there and a COPY above brings it to where the install runs. */
function copiedLock(
  context: AnalysisContext,
  stage: Stage,
  at: CommandStep,
  directory: ContextPath,
  names: readonly string[],
): string | undefined {
  const { project, dockerfile } = context;
  const name = sentLock(project, directory, names);
  return name !== undefined && isBroughtBefore(dockerfile, stage, at, directory, [name]) ? name : undefined;
}

function frozen(
  at: CommandStep,
  install: InstallCommand,
  form: NonNullable<PackageManager['frozen']>,
  project: Project,
  directory: ContextPath,
): Fix | undefined {
  if ('verb' in form) {
    const verb = install.command.args.find((word) => ['install', 'i', 'add'].includes(word.text));
    const place = verb === undefined ? undefined : placeOfWord(at, verb);
    return place === undefined || !isLockInStep(project, directory)
      ? undefined
      : {
          title: `Write ${install.tool} ${form.verb}`,
          applicability: 'review',
          edits: [
            {
              span: place,
              text: at.step.instruction.form === 'json' ? JSON.stringify(form.verb) : form.verb,
            },
          ],
          assumptions: ['package-lock.json stays in step with package.json.'],
        };
  }
  const word = isBerry(project, directory, install.tool) ? '--immutable' : form.option;
  const { args, nameWord } = install.command;
  const edit = insertWords(at, lastOption(args) ?? nameWord, args.length === 0 ? ['install', word] : [word]);
  return edit === undefined
    ? undefined
    : {
        title: `Add ${word}`,
        applicability: 'review',
        edits: [edit],
        assumptions: ['The lock file is in step with the manifest.'],
      };
}
