import { weighInstall } from '../distros/apt-weight.ts';
import {
  bringsHeaders,
  isCompiler,
  packageName,
  packagesOf,
  removesPackages,
  systemManagers,
} from '../distros/build-packages.ts';
import { managesUsers } from '../distros/user-commands.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { isSingleStage } from '../facts/installs/stage-builds.ts';
import { baseName, baseTraits, runningStage } from '../facts/stage.ts';
import { startScript } from '../facts/start/needs-root.ts';
import type { Fix } from '../fixes/fix.ts';
import { leaveOutBuildTools, purgeBuildTools } from '../fixes/leave-out-build-tools.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { readCopy } from '../model/copy.ts';
import { lastStep, lineage, type Stage } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import { formatBytes, type SizeAnswer, unknownSize } from '../sizes/size.ts';
import { hasOption, type ShellCommand, type ShellWord } from '../syntax/shell/script.ts';
import { nameSome } from '../text/name-some.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const buildToolsInFinalStage: Rule = {
  meta: {
    id: 'build-tools-in-final-stage',
    aliases: [],
    summary: 'Compilers or headers are installed in the stage that ships.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed:
      'Something in this stage compiles, so that the tools belong into a stage of their own, which is for a person to lay out.',
    needs: [],
    docs: {
      what: 'The stage that ships installs compilers, build tools or `-dev` packages, and nothing takes them away in the same `RUN`.',
      why: 'They serve to build only: `build-essential` alone brings 317 MB (Debian 12). In the container they are dead weight, and tools in the hands of whoever breaks in.',
      silent:
        'The packages are removed in the same `RUN`; the start command, the health check or the script that starts the container uses a compiler; nothing in the stage compiles and the program that starts is not known, so that it may be what needs them; the base image has compilers anyway; the stage builds the whole program, which `single-stage-build` speaks of; a variable hides the packages.',
      fix: 'Where nothing in the stage compiles, the packages are left out, and libraries take the place of their headers. Where everything that compiles stands in the same `RUN`, they are removed at its end, and the libraries stay. Otherwise the install belongs into a stage of its own. For review: something may be compiled that is not seen.',
      bad: {
        dockerfile:
          'FROM debian:12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends gcc nginx && rm -rf /var/lib/apt/lists/*\nCMD ["nginx", "-g", "daemon off;"]\n',
      },
      good: {
        dockerfile:
          'FROM debian:12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends nginx && rm -rf /var/lib/apt/lists/*\nCMD ["nginx", "-g", "daemon off;"]\n',
      },
      switchOff: 'Where the container is meant to compile.',
      references: ['https://docs.docker.com/build/building/multi-stage/'],
    },
  },

  *check(context) {
    const final = runningStage(context);
    if (
      final === undefined ||
      baseTraits(final, context.images)?.tools?.includes('gcc') === true ||
      compilesAtRunTime(context, final) ||
      isRiddle(context, final) ||
      isSingleStage(context, final)
    ) {
      return;
    }
    for (const stage of lineage(final)) {
      const tools = toolsOf(stage);
      const [first] = tools;
      if (first === undefined) {
        continue;
      }
      const names = [...new Set(tools.map(({ word }) => packageName(word)))];
      const weight = weigh(context, stage, tools);
      const fix = fixFor(context, final, stage, tools);
      const bytes = weight.kind === 'known' && weight.low > 0 ? `, at least ${formatBytes(weight.low)}` : '';
      const isOne = names.length === 1;
      yield {
        message: `${nameSome(names)} ${isOne ? 'stays' : 'stay'} in the image${bytes}, but ${isOne ? 'serves' : 'serve'} only to build.${fix === undefined ? adviceFor(final, names) : ''}`,
        span: first.at.script.sourceSpan(span(first.word.span.start, first.word.span.end)),
        related: tools
          .slice(1, 4)
          .map(({ at, word }) => ({ span: at.script.sourceSpan(word.span), message: packageName(word) })),
        ...(weight.kind === 'known' && weight.low > 0 ? { saving: weight } : {}),
        ...(weight.kind === 'known' && weight.low >= worthWarning
          ? {}
          : { severity: 'information' as const }),
        fixes: fix === undefined ? [] : [fix],
      };
    }
  },
};

/** What to do by hand, where there is no fix. */
function adviceFor(final: Stage, names: readonly string[]): string {
  const compiles = lineage(final)
    .flatMap(commandSteps)
    .some(({ command }) => !isHarmless(command));
  if (!names.every(bringsHeaders)) {
    return ' Build in a stage of its own, and copy the result.';
  }
  return compiles
    ? ' Where something is compiled with them, build in a stage of its own; the program needs at most the packages of the libraries.'
    : ' The packages of the libraries alone are enough.';
}

/** What weighs less, or nobody knows, is no warning. */
const worthWarning = 20_000_000;

interface Tool {
  readonly at: CommandStep;
  readonly word: ShellWord;
}

