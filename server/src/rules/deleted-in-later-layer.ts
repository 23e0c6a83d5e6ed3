import type { AnalysisContext } from '../facts/context.ts';
import { isDevContainer } from '../facts/stage.ts';
import { appendToRun } from '../fixes/append-to-run.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { mountInsteadOfCopy } from '../fixes/mount-instead-of-copy.ts';
import { type CommandStep, commandSteps, commandsOfStep, pathOf } from '../model/commands.ts';
import { readCopy } from '../model/copy.ts';
import { indexOfStep, lineage, type Stage, type Step } from '../model/dockerfile.ts';
import { makersOf } from '../model/makers.ts';
import { copiedTotals } from '../project/context.ts';
import type { ShellWord } from '../syntax/shell/script.ts';
import { appendTo } from '../text/append-to.ts';
import { memoizeFor } from '../text/memoize.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const deletedInLaterLayer: Rule = {
  meta: {
    id: 'deleted-in-later-layer',
    aliases: [],
    summary: 'Files are removed that an earlier layer keeps.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The removal does not stand alone in its RUN, or something in between needs the files.',
    needs: [],
    docs: {
      what: 'A `RUN` of the stage that ships removes files that an earlier instruction put into the image.',
      why: 'Layers are never changed: the files stay in the earlier one, and the image is as large as before. They are only hidden, and can still be taken out: that matters for keys.',
      silent:
        'The stage does not ship; the files come from the same `RUN`; the path is not known, or nothing above is known to make it.',
      fix: 'Moves the `rm` to the end of the `RUN` that made the files, where it is alone in its own. For review. A copied file that only the same `RUN` uses is mounted instead.',
      bad: {
        dockerfile:
          'FROM debian:13-slim\nRUN curl -fsSLo /tmp/tool.tar.gz https://example.com/tool.tar.gz && tar xf /tmp/tool.tar.gz -C /opt\nRUN rm /tmp/tool.tar.gz\n',
      },
      good: {
        dockerfile:
          'FROM debian:13-slim\nRUN curl -fsSLo /tmp/tool.tar.gz https://example.com/tool.tar.gz && tar xf /tmp/tool.tar.gz -C /opt && rm /tmp/tool.tar.gz\n',
      },
      switchOff: 'Where the image is squashed into one layer.',
      references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
    },
  },

  *check(context) {
    const final = context.dockerfile.final;
    if (final === undefined || isDevContainer(context)) {
      return;
    }
    for (const stage of lineage(final)) {
      for (const at of commandSteps(stage)) {
        if (at.command.name !== 'rm' || !at.command.isUnconditional) {
          continue;
        }
        const word = at.command.args.find((one) => !one.text.startsWith('-'));
        const maker = word === undefined ? undefined : makerOf(context, stage, at, word);
        if (maker === undefined || word === undefined) {
          continue;
        }
        const fixes = (): readonly Fix[] => {
          const fix =
            maker.instruction.keyword === 'RUN'
              ? moveRemoval(context, stage, at, maker)
              : mountInsteadOfCopy(context.dockerfile, stage, maker, at.step);
          return fix === undefined ? [] : [fix];
        };
        yield {
          message: `No byte is saved: an earlier layer keeps ${word.text}.`,
          span: at.script.sourceSpan(span(at.command.nameWord.span.start, word.span.end)),
          related: [{ span: maker.instruction.keywordSpan, message: 'It is put into the image here.' }],
          ...(isSmall(context, maker) ? { severity: 'hint' as const } : {}),
          fixes,
        };
      }
    }
  },
};

/** The step above that made what a word names; undefined where none is known to, or where it is the same RUN. */
function makerOf(context: AnalysisContext, stage: Stage, at: CommandStep, word: ShellWord): Step | undefined {
  const path = pathOf(word, at.directory);
  if (path === undefined || path === '/' || path === '/tmp') {
    return undefined;
  }
  const naming = (namedPaths(at.step).get(path) ?? []).filter((other) => other.command !== at.command);
  // A RUN that only reads a copied file, and then removes it, comes too late as well.
  const isRead = naming.every(({ command }) => !writers.includes(command.name ?? ''));
  const until = indexOfStep(stage, at.step);
  const maker = makersOf(stage, context.dockerfile)
    .get(path)
    ?.findLast((step) => indexOfStep(stage, step) < until);
  const isCopy = maker !== undefined && maker.instruction.keyword !== 'RUN';
  return naming.length === 0 || (isCopy && isRead) ? maker : undefined;
}

/** Commands that may make what they name. */
const writers = ['cp', 'mv', 'mkdir', 'touch', 'tee', 'ln', 'git', 'curl', 'wget', 'install', 'rsync'];

/** Below this many bytes it is only a hint. */
const worthWarning = 100_000;

/** True for a small copied file, and for one of unknown size that is no archive. */
function isSmall(context: AnalysisContext, maker: Step): boolean {
  if (maker.instruction.keyword === 'RUN') {
    return false;
  }
  const sources = readCopy(maker, context.dockerfile)?.sources.map((source) => source.value) ?? [];
  const measured = context.project.context;
  const bytes = measured === undefined ? undefined : copiedTotals(measured, sources)?.bytes;
  return bytes === undefined
    ? sources.every((source) => /\.(?:txt|json|toml|ya?ml|lock|sh|sql|conf|cfg|ini|py|js|md)$/.test(source))
    : bytes < worthWarning;
}

/** The commands of a RUN by the paths that their words name. */
const namedPaths = memoizeFor((step: Step): ReadonlyMap<string, readonly CommandStep[]> => {
  const named = new Map<string, CommandStep[]>();
  for (const at of commandsOfStep(step)) {
    for (const path of new Set(at.command.args.map((word) => pathOf(word, at.directory)))) {
      if (path !== undefined) {
        appendTo(named, path, at);
      }
    }
  }
  return named;
});

/** Moves a RUN that only removes to the end of the RUN that made the files. */
function moveRemoval(context: AnalysisContext, stage: Stage, at: CommandStep, maker: Step): Fix | undefined {
  const { dockerfile } = context;
  const { instruction } = at.step;
  const written = dockerfile.text.slice(instruction.span.start, instruction.span.end);
  const isAlone =
    at.script.commands.length === 1 && !written.includes('\n') && instruction.flags.length === 0;
  const isRelative = at.command.args.some((word) => !/^[-/]/.test(word.text));
  const script = maker.script;
  const between = stage.steps.slice(indexOfStep(stage, maker) + 1, indexOfStep(stage, at.step));
  // A RUN in between may use the files.
  const isUsed = between.some((step) => step.instruction.keyword === 'RUN');
  if (!isAlone || isRelative || isUsed || script === undefined || instruction.form === 'json') {
    return undefined;
  }
  const command = at.script.text.slice(at.command.span.start, at.command.span.end);
  const edit = appendToRun(dockerfile, maker, script, command);
  const layout = new Layout(dockerfile.syntax);
  return edit === undefined
    ? undefined
    : {
        title: 'Remove them in the RUN that makes them',
        applicability: 'review',
        edits: [edit, layout.remove(instruction)],
      };
}
