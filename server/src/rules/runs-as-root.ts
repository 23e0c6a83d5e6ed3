import { unfixedBy } from '../ecosystems/refusal.ts';
import { runningStage } from '../facts/stage.ts';
import { type UserChange, userChange } from '../fixes/user-change.ts';
import { lastStep } from '../model/dockerfile.ts';
import type { Rule } from './rule.ts';

export const runsAsRoot: Rule = {
  meta: {
    id: 'runs-as-root',
    aliases: ['DL3002'],
    summary: 'The container runs as root.',
    category: 'hardening',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'What the program does as it starts, or where it writes, could not be read to the end.',
    needs: ['images'],
    docs: {
      what: 'The stage that ships never leaves root: no `USER` is set, or the last one is root, and the base image sets no other.',
      why: 'Whoever breaks into the process owns the container, and a mistake in the container’s isolation then reaches the host as root.',
      silent:
        'The base image’s user is not known; the stage has no start command of its own or only a prompt, has `ONBUILD`, or is for development; the image is a server’s own (nginx, PostgreSQL …), whose processes drop root; the program or a package that is installed for it needs root (cron, sshd, supervisord); what starts, followed through scripts and settings, drops root by itself (`gosu`, `su-exec`, `uid` of uWSGI, `--user` of gunicorn …) or does what only root may (`chown`, `apt-get` …).',
      fix: 'Adds `USER` after the last step that needs root, as a number, because Kubernetes’ `runAsNonRoot` refuses names. Takes the user that the Dockerfile makes or used before, else the one the image has for this (`node`, `nonroot`, `app` …), else creates one in the way of that distribution, above what is copied, so that a changed source does not create it anew; where the image has no `useradd`, a bare number. What starts is followed through shell scripts and package managers, and what the program writes to is read from its sources and settings, from Compose files and Kubernetes manifests, and from what frameworks and servers are known to write: log files, databases, PID files, uploads. Those places are given to the user, and nothing else. For review. Only a sketch (manual), with the reason in the message, where a source or script is not there or not understood, where it writes to a place that is not plain to see, where the program is somebody else’s, and where a folder of the host lies over what is written. None is offered where something that the program needs lies below `/root`, which only root may enter; where the start compiles or installs; where its mode lets root alone run it; and where the program talks to the socket of the container engine. What a builder installed with `pip install --user` moves to a virtual environment.',
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
    const found = userChange(context, stage);
    if (found === undefined) {
      return;
    }
    const last = lastStep(stage, 'USER');
    const own = last !== undefined && stage.steps.includes(last) ? last : undefined;
    const message =
      own === undefined
        ? 'The container runs as root: no USER is set.'
        : 'The container runs as root: this is the last USER.';
    yield {
      message: withReason(message, found),
      span:
        own === undefined ? stage.imageSpan : (own.instruction.words[0]?.span ?? own.instruction.keywordSpan),
      ...(found.refused === undefined ? {} : { unfixed: unfixedBy(found.refused) }),
      fixes: () => [found.fix()].filter((fix) => fix !== undefined),
    };
  },
};

/** The message, with why there is no fix, or only a sketch of one. */
function withReason(message: string, { refused, doubt }: UserChange): string {
  return refused !== undefined
    ? `${message} No fix is offered: ${refused.reason}.`
    : doubt !== undefined
      ? `${message} Whether another user can run it is not certain: ${doubt}.`
      : message;
}
