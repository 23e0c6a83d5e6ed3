import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { englishOnly } from '../build/lazy-libraries.ts';
import { manifest } from './npm-package.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'out/executable');
const grammars = ['tree-sitter.wasm', 'tree-sitter-bash.wasm'];

/** Takes the grammar from the executable; nothing there may be imported while it runs. */
const selfContained: Plugin = {
  name: 'self-contained',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/grammars\.ts$/ }, () => ({
      path: join(root, 'server/src/host/executable-grammars.ts'),
    }));
    onLoad({ filter: /tree-sitter-wasm[\\/].*tree-sitter\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replaceAll('await import("module")', 'process.getBuiltinModule("module")');
      if (contents === text) {
        throw new Error(`${path} imports no module any more: look at scripts/release/executable.ts`);
      }
      return { contents };
    });
  },
};

/**
 * Packs the command line and the Node.js that runs this into one program, in an archive with the licences, and returns
 * the path of the archive. The build has to be there.
 *
 * @throws where `whyNoExecutable` says why
 */
export async function packExecutable(): Promise<string> {
  const licence = licenceOfNode();
  const reason = whyNoExecutable();
  if (reason !== undefined || licence === undefined) {
    throw new Error(`No single program: ${reason}`);
  }
  const { version } = manifest();
  const name = `ballast-${version}-linux-${process.arch}`;
  const folder = join(out, name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [join(root, 'server/src/host/cli.ts')],
    outfile: join(out, 'cli.cjs'),
    bundle: true,
    minify: true,
    minifyIdentifiers: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(process.execPath).href;" },
    legalComments: 'none',
    logLevel: 'error',
    plugins: [selfContained, englishOnly],
  });
  const program = join(folder, 'ballast');
  copyFileSync(process.execPath, program);
  chmodSync(program, 0o755);
  inject(program);
  for (const file of ['LICENSE', 'dist/THIRD_PARTY_NOTICES.txt']) {
    cpSync(join(root, file), join(folder, file.replace('dist/', '')));
  }
  cpSync(licence, join(folder, 'NODE_LICENSE.txt'));
  const archive = join(root, 'out', `${name}.tar.gz`);
  execFileSync('tar', ['-czf', archive, '-C', out, name]);
  return archive;
}

/** Puts the command line and its files into a copy of Node.js, as Node.js documents it. */
function inject(program: string): void {
  const config = {
    main: join(out, 'cli.cjs'),
    output: join(out, 'program.blob'),
    disableExperimentalSEAWarning: true,
    // Compiled code saves a fifth of the start.
    useCodeCache: true,
    assets: Object.fromEntries(grammars.map((file) => [file, join(root, 'dist', file)])),
  };
  const file = join(out, 'sea.json');
  writeFileSync(file, JSON.stringify(config));
  execFileSync(process.execPath, ['--experimental-sea-config', file], { stdio: 'ignore' });
  const postject = join(
    dirname(createRequire(import.meta.url).resolve('postject/package.json')),
    'dist/cli.js',
  );
  const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
  const args = [postject, program, 'NODE_SEA_BLOB', config.output, '--sentinel-fuse', fuse];
  execFileSync(process.execPath, args, { stdio: 'ignore' });
}

/** A Node.js that keeps its engine in a library of its own is smaller, and cannot be packed. */
const leastBytesOfNode = 50e6;

/** Why no program can be made of the Node.js that runs this; undefined where one can. */
export function whyNoExecutable(): string | undefined {
  if (process.platform !== 'linux') {
    return 'it is made for Linux';
  }
  if (statSync(process.execPath).size < leastBytesOfNode) {
    return `${process.execPath} is not the whole of Node.js`;
  }
  return licenceOfNode() === undefined ? `no licence of Node.js beside ${process.execPath}` : undefined;
}

function licenceOfNode(): string | undefined {
  const folder = dirname(process.execPath);
  return [
    join(folder, '../LICENSE'),
    '/usr/share/doc/nodejs/copyright',
    '/usr/share/doc/nodejs/LICENSE',
  ].find(existsSync);
}
