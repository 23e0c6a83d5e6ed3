import type { Fix } from '../fixes/fix.ts';
import { renamedStage, stageNameSpan } from '../fixes/rename-stage.ts';
import type { Stage } from '../model/dockerfile.ts';
import type { Rule } from './rule.ts';

export const duplicateStageName: Rule = {
  meta: {
    id: 'duplicate-stage-name',
    aliases: ['DuplicateStageName', 'DL3024'],
    isBuildCheck: true,
    summary: 'Two stages have the same name.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: 'A name behind `AS` was given to an earlier stage already, upper and lower case not told apart.',
      why: '`COPY --from` and `--target` mean the last one; the earlier stage can no longer be named.',
      silent: 'Never.',
      fix: 'Gives the earlier stage a number: the later ones keep the name that `--target` and `--from` mean today. For review, because another name may be better.',
      bad: { dockerfile: 'FROM alpine:3.22 AS tools\nFROM debian:13-slim AS tools\n' },
      good: { dockerfile: 'FROM alpine:3.22 AS alpine-tools\nFROM debian:13-slim AS tools\n' },
      switchOff: 'Never.',
      references: ['https://docs.docker.com/reference/build-checks/duplicate-stage-name/'],
    },
  },

  *check({ dockerfile }) {
    const seen = new Map<string, Stage>();
    const names = new Set(dockerfile.stages.map((stage) => stage.name?.toLowerCase()));
    for (const stage of dockerfile.stages) {
      const name = stage.name?.toLowerCase();
      const at = stageNameSpan(stage);
      if (name === undefined || at === undefined) {
        continue;
      }
      const earlier = seen.get(name);
      seen.set(name, stage);
      const earlierAt = earlier === undefined ? undefined : stageNameSpan(earlier);
      if (earlier === undefined || earlierAt === undefined) {
        continue;
      }
      let number = 1;
      while (names.has(`${name}-${number}`)) {
        number++;
      }
      const fix: Fix = {
        title: `Rename the earlier stage to ${name}-${number}`,
        applicability: 'review',
        edits: renamedStage(dockerfile, earlier, `${name}-${number}`),
      };
      yield {
        message: `An earlier stage is called ${name} as well: --from and --target mean this one.`,
        span: at,
        related: [{ span: earlierAt, message: 'The earlier stage' }],
        fixes: [fix],
      };
    }
  },
};
