import { chownOnCopy } from '../fixes/chown-on-copy.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { type Copy, readCopy } from '../model/copy.ts';
import { lineage, type Stage } from '../model/dockerfile.ts';
import { normalizePath } from '../model/paths.ts';
import type { Rule, RuleContext } from './rule.ts';
import { isDevContainer } from './shipped.ts';

export const recursiveChownLayer: Rule = {
  meta: {
    id: 'recursive-chown-layer',
    aliases: [],
    summary: 'chown or chmod over copied files stores them a second time.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    needs: [],
    docs: {
      what: 'A `RUN` of the stage that ships changes owner or mode of everything below a folder that an earlier `COPY` or `ADD` filled.',
      why: 'A layer holds whole files: changing the owner of a file writes it once more. 900 MB that are copied and then handed over take 1.8 GB.',
      silent:
        'The stage does not ship; the folder was filled in the same `RUN`; the path or the shell text is not known.',
      fix: 'Puts `--chown` on the `COPY` and removes the `chown`, where nothing else wrote below that folder. The folder itself keeps its owner, so that new files beside the copied ones need a look: for review.',
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
    for (const stage of lineage(final)) {
      for (const at of commandSteps(stage)) {
        const path = changedFolder(at);
        const copies = path === undefined ? [] : copiesBelow(context, stage, at, path);
        const [first] = copies;
        if (path === undefined || first === undefined) {
          continue;
        }
        const fix =
          at.command.name === 'chown' ? chownOnCopy(context.dockerfile, stage, at, copies, path) : undefined;
        yield {
          message: `${at.command.name} stores the copied files a second time in this layer.`,
          span: at.script.sourceSpan(at.command.nameWord.span),
          related: [{ span: first.step.instruction.keywordSpan, message: 'They are copied here.' }],
          fixes: fix === undefined ? [] : [fix],
        };
      }
    }
  },
};

/** The folder below which a command changes everything; undefined for other commands. */
export function changedFolder({ command, directory }: CommandStep): string | undefined {
  const isRecursive = command.args.some((word) => /^-[a-zA-Z]*R|^--recursive$/.test(word.text));
  const paths = command.args.filter((word) => !word.text.startsWith('-')).slice(1);
  const path = paths[0]?.value;
  if (
    !['chown', 'chmod'].includes(command.name ?? '') ||
    !isRecursive ||
    paths.length !== 1 ||
    path === undefined
  ) {
    return undefined;
  }
  if (path.startsWith('/')) {
    return normalizePath(path);
  }
  return directory === undefined ? undefined : normalizePath(`${directory}/${path}`);
}

function copiesBelow(context: RuleContext, stage: Stage, at: CommandStep, path: string): Copy[] {
  return stage.steps
    .slice(0, stage.steps.indexOf(at.step))
    .flatMap((step) => readCopy(step, context.dockerfile) ?? [])
    .filter((copy) => copy.target === path || copy.target?.startsWith(`${path}/`) === true);
}
