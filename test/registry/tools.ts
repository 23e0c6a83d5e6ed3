import { execFileSync, spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Programs the tests against a real registry need, and the Debian packages that bring them. */
const packages: Readonly<Record<string, string>> = {
  'docker-registry': 'docker-registry',
  skopeo: 'skopeo',
  buildah: 'buildah',
  htpasswd: 'apache2-utils',
  openssl: 'openssl',
  busybox: 'busybox-static',
  podman: 'podman',
};

/**
 * Installs what is missing, where this user may. Returns the reason why it could not, which the tests show as the
 * reason for being skipped; with CI=true they fail instead.
 */
export function missingTools(programs: readonly string[]): string | undefined {
  const missing = programs.filter((program) => !has(program));
  if (missing.length === 0) {
    return undefined;
  }
  const isRoot = process.getuid?.() === 0;
  if (isRoot && has('apt-get')) {
    const names = missing.map((program) => packages[program] ?? program);
    const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: 'ignore' } as const;
    spawnSync('apt-get', ['update'], options);
    spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', ...names], options);
  }
  const still = missing.filter((program) => !has(program));
  return still.length === 0
    ? undefined
    : `${still.join(', ')} not installed, and not installable by this user`;
}

/** Runs `define` where the tools are there; else leaves one skipped test with the reason, or a failed one in CI. */
export function withTools(title: string, define: () => void, programs: readonly string[]): void {
  const reason = missingTools(programs);
  if (reason === undefined) {
    define();
  } else if (process.env['CI'] === 'true') {
    test(title, () => {
      throw new Error(reason);
    });
  } else {
    console.error(`${title}: skipped, ${reason}`);
    test(title, { skip: reason }, () => {});
  }
}

function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$0"', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
