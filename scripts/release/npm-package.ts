import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libraryBundles } from '../build/lazy-libraries.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'out/npm');

/** Name of the package on npm and PyPI; `ballast` was taken on npm on 2026-11-30. */
export const packageName = 'ballast-cli';

/** What the command line and the library need at run time, in dist/. */
export const runtimeFiles = [
  'cli.cjs',
  'server.cjs',
  'tree-sitter.wasm',
  'tree-sitter-bash.wasm',
  'THIRD_PARTY_NOTICES.txt',
  ...libraryBundles.map(({ name }) => `${name}.cjs`),
];

export function manifest(): { readonly version: string; readonly description: string } {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

/** Packs dist/ as the npm package, and returns the path of the tarball. The build has to be there. */
export function packNpmPackage(): string {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, 'dist'), { recursive: true });
  for (const file of [...runtimeFiles, 'library.cjs']) {
    cpSync(join(root, 'dist', file), join(out, 'dist', file));
  }
  writeTypes();
  cpSync(join(root, 'schema'), join(out, 'schema'), { recursive: true });
  for (const file of ['LICENSE', 'CHANGELOG.md']) {
    cpSync(join(root, file), join(out, file));
  }
  cpSync(join(root, 'packaging/npm-readme.md'), join(out, 'README.md'));
  const { version, description } = manifest();
  const contents = {
    name: packageName,
    version,
    description,
    license: 'MIT',
    keywords: ['dockerfile', 'docker', 'linter', 'image-size', 'multi-stage', 'hadolint'],
    engines: { node: '>=20' },
    bin: { ballast: 'dist/cli.cjs' },
    main: 'dist/library.cjs',
    types: 'dist/library.d.ts',
    exports: {
      '.': { types: './dist/library.d.ts', default: './dist/library.cjs' },
      './schema/*': './schema/*',
      './package.json': './package.json',
    },
    files: ['dist', 'schema', 'CHANGELOG.md'],
    publishConfig: { access: 'public', provenance: true },
  };
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(contents, null, 2)}\n`);
  execFileSync('npm', ['pack', '--silent', '--pack-destination', join(root, 'out')], {
    cwd: out,
    stdio: 'inherit',
  });
  return join(root, 'out', `${packageName}-${version}.tgz`);
}

/** The types of the library entry, made from its source. */
function writeTypes(): void {
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin/tsc',
  );
  const types = readFileSync(join(root, 'server/src/host/library-types.ts'), 'utf8');
  const entry = join(out, 'library.ts');
  writeFileSync(entry, `${types}\n${signatures}`);
  const options = ['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--strict', '--skipLibCheck'];
  execFileSync(process.execPath, [compiler, ...options, '--outDir', join(out, 'dist'), entry], {
    stdio: 'inherit',
  });
  rmSync(entry);
}

/** As in server/src/host/library.ts; the test of the package compiles a program against both. */
const signatures = `
/**
 * Reports what is wrong with a Dockerfile. Reads no files and asks nobody: \`files\` are those of the build context that are
 * known; without them nothing is said that needs them. Sizes come from the bundled catalogue.
 */
export declare function analyze(text: string, files?: ContextFiles, options?: Options): Promise<Analysis>;

/** Applies everything that is safe or for review, as \`ballast slim\` does, and returns the new texts. */
export declare function slim(text: string, files?: ContextFiles, options?: Options): Promise<Slimmed>;
`;
