import type { ImageTraits } from '../images/knowledge.ts';
import { commandsOfStep } from '../model/commands.ts';
import { type Dockerfile, indexOfStep, isTriggered, type Stage, type Step } from '../model/dockerfile.ts';
import { hasOption, type ShellCommand } from '../syntax/shell/script.ts';
import { argumentSpan } from '../syntax/tree.ts';
import { memoizeFor } from '../text/memoize.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** Distributions whose `/bin/sh` is bash, or BusyBox's ash: both know `pipefail`. Debian's dash 0.5.12 does not. */
const shKnowsPipefail = [
  'alpine',
  'almalinux',
  'amazonlinux',
  'centos',
  'fedora',
  'oraclelinux',
  'rhel',
  'rocky',
  'rockylinux',
];

/** Has a pipe of a RUN fail when any of its commands does; undefined where other pipes would come to fail as well. */
export function pipefailFix(
  dockerfile: Dockerfile,
  stage: Stage,
  step: Step,
  traits: ImageTraits | undefined,
): Fix | undefined {
  if (step.instruction.form === 'json' || !pipesMayFail(step)) {
    return undefined;
  }
  const program = step.before.shell[0]?.replace(/^.*\//, '');
  const system = traits?.distribution?.id ?? traits?.family ?? '';
  if (
    program === 'bash' ||
    program === 'ash' ||
    (!step.before.hasShell && shKnowsPipefail.includes(system))
  ) {
    return inRun(dockerfile, step);
  }
  return !step.before.hasShell && traits?.tools?.includes('bash') === true
    ? withShell(dockerfile, stage, step)
    : undefined;
}

function inRun(dockerfile: Dockerfile, step: Step): Fix {
  const heredoc = step.script?.isHeredoc === true ? step.instruction.heredocs[0] : undefined;
  const at = heredoc?.body.start ?? argumentSpan(step.instruction).start;
  const lineBreak = new Layout(dockerfile.syntax).lineBreak;
  return {
    title: 'Set pipefail in this RUN',
    applicability: 'review',
    edits: [{ span: span(at, at), text: `set -o pipefail${heredoc === undefined ? ' && ' : lineBreak}` }],
  };
}

/** SHELL holds for everything below it, in the stages that start from this one as well: behind ONBUILD, for a whole build that is not known. */
function withShell(dockerfile: Dockerfile, stage: Stage, step: Step): Fix | undefined {
  if (isTriggered(stage) || indexOfStep(stage, step) <= lastOtherShell(dockerfile)(stage)) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  return {
    title: 'Run this and what follows with bash and pipefail',
    applicability: 'review',
    edits: [
      layout.insertBefore(step.instruction, [
        `${layout.keyword('SHELL')} ["/bin/bash", "-o", "pipefail", "-c"]`,
      ]),
    ],
  };
}

/** The place of the last step of a stage that another shell would break; behind all of them for one of a stage below. */
const lastOtherShell = memoizeFor((dockerfile: Dockerfile) =>
  memoizeFor((stage: Stage): number => {
    const below = dockerfile.stages.filter((one) => one.base.kind === 'stage' && one.base.stage === stage);
    return below.some((one) => one.steps.some(needsItsShell))
      ? Number.POSITIVE_INFINITY
      : stage.steps.findLastIndex(needsItsShell);
  }),
);

function needsItsShell(step: Step): boolean {
  const { keyword, form } = step.instruction;
  const startsShell =
    ['CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'SHELL', 'ONBUILD'].includes(keyword) &&
    (form === 'shell' || keyword === 'SHELL');
  return startsShell || !pipesMayFail(step);
}

/** Programs in front of a pipe whose failure is one, and which nothing behind the pipe stops early. */
const producers = ['curl', 'wget', 'echo', 'printf', 'cat'];

/** Programs that read to the end, so that nobody in front of them is killed for writing on. */
function readsAll(command: ShellCommand): boolean {
  return (
    !['head', 'true', 'yes'].includes(command.name ?? 'head') && !hasOption(command, '-q', '-m', '--quiet')
  );
}

/** True where every pipe of a RUN may fail with its first command without a working build failing. */
function pipesMayFail(step: Step): boolean {
  if (step.instruction.keyword !== 'RUN') {
    return true;
  }
  if (step.script?.isUnderstood !== true) {
    return !step.instruction.line.text.includes('|');
  }
  const commands = commandsOfStep(step).map((at) => at.command);
  return commands.every((command, i) => {
    const source = commands[i - 1];
    return command.operator !== '|' || (producers.includes(source?.name ?? '') && readsAll(command));
  });
}
