import { parseImageReference } from '../images/reference.ts';
import { expandText } from '../model/expansion.ts';
import { defaultArguments, headArguments } from '../model/head-arguments.ts';
import type { Rule } from './rule.ts';

export const fromNeedsBuildArgument: Rule = {
  meta: {
    id: 'from-needs-build-argument',
    aliases: ['InvalidDefaultArgInFrom'],
    isBuildCheck: true,
    summary: 'Without a build argument, FROM names no image.',
    category: 'correctness',
    severity: 'information',
    enabled: true,
    fix: 'none',
    unfixed: 'Which image is meant without the argument is for the project to say.',
    needs: [],
    docs: {
      what: 'The name behind `FROM` is empty or no valid image name when no `--build-arg` is given.',
      why: '`docker build .` fails, and tools that look at the file cannot tell what it is built on.',
      silent: 'A default above the first `FROM` is one that BuildKit refuses: then nothing builds.',
      bad: { dockerfile: 'ARG NODE_VERSION\nFROM node:$NODE_VERSION\n' },
      good: { dockerfile: 'ARG NODE_VERSION=24-slim\nFROM node:$NODE_VERSION\n' },
      switchOff: 'Where the builds always give the argument, and a default would be wrong.',
      references: ['https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/'],
    },
  },

  *check({ dockerfile }) {
    const values = defaultArguments(dockerfile);
    const declared = headArguments(dockerfile);
    if (values === undefined) {
      return;
    }
    for (const { from, imageSpan } of dockerfile.stages) {
      const written = from.words[0]?.value ?? '';
      const { value, isRefused, used, missing } = expandText(written, values, {
        escape: dockerfile.syntax.escape,
      });
      if (isRefused) {
        return;
      }
      // A name that no argument decides is refused whatever the build is told: that is an error of its own.
      const isDecided = [...used, ...missing].some((name) => declared.has(name));
      if (isDecided && value !== undefined && parseImageReference(value) === undefined) {
        yield {
          message: `Without a build argument this is ${value === '' ? 'empty' : `“${value}”`}, which is no image. Give its ARG a default.`,
          span: imageSpan,
        };
      }
    }
  },
};
