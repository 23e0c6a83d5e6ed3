import { unfixedBy } from '../ecosystems/refusal.ts';
import { programFolderOf } from '../facts/installs/install-order.ts';
import { findService } from '../facts/service/service.ts';
import { otherService } from '../facts/siblings/other-service.ts';
import { baseTraits, hasStep, runningStage, servingStage } from '../facts/stage.ts';
import { addHealthcheck, chooseProbe, serverProbe } from '../fixes/add-healthcheck.ts';
import type { Rule } from './rule.ts';

export const healthcheckMissing: Rule = {
  meta: {
    id: 'healthcheck-missing',
    aliases: ['DL3057'],
    summary: 'A service has no HEALTHCHECK.',
    category: 'hardening',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'What the service speaks, on which port and route, could not be read from the project.',
    needs: ['images'],
    docs: {
      what: 'The image runs a service and no `HEALTHCHECK` tells whether the service answers. A service is known by a port in EXPOSE or in the start command, by a server that has a port of its own (uvicorn, gunicorn, `rails server` …), or by the base image (nginx, PostgreSQL …).',
      why: 'Docker, Compose and Swarm see only that the process exists: a hung service counts as running, and what depends on it starts too early. Kubernetes ignores `HEALTHCHECK` and has probes of its own.',
      silent:
        'Nothing is exposed, or only UDP ports and ports that do not mean HTTP; the project speaks gRPC and no HTTP, or FastCGI (PHP-FPM); the stage has no start command of its own (but for images of servers, once something is added to them) or only a prompt, has `ONBUILD`, or is for development.',
      fix: 'Adds a `HEALTHCHECK` with a program that exists in that image: `node`, `python`, `ruby`, `bun`, `deno`, `curl`, `wget`, Bash, or the probe that a database brings along. It is written only where start command, settings, manifests and sources tell what the service speaks: HTTP, TLS (asked without checking the certificate) or a protocol of its own, of which only the connection is asked. The port is the one that the start command names, else the exposed one; where the program or its server reads `PORT`, the probe does too. A server that binds to the name of the container is asked at that name. The route is one that the sources name for health checks on the server itself; where none is found, any answer on `/` that is not a server error counts as healthy, and where the handler of `/` writes, only the connection is asked. No fix, and the reason, where a login stands before every route, where ports contradict each other, where a Compose file starts a worker from the same image as well, and where one of these could not be read. It changes what Docker reports and may restart the service: therefore for review.',
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
    const stage = runningStage(context) ?? servingStage(context);
    if (stage === undefined || hasStep(stage, 'HEALTHCHECK')) {
      return;
    }
    const traits = baseTraits(stage, context.images);
    const own = serverProbe(traits);
    const directory = programFolderOf(context.dockerfile, stage) ?? '';
    const service = own === undefined ? findService(context, stage, directory, traits) : undefined;
    const probe = own ?? (service === undefined ? undefined : chooseProbe(traits, service, stage));
    if (probe === undefined) {
      return;
    }
    const asked = service?.probe.state === 'known' ? service.probe.value : undefined;
    const other = 'code' in probe || asked === undefined ? undefined : otherService(context, stage, asked);
    const refused =
      'code' in probe
        ? probe
        : other === undefined
          ? undefined
          : ({ code: 'other-service-in-image', reason: other } as const);
    const reason = refused === undefined ? '' : ` No fix is offered: ${refused.reason}.`;
    yield {
      message: `No HEALTHCHECK: Docker and Compose cannot tell a hung service from a healthy one. (Kubernetes ignores HEALTHCHECK.)${reason}`,
      span: service?.span ?? stage.imageSpan,
      ...(refused === undefined ? {} : { unfixed: unfixedBy(refused) }),
      fixes:
        'code' in probe || refused !== undefined
          ? []
          : () => [addHealthcheck(context.dockerfile, stage, probe)],
    };
  },
};
