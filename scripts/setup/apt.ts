import { spawnSync } from 'node:child_process';

/** How long another apt is waited for, in seconds. */
const patience = 600;
const secondsBetweenTries = 3;

/** What apt says where another process holds one of its locks. */
const locked = /Could not get lock|Unable to acquire the dpkg frontend lock/;

/**
 * Installs Debian packages, as root. Waits while another apt is at work. Returns what apt said where it failed, undefined
 * where the packages are installed.
 */
export function installPackages(packages: readonly string[]): string | undefined {
  // A list that cannot be fetched need not be the one that these packages are in.
  const outdated = apt(['update']);
  const failed = apt(['install', '--yes', '--no-install-recommends', ...packages]);
  return failed === undefined
    ? undefined
    : [outdated, failed].filter((text) => text !== undefined).join('\n');
}

/** Puts the archive of a Debian package into a folder, uninstalled. Returns what apt said where it failed. */
export function downloadPackage(name: string, folder: string): string | undefined {
  return apt(['download', name], folder) === undefined
    ? undefined
    : (apt(['update']) ?? apt(['download', name], folder));
}

/** Runs apt-get until no other process holds a lock. */
function apt(args: readonly string[], folder = '.'): string | undefined {
  const deadline = Date.now() + patience * 1000;
  for (;;) {
    const said = aptOnce(args, folder);
    if (said === undefined || !locked.test(said) || Date.now() > deadline) {
      return said;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, secondsBetweenTries * 1000);
  }
}

/** The timeout is for dpkg's lock alone: for the lock of the lists and that of the archives apt does not wait. */
function aptOnce(args: readonly string[], folder: string): string | undefined {
  const { error, status, stdout, stderr } = spawnSync(
    'apt-get',
    ['-q', '-o', `DPkg::Lock::Timeout=${patience}`, ...args],
    {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
      encoding: 'utf8',
      cwd: folder,
    },
  );
  if (error === undefined && status === 0) {
    return undefined;
  }
  return `apt-get ${args.join(' ')}\n${error?.message ?? stdout + stderr}`;
}
