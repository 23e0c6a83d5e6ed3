import { baseTraits } from '../facts/stage.ts';
import { type StepUser, stepUser } from '../facts/writes/step-user.ts';
import type { Fix } from '../fixes/fix.ts';
import { type Mount, readMounts } from '../model/mounts.ts';
import type { Rule } from './rule.ts';

export const cacheMountOfOtherUser: Rule = {
  meta: {
    id: 'cache-mount-of-other-user',
    aliases: [],
    summary: 'A cache mount lies where the user of the step cannot use it.',
    category: 'cache',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The number of the user is not known; `--uid` where it is created says it.',
    needs: ['images'],
    docs: {
      what: 'A `RUN` of another user than root has a cache mount below `/root`, or one that belongs to root because it names no `uid`.',
      why: 'The package manager keeps its cache in the home folder of its user, so that the mount at `/root` is never used; a mount without `uid` belongs to root, and the manager can write nothing to it.',
      silent:
        'The step runs as root, or its user is not known; the mount has a `mode` that lets everybody write; the mount’s `uid` is that of the user.',
      fix: 'Moves the mount to the same folder in the home of the user, and gives it to that user by number. None is offered where the number is not known: a user that is created without `--uid`.',
      bad: {
        dockerfile:
          'FROM node:24-slim\nUSER node\nWORKDIR /home/node/app\nCOPY package*.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
      },
      good: {
        dockerfile:
          'FROM node:24-slim\nUSER node\nWORKDIR /home/node/app\nCOPY package*.json ./\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci\n',
      },
      switchOff: 'Never, as long as the findings are right.',
      references: ['https://docs.docker.com/reference/dockerfile/#run---mounttypecache'],
    },
  },

  *check(context) {
    for (const stage of context.dockerfile.stages) {
      const traits = baseTraits(stage, context.images);
      for (const step of stage.steps) {
        const mounts = readMounts(step.instruction).filter((one) => one.type === 'cache');
        const user = mounts.length === 0 ? undefined : stepUser(stage, step, traits);
        for (const mount of user === undefined ? [] : mounts) {
          const message = user === undefined ? undefined : problemOf(mount, user);
          if (message !== undefined && user !== undefined) {
            const fix = moveMount(mount, user);
            yield { message, span: mount.flag.span, fixes: fix === undefined ? [] : [fix] };
          }
        }
      }
    }
  },
};

function problemOf({ target, options }: Mount, user: StepUser): string | undefined {
  if (target === undefined || target.includes('$')) {
    return undefined;
  }
  if (/^\/root(?:\/|$)/.test(target)) {
    const own = user.home === undefined ? '' : `, which keeps its cache below ${user.home}`;
    const number =
      user.uid === undefined ? ' Create the user with a `--uid`, so that a mount can be given to it.' : '';
    return `The step runs as \`${user.name}\`${own}: the mount at ${target} is never used.${number}`;
  }
  const uid = options.get('uid');
  // The last digit of a mode is for everybody; with 2 in it, everybody may write.
  const isOpen = /[2367]$/.test(options.get('mode') ?? '');
  if (
    isOpen ||
    uid?.includes('$') === true ||
    (uid !== undefined && uid !== '0' && Number(uid) === (user.uid ?? Number(uid)))
  ) {
    return undefined;
  }
  const owner = uid === undefined || uid === '0' ? 'root' : `the user ${uid}`;
  return `The step runs as \`${user.name}\`, and the mount at ${target} belongs to ${owner}: nothing can be written to it.`;
}

function moveMount({ flag, target }: Mount, { name, uid, home }: StepUser): Fix | undefined {
  const isHome = target !== undefined && /^\/root(?:\/|$)/.test(target);
  const place = isHome ? (home === undefined ? undefined : target.replace(/^\/root/, home)) : target;
  const span = flag.valueSpan;
  if (uid === undefined || place === undefined || span === undefined || flag.value === undefined) {
    return undefined;
  }
  const fields = flag.value
    .split(',')
    .filter((field) => !/^\s*[ug]id=/i.test(field))
    .map((field) => (/^\s*(?:target|dst|destination)=/i.test(field) ? `target=${place}` : field));
  return {
    title: `Give the mount to ${name}`,
    applicability: 'review',
    edits: [{ span, text: [...fields, `uid=${uid}`, `gid=${uid}`].join(',') }],
    assumptions: [`The group of ${name} has the same number.`],
  };
}
