import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutFolder, type PublicCase } from './public/case.ts';
import { goCases } from './public/go.ts';
import { nativeCases } from './public/native.ts';
import { nodeCases } from './public/node.ts';
import { othersCases } from './public/others.ts';
import { pythonCases } from './public/python.ts';
import { run } from './run.ts';

/** Small programs that answer without a database, on base images that the suite has stand-ins for. */
export const publicCases: readonly PublicCase[] = [
  ...nodeCases,
  ...pythonCases,
  ...goCases,
  ...nativeCases,
  ...othersCases,
];

/**
 * Brings the projects onto this machine, each at its commit, from GitHub. BALLAST_PUBLIC_MIRROR may name a folder with
 * copies of the repositories (`<owner>+<name>` or `<owner>+<name>/repo`), for a machine that GitHub cannot be reached from.
 */
export async function fetchPublicCases(cases: readonly PublicCase[]): Promise<void> {
  for (const one of cases) {
    const folder = checkoutFolder(one);
    if (existsSync(join(folder, '.git', 'fetched'))) continue;
    await run('rm', ['-rf', folder]);
    await run('git', ['clone', '--quiet', '--no-checkout', sourceOf(one.repository), folder]);
    await run('git', ['-C', folder, 'checkout', '--quiet', one.commit]);
    await run('touch', [join(folder, '.git', 'fetched')]);
  }
}

function sourceOf(repository: string): string {
  const mirror = process.env['BALLAST_PUBLIC_MIRROR'];
  if (mirror === undefined) return `https://github.com/${repository}.git`;
  const copy = join(mirror, repository.replace('/', '+'));
  return existsSync(join(copy, 'repo')) ? join(copy, 'repo') : copy;
}