/** The packages for building that a stage installs and keeps. */
function toolsOf(stage: Stage): Tool[] {
  const all = commandSteps(stage);
  const removing = new Set(all.filter(({ command }) => removesPackages(command)).map(({ step }) => step));
  return all
    .filter(({ command, step }) => command.isUnconditional && !removing.has(step))
    .flatMap((at) =>
      packagesOf(at.command)
        .filter(({ word, isTemporary }) => {
          const name = packageName(word);
          return !isTemporary && !name.includes('$') && (isCompiler(name) || bringsHeaders(name));
        })
        .map(({ word }) => ({ at, word })),
    );
}

/** True where the running container may need a compiler, or starts a script that nobody can read. */
function compilesAtRunTime(context: AnalysisContext, stage: Stage): boolean {
  const probe = lastStep(stage, 'HEALTHCHECK')?.instruction.line.text ?? '';
  const script = startScript(context, stage);
  const text = [...startCommand(stage).words.map(baseName), probe, script?.text ?? ''].join(' ');
  return runTimeBuild.test(text);
}

/**
 * True where nothing in the stage compiles and the program that starts is not known: it may be what needs the tools, as
 * benchmarks and judges do.
 */
function isRiddle(context: AnalysisContext, stage: Stage): boolean {
  const steps = lineage(stage).flatMap((one) => [...one.steps]);
  const compiles = lineage(stage)
    .flatMap(commandSteps)
    .some(({ command }) => !isHarmless(command));
  const program =
    startCommand(stage).words.find((word) => !/^(?:exec|tini|dumb-init|--)$/.test(baseName(word))) ?? '';
  const isCopied = steps.some((step) => {
    const copy = readCopy(step, context.dockerfile);
    return copy?.from !== 'context' && copy !== undefined && program.includes('/');
  });
  return !compiles && !isCopied && !knownPrograms.test(baseName(program));
}

/** Servers and interpreters that compile nothing by themselves. */
const knownPrograms =
  /^(?:nginx|apache2(?:ctl|-foreground)?|httpd(?:-foreground)?|php(?:-fpm[\d.]*)?|node|python[\d.]*|gunicorn|uvicorn|flask|celery|java|ruby|bundle|rails|puma|dotnet|postgres|redis-server|mysqld|haproxy|caddy|supervisord)$/;

const runTimeBuild =
  /\b(?:make|cmake|gcc|g\+\+|cc|clang|cargo|rustc|go (?:run|build)|mvn|gradle|npm (?:ci|install)|pip3? install|bundle install|node-gyp|dotnet (?:run|watch)|nvcc)\b/;

function weigh({ images }: AnalysisContext, stage: Stage, tools: readonly Tool[]): SizeAnswer {
  const traits = baseTraits(stage, images);
  if (!tools.every(({ at }) => ['apt-get', 'apt'].includes(at.command.name ?? ''))) {
    return unknownSize('only packages of Debian are weighed');
  }
  return weighInstall(
    tools.map(({ word }) => packageName(word)),
    {
      recommends: !tools.every(({ at }) => hasOption(at.command, '--no-install-recommends')),
      traits,
      hasOtherSource: false,
    },
  );
}

function fixFor(
  context: AnalysisContext,
  final: Stage,
  stage: Stage,
  tools: readonly Tool[],
): Fix | undefined {
  const [first] = tools;
  if (first === undefined || tools.some(({ at }) => at.step !== first.at.step)) {
    return undefined;
  }
  const { step, script } = first.at;
  const traits = baseTraits(stage, context.images);
  const start = step.instruction.span.start;
  const all = lineage(final).flatMap(commandSteps);
  const isHidden = lineage(final).some((one) =>
    one.steps.some(
      ({ instruction, script: other }) => instruction.keyword === 'RUN' && other?.isUnderstood !== true,
    ),
  );
  const mayCompile = all.filter(({ command }) => !isHarmless(command));
  const later = mayCompile.filter((at) => at.step.instruction.span.start > start);
  const same = mayCompile.filter((at) => at.step === step);
  const readsScript = startScript(context, final);
  if (isHidden || later.length > 0 || (readsScript !== undefined && readsScript.text === undefined)) {
    return undefined;
  }
  return same.length === 0
    ? leaveOutBuildTools(context.dockerfile, step, script, traits)
    : purgeBuildTools(context.dockerfile, step, script, traits);
}

/** Commands that never compile. */
const plain = [
  ...[
    'rm',
    'mkdir',
    'chown',
    'chmod',
    'ln',
    'cp',
    'mv',
    'touch',
    'echo',
    'printf',
    'cat',
    'sed',
    'tar',
    'unzip',
  ],
  ...[
    'curl',
    'wget',
    'set',
    'true',
    'cd',
    'export',
    'locale-gen',
    'update-ca-certificates',
    'find',
    'install',
  ],
  ...['a2enmod', 'a2dismod', 'a2ensite', 'setcap', 'ldconfig', 'test', '[', 'command', 'which', 'gpg', 'id'],
];

function isHarmless(command: ShellCommand): boolean {
  return (
    systemManagers.includes(command.name ?? '') || plain.includes(command.name ?? '') || managesUsers(command)
  );
}
