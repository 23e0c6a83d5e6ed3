import type { Fix } from '../fixes/fix.ts';
import { exposedPorts } from '../model/exposed-ports.ts';
import type { Rule } from './rule.ts';

/** `[address:]host:container[/protocol]`; the image keeps what stands behind the last colon. */
const mapped = /^(?:[^\s]*:)([\d-]+(?:\/\w+)?)$/;

export const hostPortInExpose: Rule = {
  meta: {
    id: 'host-port-in-expose',
    aliases: ['ExposeInvalidFormat'],
    isBuildCheck: true,
    summary: 'EXPOSE names an address or a port of the host.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'A variable holds the port.',
    needs: [],
    docs: {
      what: '`EXPOSE 8080:80` or `EXPOSE 127.0.0.1:80:80`.',
      why: 'An image cannot say where its ports appear on the host: that is for `docker run -p`. The address and the first port are dropped, and BuildKit will refuse them one day.',
      silent: 'The value of a variable in it is not known.',
      fix: 'Leaves the port of the container. For review: BuildKit makes the same image of it, but Buildah keeps what is written. None where a variable holds the port.',
      bad: { dockerfile: 'FROM nginx:1.29-alpine\nEXPOSE 8080:80\n' },
      good: { dockerfile: 'FROM nginx:1.29-alpine\nEXPOSE 80\n' },
      switchOff: 'Never.',
      references: ['https://docs.docker.com/reference/build-checks/expose-invalid-format/'],
    },
  },

  *check({ dockerfile }) {
    for (const step of dockerfile.stages.flatMap((stage) => stage.steps)) {
      for (const { text, span, isWritten } of exposedPorts(step, dockerfile.syntax.escape)) {
        const port = mapped.exec(text)?.[1];
        if (port === undefined || text.startsWith(':')) {
          continue;
        }
        const fix: Fix = { title: `Write ${port}`, applicability: 'review', edits: [{ span, text: port }] };
        yield {
          message: `The image keeps ${port} of this. Where it appears on the host is for docker run -p to say.`,
          span,
          fixes: isWritten ? [fix] : [],
        };
      }
    }
  },
};
