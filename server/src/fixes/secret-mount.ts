import { readInstall } from '../ecosystems/index.ts';
import { commandsOfStep } from '../model/commands.ts';
import type { Dockerfile, Stage, Step } from '../model/dockerfile.ts';
import type { Project } from '../project/project.ts';
import type { ShellCommand } from '../syntax/shell/script.ts';
import { argumentSpan, argumentText } from '../syntax/tree.ts';
import { mentionsVariable } from '../text/mentions.ts';
import { span } from '../text/span.ts';
import { table } from '../text/table.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** Programs that use a secret and leave it nowhere, with the words that they may be called with. */
const forgetful: Readonly<Record<string, RegExp>> = table({
  curl: /./,
  wget: /./,
  pip: /^(?:install|download)\b/,
  pip3: /^(?:install|download)\b/,
  uv: /^(?:sync|pip install)\b/,
  npm: /^(?:ci|install|i|run)\b/,
  yarn: /^(?:install|build|run)?\b/,
  pnpm: /^(?:install|i|run|build)\b/,
  bundle: /^install\b/,
  go: /^(?:mod download|build|install)\b/,
  cargo: /^(?:build|fetch)\b/,
  mvn: /./,
  mvnw: /./,
  gradle: /./,
  gradlew: /./,
});

/** Configuration of package managers that names environment variables. */
const configurations = ['.npmrc', '.yarnrc.yml', '.yarnrc', 'pip.conf', '.bundle/config', 'settings.xml'];

/**
 * Gives a secret to the commands that use it as a mount in place of an ARG, so that it stays in no layer and in no
 * history. Undefined where it is used elsewhere, where a command may keep it (`git clone`, a redirect into a file), and
 * where nothing shows which command uses it.
 */
export function secretMount(
  dockerfile: Dockerfile,
  project: Project,
  stage: Stage,
  arg: Step,
  name: string,
): Fix | undefined {
  const { pairs, span: whole } = arg.instruction;
  const isPlain = pairs.length === 1 && (pairs[0]?.value ?? '') === '';
  const isInherited = dockerfile.stages.some((one) => one.base.kind === 'stage' && one.base.stage === stage);
  const isOldSyntax = dockerfile.syntax.directives.some(
    (one) => one.name === 'syntax' && /:(?:0|1\.\d)(?:[.-]|$)/.test(one.value),
  );
  if (!isPlain || isInherited || isOldSyntax) {
    return undefined;
  }
  const configured = configurations.some((file) => mentionsVariable(project.reader.read(file) ?? '', name));
  const users: Step[] = [];
  for (const step of stage.steps.slice(stage.steps.indexOf(arg) + 1)) {
    const { instruction } = step;
    const isNamed = mentionsVariable(
      dockerfile.text.slice(instruction.span.start, instruction.span.end),
      name,
    );
    const commands = commandsOfStep(step);
    const installs = configured && commands.some(({ command }) => readInstall(command) !== undefined);
    if (!isNamed && !installs) {
      continue;
    }
    const isShell =
      instruction.form === 'shell' && instruction.heredocs.length === 0 && step.script?.isUnderstood === true;
    const keeps = commands.some(
      ({ command }) => mentions(command, name, argumentText(instruction)) && !isForgetful(command),
    );
    if (instruction.keyword !== 'RUN' || !isShell || keeps) {
      return undefined;
    }
    users.push(step);
  }
  if (users.length === 0) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  const mount = `--mount=type=secret,id=${name},env=${name} ${dockerfile.syntax.escape}${layout.lineBreak}    `;
  const hasComments = dockerfile.syntax.comments.some(
    (comment) => comment.inside && comment.span.start > whole.start && comment.span.end < whole.end,
  );
  return hasComments
    ? undefined
    : {
        title: `Mount ${name} as a secret`,
        applicability: 'review',
        edits: [
          layout.remove(arg.instruction),
          ...users.map((step) => {
            const { start } = argumentSpan(step.instruction);
            return { span: span(start, start), text: mount };
          }),
        ],
        assumptions: [
          `The build is called with \`--secret id=${name},env=${name}\` in place of \`--build-arg ${name}=…\`.`,
          'The builder reads Dockerfile syntax 1.10 (September 2024) or newer.',
        ],
      };
}

/** True when the text of a command, or what it assigns, names the variable. */
function mentions(command: ShellCommand, name: string, text: string): boolean {
  return mentionsVariable(text.slice(command.span.start, command.span.end), name);
}

function isForgetful(command: ShellCommand): boolean {
  const words = command.args.map((word) => word.text).join(' ');
  const writes = command.redirects.some(
    (redirect) => redirect.operator.includes('>') && redirect.target?.text !== '/dev/null',
  );
  return !writes && command.wrapper === undefined && forgetful[command.name ?? '']?.test(words) === true;
}
