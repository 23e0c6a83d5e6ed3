import type { Fix } from '../fixes/fix.ts';
import { renamedStage, stageNameSpan } from '../fixes/rename-stage.ts';
import type { Rule } from './rule.ts';

export const stageNameNotLowercase: Rule = {
  meta: {
    id: 'stage-name-not-lowercase',
    aliases: ['StageNameCasing'],
    isBuildCheck: true,
    summary: 'The name of a stage holds upper-case letters.',
    category: 'correctness',
    severity: 'hint',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: 'A name behind `AS` holds upper-case letters.',
      why: 'BuildKit turns the name into lower case. `FROM Builder` then does not find the stage `Builder`, while `COPY --from=Builder` does.',
      silent: 'Never.',
      fix: 'Writes the name, and everything that refers to it, in lower case. Safe: it is the name the stage has.',
      bad: { dockerfile: 'FROM alpine:3.22 AS Tools\n' },
      good: { dockerfile: 'FROM alpine:3.22 AS tools\n' },
      switchOff: 'Where a house rule wants other names.',
      references: ['https://docs.docker.com/reference/build-checks/stage-name-casing/'],
    },
  },

  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      const at = stageNameSpan(stage);
      const name = stage.name?.toLowerCase();
      if (at === undefined || name === undefined || name === stage.name) {
        continue;
      }
      const fix: Fix = {
        title: `Write ${name}`,
        applicability: 'safe',
        edits: renamedStage(dockerfile, stage, name),
      };
      yield { message: `For BuildKit this stage is called ${name}.`, span: at, fixes: [fix] };
    }
  },
};
