import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');

/**
 * The text of the README for the Marketplace. vsce makes the addresses of links and pictures absolute, but leaves those of
 * pictures for dark windows as they are.
 */
export function packagedReadme(): string {
  const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
  const base = `${manifest.repository.url.replace(/\.git$/, '')}/raw/HEAD/`;
  return readFileSync(`${root}README.md`, 'utf8').replace(/srcset="(?!https:)/g, `srcset="${base}`);
}

/** Builds the extension (`vscode:prepublish` of package.json), packs it, and returns the path of the .vsix. */
export function packageExtension(): string {
  const vsix = `${root}out/ballast.vsix`;
  mkdirSync(`${root}out`, { recursive: true });
  // The bundles in dist/ hold every library, so node_modules stays out.
  const readme = 'out/README.md';
  writeFileSync(`${root}${readme}`, packagedReadme());
  const options = ['--no-dependencies', '--readme-path', readme, '--out', vsix];
  execFileSync(process.execPath, [vsce, 'package', ...options], { cwd: root, stdio: 'inherit' });
  return vsix;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  packageExtension();
}
