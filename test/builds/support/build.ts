import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tryBuildah } from './buildah.ts';
import { forBuildah } from './buildah-syntax.ts';
import type { BuildContext } from './context.ts';
import { cached } from './paths.ts';

export interface BuildStep {
  /** The instruction as the builder prints it. */
  readonly text: string;
  /** Whether an earlier build's result was used. */
  readonly cached: boolean;
}

export interface BuildResult {
  readonly ok: boolean;
  readonly image: string;
  readonly steps: readonly BuildStep[];
  readonly seconds: number;
  readonly output: string;
}

/** Builds the context's Dockerfile with a cache per layer, from stand-in base images alone. A failed build is a result. */
export async function build(context: BuildContext, image: string): Promise<BuildResult> {
  const written = forBuildah(readFileSync(join(context.folder, 'Dockerfile'), 'utf8'));
  const unsupported = written.unsupported.join(', ');
  if (unsupported !== '')
    return { ok: false, image, steps: [], seconds: 0, output: `buildah does not know ${unsupported}` };
  const file = join(cached('tmp'), `${basename(context.folder)}.Dockerfile`);
  writeFileSync(file, written.text);
  const args = [
    'bud',
    '--format',
    'docker',
    '--layers',
    '--pull-never',
    '--force-rm',
    '-t',
    image,
    '-f',
    file,
  ];
  // Cache mounts live below TMPDIR.
  const result = await tryBuildah([...args, context.folder], { env: { TMPDIR: cached('tmp') } });
  rmSync(file);
  const output = `${result.stdout}\n${result.stderr}`;
  return { ok: result.code === 0, image, steps: readSteps(output), seconds: result.seconds, output };
}

/** Builds, and throws with the end of the builder's output when that fails. */
export async function mustBuild(context: BuildContext, image: string): Promise<BuildResult> {
  const result = await build(context, image);
  if (!result.ok)
    throw new Error(`${image} does not build:\n${result.output.split('\n').slice(-40).join('\n')}`);
  return result;
}

function readSteps(output: string): BuildStep[] {
  const steps: { text: string; cached: boolean }[] = [];
  for (const line of output.split('\n')) {
    const step = /^(?:\[\d+\/\d+\] )?STEP \d+\/\d+: (.*)$/.exec(line);
    if (step?.[1] !== undefined) steps.push({ text: step[1], cached: false });
    const last = steps.at(-1);
    if (line.startsWith('--> Using cache') && last !== undefined) last.cached = true;
  }
  return steps;
}
