import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryBuildah } from './buildah.ts';
import { cached } from './paths.ts';

/**
 * Runs work that uses the image storage while no other process does: test files may run side by side, but one must not
 * clean up what another builds on.
 */
export async function withStorage<T>(work: () => Promise<T>): Promise<T> {
  const file = join(cached(), 'lock');
  while (!take(file)) await sleep(500);
  try {
    // Containers of a run that was killed: nobody else has any while we hold the lock.
    await tryBuildah(['rm', '--all']);
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
  }
}

/** A lock whose process is gone, because it was killed, is held by nobody. */
function isHeld(file: string): boolean {
  try {
    return existsSync(`/proc/${readFileSync(file, 'utf8')}`);
  } catch {
    return false;
  }
}
