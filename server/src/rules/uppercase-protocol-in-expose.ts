import type { Fix } from '../fixes/fix.ts';
import { exposedPorts } from '../model/exposed-ports.ts';
import type { Rule } from './rule.ts';

export const uppercaseProtocolInExpose: Rule = {
  meta: {
    id: 'uppercase-protocol-in-expose',
    aliases: ['ExposeProtoCasing'],
    isBuildCheck: true,
    summary: 'The protocol of EXPOSE is not in lower case.',
    category: 'correctness',
    severity: 'hint',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'A variable holds the port.',
    needs: [],
    docs: {
      what: '`EXPOSE 53/UDP`.',
      why: 'The image says `53/udp`; tools that read the file may not see that it is the same.',
      silent: 'The value of a variable in it is not known.',
      fix: 'Writes the protocol in lower case. For review: BuildKit makes the same image of it, but Buildah keeps what is written. None where a variable holds the port.',
      bad: { dockerfile: 'FROM alpine:3.22\nEXPOSE 53/UDP\n' },
      good: { dockerfile: 'FROM alpine:3.22\nEXPOSE 53/udp\n' },
      switchOff: 'Where it does not bother you.',
      references: ['https://docs.docker.com/reference/build-checks/expose-proto-casing/'],
    },
  },

  *check({ dockerfile }) {
    for (const step of dockerfile.stages.flatMap((stage) => stage.steps)) {
      for (const { text, span, isWritten } of exposedPorts(step, dockerfile.syntax.escape)) {
        const protocol = /\/(tcp|udp|sctp)$/i.exec(text)?.[1] ?? '';
        if (protocol === protocol.toLowerCase()) {
          continue;
        }
        const better = text.slice(0, -protocol.length) + protocol.toLowerCase();
        const fix: Fix = {
          title: `Write ${better}`,
          applicability: 'review',
          edits: [{ span, text: better }],
        };
        yield {
          message: `The image says ${protocol.toLowerCase()}, whatever the case here.`,
          span,
          fixes: isWritten ? [fix] : [],
        };
      }
    }
  },
};
