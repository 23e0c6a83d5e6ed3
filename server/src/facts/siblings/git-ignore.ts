import ignore from 'ignore';
import type { Project } from '../../project/project.ts';

/** Tells what the `.gitignore` at the root of the build context ignores: what is made, or is one person's own. */
export function isGitIgnored(project: Project): (path: string, isFolder: boolean) => boolean {
  const text = project.reader.read('.gitignore');
  if (text === undefined || text.length > 100_000) {
    return () => false;
  }
  const matcher = ignore().add(text);
  return (path, isFolder) => ignore.isPathValid(path) && matcher.ignores(isFolder ? `${path}/` : path);
}
