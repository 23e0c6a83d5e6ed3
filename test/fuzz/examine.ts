import { type AnalysisInput, analyze } from '../../server/src/engine/analyze.ts';
import { fixAll } from '../../server/src/engine/apply.ts';
import type { Report } from '../../server/src/engine/report.ts';
import type { Fix } from '../../server/src/fixes/fix.ts';
import { openProject, type Project } from '../../server/src/project/project.ts';
import { memoizingReader, memoryReader } from '../../server/src/project/reader.ts';
import { parseDockerfile } from '../../server/src/syntax/parse.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { inputFor, projectOf } from '../support/engine.ts';

/** A text with the files of its project. */
export interface Sample {
  readonly text: string;
  /** No files mean that the project is not known. */
  readonly files?: Readonly<Record<string, string>>;
  /** Symbolic links with where they lead, on a disk. */
  readonly links?: Readonly<Record<string, string>>;
  /** Path of the Dockerfile: its build context is looked for, as on a disk. Missing where it is the files' root. */
  readonly dockerfile?: string;
}

export interface Examination {
  /** What is wrong with the answers, in one line that is the same for the same fault; undefined where nothing is. */
  readonly fault: string | undefined;
  /** What was found, so that a text that leads to something new can be told from others. */
  readonly shape: string;
}

/** CPU that a thousand lines may take, with what any text may. */
const millisecondsForThousandLines = 100;
const millisecondsForAnyText = 100;

/**
 * Analyses a text, and tries every fix of it by itself and all safe ones together. The latter is done twice where it is
 * `isThorough`, and else not at all where the same fixes went together lately.
 */
export function examine(sample: Sample, isThorough = true): Examination {
  const input: AnalysisInput = { ...inputFor(sample.text), project: projectFor(sample) };
  try {
    const before = performance.now();
    const report = analyze(input);
    const milliseconds = performance.now() - before;
    const fault =
      failureIn(report) ??
      spanOutside(report, sample.text) ??
      faultOfFixes(input, report) ??
      faultOfAll(input, report, isThorough) ??
      failureIn(report) ??
      (isSlow(milliseconds, sample.text) && isSlow(cpuOf(input), sample.text) ? 'slow' : undefined);
    return { fault, shape: shapeOf(report) };
  } catch (error) {
    return { fault: `throws: ${firstLines(error)}`, shape: '' };
  }
}

const projects = new WeakMap<NonNullable<Sample['files']>, Project>();

/** The project of a sample, the same for all texts that share its files. */
function projectFor({ files, dockerfile, text }: Sample): Project {
  if (files === undefined) {
    return projectOf(undefined);
  }
  const known = projects.get(files);
  if (known !== undefined) {
    return known;
  }
  const opened =
    dockerfile === undefined
      ? projectOf(files)
      : openProject({ dockerfile, reader: memoryReader({ ...files, [dockerfile]: text }) }).project;
  const project = { ...opened, reader: memoizingReader(opened.reader) };
  projects.set(files, project);
  return project;
}

/** The rules that found something, and what is refused. */
function shapeOf({ problems, syntax }: Report): string {
  const rules = problems.map(({ rule, fixes }) => `${rule} ${fixes[0]?.applicability ?? ''}`);
  const refusals = syntax.map(({ message }) => message.replace(/[^a-z ]+/gi, '').slice(0, 30));
  return [...new Set([...rules, ...refusals])].sort().join('|');
}

function isSlow(milliseconds: number, text: string): boolean {
  // A line of thousands of characters counts as many.
  const lines = Math.max(text.split('\n').length, text.length / 100);
  return milliseconds > millisecondsForAnyText + (lines / 1000) * millisecondsForThousandLines;
}

/** How often a text is measured that seemed slow: what else runs on a machine makes the same work cost more. */
const measurements = 3;

/** The least CPU of some analyses: by the clock one may have waited for others, and the first pays for what is kept. */
function cpuOf(input: AnalysisInput): number {
  const costs = Array.from({ length: measurements }, () => {
    const before = process.cpuUsage();
    analyze(input);
    return process.cpuUsage(before).user / 1000;
  });
  return Math.min(...costs);
}

