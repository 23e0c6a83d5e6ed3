import type { AnalysisContext } from '../facts/context.ts';
import { programFolderOf } from '../facts/installs/install-order.ts';
import { contradictionOf } from '../facts/service/contradiction.ts';
import { readProbe } from '../facts/service/existing-probe.ts';
import { guardOf } from '../facts/service/guard.ts';
import { serverCode } from '../facts/service/source-code.ts';
import { baseTraits } from '../facts/stage.ts';
import { replaceProbe } from '../fixes/add-healthcheck.ts';
import { writeProbe } from '../fixes/write-probe.ts';
import { lastStep } from '../model/dockerfile.ts';
import type { ContextPath } from '../text/path-types.ts';
import type { Rule } from './rule.ts';

const server =
  "const { readFileSync } = require('node:fs');\nconst https = require('node:https');\nhttps.createServer({ key: readFileSync('/run/key'), cert: readFileSync('/run/cert') }, (_, response) => response.end()).listen(3000);\n";

export const probeNeverPasses: Rule = {
  meta: {
    id: 'probe-never-passes',
    aliases: [],
    summary: 'HEALTHCHECK asks the service in a way that it never answers with success.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Which route answers without a login is not known.',
    needs: ['project', 'images'],
    docs: {
      what: 'The `HEALTHCHECK` of the stage that ships asks a server over HTTP that speaks TLS alone, or the other way round; asks the loopback where the server listens to the address of its host name alone; or asks a route that refuses everybody who has not logged in.',
      why: 'The probe fails every time: the container is unhealthy for ever, and Compose and Swarm restart it or wait in vain.',
      silent:
        'What the server speaks or listens to is not known; the probe asks another port than the one that was found; it does more than to ask one URL, or passes with every answer; a login is asked for by sending elsewhere.',
      fix: 'Asks the same in the way that the server answers. For review. Whether the certificate is valid is not checked.',
      bad: {
        dockerfile:
          'FROM node:24\nCOPY server.js /\nUSER node\nEXPOSE 3000\nHEALTHCHECK CMD curl -f http://localhost:3000/ || exit 1\nCMD ["node", "/server.js"]\n',
        files: { 'server.js': server },
      },
      good: {
        dockerfile:
          'FROM node:24\nCOPY server.js /\nUSER node\nEXPOSE 3000\nHEALTHCHECK CMD curl -fk https://localhost:3000/ || exit 1\nCMD ["node", "/server.js"]\n',
        files: { 'server.js': server },
      },
      switchOff: 'Where only Kubernetes runs the image.',
      references: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
    },
  },

  *check(context) {
    const stage = context.dockerfile.final;
    const step = stage === undefined ? undefined : lastStep(stage, 'HEALTHCHECK');
    const request = step === undefined ? undefined : readProbe(context, step)?.request;
    if (stage === undefined || step === undefined || request === undefined) {
      return;
    }
    const traits = baseTraits(stage, context.images);
    const other = contradictionOf(context, stage, request);
    if (other !== undefined) {
      const written = writeProbe(traits, stage, other.request);
      const fix = written === undefined ? undefined : replaceProbe(context.dockerfile, step, written);
      yield {
        message: `HEALTHCHECK ${other.says}: the container is unhealthy for ever.`,
        span: step.instruction.keywordSpan,
        severity: other.severity,
        fixes: fix === undefined ? [] : [fix],
      };
      return;
    }
    const guard =
      request.unhealthyFrom === 400
        ? refusal(context, programFolderOf(context.dockerfile, stage) ?? '', request.path)
        : undefined;
    if (guard !== undefined && traits?.isServer !== true) {
      yield {
        message: `HEALTHCHECK takes success only, and ${guard}: the container is unhealthy for ever.`,
        span: step.instruction.keywordSpan,
        fixes: [],
      };
    }
  },
};

/** What asks everybody for a login at a path and refuses them, as a sentence without a stop; undefined where nothing is seen to. */
function refusal({ project }: AnalysisContext, directory: ContextPath, path: string): string | undefined {
  const code = serverCode(project, directory);
  const sendsElsewhere = code.some(({ text }) => /\blogin_required\b|\bredirect\w*\([^()]*login/i.test(text));
  return sendsElsewhere ? undefined : guardOf(project, directory, code, path);
}
