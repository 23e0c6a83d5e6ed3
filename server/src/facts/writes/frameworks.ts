import { ecosystems } from '../../ecosystems/index.ts';
import { readNodePackage } from '../../ecosystems/node/package.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Language } from '../start/programs.ts';

/** A folder below the project that a package writes to, and the package. */
export interface FrameworkFolder {
  readonly folder: string;
  readonly because: string;
  readonly manifest: string;
}

const manifests: Readonly<Partial<Record<Language, readonly string[]>>> = {
  python: ['requirements.txt', 'pyproject.toml', 'Pipfile', 'setup.py', 'setup.cfg', 'environment.yml'],
  ruby: ['Gemfile'],
  php: ['composer.json'],
};

/** The folders that frameworks write to by themselves, by the manifests of a folder of the build context. */
export function frameworkFolders(
  project: Project,
  directory: ContextPath,
  language: Language,
): FrameworkFolder[] {
  const node = language === 'node' ? readNodePackage(project, directory)?.dependencies : undefined;
  const found: FrameworkFolder[] = [];
  const put = (writes: readonly string[], because: string, manifest: string): void => {
    found.push(...writes.map((folder) => ({ folder, because, manifest })));
  };
  const frameworks = ecosystems.find(({ id }) => id === language)?.frameworks ?? [];
  for (const { package: name, writes } of frameworks) {
    if (name === undefined || writes === undefined) {
      continue;
    }
    if (typeof name === 'string') {
      if (node?.[name] !== undefined) {
        put(writes, name, joinPath(directory, 'package.json'));
      }
      continue;
    }
    for (const manifest of manifestsOf(project, directory, language)) {
      const path = joinPath(directory, manifest);
      const match = name.exec(project.reader.read(path) ?? '');
      if (match !== null) {
        put(writes, match[0].replace(/["']|\bgem\b/g, '').trim(), path);
        break;
      }
    }
  }
  return found;
}

function manifestsOf(project: Project, directory: ContextPath, language: Language): string[] {
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name);
  const further =
    language === 'python' ? names.filter((name) => /^requirements.*\.(?:txt|in)$/.test(name)) : [];
  return [...new Set([...(manifests[language] ?? []), ...further])].filter((name) => names.includes(name));
}
