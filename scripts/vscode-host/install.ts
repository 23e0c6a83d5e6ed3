import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testCache } from '../setup/test-cache.ts';
import { MissingPart } from './missing.ts';

/** A VS Code server on disk, and the Node that it runs on. */
export interface Host {
  readonly node: string;
  readonly serverMain: string;
}

const manifests = ['package.json', 'package-lock.json'];
const source = fileURLToPath(new URL('.', import.meta.url));

/**
 * Returns the VS Code server that package-lock.json beside this file pins, after installing it into
 * the cache of the tests where it is not there yet. Throws `MissingPart` where this machine cannot run it.
 */
export function installHost(): Host {
  const folder = join(testCache('vscode-host'), lockHash());
  if (!existsSync(folder)) {
    install(folder);
  }
  return {
    node: nodeFor(folder),
    serverMain: join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

function install(folder: string): void {
  console.log(`Installing the served VS Code into ${dirname(folder)} (about 800 MB, once).`);
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished);
  for (const manifest of manifests) {
    copyFileSync(join(source, manifest), join(unfinished, manifest));
  }
  // The install scripts would compile native modules; VS Code does without them.
  npm(unfinished, 'ci', '--ignore-scripts');
  npm(join(unfinished, 'node_modules/code-server/lib/vscode'), 'install', '--ignore-scripts', '--omit=dev');
  // Only a finished install gets the final name, so an interrupted one is never taken for one.
  if (existsSync(folder)) {
    // Another clone was faster.
    rmSync(unfinished, { recursive: true });
  } else {
    renameSync(unfinished, folder);
  }
  removeOthers(folder);
}

/** Removes what no clone has installed for a while. */
function removeOthers(folder: string): void {
  for (const name of readdirSync(dirname(folder))) {
    const other = join(dirname(folder), name);
    const days = (Date.now() - statSync(other).mtimeMs) / 86_400_000;
    if (other !== folder && days > 30) {
      rmSync(other, { recursive: true, force: true });
    }
  }
}

function npm(folder: string, ...args: string[]): void {
  const options = ['--no-audit', '--no-fund', '--loglevel=error'];
  try {
    // On Windows npm is a script that only a shell can start.
    execFileSync('npm', [...args, ...options], {
      cwd: folder,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
  } catch {
    throw new MissingPart(
      'The served VS Code could not be installed: the npm registry did not answer as expected.',
    );
  }
}

function lockHash(): string {
  const hash = createHash('sha256');
  for (const manifest of manifests) {
    hash.update(readFileSync(join(source, manifest)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** VS Code's server needs Node 24; on Linux one is installed with it, elsewhere the running Node must do. */
function nodeFor(folder: string): string {
  const own = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(own)) {
    return own;
  }
  if (Number.parseInt(process.versions.node, 10) >= 24) {
    return process.execPath;
  }
  throw new MissingPart(
    'The served VS Code needs Node 24 or later on this system; or use npm run test:desktop.',
  );
}
