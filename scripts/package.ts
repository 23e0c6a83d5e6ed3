import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');

/** Builds the extension (`vscode:prepublish` of package.json), packs it, and returns the path of the .vsix. */
export function packageExtension(): string {
  const vsix = `${root}out/ballast.vsix`;
  mkdirSync(`${root}out`, { recursive: true });
  // The bundles in dist/ hold every library, so node_modules stays out.
  const options = ['--no-dependencies', '--out', vsix];
  execFileSync(process.execPath, [vsce, 'package', ...options], { cwd: root, stdio: 'inherit' });
  return vsix;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  packageExtension();
}
