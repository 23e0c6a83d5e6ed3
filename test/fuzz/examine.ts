import { type AnalysisInput, analyze } from '../../server/src/engine/analyze.ts';
import { fixAll } from '../../server/src/engine/apply.ts';
import type { Report } from '../../server/src/engine/report.ts';
import { parseDockerfile } from '../../server/src/syntax/parse.ts';
import { applyEdits } from '../../server/src/text/edits.ts';
import { inputFor } from '../support/engine.ts';

/** A text with the files of its project. */
export interface Sample {
  readonly text: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** CPU that a thousand lines may take, with what any text may. */
const microsecondsForThousandLines = 100_000;
const microsecondsForAnyText = 100_000;

/** What is wrong with the answers to a text, in one line that is the same for the same fault; undefined where nothing is. */
export function faultIn(sample: Sample): string | undefined {
  const input: AnalysisInput = inputFor(sample.text, sample.files);
  try {
    const before = process.cpuUsage();
    const report = analyze(input);
    const { user } = process.cpuUsage(before);
    return (
      failureIn(report) ??
      spanOutside(report, sample.text) ??
      faultOfFixes(input, report) ??
      faultOfAll(input, report) ??
      (isSlow(user, sample.text) && isSlow(secondTime(input), sample.text) ? 'slow' : undefined)
    );
  } catch (error) {
    return `throws: ${firstLines(error)}`;
  }
}

function isSlow(microseconds: number, text: string): boolean {
  // A line of thousands of characters counts as many.
  const lines = Math.max(text.split('\n').length, text.length / 100);
  return microseconds > microsecondsForAnyText + (lines / 1000) * microsecondsForThousandLines;
}

/** A first time may have paid for what is kept, or for somebody else's work. */
function secondTime(input: AnalysisInput): number {
  const before = process.cpuUsage();
  analyze(input);
  return process.cpuUsage(before).user;
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
function faultOfAll(input: AnalysisInput, { problems }: Report): string | undefined {
  if (!problems.some(({ fixes }) => fixes[0]?.applicability === 'safe')) {
    return undefined;
  }
  const { text, files, project } = fixAll(input, 'safe');
  if (countRefused(text) > countRefused(input.text)) {
    return 'refused after all safe fixes';
  }
  const again = fixAll({ ...input, text, project }, 'safe');
  return again.text === text && again.files.length === 0
    ? undefined
    : `safe fixes do not come to an end: ${again.applied.map(({ problem }) => problem.rule).join(', ')}${files.length > 0 ? ' (with files)' : ''}`;
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
  const hasFault = (shorter: string): boolean => faultIn({ ...sample, text: shorter }) === fault;
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
