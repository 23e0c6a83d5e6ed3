import type { Fix } from '../fixes/fix.ts';
import { renamedStage, stageNameSpan } from '../fixes/rename-stage.ts';
import type { Rule } from './rule.ts';

export const reservedStageName: Rule = {
  meta: {
    id: 'reserved-stage-name',
    aliases: ['ReservedStageName', 'DL3063'],
    isBuildCheck: true,
    summary: 'A stage is called scratch or context.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'A FROM scratch below would then be the empty image.',
    needs: [],
    docs: {
      what: 'A stage is called `scratch` or `context`.',
      why: '`scratch` is the empty image and `context` the build context. With such a stage in the file, the words mean something else than everywhere.',
      silent: 'Never.',
      fix: 'Renames the stage and what refers to it. For review. None where a `FROM scratch` below would then be the empty image.',
      bad: { dockerfile: 'FROM alpine:3.22 AS context\n' },
      good: { dockerfile: 'FROM alpine:3.22 AS sources\n' },
      switchOff: 'Never.',
      references: ['https://docs.docker.com/reference/build-checks/reserved-stage-name/'],
    },
  },

  *check({ dockerfile }) {
    const names = new Set(dockerfile.stages.map((stage) => stage.name?.toLowerCase()));
    for (const stage of dockerfile.stages) {
      const name = stage.name?.toLowerCase();
      const at = stageNameSpan(stage);
      if (at === undefined || (name !== 'scratch' && name !== 'context')) {
        continue;
      }
      const renamed = `${name}-stage`;
      const isBase = dockerfile.stages.some((one) => one.base.kind === 'stage' && one.base.stage === stage);
      const fix: Fix = {
        title: `Rename the stage to ${renamed}`,
        applicability: 'review',
        edits: renamedStage(dockerfile, stage, renamed),
      };
      const meaning = name === 'scratch' ? 'the empty image' : 'the build context';
      yield {
        message: `${name} is the name of ${meaning}. Give the stage another.`,
        span: at,
        fixes: names.has(renamed) || (name === 'scratch' && isBase) ? [] : [fix],
      };
    }
  },
};
