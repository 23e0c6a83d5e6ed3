import { sourceFiles } from '../../ecosystems/source-text.ts';
import { isLeftOver } from '../../project/clutter.ts';
import { literalPattern } from '../../project/ignore-pattern.ts';
import { nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeForView } from '../../project/view.ts';
import { type ContextEntry, sentFiles } from './context-entries.ts';
import { isGitIgnored } from './git-ignore.ts';
import { mentions } from './named-in.ts';
import { projectFiles } from './project-files.ts';

/** Smaller files are no news, in bytes: those whose name says what they are, and others. */
const leastLeftOver = 100_000;
const leastLarge = 1_000_000;
const mostLarge = 20;

const sources =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|go|rb|rs|java|kts?|php|cs|ex|exs|clj|scala|swift|dart|lua|pl|r|sh|sql|html?|css|s[ac]ss)$/i;
const settings =
  /\.(?:ya?ml|json|toml|ini|cfg|conf|properties|env|xml|md|txt|gradle|tf|hcl)$|(?:^|\/)(?:Makefile|[^/]*Dockerfile[^/]*|\.gitignore|\.env[^/]*)$/i;

/**
 * Large files that nothing reads, as far as the project tells: their name is that of a dump, an archive or the like, or Git is
 * told to ignore them and does not track them, and no source or setting mentions them or the folder that they lie in. None until
 * the context has been measured.
 */
export const largeFiles = memoizeForView((project: Project): readonly ContextEntry[] => {
  if (project.context === undefined) {
    return [];
  }
  const ignoredByGit = isGitIgnored(project);
  return sentFiles(project)
    .filter(({ path, bytes = 0 }) =>
      isLeftOver(nameOf(path))
        ? bytes >= leastLeftOver
        : bytes >= leastLarge && project.tracked?.holds(path) === false && ignoredByGit(path, false),
    )
    .sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0))
    .slice(0, mostLarge)
    .filter(({ path }) => mentionOf(project, path) === undefined)
    .map(({ path, bytes = 0 }) => ({
      path,
      isFolder: false,
      clutter: { kind: 'large' as const, pattern: literalPattern(path) },
      totals: { files: 1, bytes },
    }));
});

/** What of the sources and settings names a file, its name without its ending, or a folder that it lies in; undefined where nothing does. */
export function mentionOf(project: Project, path: string): string | undefined {
  const name = nameOf(path);
  const stem = name.replace(/(?:\.\w{1,12}){1,2}$/, '');
  const folders = path.split('/').slice(0, -1);
  const names = [name, ...(stem.length > 3 ? [stem] : []), ...folders];
  const texts = [
    ...sourceFiles(project, '', sources),
    ...projectFiles(project)
      .paths.filter((one) => settings.test(one))
      .slice(0, 200)
      .map((one) => ({ path: one, text: project.reader.read(one) ?? '' })),
  ];
  // An entry of .gitignore is no use of the file, and what it says of itself is none either.
  const found = texts.find(
    (one) =>
      one.path !== '.gitignore' && one.path !== path && names.some((wanted) => mentions(one.text, wanted)),
  );
  return found === undefined ? undefined : `${found.path} mentions it`;
}
