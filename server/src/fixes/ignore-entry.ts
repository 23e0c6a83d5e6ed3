import { bytesOf, lessSent, listNames, type NeedlessEntry } from '../facts/siblings/entry-words.ts';
import { isClosedIgnoreFile, readIgnoreFile } from '../project/ignore-file.ts';
import type { Project } from '../project/project.ts';
import { lineBreakOf } from '../text/lines.ts';
import type { FileChange, Fix } from './fix.ts';

/**
 * Leaves entries of the build context out that the build does not need. Where another build of the context needs one, they
 * are left out of this build alone; undefined where that cannot be said.
 */
export function excludeEntries(project: Project, entries: readonly NeedlessEntry[]): Fix | undefined {
  const patterns = [...new Set(entries.map((entry) => entry.pattern))].sort();
  const isOwn = readIgnoreFile(project)?.path === `${project.dockerfile}.dockerignore`;
  const other = isOwn ? undefined : entries.find(({ neededBy }) => neededBy !== undefined)?.neededBy;
  const change =
    other === undefined ? addIgnoreEntries(project, patterns) : addOwnIgnoreEntries(project, patterns);
  if (change === undefined) {
    return undefined;
  }
  const where = other === undefined ? '' : `, for this build alone, because ${other} needs it`;
  return {
    title: `Exclude ${listNames(entries)} in ${change.path}${where}${lessSent(bytesOf(entries))}`,
    applicability: 'review',
    edits: [],
    files: [change],
  };
}

/** Makes the build leave paths out: puts patterns at the end of the project's ignore file, or creates the file. */
export function addIgnoreEntries(project: Project, patterns: readonly string[]): FileChange {
  const file = readIgnoreFile(project);
  if (file === undefined) {
    const path = isClosedIgnoreFile(project) ? `${project.dockerfile}.dockerignore` : '.dockerignore';
    return { path, after: patterns.map((pattern) => `${pattern}\n`).join('') };
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
