import { addHealthcheck, chooseProbe } from '../fixes/add-healthcheck.ts';
import { findService } from '../fixes/service.ts';
import type { Rule } from './rule.ts';
import { baseTraits, hasStep, runningStage } from './shipped.ts';

export const healthcheckMissing: Rule = {
  meta: {
    id: 'healthcheck-missing',
    aliases: [],
    summary: 'A service has no HEALTHCHECK.',
    category: 'hardening',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    needs: ['images'],
    docs: {
      what: 'The image runs a service (it exposes a TCP port) and no `HEALTHCHECK` tells whether the service answers.',
      why: 'Docker, Compose and Swarm see only that the process exists: a hung service counts as running, and what depends on it starts too early. Kubernetes ignores `HEALTHCHECK` and has probes of its own.',
      silent:
        'Nothing is exposed, or only UDP ports and ports that do not mean HTTP; the project speaks gRPC and no HTTP; the stage has no start command of its own or only a prompt, has `ONBUILD`, or is for development.',
      fix: 'Adds a `HEALTHCHECK` with a program that exists in that image (`node`, `python`, `wget`, `curl` …), on the exposed port, with the health route that the sources name. Where no route is found, any answer that is not a server error counts as healthy. It changes what Docker reports and may restart the service: therefore for review.',
      bad: {
        dockerfile:
          'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nEXPOSE 3000\nCMD ["node", "server.js"]\n',
      },
      good: {
        dockerfile:
          'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nEXPOSE 3000\nHEALTHCHECK CMD ["node", "healthcheck.js"]\nCMD ["node", "server.js"]\n',
      },
      switchOff: 'Where only Kubernetes runs the image.',
      references: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    if (stage === undefined || hasStep(stage, 'HEALTHCHECK')) {
      return;
    }
    const service = findService(stage, context.project);
    if (service === undefined) {
      return;
    }
    const traits = baseTraits(stage, context.images);
    const probe = chooseProbe(traits, service, stage);
    const reason = typeof probe === 'string' ? ` No fix is offered: ${probe}.` : '';
    yield {
      message: `No HEALTHCHECK: Docker and Compose cannot tell a hung service from a healthy one. (Kubernetes ignores HEALTHCHECK.)${reason}`,
      span: service.span,
      fixes: typeof probe === 'string' ? [] : [addHealthcheck(context.dockerfile, stage, probe)],
    };
  },
};
