import { systemManagers } from '../distros/build-packages.ts';
import { readInstall } from '../ecosystems/index.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { isDevContainer } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { commandsOfStep } from '../model/commands.ts';
import { type Copy, isWholeContext, readCopy } from '../model/copy.ts';
import { lineage, type Step } from '../model/dockerfile.ts';
import { normalizePath } from '../model/paths.ts';
import { copiedTotals } from '../project/context.ts';
import { formatBytes } from '../sizes/size.ts';
import { findFlag } from '../syntax/tree.ts';
import { appendTo } from '../text/append-to.ts';
import { nameSome } from '../text/name-some.ts';
import { span } from '../text/span.ts';
import type { Finding, Rule } from './rule.ts';

export const sourcesCopiedTwice: Rule = {
  meta: {
    id: 'sources-copied-twice',
    aliases: [],
    summary: 'The same files are copied to the same place twice.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'A command between the two may have changed what the first one brought.',
    needs: [],
    docs: {
      what: 'A `COPY` or `ADD` brings the same paths of the build context, or of another stage, to the same folder as one above it in the stage that ships.',
      why: 'Each copy is a layer of its own: every file is stored, pushed and pulled once more.',
      silent:
        'The copies differ in paths, target, or files they leave out (`--exclude`); they stand in stages that do not ship.',
      fix: 'Removes the second copy where no command between the two could have changed or removed what the first one brought. For review.',
      bad: {
        dockerfile:
          'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 8000\nCOPY . .\nCMD ["python", "app.py"]\n',
      },
      good: {
        dockerfile: 'FROM python:3.13-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 8000\nCMD ["python", "app.py"]\n',
      },
      switchOff: 'Where the first copy is changed on purpose and put back by the second.',
      references: ['https://docs.docker.com/build/building/best-practices/#add-or-copy'],
    },
  },

  *check(context) {
    const final = context.dockerfile.final;
    if (final === undefined || isDevContainer(context)) {
      return;
    }
    const steps = lineage(final)
      .reverse()
      .flatMap((stage) => [...stage.steps]);
    const copies = steps.flatMap((step) => readCopy(step, context.dockerfile) ?? []);
    const indexes = new Map(steps.map((step, i) => [step, i]));
    const indexOf = ({ step }: Copy): number => indexes.get(step) ?? -1;
    const before = new EarlierCopies();
    for (const copy of copies) {
      const [first] = before
        .like(copy)
        .filter((one) => one !== undefined)
        .sort((a, b) => indexOf(a) - indexOf(b));
      const found =
        first === undefined
          ? undefined
          : finding(context, first, copy, () => steps.slice(indexOf(first) + 1, indexOf(copy)));
      if (found !== undefined) {
        yield found;
      }
      before.add(copy);
    }
  },
};

/** A part of what the first copy brought is worth a word from this many bytes on. */
const worthSaying = 1_000_000;

function isWorthSaying(first: Copy, again: Copy, bytes: number | undefined): boolean {
  return isSame(first, again) || (bytes !== undefined && bytes >= worthSaying);
}

function finding(
  context: AnalysisContext,
  first: Copy,
  again: Copy,
  between: () => readonly Step[],
): Finding | undefined {
  const measured = context.project.context;
  const sources = again.sources.map((source) => source.value);
  const bytes =
    measured === undefined || again.from !== 'context' ? undefined : copiedTotals(measured, sources)?.bytes;
  if (!isWorthSaying(first, again, bytes)) {
    return undefined;
  }
  const what = sources.some(isWholeContext)
    ? 'The sources are'
    : `${nameSome(sources)} ${sources.length === 1 ? 'is' : 'are'}`;
  const weight = bytes === undefined || bytes < worthSaying ? '' : ` (${formatBytes(bytes)})`;
  const fixes = (): readonly Fix[] => {
    const fix = removal(context, first, again, between());
    return fix === undefined ? [] : [fix];
  };
  const { instruction } = again.step;
  return {
    message: `${what} copied a second time${weight}: each file is stored once more.`,
    span: span(instruction.keywordSpan.start, (again.sources[0]?.span ?? instruction.keywordSpan).end),
    related: [{ span: first.step.instruction.keywordSpan, message: 'The first copy.' }],
    fixes,
  };
}

/** The copies so far, by what a later one is compared with. */
class EarlierCopies {
  private readonly byFile = new Map<string, Copy[]>();
  private readonly wholeByTarget = new Map<string, Copy[]>();

