import type { Project } from '../../project/project.ts';
import { memoize } from '../../text/memoize.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { table } from '../../text/table.ts';
import { sourceFiles } from '../source-text.ts';
import type { LoadedForDevelopment } from '../toolchain.ts';

/** What packages are imported as, where it is not their own name. */
const modules: Readonly<Record<string, string>> = table({
  beautifulsoup4: 'bs4',
  'django-debug-toolbar': 'debug_toolbar',
  'django-environ': 'environ',
  pillow: 'PIL',
  'psycopg2-binary': 'psycopg2',
  pyjwt: 'jwt',
  'python-dateutil': 'dateutil',
  'python-dotenv': 'dotenv',
  'python-multipart': 'multipart',
  pyyaml: 'yaml',
  'scikit-learn': 'sklearn',
});

/** Files that only a developer's tools run. */
const toolFile = /(?:^|\/)(?:test_\w+|\w+_test|conftest|setup|noxfile|tasks|fabfile|dodo)\.py$/;

/**
 * The development dependencies that the sources of a Python project import, tests and tools aside. Undefined where
 * there are none. What is imported in a `try`, for type checkers or while debugging does not count.
 */
export function importedForDevelopment(
  project: Project,
  directory: ContextPath,
  names: readonly string[],
): LoadedForDevelopment | undefined {
  let file: string | undefined;
  const loaded = new Set<string>();
  for (const { path, text } of sourceFiles(project, directory, /\.py$/)) {
    const imported = toolFile.test(path) ? [] : importsOf(text);
    for (const name of names) {
      const plain = name.toLowerCase().replaceAll('_', '-');
      if (imported.includes(modules[plain] ?? plain.replaceAll(/[-.]/g, '_'))) {
        file ??= path;
        loaded.add(name);
      }
    }
  }
  return file === undefined ? undefined : { file, names: [...loaded] };
}

/** The modules that a text imports, by their first name. */
const importsOf = memoize((text): readonly string[] => {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    const name = /^\s*(?:from|import)\s+(\w+)/.exec(line)?.[1];
    const isConditional =
      /^\s/.test(line) &&
      /\btry:|TYPE_CHECKING|debug|\bdev/i.test(lines.slice(Math.max(0, at - 4), at).join('\n'));
    return name === undefined || isConditional ? [] : [name];
  });
}, 1000);
