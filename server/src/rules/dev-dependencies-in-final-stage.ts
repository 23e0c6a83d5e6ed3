import type { InstallCommand } from '../ecosystems/ecosystem.ts';
import { builderOf, readInstall } from '../ecosystems/index.ts';
import { developmentProgram, namesProgram, programsOf } from '../ecosystems/node/development-programs.ts';
import { type DevelopmentScript, developmentScripts } from '../ecosystems/node/development-scripts.ts';
import { loadedForDevelopment } from '../ecosystems/node/loads.ts';
import { yarnVersion } from '../ecosystems/node/managers/yarn.ts';
import { readNodePackage } from '../ecosystems/node/package.ts';
import { pruneCommand } from '../ecosystems/node/prune.ts';
import { resolveStart } from '../ecosystems/node/start.ts';
import { runsProject } from '../ecosystems/project-commands.ts';
import type { Development, LoadedForDevelopment } from '../ecosystems/toolchain.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { folderOfModules, modulesIn, wordsOf } from '../facts/installs/copied-modules.ts';
import { hiddenWords } from '../facts/installs/hidden-words.ts';
import { buildFolderOf } from '../facts/installs/install-order.ts';
import { developmentWeight } from '../facts/needs/development-weight.ts';
import { liesOnHost, otherRuns } from '../facts/siblings/other-runs.ts';
import { baseName, baseTraits, runningStage } from '../facts/stage.ts';
import { startedProcess, startedSoFar } from '../facts/start/started-process.ts';
import { developmentAtStart } from '../facts/start/uv-run.ts';
import { leaveOutDevelopment } from '../fixes/leave-out-development.ts';
import { pruneModules } from '../fixes/prune-modules.ts';
import { type CommandStep, commandSteps, commandsOfStep } from '../model/commands.ts';
import { readCopy } from '../model/copy.ts';
import { type Dockerfile, lineage, type Stage, type Step } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import type { Project } from '../project/project.ts';
import { formatBytes, type KnownSize } from '../sizes/size.ts';
import { nameSome } from '../text/name-some.ts';
import type { ContextPath } from '../text/path-types.ts';
import { span } from '../text/span.ts';
import type { Finding, Rule } from './rule.ts';

