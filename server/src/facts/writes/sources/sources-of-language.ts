import { allSources, type FoundSources } from '../../../ecosystems/source-text.ts';
import type { Project } from '../../../project/project.ts';
import { memoizeFor } from '../../../text/memoize.ts';
import type { ContextPath } from '../../../text/path-types.ts';
import { type Language, sourceEndings } from '../../start/programs.ts';

/** All sources of a language below a folder, looked for once as long as the files stay. */
export function sourcesOfLanguage(
  project: Project,
  directory: ContextPath,
  language: Language,
): FoundSources {
  const known = found(project.reader);
  const key = `${language}\0${directory}`;
  const sources = known.get(key) ?? allSources(project, directory, sourceEndings[language]);
  known.set(key, sources);
  return sources;
}

const found = memoizeFor((_reader: Project['reader']) => new Map<string, FoundSources>());
