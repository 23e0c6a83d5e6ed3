import type { Fix } from '../fixes/fix.ts';
import { removedFlag } from '../fixes/remove-flag.ts';
import { automaticArguments } from '../model/automatic-arguments.ts';
import { expandText } from '../model/expansion.ts';
import { defaultArguments } from '../model/head-arguments.ts';
import { findFlag } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

export const redundantTargetPlatform: Rule = {
  meta: {
    id: 'redundant-target-platform',
    aliases: ['RedundantTargetPlatform', 'DL3065'],
    isBuildCheck: true,
    summary: 'FROM asks for the target platform, which it takes anyway.',
    category: 'correctness',
    severity: 'hint',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: '`FROM --platform=$TARGETPLATFORM`.',
      why: 'That is the platform `FROM` takes without the flag. Who reads it looks for a reason that is not there.',
      silent: 'Anything else stands in the flag beside the variable.',
      fix: 'Takes the flag out. For review: a build that gives `TARGETPLATFORM` as an argument of its own means something by it.',
      bad: { dockerfile: 'FROM --platform=$TARGETPLATFORM alpine:3.22\n' },
      good: { dockerfile: 'FROM alpine:3.22\n' },
      switchOff: 'Where a house rule wants the flag.',
      references: ['https://docs.docker.com/reference/build-checks/redundant-target-platform/'],
    },
  },

  *check({ dockerfile }) {
    const values = defaultArguments(dockerfile) ?? automaticArguments;
    for (const { from } of dockerfile.stages) {
      const flag = findFlag(from, 'platform');
      const { value, used, missing } = expandText(flag?.value ?? '', values, {
        escape: dockerfile.syntax.escape,
      });
      const isAlone = used.size === 1 && used.has('TARGETPLATFORM') && missing.size === 0;
      if (flag === undefined || !isAlone || value !== values.get('TARGETPLATFORM')) {
        continue;
      }
      const fix: Fix = {
        title: 'Remove --platform',
        applicability: 'review',
        edits: [removedFlag(dockerfile.syntax, flag)],
      };
      yield {
        message: 'FROM takes the target platform without being told.',
        span: flag.span,
        fixes: [fix],
      };
    }
  },
};
