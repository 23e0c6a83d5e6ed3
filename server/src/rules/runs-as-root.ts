import { runtimeUser } from '../distros/users.ts';
import { addUser } from '../fixes/add-user.ts';
import { lastStep } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import type { Finding, Rule } from './rule.ts';
import { baseTraits, effectiveUser, isRoot, runningStage } from './shipped.ts';

/** Programs that drop root by themselves, or that cannot do without it. */
const needsRoot = [
  'supervisord',
  'crond',
  'cron',
  'sshd',
  'dockerd',
  'systemd',
  'init',
  '/sbin/init',
  's6-svscan',
  '/init',
  'nginx',
  'apache2',
  'apachectl',
  'apache2-foreground',
  'httpd',
  'httpd-foreground',
  'php-fpm',
  'gosu',
  'su-exec',
];

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
        'The base image’s user is not known; the stage has no start command of its own, has `ONBUILD` or belongs to a development container; the program needs root or drops it by itself (nginx, Apache, cron, sshd, supervisord); the entry point is a script that calls `gosu` or `su-exec`.',
      fix: 'Adds `USER` after the last step that needs root. Takes the user the base image has for this (`node`, `nonroot`, `app` …), else creates one in the way of that distribution. Folders that the image declares as volumes are given to that user. A process that writes elsewhere, or needs root for another reason, stops working: therefore for review.',
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
    if (user === undefined || !isRoot(user) || dropsRoot(context, stage)) {
      return;
    }
    const traits = baseTraits(stage, context.images);
    const last = lastStep(stage, 'USER');
    const own = last !== undefined && stage.steps.includes(last) ? last : undefined;
    const finding: Finding = {
      message:
        own === undefined
          ? 'The container runs as root: no USER is set.'
          : 'The container runs as root: this is the last USER.',
      span:
        own === undefined ? stage.imageSpan : (own.instruction.words[0]?.span ?? own.instruction.keywordSpan),
    };
    const target = runtimeUser(traits);
    const fix = addUser(context.dockerfile, stage, target);
    yield { ...finding, fixes: fix === undefined ? [] : [fix] };
  },
};

function dropsRoot(
  context: Parameters<Rule['check']>[0],
  stage: NonNullable<ReturnType<typeof runningStage>>,
): boolean {
  const start = startCommand(stage);
  const program =
    start.words.find((word) => !['exec', 'tini', 'dumb-init', '--', '-g'].includes(baseName(word))) ?? '';
  if (start.words.some((word) => needsRoot.includes(baseName(word)) || word === '/sbin/init')) {
    return true;
  }
  // An entry point script may drop root itself; it is read where it lies in the build context.
  if (!/\.sh$|entrypoint/.test(program)) {
    return false;
  }
  const name = baseName(program);
  for (const folder of ['', 'docker/', 'scripts/', 'bin/', '.docker/']) {
    const text = context.project.reader.read(`${folder}${name}`);
    if (text !== undefined) {
      return /\b(?:gosu|su-exec|setpriv|runuser|chroot --userspec|su -)\b/.test(text);
    }
  }
  return false;
}

function baseName(path: string): string {
  return path.replace(/^.*\//, '');
}
