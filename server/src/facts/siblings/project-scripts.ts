import { scalarText, textsOf } from '../../project/formats/values.ts';
import type { Project } from '../../project/project.ts';
import { memoizeForView } from '../../project/view.ts';
import { memoize } from '../../text/memoize.ts';
import { table } from '../../text/table.ts';
import { projectFiles } from './project-files.ts';

/** A line of shell text that a file of the project gives a name to. */
export interface NamedScript {
  readonly file: string;
  readonly text: string;
}

/** The scripts of a project, by what calls them. */
export interface ProjectScripts {
  read(path: string): string | undefined;
  /** The file of the build context that a path in the image or in the project most likely means; undefined where none fits. */
  find(path: string): string | undefined;
  /** Scripts of this name in any package.json, with those that run before and after them; `*` at the end stands for more. */
  ofPackage(name: string): readonly NamedScript[];
  /** Scripts of this name in any composer.json. */
  ofComposer(name: string): readonly NamedScript[];
  /** Files of the project by their name, memoized by the pattern. */
  named(pattern: RegExp): readonly string[];
}

const maxManifests = 60;

/** Looks at the files of a project for the scripts that commands call. */
export const projectScripts = memoizeForView((project: Project): ProjectScripts => {
  const { paths } = projectFiles(project);
  const read = (path: string): string | undefined => project.reader.read(path);
  const byPattern = new Map<string, readonly string[]>();
  const named = (pattern: RegExp): readonly string[] => {
    const key = String(pattern);
    const found = byPattern.get(key) ?? paths.filter((path) => pattern.test(path));
    byPattern.set(key, found);
    return found;
  };
  const scriptsIn = (manifests: readonly string[], names: (script: string) => boolean): NamedScript[] =>
    manifests.flatMap((file) =>
      Object.entries(scriptsOf(read(file) ?? ''))
        .filter(([script]) => names(script))
        .map(([, text]) => ({ file, text })),
    );
  const packages = named(/(?:^|\/)package\.json$/).slice(0, maxManifests);
  const composers = named(/(?:^|\/)composer\.json$/).slice(0, maxManifests);
  return {
    read,
    named,
    find(path) {
      const parts = path
        .replace(/^(?:\.\/)+/, '')
        .split('/')
        .filter((part) => part !== '');
      return parts.map((_, i) => parts.slice(i).join('/')).find((candidate) => read(candidate) !== undefined);
    },
    ofPackage(name) {
      const isMeant = name.endsWith('*')
        ? (script: string) => script.startsWith(name.slice(0, -1))
        : (script: string) => [name, `pre${name}`, `post${name}`].includes(script);
      return scriptsIn(packages, isMeant);
    },
    ofComposer: (name) => scriptsIn(composers, (script) => script === name),
  };
});

const scriptsOf = memoize((text: string): Readonly<Record<string, string>> => {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: unknown };
    const entries = typeof scripts === 'object' && scripts !== null ? Object.entries(scripts) : [];
    return table(
      Object.fromEntries(
        entries.map(([name, script]) => [
          name,
          Array.isArray(script) ? textsOf(script).join('\n') : scalarText(script),
        ]),
      ),
    );
  } catch {
    return {};
  }
}, 200);
