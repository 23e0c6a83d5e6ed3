import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Libraries that most runs never need. Each is a file of its own in dist/, shared by all bundles, which is loaded when one of
 * its exports is first used: reading the code of all of them takes a short run longer than its own work.
 */
const libraries = [
  '@yarnpkg/parsers',
  'diff',
  'dockerfile-language-service',
  'fast-xml-parser',
  'js-yaml',
  'jsonc-parser',
  're2js',
  'smol-toml',
  'undici',
  'yaml',
  'zod',
] as const;

/** The bundle that holds a library: its file in dist/ without the ending. */
function bundleOf(library: string): string {
  return `lib-${library.replace(/^@/, '').replaceAll('/', '-')}`;
}

export const libraryBundles = libraries.map((library) => ({ name: bundleOf(library), library }));

/** Puts a stand-in for each library, apart from the one that is being bundled, which loads it at first use. */
export function lazyLibraries(root: string, except?: string): Plugin {
  const load = createRequire(join(root, 'package.json'));
  return {
    name: 'lazy-libraries',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^[^./]/ }, ({ path }) =>
        path !== except && libraries.some((one) => one === path) ? { path, namespace: 'lazy' } : undefined,
      );
      onLoad({ filter: /./, namespace: 'lazy' }, ({ path }) => ({
        contents: standIn(path, Object.keys(load(path))),
        resolveDir: root,
      }));
    },
  };
}

/** Leaves out zod's messages in other languages, half of the library. */
export const englishOnly: Plugin = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({ contents: 'export {};' }));
  },
};

/** A module of CommonJS with the exports of a library, none of which is looked at before it is asked for. */
function standIn(library: string, exports: readonly string[]): string {
  const getters = exports
    .filter((name) => name !== 'default')
    .map((name) => `get ${name}() { return load().${name}; }`);
  return `
    let loaded;
    const load = () => (loaded ??= require('./${bundleOf(library)}.cjs'));
    module.exports = { ${getters.join(', ')} };
  `;
}
