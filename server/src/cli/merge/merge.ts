import { basename, extname, join, relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { complain, complainOf } from '../complain.ts';
import { messageOf } from '../discover.ts';
import { exitCodes } from '../exit.ts';
import { size } from '../format/json-schema.ts';
import { type CliHost, FileError } from '../host.ts';
import { writeOutput } from '../output.ts';
import type { FileFailure } from '../results.ts';
import { type MergedReport, Sum } from './totals.ts';

/** Flags of the command, as the command line gives them. */
export interface MergeFlags {
  readonly format: 'html' | 'json';
  /** File to write to; standard output where it is missing. */
  readonly output?: string;
}

export interface MergeOptions extends MergeFlags {
  /** Reports, and folders whose `.json` files are reports. */
  readonly paths: readonly string[];
}

/** Makes one page, or one JSON document, of the reports of many runs of `check --format json`. */
export async function merge(host: CliHost, options: MergeOptions): Promise<number> {
  const sum = new Sum();
  const failures: FileFailure[] = [];
  for (const path of options.paths) {
    for (const file of reportsIn(host, resolve(host.workingDirectory, path), failures)) {
      const name = nameOf(host, file);
      try {
        sum.add(name, readReport(host, file));
      } catch (error) {
        failures.push({ path: name, message: messageOf(error) });
        sum.fail(name, messageOf(error));
      }
    }
  }
  const totals = sum.totals();
  const text =
    options.format === 'json'
      ? `${JSON.stringify({ ballast: host.version, format: 1, ...totals }, null, 2)}\n`
      : (await import('./page.ts')).formatPage(totals, host.version, host.today());
  if (options.output === undefined) {
    host.stdout.write(text);
  } else {
    writeOutput(host, options.output, text);
  }
  complainOf(host, failures);
  if (totals.reports === 0 && failures.length === 0) {
    complain(host, `no report found in ${options.paths.join(', ')}`);
  }
  return failures.length > 0 || totals.reports === 0 ? exitCodes.failure : exitCodes.ok;
}

/** The file itself, or the `.json` files of a folder, in the order of their names. */
function* reportsIn(host: CliHost, path: string, failures: FileFailure[]): Generator<string> {
  if (host.files.kindOf(path) !== 'directory') {
    yield path;
    return;
  }
  try {
    const entries = [...host.files.list(path)].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, kind } of entries) {
      if (kind === 'directory') {
        yield* reportsIn(host, join(path, name), failures);
      } else if (kind === 'file' && extname(name) === '.json') {
        yield join(path, name);
      }
    }
  } catch (error) {
    failures.push({ path: nameOf(host, path), message: messageOf(error) });
  }
}

/** A size that an image may have: below an exabyte, so that no sum of them is beyond numbers. */
const plausibleSize = size.refine(
  (one) => one.kind !== 'known' || (one.low >= 0 && one.low <= one.high && one.high <= 1e18),
  'no size of an image',
);

/** A report holds what was found in thousands of Dockerfiles; beyond this V8 makes no text of it. */
const largestReport = 256 * 1024 * 1024;

/** What is read of a report. What later versions add to the format does not matter here. */
const reportSchema: z.ZodType<MergedReport> = z.object({
  format: z.literal(1),
  files: z.array(
    z.object({
      path: z.string(),
      size: plausibleSize,
      sizeAfter: plausibleSize.nullable(),
      findings: z.array(
        z.object({ rule: z.string(), severity: z.enum(['error', 'warning', 'information', 'hint']) }),
      ),
    }),
  ),
  failures: z.array(z.object({ path: z.string(), message: z.string() })),
});

/** @throws FileError when the file cannot be read or is no report */
function readReport(host: CliHost, file: string): MergedReport {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(host.files.read(file, largestReport)));
  } catch (error) {
    throw error instanceof SyntaxError ? new FileError('is no JSON') : error;
  }
  const result = reportSchema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new FileError(
      `is no report of \`ballast check --format json\`: ${issue?.path.join('.')}: ${issue?.message}`,
    );
  }
  return result.data;
}

/** What people call a report: its path below the working directory, without `.json`. */
function nameOf(host: CliHost, file: string): string {
  const below = relative(host.workingDirectory, file);
  return below.startsWith('..')
    ? basename(file, '.json')
    : below
        .split(sep)
        .join('/')
        .replace(/\.json$/, '');
}
