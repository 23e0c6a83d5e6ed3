/**
 * Bundles the client, the server and the command line into dist/, with the shell grammar beside them.
 * `--metafile` also writes what went into each bundle to out/, for https://esbuild.github.io/analyze/.
 */
import { chmodSync, copyFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { englishOnly, lazyLibraries, libraryBundles } from './build/lazy-libraries.ts';
import { writeNotices } from './build/notices.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const writesMetafile = process.argv.includes('--metafile');

/** Lets `ballast lsp` load the server's own bundle, so that the command line does not hold the server a second time. */
const serverBeside: Plugin = {
  name: 'server-beside',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/server\.ts$/ }, () => ({ path: './server.cjs', external: true }));
  },
};

const bundles: readonly { name: string; entry: string; options?: BuildOptions }[] = [
  { name: 'client', entry: 'client/src/extension.ts', options: { external: ['vscode'] } },
  // With their names, functions of the source can be told apart in the stack of a failed rule.
  {
    name: 'server',
    entry: 'server/src/host/server.ts',
    options: { minifyIdentifiers: false, plugins: [lazyLibraries(root)] },
  },
  { name: 'library', entry: 'server/src/host/library.ts', options: { plugins: [lazyLibraries(root)] } },
  {
    name: 'cli',
    entry: 'server/src/host/cli.ts',
    options: { minifyIdentifiers: false, plugins: [serverBeside, lazyLibraries(root)] },
  },
];

const shared: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Without it, packages that come in two forms are bundled in the one that cannot be shaken.
  mainFields: ['module', 'main'],
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  legalComments: 'none',
  logLevel: 'warning',
  external: ['./lib-*.cjs'],
};

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const bundled = new Set<string>();
for (const { name, entry, options } of bundles) {
  await bundle(name, { ...options, entryPoints: [join(root, entry)] });
}
for (const { name, library } of libraryBundles) {
  const contents = `export * from '${library}';`;
  await bundle(name, {
    stdin: { contents, resolveDir: root },
    plugins: [lazyLibraries(root, library), englishOnly],
  });
}
chmodSync(join(dist, 'cli.cjs'), 0o755);

const grammars = dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm'));
for (const file of ['tree-sitter.wasm', 'tree-sitter-bash.wasm']) {
  copyFileSync(join(grammars, file), join(dist, file));
  report(join(dist, file));
}

writeNotices(join(dist, 'THIRD_PARTY_NOTICES.txt'), root, bundled);

async function bundle(name: string, options: BuildOptions): Promise<void> {
  const outfile = join(dist, `${name}.cjs`);
  const result = await build({ ...shared, ...options, outfile, metafile: true });
  for (const input of Object.keys(result.metafile.inputs)) {
    bundled.add(input);
  }
  if (writesMetafile) {
    mkdirSync(join(root, 'out'), { recursive: true });
    writeFileSync(join(root, 'out', `${name}.meta.json`), JSON.stringify(result.metafile));
  }
  report(outfile);
}
function report(file: string): void {
  console.log(`${(statSync(file).size / 1000).toFixed(0).padStart(6)} kB  ${file.slice(root.length)}`);
}