export const devDependenciesInFinalStage: Rule = {
  meta: {
    id: 'dev-dependencies-in-final-stage',
    aliases: [],
    summary: 'Development dependencies are installed into what ships.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The program, its start or a later RUN may need one of the development dependencies.',
    needs: ['project'],
    docs: {
      what: 'The stage that ships installs the dependencies of a project (npm, Yarn, pnpm, Bun, Composer, Poetry, uv) with its development dependencies: compilers, linters, test runners; or it copies `node_modules` from a stage that holds them; or the container starts through `uv run`, which installs them then although the build left them out.',
      why: 'They often weigh more than the program and all it needs, and nothing of them runs.',
      silent:
        'the manifest is not known or has no development dependencies; the install asks for them (`--production=false`); `NODE_ENV=production` is set above the install; `APP_ENV` says that a project of PHP runs for development; Poetry has groups that may be needed in production; they are pruned later; a variable among the words of the install leaves them out or is not known; the stage builds (another rule says so); the start command runs one of them, or is `uv run`, which installs them at start.',
      fix: 'Adds the option of that package manager; where modules are copied from a builder, removes the development dependencies at the end of that stage, unless another stage needs them. None where the program itself loads one of them, followed from the file that the container starts, where Symfony starts for development because nothing says `APP_ENV=prod`, where a later RUN or another stage runs something of the project (tests, a build script), where a service, a pipeline or a Makefile starts one of them in a container, where something of the start could not be followed, or where a script that runs with the install by itself (`postinstall`, `prepare`) needs one of them. A script that only sets up hooks of Git (husky) is deleted from the package.json of the image first. For review, because it may do so in ways that are not seen.',
      bad: {
        dockerfile: 'FROM node:24-slim\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["node", "server.js"]\n',
        files: { 'package.json': '{ "devDependencies": { "eslint": "9.0.0" } }\n' },
      },
      good: {
        dockerfile:
          'FROM node:24-slim\nCOPY . .\nRUN npm ci --omit=dev\nUSER node\nCMD ["node", "server.js"]\n',
        files: { 'package.json': '{ "devDependencies": { "eslint": "9.0.0" } }\n' },
      },
      switchOff: 'Where the image also runs the tests.',
      references: ['https://docs.npmjs.com/cli/commands/npm-ci#omit'],
    },
  },

  *check(context) {
    const final = runningStage(context);
    if (final === undefined || !context.project.isKnown) {
      return;
    }
    for (const stage of lineage(final)) {
      const steps = commandSteps(stage);
      const builds = steps.some((at) => builderOf(context.project, at.command) !== undefined);
      const prunes = steps.some((at) =>
        /^(?:npm|pnpm|yarn) .*\bprune\b|--production(?!=false)|--omit[= ]dev/.test(wordsOf(at)),
      );
      if (builds || prunes) {
        continue;
      }
      for (const at of steps) {
        const install = readInstall(at.command);
        const directory =
          install === undefined || at.directory === undefined
            ? undefined
            : buildFolderOf(context.dockerfile, stage, at.directory);
        const isAsked =
          at.command.args.some(({ text }) => /^--prod(?:uction)?=false$/.test(text)) || mayOmit(at);
        if (install === undefined || directory === undefined || !at.command.isUnconditional || isAsked) {
          continue;
        }
        const { ecosystem } = install;
        const found = ecosystem.development?.(at, install, context.project, directory, final.end.environment);
        const scripts = readNodePackage(context.project, directory)?.scripts ?? {};
        if (found === undefined || runsOneOf(context, final, scripts, found.names)) {
          continue;
        }
        const finding = findingOf(context.project, install, found.names, 'installed into');
        const later = commandsBehind(final, stage, at).find(runsProject);
        const needing = scriptsThatNeed(context.project, install, directory);
        const reason =
          later === undefined
            ? (loadedBy(final, context.project, directory, found) ??
              whyNotFollowed(context, final) ??
              whyNeededElsewhere(context, [stage], final, found.names) ??
              whyNeeded(needing) ??
              whyNoOption(context.project, install, directory))
            : ` No fix is offered: \`${wordsOf(later)}\` runs later and may need them.`;
        const hooks = needing.map(({ name }) => name);
        const fix = reason === undefined ? leaveOutDevelopment(at, install, found.option, hooks) : undefined;
        const advice =
          reason === undefined && fix === undefined && hooks.length > 0
            ? ` No fix is offered: the script “${hooks[0]}” runs with the install and needs ${needing[0]?.program}, which belongs to them.`
            : (reason ?? '');
        yield {
          ...finding,
          message: `${finding.message}${advice}`,
          span: at.script.sourceSpan(at.command.nameWord.span),
          fixes: fix === undefined ? [] : [fix],
        };
      }
    }
    yield* copiedModules(context, final);
    yield* installedAtStart(context, final);
  },
};