  add(copy: Copy): void {
    for (const name of new Set(copy.sources.map(({ value }) => pathOf(value)))) {
      appendTo(this.byFile, fileKey(copy, name), copy);
    }
    if (copy.target !== undefined && copy.sources.some(({ value }) => isWholeContext(value))) {
      appendTo(this.wholeByTarget, copy.target, copy);
    }
  }

  /** The first copy of the same names, and the first of the whole context, that brought what this one brings. */
  like(again: Copy): (Copy | undefined)[] {
    const name = pathOf(again.sources[0]?.value ?? '');
    const isAgain = (first: Copy): boolean => bringsAgain(first, again);
    return [
      this.byFile.get(fileKey(again, name))?.find(isAgain),
      ...landsAt(again, again.sources[0]?.value ?? '').map((place) =>
        this.wholeByTarget.get(folderAbove(place, name))?.find(isAgain),
      ),
    ];
  }
}

function fileKey({ target }: Copy, name: string): string {
  return `${target}\0${name}`;
}

/** The folder that a path of the build context lies at a place below. */
function folderAbove(place: string, path: string): string {
  return path !== '' && place.endsWith(`/${path}`) ? place.slice(0, -path.length - 1) || '/' : place;
}

/** True for a copy of what an earlier one brought already, to the same place. */
function bringsAgain(first: Copy, again: Copy): boolean {
  if (
    first.from === 'other' ||
    first.from !== again.from ||
    first.target === undefined ||
    again.target === undefined ||
    [first, again].some(({ step }) => findFlag(step.instruction, 'exclude') !== undefined) ||
    again.sources.length === 0 ||
    again.sources.some((source) => /[*?[$]|:\/\//.test(source.value) && !isWholeContext(source.value))
  ) {
    return false;
  }
  return (
    isSame(first, again) ||
    (first.from === 'context' &&
      first.sources.some((source) => isWholeContext(source.value)) &&
      again.sources.every((source) =>
        landsAt(again, source.value).includes(joined(first.target, source.value)),
      ))
  );
}

function isSame(first: Copy, again: Copy): boolean {
  const names = new Set(first.sources.map(({ value }) => pathOf(value)));
  return first.target === again.target && again.sources.every(({ value }) => names.has(pathOf(value)));
}

/** Where a source may land: as the target itself, or below it under its own name. */
function landsAt({ target, intoFolder }: Copy, source: string): string[] {
  const name = pathOf(source).replace(/^.*\//, '');
  const isFile = /[^/]\.\w+$/.test(source);
  return isFile ? [intoFolder ? joined(target, name) : (target ?? '')] : [target ?? ''];
}

function joined(folder: string | undefined, path: string): string {
  return normalizePath(`${folder ?? ''}/${pathOf(path)}`);
}

/** A path of the build context without what makes no difference: `./src/` is `src`, the whole context is empty. */
function pathOf(source: string): string {
  return isWholeContext(source) ? '' : normalizePath(`/${source}`).slice(1);
}

/** Leaves the second copy out, where what stands between the two leaves the files as they were. */
function removal(
  context: AnalysisContext,
  first: Copy,
  again: Copy,
  between: readonly Step[],
): Fix | undefined {
  const isPlain = between.every(({ instruction, script }) =>
    instruction.keyword === 'RUN'
      ? script?.isUnderstood === true
      : !['COPY', 'ADD', 'USER', 'ONBUILD'].includes(instruction.keyword),
  );
  const leavesAlone = between
    .flatMap((step) => commandsOfStep(step))
    .every(
      ({ command }) => readInstall(command) !== undefined || systemManagers.includes(command.name ?? ''),
    );
  const isAlike =
    JSON.stringify(flagsOf(first)) === JSON.stringify(flagsOf(again)) &&
    first.step.instruction.keyword === again.step.instruction.keyword;
  return isPlain && leavesAlone && isAlike
    ? {
        title: 'Remove the second copy',
        applicability: 'review',
        edits: [new Layout(context.dockerfile.syntax).remove(again.step.instruction)],
        assumptions: ['What runs between the two copies leaves the files as they are.'],
      }
    : undefined;
}

function flagsOf({ step }: Copy): string[] {
  return step.instruction.flags
    .filter((flag) => flag.name !== 'link')
    .map((flag) => `${flag.name}=${flag.value ?? ''}`)
    .sort();
}
