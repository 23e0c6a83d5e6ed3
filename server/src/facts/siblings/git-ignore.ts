import { readGitIgnore } from '../../project/gitignore.ts';
import type { Project } from '../../project/project.ts';
import { memoizeForView } from '../../project/view.ts';

/** Tells what the `.gitignore` at the root of the build context ignores: what is made, or is one person's own. */
export const isGitIgnored = memoizeForView(
  (project: Project): ((path: string, isFolder: boolean) => boolean) => {
    const text = project.reader.read('.gitignore');
    if (text === undefined) {
      return () => false;
    }
    const { ignores } = readGitIgnore(text);
    // What lies above the folder, and the folder itself, is not what its file is about.
    return (path, isFolder) => !/^\.{0,2}\/|^\.{0,2}$/.test(path) && ignores(path, isFolder);
  },
);

/** True where a line of the `.gitignore` takes something below an ignored folder in again: that is kept, and may be needed. */
export function isTakenInBelow(project: Project, path: string): boolean {
  const lines = (project.reader.read('.gitignore') ?? '').slice(0, 100_000).split(/\r?\n/);
  return lines.some((line) => line.startsWith('!') && `/${line.slice(1).trim()}`.includes(`/${path}/`));
}
