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

/**
 * Makes this build alone leave paths out: an ignore file of the Dockerfile's own name, which BuildKit reads in place of the
 * shared one and which therefore starts with what that says. Undefined for a Dockerfile outside of its context.
 */
export function addOwnIgnoreEntries(project: Project, patterns: readonly string[]): FileChange | undefined {
  const { dockerfile } = project;
  if (dockerfile === undefined) {
    return undefined;
  }
  const path = `${dockerfile}.dockerignore`;
  const shared = readIgnoreFile(project);
  if (shared?.path === path) {
    return addIgnoreEntries(project, patterns);
  }
  const text = shared?.text ?? '';
  const lineBreak = lineBreakOf(text);
  const start = text === '' || text.endsWith('\n') ? text : text + lineBreak;
  return { path, after: start + patterns.map((pattern) => pattern + lineBreak).join('') };
}
