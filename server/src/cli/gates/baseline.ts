import { dirname, join, relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { once } from '../../text/memoize.ts';
import { messageOf } from '../discover.ts';
import { UsageError } from '../exit.ts';
import { fingerprints } from '../format/fingerprint.ts';
import type { CliHost } from '../host.ts';
import { type FileResult, findingsOf } from '../results.ts';

const baselineSchema = once(() =>
  z.object({
    format: z.literal(1),
    /** By path relative to the file: what was found, by fingerprint, with the rule for people. */
    files: z.record(z.string(), z.record(z.string(), z.string())),
  }),
);

/** What was found when the baseline was written; what is found beyond it is new. */
export class Baseline {
  private readonly folder: string;
  private readonly files: ReadonlyMap<string, ReadonlySet<string>>;

  private constructor(folder: string, files: ReadonlyMap<string, ReadonlySet<string>>) {
    this.folder = folder;
    this.files = files;
  }

  /** @throws UsageError when the file is no baseline. */
  static read(host: CliHost, file: string): Baseline {
    const path = resolve(host.workingDirectory, file);
    try {
      const { files } = baselineSchema().parse(JSON.parse(new TextDecoder().decode(host.files.read(path))));
      const sets = Object.entries(files).map(([name, prints]): [string, Set<string>] => [
        name,
        new Set(Object.keys(prints)),
      ]);
      return new Baseline(dirname(path), new Map(sets));
    } catch (error) {
      const isOther = error instanceof SyntaxError || error instanceof z.ZodError;
      throw new UsageError(
        `${file}: ${isOther ? 'not a baseline; ballast baseline writes one' : messageOf(error)}`,
      );
    }
  }

  /** The file without what the baseline knows, and how many findings that were. */
  withoutKnown(host: CliHost, file: FileResult): { file: FileResult; known: number } {
    const path = nameFrom(this.folder, resolve(host.workingDirectory, file.path));
    const set = this.files.get(path);
    if (set === undefined) {
      return { file, known: 0 };
    }
    const findings = findingsOf(file.report);
    const prints = fingerprints({ path, lines: file.lines }, findings);
    const isKnown = new Set(findings.filter((_, i) => set.has(prints[i] ?? '')).map(keyOf));
    const problems = file.report.problems.filter((problem) => !isKnown.has(keyOf(problem)));
    return {
      file: { ...file, report: { ...file.report, problems } },
      known: file.report.problems.length - problems.length,
    };
  }
}

function keyOf({
  rule,
  span,
  message,
}: {
  rule: string;
  span: { start: number; end: number };
  message: string;
}): string {
  return `${rule} ${span.start} ${span.end} ${message}`;
}

/** The text of a baseline. Syntax errors are left out: they are fixed, not kept. */
export function baselineText(host: CliHost, path: string, results: readonly FileResult[]): string {
  const files = results.flatMap((file): [string, Record<string, string>][] => {
    const findings = findingsOf(file.report);
    const name = nameFrom(dirname(path), resolve(host.workingDirectory, file.path));
    const prints = fingerprints({ path: name, lines: file.lines }, findings);
    const entries = findings.flatMap((finding, i): [string, string][] =>
      file.report.problems.includes(finding) ? [[prints[i] ?? '', finding.rule]] : [],
    );
    return entries.length === 0 ? [] : [[name, Object.fromEntries(entries)]];
  });
  return `${JSON.stringify({ format: 1, files: Object.fromEntries(files) }, null, 2)}\n`;
}

function nameFrom(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}

/** Where `ballast baseline` writes, and where `check` looks, when no file is named. */
export function defaultBaseline(host: CliHost): string {
  return join(host.workingDirectory, '.ballast-baseline.json');
}
