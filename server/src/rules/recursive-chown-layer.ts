import { baseTraits, isDevContainer } from '../facts/stage.ts';
import { changedFolder } from '../facts/writes/changed-folder.ts';
import { changeOnCopy } from '../fixes/change-on-copy.ts';
import type { Fix } from '../fixes/fix.ts';
import { type CommandStep, commandSteps, commandsOfStep } from '../model/commands.ts';
import { type Copy, readCopy } from '../model/copy.ts';
import { type Dockerfile, indexOfStep, lineage, type Stage, withTriggered } from '../model/dockerfile.ts';
import { boundedPath } from '../model/paths.ts';
import { findFlag } from '../syntax/tree.ts';
import { appendTo } from '../text/append-to.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { Rule } from './rule.ts';

export const recursiveChownLayer: Rule = {
  meta: {
    id: 'recursive-chown-layer',
    aliases: [],
    summary: 'chown or chmod over copied files stores them a second time.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The owner is not known where the files are copied, or a step in between needs another one.',
    needs: [],
    docs: {
      what: 'A `RUN` of the stage that ships changes owner or mode of everything below a folder that an earlier `COPY` or `ADD` filled.',
      why: 'A layer holds whole files: changing the owner of a file writes it once more. 900 MB that are copied and then handed over take 1.8 GB.',
      silent:
        'The stage does not ship; the files are copied with that owner or mode already; the folder was filled in the same `RUN`; the path or the shell text is not known.',
      fix: 'Puts `--chown` and `--chmod` on the `COPY`. What a `RUN` in between writes below the folder, such as an install, is handed over in that `RUN`; the folder itself, where a `WORKDIR` made it, by a plain `chown`. A user that is created behind the copy is created above it. Files end up with the same owner and mode; for review, because it takes BuildKit (the default since Docker 23) for `--chmod`.',
      bad: {
        dockerfile:
          'FROM node:24-slim\nCOPY . /app\nRUN chown -R node:node /app\nUSER node\nCMD ["node", "/app/server.js"]\n',
      },
      good: {
        dockerfile:
          'FROM node:24-slim\nCOPY --chown=node:node . /app\nUSER node\nCMD ["node", "/app/server.js"]\n',
      },
      switchOff: 'Where the image is squashed into one layer.',
      references: ['https://docs.docker.com/reference/dockerfile/#copy---chown---chmod'],
    },
  },

  *check(context) {
    const final = context.dockerfile.final;
    if (final === undefined || isDevContainer(context)) {
      return;
    }
    for (const stage of withTriggered(lineage(final))) {
      const seen = new Set<string>();
      for (const at of commandSteps(stage)) {
        const path = changedFolder(at);
        const key = `${indexOfStep(stage, at.step)} ${path}`;
        if (path === undefined || seen.has(key)) {
          continue;
        }
        const until = indexOfStep(stage, at.step);
        const isChanged = (copy: Copy): boolean => indexOfStep(stage, copy.step) < until && isOther(at)(copy);
        const below = copiesBelow(context.dockerfile)(stage).get(path) ?? [];
        const first = below.find(isChanged);
        if (first === undefined) {
          continue;
        }
        seen.add(key);
        const changes = commandsOfStep(at.step).filter((other) => changedFolder(other) === path);
        const fixes = (): readonly Fix[] => {
          const fix = changeOnCopy(
            context.dockerfile,
            { stage, changes, path, copies: below.filter(isChanged) },
            baseTraits(stage, context.images),
          );
          return fix === undefined ? [] : [fix];
        };
        const names = [...new Set(changes.map(({ command }) => command.name))];
        yield {
          message: `${names.join(' and ')} ${names.length > 1 ? 'store' : 'stores'} the copied files a second time in this layer.`,
          span: at.script.sourceSpan(at.command.nameWord.span),
          related: [{ span: first.step.instruction.keywordSpan, message: 'They are copied here.' }],
          fixes,
        };
      }
    }
  },
};

/** Files that are copied with the very owner or mode stay as they are. */
function isOther({ command }: CommandStep): (copy: Copy) => boolean {
  const value = command.args.find((word) => !word.text.startsWith('-'))?.text ?? '';
  const flag = command.name === 'chown' ? 'chown' : 'chmod';
  return (copy) => {
    const given = findFlag(copy.step.instruction, flag)?.value;
    return given === undefined || given.replace(/:root$/, '') !== value.replace(/:root$/, '');
  };
}

/** The copies of a stage by each folder that they stand below, in their order. */
const copiesBelow = memoizeFor((dockerfile: Dockerfile) =>
  memoizeFor((stage: Stage): ReadonlyMap<string, readonly Copy[]> => {
    const below = new Map<string, Copy[]>();
    for (const copy of stage.steps.flatMap((step) => readCopy(step, dockerfile) ?? [])) {
      const target = copy.target === undefined ? '' : (boundedPath(copy.target) ?? '');
      for (let folder = target; folder !== ''; folder = folder.slice(0, folder.lastIndexOf('/'))) {
        appendTo(below, folder, copy);
      }
    }
    return below;
  }),
);
