import { readNodePackage } from '../ecosystems/node/package.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { baseTraits, isDevContainer, isRoot, isWindows } from '../facts/stage.ts';
import { startWork } from '../facts/start/start-work.ts';
import { madePlaces } from '../facts/writes/made-places.ts';
import { isSystemFolder, madeForRoot } from '../facts/writes/root-owned.ts';
import { serverProblem } from '../facts/writes/root-servers.ts';
import { stepUser } from '../facts/writes/step-user.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { lastStep, type Stage, type Step } from '../model/dockerfile.ts';
import { table } from '../text/table.ts';
import type { Rule } from './rule.ts';

export const userCannotWrite: Rule = {
  meta: {
    id: 'user-cannot-write',
    aliases: [],
    summary: 'A USER other than root has to write where only root may.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The place belongs to a web server or to somebody else’s program, whose needs are not known.',
    needs: ['images'],
    docs: {
      what: 'A package manager or compiler, or a command such as `mkdir`, runs behind `USER` in a folder that `WORKDIR` made for root, or in one of the system; a package manager of the system, or `npm install -g`, runs as another user; or a web server that keeps its PID file and its cache in folders of root runs as another user.',
      why: 'The build fails with `EACCES` or `Permission denied`, or the container ends as soon as it starts.',
      silent:
        'The folder lies in what the base image holds, or in a home folder; `WORKDIR` stands behind `USER` (BuildKit then makes the folder for that user); a `chown`, `chmod` or `install -d` stands before; a command was not understood; `sudo` stands in front of a package manager of the system, or the folder of npm’s global packages was moved or given away. Of web servers: the folders are given away, the configuration names other places, or cannot be read.',
      fix: 'Gives the folder to the user right before the `USER` that needs it. None is offered for web servers: `nginxinc/nginx-unprivileged` listens on another port.',
      bad: {
        dockerfile: 'FROM node:24-slim\nWORKDIR /app\nUSER node\nCOPY package*.json ./\nRUN npm ci\n',
      },
      good: {
        dockerfile:
          'FROM node:24-slim\nWORKDIR /app\nRUN chown node /app\nUSER node\nCOPY package*.json ./\nRUN npm ci\n',
      },
      switchOff: 'Never, as long as the findings are right.',
      references: ['https://docs.docker.com/reference/dockerfile/#user'],
    },
  },

  *check(context) {
    if (isDevContainer(context)) {
      return;
    }
    for (const stage of context.dockerfile.stages) {
      if (!isWindows(stage)) {
        yield* systemProblems(context, stage);
        yield* installProblems(context, stage);
        yield* fileProblems(context, stage);
      }
    }
    const { final } = context.dockerfile;
    const message = final === undefined ? undefined : serverProblem(context, final);
    const user = final === undefined ? undefined : lastStep(final, 'USER')?.instruction;
    if (message !== undefined && user !== undefined) {
      yield { message, span: user.words[0]?.span ?? user.keywordSpan, fixes: [] };
    }
  },
};

/** Verbs with which a program writes to the folder it runs in. */
const writers: Readonly<Record<string, RegExp>> = table({
  npm: /^(?:ci|i|install|add|clean-install)$/,
  yarn: /^(?:install|add)?$/,
  pnpm: /^(?:i|install|add)$/,
  bun: /^(?:i|install|add)$/,
  composer: /^(?:i|install|update|require)$/,
  uv: /^(?:sync|venv)$/,
  pdm: /^(?:install|sync)$/,
  cargo: /^(?:build|b)$/,
  swift: /^build$/,
  stack: /^build$/,
  sbt: /^(?:compile|assembly|stage|package)$/,
  mvn: /^(?:package|install|compile|verify)$/,
  mvnw: /^(?:package|install|compile|verify)$/,
  gradle: /^(?:build|assemble|bootJar|installDist|shadowJar)$/,
  gradlew: /^(?:build|assemble|bootJar|installDist|shadowJar)$/,
  mix: /^(?:deps\.get|compile|release)$/,
  tsc: /^/,
  go: /^build$/,
  dotnet: /^(?:build|publish)$/,
  virtualenv: /^/,
});

