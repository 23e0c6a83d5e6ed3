import { readIgnoreFile } from '../project/ignore-file.ts';
import type { Project } from '../project/project.ts';
import { lineBreakOf } from '../text/lines.ts';
import type { FileChange } from './fix.ts';

/** Makes the build leave paths out: puts patterns at the end of the project's ignore file, or creates the file. */
export function addIgnoreEntries(project: Project, patterns: readonly string[]): FileChange {
  const file = readIgnoreFile(project);
  if (file === undefined) {
    return { path: '.dockerignore', after: patterns.map((pattern) => `${pattern}\n`).join('') };
  }
  const { text } = file;
  const lineBreak = lineBreakOf(text);
  const start = text === '' || text.endsWith('\n') ? text : text + lineBreak;
  return {
    path: file.path,
    before: text,
    after: start + patterns.map((pattern) => pattern + lineBreak).join(''),
  };
}