function failureIn({ failures }: Report): string | undefined {
  const [first] = failures;
  return first === undefined ? undefined : `${first.rule} fails: ${firstLines(first.error)}`;
}

function spanOutside({ problems, syntax }: Report, text: string): string | undefined {
  const wrong = [...problems, ...syntax].find(
    ({ span }) => span.start < 0 || span.end < span.start || span.end > text.length,
  );
  return wrong === undefined ? undefined : `span outside: ${'rule' in wrong ? wrong.rule : 'syntax'}`;
}

/** Every fix by itself: it can be applied, and the text it makes is refused no more than the one before. */
function faultOfFixes(input: AnalysisInput, { problems }: Report): string | undefined {
  const refused = countRefused(input.text);
  for (const { rule, fixes } of problems) {
    for (const fix of fixes) {
      if (fix.edits.some(({ span }) => span.start < 0 || span.end > input.text.length)) {
        return `edit outside: ${rule}`;
      }
      if (countRefused(applyEdits(input.text, fix.edits)) > refused) {
        return `refused after a ${fix.applicability} fix: ${rule}`;
      }
    }
  }
  return undefined;
}

/** Safe fixes come to an end, and leave nothing that they could do again. */
function faultOfAll(input: AnalysisInput, { problems }: Report, isThorough: boolean): string | undefined {
  const safe = problems.flatMap(({ fixes: [first] }) => (first?.applicability === 'safe' ? [first] : []));
  if (safe.length === 0 || (!isThorough && wereTried(input.text, safe))) {
    return undefined;
  }
  const { text, files, project, failures } = fixAll(input, 'safe');
  const [failure] = failures;
  if (failure !== undefined) {
    return `${failure.rule} fails in fixes: ${firstLines(failure.error)}`;
  }
  if (countRefused(text) > countRefused(input.text)) {
    return 'refused after all safe fixes';
  }
  if (!isThorough) {
    return undefined;
  }
  const again = fixAll({ ...input, text, project }, 'safe');
  return again.text === text && again.files.length === 0
    ? undefined
    : `safe fixes do not come to an end: ${again.applied.map(({ problem }) => problem.rule).join(', ')}${files.length > 0 ? ' (with files)' : ''}`;
}

/** How many sets of fixes are kept, to know that they were tried; beyond it all are forgotten. */
const mostTried = 50_000;

const tried = new Set<string>();

/** True where the same replacements of the same texts were asked for before. */
function wereTried(text: string, fixes: readonly Fix[]): boolean {
  const edits = fixes.flatMap((fix) => fix.edits);
  const key = edits.map((edit) => `${text.slice(edit.span.start, edit.span.end)}\0${edit.text}`).join('\0');
  const isKnown = tried.has(key);
  if (tried.size >= mostTried) {
    tried.clear();
  }
  tried.add(key);
  return isKnown;
}

function countRefused(text: string): number {
  return parseDockerfile(text).problems.length;
}

function firstLines(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [message = '', ...frames] = text.split('\n');
  const place =
    frames.find((frame) => frame.includes('/server/src/'))?.replace(/^.*\/server\/src\//, '') ?? '';
  return `${message.slice(0, 120)} (${place.replace(/\)$/, '')})`;
}

/** The shortest text that was found to have the same fault: lines are taken out, then characters, as long as it stays. */
export function minimize(sample: Sample, fault: string, until: number): Sample {
  let text = sample.text;
  const hasFault = (shorter: string): boolean => examine({ ...sample, text: shorter }).fault === fault;
  for (const split of ['\n', '']) {
    for (let size = Math.ceil(text.split(split).length / 2); size >= 1; size = Math.floor(size / 2)) {
      let parts = text.split(split);
      for (let at = 0; at < parts.length && Date.now() < until; ) {
        const shorter = parts.toSpliced(at, size);
        if (hasFault(shorter.join(split))) {
          parts = shorter;
        } else {
          at += size;
        }
      }
      text = parts.join(split);
    }
  }
  return { ...sample, text };
}