function writesToFolder(context: AnalysisContext, { command }: CommandStep): boolean {
  const pattern = Object.hasOwn(writers, command.name ?? '') ? writers[command.name ?? ''] : undefined;
  const words = command.args.map((word) => word.value ?? word.text);
  const isEnvironment = /^python[\d.]*$/.test(command.name ?? '') && words[0] === '-m' && words[1] === 'venv';
  // Go and .NET are told the place, and virtual environments name it.
  const isAbsolute = words.some(
    (word, i) => word.startsWith('/') && (words[i - 1] === '-o' || i === words.length - 1),
  );
  if (isAbsolute) {
    return false;
  }
  const isElsewhere = command.args.some((word) =>
    /^(?:-g|--global|--prefix|--cwd|-C|--dir|--target-dir|--working-dir|-d|--outDir|--noEmit|--version|-f)(?:=|$)/.test(
      word.text,
    ),
  );
  const verb = command.args.find((word) => !word.text.startsWith('-'))?.value ?? '';
  const writes =
    pattern?.test(verb) === true || isEnvironment || compilesByScript(context, command.name, words);
  return writes && command.isUnconditional && command.wrapper === undefined && !isElsewhere;
}

/** True for a call of a package manager of Node.js whose script compiles: `npm run build` of `tsc`. */
function compilesByScript(
  { project }: AnalysisContext,
  name: string | undefined,
  words: readonly string[],
): boolean {
  const isRun = words[0] === 'run' || words[0] === 'run-script';
  const script = isRun ? words[1] : ['yarn', 'pnpm'].includes(name ?? '') ? words[0] : undefined;
  const body =
    ['npm', 'yarn', 'pnpm', 'bun'].includes(name ?? '') && script !== undefined
      ? readNodePackage(project, '')?.scripts[script]
      : undefined;
  return body !== undefined && startWork(body.split(/\s+/)) === 'compiles';
}

/** Verbs of the package managers of distributions that change the system. */
const systemInstalls: Readonly<Record<string, RegExp>> = table({
  'apt-get': /^(?:update|install|upgrade|dist-upgrade|remove|purge)$/,
  apt: /^(?:update|install|upgrade|remove|purge)$/,
  apk: /^(?:add|del|update|upgrade)$/,
  dnf: /^(?:install|update|remove)$/,
  yum: /^(?:install|update|remove)$/,
  microdnf: /^(?:install|update|remove)$/,
});

/** Package managers that change what belongs to root, as another user: the build fails there. */
function* systemProblems(context: AnalysisContext, stage: Stage): ReturnType<Rule['check']> {
  const traits = baseTraits(stage, context.images);
  const isMoved =
    [...stage.end.environment.keys()].some((name) => /^npm_config_prefix$/i.test(name)) ||
    stage.steps.some((step) => /\bprefix\b|\bchown\b|\bchmod\b/.test(step.instruction.line.text));
  for (const at of commandSteps(stage)) {
    const { name = '', args, wrapper, isUnconditional } = at.command;
    const words = args.map((word) => word.value ?? word.text);
    const verb = words.find((word) => !word.startsWith('-')) ?? '';
    const isSystem = Object.hasOwn(systemInstalls, name) && systemInstalls[name]?.test(verb) === true;
    // The images of Node.js keep global packages in a folder of root.
    const isGlobal =
      name === 'npm' &&
      traits?.family === 'node' &&
      /^(?:i|install|add)$/.test(verb) &&
      words.some((word) => word === '-g' || word === '--global') &&
      !isMoved;
    const user =
      (isSystem || isGlobal) && wrapper === undefined && isUnconditional
        ? stepUser(stage, at.step, traits)
        : undefined;
    if (user !== undefined) {
      yield {
        message: `\`${name} ${verb}${isGlobal ? ' -g' : ''}\` runs as \`${user.name}\` and may not write to ${isGlobal ? '/usr/local/lib/node_modules' : 'the folders of the system'}, which belong${isGlobal ? 's' : ''} to root: it has to stand above USER.`,
        span: at.script.sourceSpan(at.command.nameWord.span),
        fixes: [],
      };
      return;
    }
  }
}

