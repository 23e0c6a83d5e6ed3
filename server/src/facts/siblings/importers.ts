import { directoryOf, resolvePath } from '../../project/paths.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { ProjectScripts } from './project-scripts.ts';

const source = /\.(?:py|[cm]?[jt]sx?)$/;

/** Sources that run in tests and while developing only, wherever they lie. */
const notRunning =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|cypress|node_modules|\.\w+)\/|\.(?:test|spec|stories|config)\.\w+$|(?:^|\/)(?:conftest|noxfile|test_[^/]*|[^/]*_test)\.py$/;

const pythonImport = /^[ \t]*(?:from|import)[ \t]+(\w[\w.]*)/gm;
const relativeImport = /(?:\bfrom|\brequire\(|\bimport\(?)[ \t]{0,4}["'](\.{1,2}\/[^"'\n]{1,200})["']/g;

const maxFiles = 400;

/** The source outside of tests that imports from a folder of the build context, in words; undefined where none does. */
export function importerOf(scripts: ProjectScripts, folder: string): string | undefined {
  const found = importsOf(scripts).find(({ target }) => target === folder || target.startsWith(`${folder}/`));
  return found === undefined ? undefined : `${found.path} imports ${found.target}`;
}

/** What the sources of a project import, as paths of the build context. */
const importsOf = memoizeFor((scripts: ProjectScripts) =>
  scripts
    .named(source)
    .filter((path) => !notRunning.test(path))
    .slice(0, maxFiles)
    .flatMap((path) => {
      const text = scripts.read(path) ?? '';
      const targets = path.endsWith('.py')
        ? [...text.matchAll(pythonImport)].map((match) => (match[1] ?? '').replaceAll('.', '/'))
        : [...text.matchAll(relativeImport)].map((match) => resolvePath(directoryOf(path), match[1] ?? ''));
      return targets.flatMap((target) => (target === undefined ? [] : [{ path, target }]));
    }),
);