/** What `uv run` installs when the container starts, although the build left it out. */
function* installedAtStart(context: AnalysisContext, final: Stage): Iterable<Finding> {
  const found = developmentAtStart(context, final);
  if (found === undefined) {
    return;
  }
  const { names, word, isComplete } = found;
  const option = isComplete ? '--no-sync' : '--no-dev';
  const isPlain =
    context.dockerfile.text.slice(word.span.start, word.span.end).replace(/["']/g, '') === 'run';
  const isJson = context.dockerfile.text.charAt(word.span.start) === '"';
  yield {
    message: `\`uv run\` installs ${nameSome(names)} whenever a container starts, which the build left out with --no-dev. With ${option} it starts what is there.`,
    span: word.span,
    fixes: isPlain
      ? [
          {
            title: `Add ${option}`,
            applicability: 'review',
            edits: [
              { span: span(word.span.end, word.span.end), text: isJson ? `, "${option}"` : ` ${option}` },
            ],
            assumptions: ['The program needs nothing of the group dev when it runs.'],
          },
        ]
      : [],
  };
}

/** The commands that run behind one: in its stage, and in those that start from it and ship. */
function commandsBehind(final: Stage, stage: Stage, at: CommandStep): CommandStep[] {
  const all = lineage(final).flatMap((one) => (one === stage ? [] : commandSteps(one)));
  const own = commandSteps(stage);
  const place = own.findIndex(({ command }) => command === at.command);
  return [
    ...own.slice(place + 1),
    ...all.filter(({ step }) => step.instruction.span.start > at.step.instruction.span.start),
  ];
}

/** What is said of development dependencies, with what they weigh where that was measured. */
function findingOf(
  project: Project,
  { ecosystem }: InstallCommand,
  names: readonly string[],
  how: string,
): { message: string; saving?: KnownSize } {
  const saving = ecosystem.dependencyFolder === 'node_modules' ? developmentWeight(project) : undefined;
  const weight = saving === undefined ? '' : ` (${formatBytes(saving.low)} on this machine)`;
  const count =
    names.length === 1 ? '1 development dependency is' : `${names.length} development dependencies are`;
  return {
    message: `${count} ${how} what ships${weight}: ${nameSome(names)}.`,
    ...(saving === undefined ? {} : { saving }),
  };
}

/** Finds node_modules that come from a stage in which development dependencies are installed. */
function* copiedModules(context: AnalysisContext, final: Stage): Iterable<Finding> {
  const { dockerfile, project } = context;
  for (const copy of final.steps.flatMap((step) => readCopy(step, dockerfile) ?? [])) {
    const { from } = copy;
    if (typeof from !== 'object') {
      continue;
    }
    for (const source of copy.sources) {
      const folder = folderOfModules(source.value);
      const modules = folder === undefined ? undefined : modulesIn(dockerfile, from, folder);
      const directory =
        modules?.at.directory === undefined
          ? undefined
          : buildFolderOf(dockerfile, modules.stage, modules.at.directory);
      if (folder === undefined || modules === undefined || directory === undefined) {
        continue;
      }
      const { at, install } = modules;
      const found = install.ecosystem.development?.(at, install, project, directory, final.end.environment);
      const node = readNodePackage(project, directory);
      if (found === undefined || node === undefined || runsOneOf(context, final, node.scripts, found.names)) {
        continue;
      }
      const isShared = dockerfile.stages.some(
        (stage) => stage !== final && usesModules(dockerfile, stage, from, folder),
      );
      const isAtEnd =
        from.end.workdir === folder && from.steps.some((step) => runsIn(step, install.tool, folder));
      const prune =
        isShared || !isAtEnd
          ? undefined
          : pruneCommand(install.tool, {
              found: node,
              project,
              directory,
              install: install.command,
              traits: baseTraits(from, context.images),
            });
      const loaded =
        loadedBy(final, project, directory, found) ??
        whyNotFollowed(context, final) ??
        whyNeededElsewhere(context, [from, final], final, found.names);
      const fix =
        Array.isArray(prune) && loaded === undefined ? pruneModules(dockerfile, from, prune) : undefined;
      const finding = findingOf(project, install, found.names, 'copied into');
      yield {
        ...finding,
        message: `${finding.message}${loaded ?? ''}`,
        span: source.span,
        related: [
          {
            span: at.script.sourceSpan(at.command.nameWord.span),
            message: 'They are installed here.',
          },
        ],
        fixes: fix === undefined ? [] : [fix],
      };
      return;
    }
  }
}

/** Says which development dependencies the program needs; undefined where none is known. */
function loadedBy(
  final: Stage,
  project: Project,
  directory: ContextPath,
  found: Development,
): string | undefined {
  if (found.needed !== undefined) {
    return ` No fix is offered: ${found.needed}.`;
  }
  const loaded = found.loaded ?? loadedModules(final, project, directory);
  return loaded === undefined
    ? undefined
    : ` No fix is offered: ${loaded.file} loads ${nameSome(loaded.names)} as it runs; move ${loaded.names.length === 1 ? 'it' : 'them'} to the dependencies first.`;
}

function loadedModules(
  final: Stage,
  project: Project,
  directory: ContextPath,
): LoadedForDevelopment | undefined {
  const node = readNodePackage(project, directory);
  const start = node === undefined ? undefined : resolveStart(startCommand(final), node);
  return node === undefined || start === undefined || 'reason' in start
    ? undefined
    : loadedForDevelopment(
        project,
        directory,
        final.end.workdir ?? '/',
        start,
        node,
        final.end.environment.get('NODE_ENV') === 'production',
      );
}

/** True for a stage that starts from another one, or takes its node_modules. */
function usesModules(dockerfile: Dockerfile, stage: Stage, from: Stage, folder: string): boolean {
  return (
    (stage.base.kind === 'stage' && stage.base.stage === from) ||
    stage.steps.some((step) => {
      const copy = readCopy(step, dockerfile);
      return copy?.from === from && copy.sources.some((source) => folderOfModules(source.value) === folder);
    })
  );
}

/** True for a RUN of a package manager in a folder, where its manifest lies therefore. */
function runsIn(step: Step, tool: string, folder: string): boolean {
  return commandsOfStep(step).some(({ command, directory }) => command.name === tool && directory === folder);
}

/** True when the start command, or a script that it comes to, names one of the packages or a program of theirs. */
function runsOneOf(
  context: AnalysisContext,
  stage: Stage,
  scripts: Readonly<Record<string, string>>,
  names: readonly string[],
): boolean {
  const { words } = startCommand(stage);
  // `uv run` installs what is missing before it starts the program.
  const installsAtStart =
    words[0] === 'uv' && !words.some((word) => ['--no-dev', '--no-sync'].includes(word));
  if (
    installsAtStart &&
    !stage.end.environment.has('UV_NO_SYNC') &&
    !stage.end.environment.has('UV_NO_DEV')
  ) {
    return true;
  }
  const isScript = /^(?:npm|yarn|pnpm|bun)$/.test(baseName(words[0] ?? ''));
  const script = isScript ? words.map((word) => scripts[word]).find((one) => one !== undefined) : undefined;
  // A script that is not found may run anything.
  if (isScript && script === undefined) {
    return true;
  }
  const followed = startedSoFar(context, stage).flatMap((command) => command.words);
  const all = [...words, ...followed, ...(script ?? '').split(/[\s;&|"'=:]+/)].map(baseName);
  const programs = programsOf(names);
  return all.some((word) => programs.includes(word) || developmentProgram.test(word));
}

/**
 * Says what else runs in stages, or in containers of them, and needs one of the packages. A container whose folder of
 * packages lies on the host has its own.
 */
function whyNeededElsewhere(
  context: AnalysisContext,
  stages: readonly Stage[],
  final: Stage,
  names: readonly string[],
): string | undefined {
  const programs = programsOf(names);
  const run = stages
    .flatMap((stage) => otherRuns(context, stage))
    .find(
      ({ words, isBuild, mounts }) =>
        (isBuild || namesProgram(words, programs) || words.some((word) => developmentProgram.test(word))) &&
        !liesOnHost(mounts, final.end.workdir ?? '/'),
    );
  return run === undefined
    ? undefined
    : ` No fix is offered: ${run.by} runs \`${run.words.slice(0, 3).join(' ')}\` in what this installs, and may need them; a stage of its own for that would lift this.`;
}

/** Says what of the start could not be followed, so that it may need anything; undefined where all of it is known. */
function whyNotFollowed(context: AnalysisContext, stage: Stage): string | undefined {
  const started = startedProcess(context, stage);
  return started.state === 'known'
    ? undefined
    : ` No fix is offered: ${started.why}, so that what the container starts is not known.`;
}

/** True where a variable among the words of an install leaves them out, or may do so. */
function mayOmit(at: CommandStep): boolean {
  const { words, isComplete } = hiddenWords(at);
  const option =
    /^(?:--(?:omit|only|prod|production|no-dev|without|no-group|only-group|no-default-groups)\b.*|-P)$/;
  return !isComplete || words.some((word) => option.test(word));
}

/** The scripts that run with an install of Node.js by themselves and need a development dependency. */
function scriptsThatNeed(
  project: Project,
  install: InstallCommand,
  directory: ContextPath,
): readonly DevelopmentScript[] {
  const node =
    install.ecosystem.dependencyFolder === 'node_modules' ? readNodePackage(project, directory) : undefined;
  return node === undefined ? [] : developmentScripts(node, install, project, directory);
}

/** Says that Yarn has no option for it, from its second version on; undefined for all others. */
function whyNoOption(project: Project, { tool }: InstallCommand, directory: ContextPath): string | undefined {
  return tool === 'yarn' && yarnVersion(project, directory) !== 1
    ? ' No fix is offered: from Yarn 2 on, `yarn workspaces focus --production` leaves them out, with a plugin before Yarn 4.'
    : undefined;
}

/** Says which script would fail without development dependencies; undefined where all of them only set up hooks. */
function whyNeeded(scripts: readonly DevelopmentScript[]): string | undefined {
  const script = scripts.find(({ setsUpHooks }) => !setsUpHooks);
  if (script === undefined) {
    return undefined;
  }
  const { name, program } = script;
  return script.package === undefined
    ? ` No fix is offered: the script “${name}” runs with the install, and whether ${program} is there without them is not known.`
    : ` No fix is offered: the script “${name}” runs with the install and needs ${script.package}; move it to the dependencies first.`;
}