function* installProblems(context: AnalysisContext, stage: Stage): ReturnType<Rule['check']> {
  const traits = baseTraits(stage, context.images);
  const seen = new Set<string>();
  for (const at of commandSteps(stage)) {
    const { directory } = at;
    const user = writesToFolder(context, at) ? stepUser(stage, at.step, traits) : undefined;
    const maker =
      user === undefined || directory === undefined || seen.has(directory)
        ? undefined
        : madeForRoot(context.dockerfile, stage, at.step, directory);
    if (maker === undefined || user === undefined || directory === undefined) {
      continue;
    }
    seen.add(directory);
    const fix = giveFolder(context, stage, at.step, directory);
    yield {
      message: `\`${at.command.name}\` runs as \`${user.name}\` and may not write to ${directory}, which belongs to root: WORKDIR made it before USER.`,
      span: at.script.sourceSpan(at.command.nameWord.span),
      related: [{ span: maker.instruction.keywordSpan, message: 'The folder is made here.' }],
      fixes: fix === undefined ? [] : [fix],
    };
  }
}

/** Commands that make files or folders, in a place where only root may. */
function* fileProblems(context: AnalysisContext, stage: Stage): ReturnType<Rule['check']> {
  const traits = baseTraits(stage, context.images);
  const seen = new Set<string>();
  for (const at of commandSteps(stage)) {
    const { command, step } = at;
    const places =
      command.isUnconditional && command.wrapper === undefined
        ? madePlaces(context.project, context.dockerfile, stage, at)
        : [];
    const user = places.length === 0 ? undefined : stepUser(stage, step, traits);
    for (const folder of user === undefined ? [] : places) {
      const maker = madeForRoot(context.dockerfile, stage, step, folder);
      const isSystem = maker === undefined && isSystemFolder(stage, step, traits?.family, folder);
      if (user === undefined || seen.has(folder) || (maker === undefined && !isSystem)) {
        continue;
      }
      seen.add(folder);
      const fix = maker === undefined ? undefined : giveFolder(context, stage, step, folder);
      const reason = maker === undefined ? 'it has to stand above USER' : 'WORKDIR made it before USER';
      yield {
        message: `\`${command.name}\` runs as \`${user.name}\` and may not write to ${folder}, which belongs to root: ${reason}.`,
        span: at.script.sourceSpan(command.nameWord.span),
        fixes: fix === undefined ? [] : [fix],
      };
    }
  }
}

/** Gives a folder to the user of a step, right above the USER that sets it. */
function giveFolder(context: AnalysisContext, stage: Stage, step: Step, folder: string): Fix | undefined {
  const setter = stage.steps.findLast(
    (one) => one.instruction.keyword === 'USER' && one.instruction.span.start < step.instruction.span.start,
  );
  const maker = stage.steps.find(
    (one) =>
      one.instruction.keyword === 'WORKDIR' &&
      one.instruction.span.start < (setter?.instruction.span.start ?? 0),
  );
  const user = setter?.instruction.words[0]?.value;
  if (
    setter === undefined ||
    maker === undefined ||
    user === undefined ||
    /["'$]/.test(user) ||
    !/^[\w./@-]+$/.test(folder) ||
    !isRoot(setter.before.user ?? 'root')
  ) {
    return undefined;
  }
  const layout = new Layout(context.dockerfile.syntax);
  return {
    title: `Give ${folder} to ${user}`,
    applicability: 'review',
    edits: [layout.insertBefore(setter.instruction, [`${layout.keyword('RUN')} chown ${user} ${folder}`])],
  };
}
