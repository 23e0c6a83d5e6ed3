import { isAbsolute, relative, resolve } from 'node:path';
import { imageSize } from '../engine/estimate/estimate.ts';
import { complainOf, failureOf } from './complain.ts';
import { exitCodes, UsageError } from './exit.ts';
import { type ComparedFile, type ComparedImage, formatComparison } from './format/comparison.ts';
import { styleOf } from './format/layout.ts';
import type { Checkout, CliHost, Engine } from './host.ts';
import { decode, findInputs, type InputOptions } from './inputs.ts';
import { liesIn } from './inside.ts';
import { measured } from './measure.ts';
import { type FileFailure, findingsOf } from './results.ts';

/** Flags of the command, as the command line gives them. */
export interface CompareFlags {
  readonly format: 'pretty' | 'markdown' | 'json';
  readonly config?: string;
}

export interface CompareOptions extends CompareFlags, InputOptions {
  readonly revision: string;
  readonly offline: boolean;
}

/** Says what a change makes of the images: the estimate of each Dockerfile at a Git revision, and now. */
export async function compare(host: CliHost, options: CompareOptions): Promise<number> {
  const engine = await host.loadEngine({ offline: options.offline });
  const failures: FileFailure[] = [];
  const checkout = host.checkOut(options.revision);
  try {
    const old = { ...host, workingDirectory: checkout.workingDirectory };
    const paths = options.paths.map((path) => pathInBoth(host, checkout, path));
    const there = paths.filter(
      (path) => host.files.kindOf(resolve(checkout.workingDirectory, path)) !== 'missing',
    );
    const before = await imagesOf(old, engine, { ...options, paths: there }, failures);
    const here = paths.filter(
      (path) => host.files.kindOf(resolve(host.workingDirectory, path)) !== 'missing',
    );
    const after = await imagesOf(host, engine, { ...options, paths: here }, failures);
    const names = [...new Set([...after.keys(), ...before.keys()])].sort();
    const files = names.map(
      (path): ComparedFile => ({ path, before: before.get(path), after: after.get(path) }),
    );
    complainOf(host, failures);
    host.stdout.write(
      formatComparison(files, options.revision, options.format, styleOf(host.stdout, host.environment)),
    );
  } finally {
    checkout.dispose();
  }
  return failures.length > 0 ? exitCodes.failure : exitCodes.ok;
}

/** The path from the working directory, which means the same in the files of the revision. @throws UsageError */
function pathInBoth(host: CliHost, { workingDirectory, root }: Checkout, path: string): string {
  if (path === '-') {
    throw new UsageError('revisions know files by their path; standard input has none');
  }
  const below = relative(host.workingDirectory, resolve(host.workingDirectory, path)) || '.';
  if (isAbsolute(below) || !liesIn(root, resolve(workingDirectory, below))) {
    throw new UsageError(`${path} lies outside of the repository`);
  }
  return below;
}

async function imagesOf(
  host: CliHost,
  engine: Engine,
  options: InputOptions,
  failures: FileFailure[],
): Promise<Map<string, ComparedImage>> {
  const images = new Map<string, ComparedImage>();
  if (options.paths.length === 0) {
    return images;
  }
  const found = findInputs(host, options);
  failures.push(...found.failures);
  for (const input of found.inputs) {
    try {
      const text = decode(await input.bytes());
      const opened = host.openProject(input.path, [input.buildContexts()]);
      const project = await measured(host, opened, opened.project, text);
      const report = engine.analyze(text, project, input.config());
      images.set(input.name, {
        size: imageSize(report.image),
        parts: (report.image.final?.layers ?? []).flatMap((layer) => layer.parts),
        findings: findingsOf(report).length,
      });
    } catch (error) {
      failures.push(failureOf(input.name, error));
    }
  }
  return images;
}
