import { existsSync } from 'node:fs';
import { tryRun } from './run.ts';

const packages = ['buildah', 'debootstrap', 'busybox-static', 'curl'];
const programs = ['buildah', 'debootstrap', 'busybox', 'curl', 'unshare', 'nsenter'];

/**
 * Makes sure that real builds can run here, installing Debian packages where they are missing. Returns why they cannot
 * run, or nothing when they can. With CI=true a machine that cannot build is an error.
 */
export async function whyNoBuilds(): Promise<string | undefined> {
  const reason = await findReason();
  if (reason !== undefined && process.env['CI'] === 'true')
    throw new Error(`Builds must run in CI: ${reason}`);
  return reason;
}

async function findReason(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'image builds need Linux';
  if (process.getuid?.() !== 0) return 'image builds need root';
  if (await allFound()) return undefined;
  if (!existsSync('/usr/bin/apt-get')) return `${programs.join(', ')} are missing and there is no apt-get`;
  await tryRun('apt-get', ['update']);
  const install = await tryRun('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (install.code === 0 && (await allFound())) return undefined;
  return `apt-get could not install ${packages.join(', ')}`;
}

async function allFound(): Promise<boolean> {
  const found = await Promise.all(programs.map((program) => tryRun('sh', ['-c', `command -v ${program}`])));
  return found.every((result) => result.code === 0);
}
