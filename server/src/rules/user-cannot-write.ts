import type { AnalysisContext } from '../facts/context.ts';
import { baseName, baseTraits, effectiveUser, isDevContainer, isRoot, isWindows } from '../facts/stage.ts';
import { imageFile } from '../facts/start/image-file.ts';
import { startedSoFar } from '../facts/start/started-process.ts';
import { madeForRoot } from '../facts/writes/root-owned.ts';
import { stepUser } from '../facts/writes/step-user.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { allSteps, lastStep, type Stage, type Step } from '../model/dockerfile.ts';
import { installsPackage } from '../model/installed-packages.ts';
import { startCommand } from '../model/start-command.ts';
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
    needs: ['images'],
    docs: {
      what: 'A package manager or compiler runs behind `USER` in a folder that `WORKDIR` made for root, or a web server that keeps its PID file and its cache in folders of root runs as another user.',
      why: 'The build fails with `EACCES` or `Permission denied`, or the container ends as soon as it starts.',
      silent:
        'The folder lies in what the base image holds, or in a home folder; `WORKDIR` stands behind `USER` (BuildKit then makes the folder for that user); a `chown`, `chmod` or `install -d` stands before; a command was not understood. Of web servers: the folders are given away, the configuration names other places, or cannot be read.',
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
        yield* installProblems(context, stage);
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
  cargo: /^(?:build|b)$/,
  mvn: /^(?:package|install|compile|verify)$/,
  mvnw: /^(?:package|install|compile|verify)$/,
  gradle: /^(?:build|assemble|bootJar|installDist|shadowJar)$/,
  gradlew: /^(?:build|assemble|bootJar|installDist|shadowJar)$/,
  mix: /^(?:deps\.get|compile|release)$/,
  tsc: /^/,
});

function writesToFolder({ command }: CommandStep): boolean {
  const pattern = Object.hasOwn(writers, command.name ?? '') ? writers[command.name ?? ''] : undefined;
  const isElsewhere = command.args.some((word) =>
    /^(?:-g|--global|--prefix|--cwd|-C|--dir|--target-dir|--working-dir|-d|--outDir|--noEmit|--version|-f)(?:=|$)/.test(
      word.text,
    ),
  );
  const verb = command.args.find((word) => !word.text.startsWith('-'))?.value ?? '';
  return (
    pattern?.test(verb) === true && command.isUnconditional && command.wrapper === undefined && !isElsewhere
  );
}

function* installProblems(context: AnalysisContext, stage: Stage): ReturnType<Rule['check']> {
  const traits = baseTraits(stage, context.images);
  const seen = new Set<string>();
  for (const at of commandSteps(stage)) {
    const { directory } = at;
    const user = writesToFolder(at) ? stepUser(stage, at.step, traits) : undefined;
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

/** Servers whose packages and images keep PID file and cache in folders of root. */
interface RootServer {
  readonly program: RegExp;
  readonly places: string;
  /** What a command or configuration says when it has seen to that. */
  readonly moved: RegExp;
  readonly configuration: readonly string[];
  /** What to take instead; a sentence with a space in front, or nothing. */
  readonly hint: string;
}

const servers: readonly RootServer[] = [
  {
    program: /^(?:nginx|openresty)$/,
    places: 'neither /run/nginx.pid nor its folders below /var/cache/nginx',
    moved: /nginx\.pid|\/var\/(?:cache|lib|run)\/nginx|\/run\b|chmod -R|chown -R/,
    configuration: ['/etc/nginx/nginx.conf'],
    hint: ' nginxinc/nginx-unprivileged is made to run as another user.',
  },
  {
    program: /^(?:httpd|httpd-foreground|apache2|apache2ctl|apachectl)$/,
    places: 'neither its PID file nor its logs',
    moved: /httpd\.pid|\/(?:run|logs?)\b|APACHE_|chmod -R|chown -R|PidFile/,
    hint: '',
    configuration: [
      '/usr/local/apache2/conf/httpd.conf',
      '/etc/apache2/httpd.conf',
      '/etc/apache2/apache2.conf',
    ],
  },
];

/** Why the server of the stage that ships ends at once as the user it is given; undefined where nothing says so. */
function serverProblem(context: AnalysisContext, stage: Stage): string | undefined {
  const user = effectiveUser(stage, context.images);
  const traits = baseTraits(stage, context.images);
  const written = lastStep(stage, 'USER');
  if (user === undefined || isRoot(user) || written === undefined || traits === undefined) {
    return undefined;
  }
  const family = ['nginx', 'httpd'].find((name) => traits.family === name && traits.defaultUser === 'root');
  const started = startedSoFar(context, stage).map(({ words }) => baseName(words[0] ?? ''));
  const isOwn = family !== undefined && startCommand(stage).words.length === 0;
  const server = servers.find(({ program }) =>
    isOwn ? program.test(family) : started.some((name) => program.test(name)),
  );
  // The packages of the distributions are no better; servers that were put there otherwise are not known.
  const isKnown =
    family !== undefined || ['nginx', 'apache2', 'httpd'].some((name) => installsPackage(stage, name));
  if (server === undefined || !isKnown) {
    return undefined;
  }
  const isMoved = allSteps(stage).some((step) =>
    step.instruction.keyword === 'RUN'
      ? step.script?.isUnderstood !== true || server.moved.test(step.instruction.line.text)
      : step.instruction.keyword === 'COPY' && bringsConfiguration(context, stage, step, server),
  );
  const name = written.instruction.words[0]?.value.split(':')[0] ?? user;
  return isMoved
    ? undefined
    : `As \`${name}\` the server can make ${server.places}, which belong to root: the container ends at once.${server.hint}`;
}

/** True for a copy of a main configuration that names other places, or that cannot be read. */
function bringsConfiguration(
  context: AnalysisContext,
  stage: Stage,
  step: Step,
  { configuration, moved }: RootServer,
): boolean {
  const line = step.instruction.line.text;
  const isMain =
    configuration.some((path) => line.includes(path)) ||
    /\/etc\/(?:nginx|apache2)\/?\s*$|\/apache2\/conf\/?\s*$/.test(line);
  const texts = configuration.flatMap((path) => imageFile(context, stage, path)?.text ?? []);
  return (
    isMain &&
    (texts.length === 0 ||
      texts.some((text) => moved.test(text) || /\bpid\s+\/tmp|PidFile\s+"?\/tmp/.test(text)))
  );
}
