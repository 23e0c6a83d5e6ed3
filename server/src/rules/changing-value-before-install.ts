import { installsPackages } from '../facts/installs/installs.ts';
import { isDevContainer } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import type { Dockerfile, Stage, Step } from '../model/dockerfile.ts';
import { mentionsWord } from '../text/mentions.ts';
import type { Rule } from './rule.ts';

/** Names of values that are other ones in every build. */
const changing =
  /^(?:GIT_|CI_|VCS_|SOURCE_|BUILD_|APP_)?(?:COMMIT(?:_SHA|_HASH|_ID|_REF)?|SHA|SHA1|REVISION|REF|BUILD_?DATE|BUILD_?TIME|BUILD_?NUMBER|BUILD_?ID|TIMESTAMP|DATE|NUMBER|CREATED)$/i;

export const changingValueBeforeInstall: Rule = {
  meta: {
    id: 'changing-value-before-install',
    aliases: [],
    summary: 'A value that changes with every build stands above an install.',
    category: 'cache',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'A command between the value and the install uses it, or may.',
    needs: [],
    docs: {
      what: 'An `ARG` or `ENV` with a commit, date or build number stands above a `RUN` that installs dependencies.',
      why: 'Arguments and environment belong to every `RUN` below them. When the value changes, the install runs again although nothing that it reads has changed.',
      silent:
        'The name does not tell that the value changes; no install follows in the stage. A `LABEL` does not matter: it belongs to no `RUN`.',
      fix: 'Moves the instruction below the install, where nothing in between names the value. For review.',
      bad: { dockerfile: 'FROM node:24-slim\nARG GIT_COMMIT\nCOPY package*.json ./\nRUN npm ci\n' },
      good: { dockerfile: 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci\nARG GIT_COMMIT\n' },
      switchOff: 'Where every build starts without a cache.',
      references: ['https://docs.docker.com/build/cache/invalidation/'],
    },
  },

  *check(context) {
    if (isDevContainer(context)) {
      return;
    }
    for (const stage of context.dockerfile.stages) {
      const installs = commandSteps(stage).filter(
        (at) => installsPackages(at.command) || isSystemInstall(at),
      );
      const last = installs.at(-1);
      if (last === undefined) {
        continue;
      }
      for (const step of stage.steps) {
        const { instruction } = step;
        const pair = ['ARG', 'ENV'].includes(instruction.keyword)
          ? instruction.pairs.find(
              (one) => changing.test(one.name) && !isFixed(instruction.keyword, one.value),
            )
          : undefined;
        if (pair === undefined || instruction.span.start > last.step.instruction.span.start) {
          continue;
        }
        const fix = moveBelow(context.dockerfile, stage, step, last.step);
        yield {
          message: `${pair.name} changes with every build, and the install below runs again each time.`,
          span: pair.nameSpan,
          related: [{ span: last.script.sourceSpan(last.command.nameWord.span), message: 'The install.' }],
          fixes: fix === undefined ? [] : [fix],
        };
      }
    }
  },
};

/** An ENV with a value written out changes only when somebody edits the file. */
function isFixed(keyword: string, value: string | undefined): boolean {
  return keyword === 'ENV' && value?.includes('$') !== true;
}

function isSystemInstall({ command }: CommandStep): boolean {
  return (
    ['apt-get', 'apt', 'apk', 'dnf', 'yum', 'microdnf'].includes(command.name ?? '') &&
    command.args.some((word) => word.text === 'install' || word.text === 'add')
  );
}

function moveBelow(dockerfile: Dockerfile, stage: Stage, step: Step, install: Step): Fix | undefined {
  const { instruction } = step;
  const between = stage.steps.slice(stage.steps.indexOf(step) + 1, stage.steps.indexOf(install) + 1);
  const names = instruction.pairs.map((pair) => pair.name);
  const isNamed = between.some((one) => names.some((name) => mentionsWord(one.instruction.line.text, name)));
  if (isNamed || instruction.pairs.length !== 1 || instruction.span.end > dockerfile.text.length) {
    return undefined;
  }
  return {
    title: `Move ${names[0]} below the install`,
    applicability: 'review',
    edits: new Layout(dockerfile.syntax).moveAfter(instruction, install.instruction),
    assumptions: ['The install does not read the value from its environment.'],
  };
}
