import type { Fix } from '../fixes/fix.ts';
import { removedFlag } from '../fixes/remove-flag.ts';
import { normalizePlatform } from '../images/platform.ts';
import { findFlag } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

/** Written out: a system, an architecture and a variant, or one or two of them. */
const isPlatform = /^[\w.()+-]+(?:\/[\w.-]+){0,2}$/;

export const constantPlatformInFrom: Rule = {
  meta: {
    id: 'constant-platform-in-from',
    aliases: ['FromPlatformFlagConstDisallowed', 'DL3029'],
    isBuildCheck: true,
    summary: 'FROM fixes a platform.',
    category: 'correctness',
    severity: 'hint',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: '`FROM --platform=` with a platform written out.',
      why: 'The image comes out for that platform wherever it is built and whatever `docker build --platform` asks for; on another machine it runs emulated or not at all.',
      silent:
        'The platform holds a variable, or the name of the stage says what it is for (`AS build-amd64`).',
      fix: 'Takes the flag out. Never in bulk: somebody may have had a reason, such as a program that exists for one platform only.',
      bad: { dockerfile: 'FROM --platform=linux/amd64 alpine:3.22\n' },
      good: { dockerfile: 'FROM alpine:3.22\n' },
      switchOff: 'Where the image is meant for one platform.',
      references: ['https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/'],
    },
  },

  *check({ dockerfile }) {
    for (const { from, name = '' } of dockerfile.stages) {
      const flag = findFlag(from, 'platform');
      if (flag?.value === undefined || !isPlatform.test(flag.value)) {
        continue;
      }
      const [system = '', architecture = ''] = normalizePlatform(flag.value).split('/');
      if (name.toLowerCase().includes(system) || name.toLowerCase().includes(architecture)) {
        continue;
      }
      const fix: Fix = {
        title: `Remove --platform=${flag.value}`,
        applicability: 'manual',
        edits: [removedFlag(dockerfile.syntax, flag)],
      };
      yield {
        message: `The image is ${flag.value} wherever it is built, whatever --platform the build asks for.`,
        span: flag.span,
        fixes: [fix],
      };
    }
  },
};
