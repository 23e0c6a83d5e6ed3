import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProofCase } from './cases.ts';
import { makeContext } from './context.ts';
import type { Fixer } from './fixers.ts';
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

/** One project, built and run with its Dockerfile before and after fixes. */
export interface Evidence {
  readonly proof: ProofCase;
  readonly done: readonly string[];
  readonly before: Observation;
  readonly after: Observation;
  /** What is wrong with the program before the fixes: a defect of the suite, not of a fix. */
  readonly wrongBefore: readonly string[];
  /** How the program differs after the fixes. */
  readonly wrongAfter: readonly string[];
  readonly rebuiltBefore: Rebuild;
  readonly rebuiltAfter: Rebuild;
  /** The Dockerfile after the fixes. */
  readonly dockerfile: string;
}

/** Builds, runs and measures a project with its own Dockerfile and with the fixed one; leaves no image behind. */
export function gather(proof: ProofCase, fixer: Fixer): Promise<Evidence> {
  return withStorage(() => gatherAlone(proof, fixer));
}

async function gatherAlone(proof: ProofCase, fixer: Fixer): Promise<Evidence> {
  const images = { before: `localhost/${proof.name}:before`, after: `localhost/${proof.name}:after` };
  const [naive, fixed] = [makeContext(proof.project), makeContext(proof.project)];
  try {
    const done = await fixer(proof, fixed);
    for (const context of [naive, fixed]) await prepareBasesOf(readDockerfile(context.folder));
    const before = await observe(proof, naive, images.before);
    const rebuiltBefore = await rebuildAfterChange(proof, naive, images.before);
    const after = await observe(proof, fixed, images.after);
    const rebuiltAfter = await rebuildAfterChange(proof, fixed, images.after);
    return {
      proof,
      done,
      before,
      after,
      rebuiltBefore,
      rebuiltAfter,
      wrongBefore: misbehaviour(proof, before),
      wrongAfter: differences(proof, before, after),
      dockerfile: readDockerfile(fixed.folder),
    };
  } finally {
    naive.remove();
    fixed.remove();
    await removeImages(Object.values(images));
  }
}

function readDockerfile(folder: string): string {
  return readFileSync(join(folder, 'Dockerfile'), 'utf8');
}
