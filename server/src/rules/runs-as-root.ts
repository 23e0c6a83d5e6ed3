import { runtimeUser } from '../distros/users.ts';
import { addUser } from '../fixes/add-user.ts';
import { readCopy } from '../model/copy.ts';
import { allSteps, lastStep, type Stage } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import type { Rule, RuleContext } from './rule.ts';
import { baseName, baseTraits, effectiveUser, isRoot, runningStage } from './shipped.ts';
import { writableFolders } from './writable-folders.ts';

export const runsAsRoot: Rule = {
  meta: {
    id: 'runs-as-root',
    aliases: ['DL3002'],
    summary: 'The container runs as root.',
    category: 'hardening',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    needs: ['images'],
    docs: {
      what: 'The stage that ships never leaves root: no `USER` is set, or the last one is root, and the base image sets no other.',
      why: 'Whoever breaks into the process owns the container, and a mistake in the container’s isolation then reaches the host as root.',
      silent:
        'The base image’s user is not known; the stage has no start command of its own or only a prompt, has `ONBUILD`, or is for development; the image is a server’s own (nginx, PostgreSQL …), whose processes drop root; the program or a package that is installed for it needs root (cron, sshd, supervisord); the start script drops root by itself or prepares things as root (`gosu`, `su-exec`, `chown` …).',
      fix: 'Adds `USER` after the last step that needs root. Takes the user the base image has for this (`node`, `nonroot`, `app` …), else creates one in the way of that distribution. Folders that the program writes to are given to that user, as far as volumes, settings (`DATA_DIR`) and the sources tell. None is offered for a program below `/root`, which only root may enter, and for a build tool as start command. A process that writes elsewhere, or needs root for another reason, stops working: therefore for review.',
      bad: {
        dockerfile: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nCMD ["node", "server.js"]\n',
      },
      good: {
        dockerfile: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n',
      },
      switchOff:
        'Where the platform decides the user at start (`runAsUser` in Kubernetes, `user:` in Compose).',
      references: ['https://docs.docker.com/build/building/best-practices/#user'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    if (stage === undefined) {
      return;
    }
    const user = effectiveUser(stage, context.images);
    const traits = baseTraits(stage, context.images);
    if (user === undefined || !isRoot(user) || traits?.isServer === true || needsRoot(stage)) {
      return;
    }
    const script = startScript(context, stage);
    if (script.text !== undefined && dropsRoot.test(script.text)) {
      return;
    }
    const last = lastStep(stage, 'USER');
    const own = last !== undefined && stage.steps.includes(last) ? last : undefined;
    const fix =
      startsInRootHome(context, stage) || startsBuildTool(stage)
        ? undefined
        : addUser(
            context.dockerfile,
            stage,
            runtimeUser(traits),
            writableFolders(stage, context.project),
            script.isHidden,
          );
    yield {
      message:
        own === undefined
          ? 'The container runs as root: no USER is set.'
          : 'The container runs as root: this is the last USER.',
      span:
        own === undefined ? stage.imageSpan : (own.instruction.words[0]?.span ?? own.instruction.keywordSpan),
      fixes: fix === undefined ? [] : [fix],
    };
  },
};

/** Programs that drop root by themselves, or that cannot do without it. */
const rootPrograms = [
  'supervisord',
  'crond',
  'cron',
  'sshd',
  'dockerd',
  'systemd',
  'init',
  's6-svscan',
  's6-overlay',
  'nginx',
  'apache2',
  'apachectl',
  'apache2-foreground',
  'httpd',
  'httpd-foreground',
  'php-fpm',
  'gosu',
  'su-exec',
  'runsvdir',
  'my_init',
];

/** Packages that are installed for a start that needs root. */
const rootPackages =
  /^(?:supervisor|s6-overlay|gosu|su-exec|openssh-server|openssh|cron|cronie|dcron|runit|dbus)$/;

/** What a start script says when it drops root by itself, or does what only root may. */
const dropsRoot =
  /\b(?:gosu|su-exec|setpriv|runuser|chroot --userspec|su -|s6-\w+|supervisord|usermod|groupmod|chown|sshd|crond?|nginx|php-fpm|apache2\w*|httpd|service \w+ start)\b/;

function needsRoot(stage: Stage): boolean {
  const starts = startCommand(stage).words.some(
    (word) => rootPrograms.includes(baseName(word)) || word === '/sbin/init',
  );
  const installs = allSteps(stage).some((step) =>
    step.script?.commands.some(
      (command) =>
        command.args.some((word) => word.text === 'install' || word.text === 'add') &&
        command.args.some((word) => rootPackages.test(word.text)),
    ),
  );
  return starts || installs;
}

/** The script that starts the container, read where it lies in the build context. */
function startScript(context: RuleContext, stage: Stage): { text: string | undefined; isHidden: boolean } {
  const name = startCommand(stage)
    .words.map(baseName)
    .find((word) => /\.sh$|entrypoint/.test(word));
  if (name === undefined) {
    return { text: undefined, isHidden: false };
  }
  const sources = allSteps(stage).flatMap((step) => {
    const copy = readCopy(step, context.dockerfile);
    return copy === undefined ? [] : copy.sources.map((source) => source.value.replace(/^\.?\/+|\/+$/g, ''));
  });
  const paths = sources.flatMap((source) =>
    baseName(source) === name ? [source] : [source === '' || source === '.' ? name : `${source}/${name}`],
  );
  const text = [
    ...paths,
    name,
    ...['docker', 'scripts', 'bin', '.docker'].map((folder) => `${folder}/${name}`),
  ]
    .map((path) => context.project.reader.read(path))
    .find((one) => one !== undefined);
  return { text, isHidden: text === undefined };
}

/** A build tool at start writes into the project's folder, wherever that is: it needs more than another user. */
function startsBuildTool(stage: Stage): boolean {
  const [program, verb] = startCommand(stage).words.map(baseName);
  return (
    ['gradle', 'gradlew', 'mvn', 'mvnw', 'sbt', 'lein', 'make', 'cargo'].includes(program ?? '') ||
    (['go', 'dotnet'].includes(program ?? '') && ['run', 'watch', 'test'].includes(verb ?? ''))
  );
}

/** Nobody but root may enter /root: a program there cannot be started by another user. */
function startsInRootHome(context: RuleContext, stage: Stage): boolean {
  const isStartedThere = startCommand(stage).words.some((word) => word.startsWith('/root/'));
  const worksThere = stage.end.workdir?.startsWith('/root') === true;
  const copies = stage.steps.some(
    (step) => readCopy(step, context.dockerfile)?.target?.startsWith('/root/') === true,
  );
  return isStartedThere || worksThere || copies;
}
