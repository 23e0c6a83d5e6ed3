import { allSources, isInComment } from '../../ecosystems/source-text.ts';
import { nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeFor } from '../../text/memoize.ts';
import { type Known, known, unknown } from '../known.ts';
import { mentions } from './named-in.ts';

const code = /\.(?:[cm]?[jt]sx?|mdx|vue|svelte|astro|py|go|rb|ru|rake|rs|java|kts?|php|cs|exs?|c|cc|cpp|h)$/;

const sourcesOf = memoizeFor((project: Project) => allSources(project, '', code));

/**
 * The source that reads a document of the project, such as the changelog that a page shows; undefined where none names it.
 * Unknown where there are more sources than are read.
 */
export function documentReader(project: Project, path: string): Known<string | undefined> {
  const { files, isComplete } = sourcesOf(project);
  const name = nameOf(path);
  const reader = files.find(
    ({ text }) => mentions(text, name) && mentions(withoutComments(text, name), name),
  );
  if (reader !== undefined) {
    return known(reader.path, {
      says: `${reader.path} names ${path}`,
      at: { kind: 'file', path: reader.path },
    });
  }
  return isComplete ? known(undefined) : unknown('the project has more sources than are read for this');
}

/** The lines of a text that name a file outside of a comment. `go:embed` is a comment that the compiler follows. */
function withoutComments(text: string, name: string): string {
  const lines: string[] = [];
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const end = text.indexOf('\n', at);
    const line = text.slice(text.lastIndexOf('\n', at) + 1, end < 0 ? text.length : end);
    if (line.includes('go:embed') || !isInComment(text, at)) {
      lines.push(line);
    }
  }
  return lines.join('\n');
}
