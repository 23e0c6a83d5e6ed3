import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SizeAnswer } from '../../../server/src/sizes/size.ts';
import type { BaseImage } from './base-images.ts';
import type { ProofCase } from './cases.ts';
import { type BuildContext, makeContext } from './context.ts';
import { estimateOf, estimateWhenInstalled } from './estimate.ts';
import type { Fixer } from './fixers.ts';
import { pullSize } from './image.ts';
import { withStorage } from './lock.ts';
import {
  differences,
  misbehaviour,
  type Observation,
  observe,
  prepareBasesOf,
  type Rebuild,
  rebuildAfterChange,
  removeImages,
} from './prove.ts';

/** A project as it was built and run with one Dockerfile. */
export interface Trial {
  readonly observed: Observation;
  /** Undefined where the case says nothing of a change. */
  readonly rebuilt: Rebuild | undefined;
  readonly dockerfile: string;
  /** What Ballast said that the image takes on disk, before it was built. */
  readonly estimate: SizeAnswer;
  /** The same where the project is installed and built on the machine; undefined where that was not tried. */
  readonly estimateWhenInstalled: SizeAnswer | undefined;
  /** The images it names, and what stood in for them. */
  readonly bases: readonly BaseImage[];
  /** What a pull transfers in bytes; undefined where it was not asked for, because measuring takes long. */
  readonly pull: number | undefined;
}

/** One project, built and run with its Dockerfile before and after fixes. */
export interface Evidence {
  readonly before: Trial;
  readonly after: Trial;
  /** What the fixes did, in words. */
  readonly done: readonly string[];
  /** What is wrong with the program before the fixes: a defect of the suite, not of a fix. */
  readonly wrongBefore: readonly string[];
  /** How the program differs after the fixes. */
  readonly wrongAfter: readonly string[];
}

/** Builds, runs and measures a project with its own Dockerfile and with the fixed one; leaves no image behind. */
export function gather(proof: ProofCase, fixer: Fixer): Promise<Evidence> {
  return withStorage(async () => {
    const before = await tryProject(proof, noFix, 'before', false);
    return compare(proof, before, await tryProject(proof, fixer, 'after', false));
  });
}

/**
 * Like `gather` with several fixers, building the project's own Dockerfile once; a fixer whose result fails has an Error.
 * `withPull` measures what a pull transfers, too.
 */
export function gatherEach(
  proof: ProofCase,
  fixers: readonly Fixer[],
  withPull: boolean,
): Promise<(Evidence | Error)[]> {
  return withStorage(async () => {
    const before = await tryProject(proof, noFix, 'before', withPull);
    const results: (Evidence | Error)[] = [];
    for (const fixer of fixers) {
      results.push(
        await tryProject(proof, fixer, 'after', withPull).then(
          (after) => compare(proof, before, after),
          (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
        ),
      );
    }
    return results;
  });
}

interface FixedTrial extends Trial {
  readonly done: readonly string[];
}

const noFix: Fixer = async () => [];

async function tryProject(
  proof: ProofCase,
  fixer: Fixer,
  tag: string,
  withPull: boolean,
): Promise<FixedTrial> {
  const context = makeContext(proof.project);
  const image = `localhost/${proof.name}:${tag}`;
  try {
    const done = await fixer(proof, context);
    const dockerfile = readDockerfile(context);
    const bases = await prepareBasesOf(dockerfile);
    const estimate = await estimateOf(context, bases);
    const observed = await observe(proof, context, image);
    const pull = withPull ? await pullSize(image) : undefined;
    // An ignore file keeps what is installed out of the build only where there is one.
    const installed = tag === 'after' ? await estimateWhenInstalled(proof, context, bases) : undefined;
    const rebuilt = await rebuildAfterChange(proof, context, image);
    return {
      done,
      dockerfile,
      estimate,
      estimateWhenInstalled: installed,
      bases,
      observed,
      pull,
      rebuilt,
    };
  } finally {
    context.remove();
    await removeImages([image]);
  }
}

function compare(proof: ProofCase, before: Trial, after: FixedTrial): Evidence {
  return {
    before,
    after,
    done: after.done,
    wrongBefore: misbehaviour(proof, before.observed),
    wrongAfter: differences(proof, before.observed, after.observed),
  };
}

function readDockerfile(context: BuildContext): string {
  return readFileSync(join(context.folder, 'Dockerfile'), 'utf8');
}
