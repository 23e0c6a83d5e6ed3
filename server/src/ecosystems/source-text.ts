import type { Project } from '../project/project.ts';
import { remember } from '../text/remember.ts';
import { joinPath } from './node-package.ts';

const mostFiles = 150;
const mostFolders = 80;

/** Folders that hold no sources of the project itself. */
const skipped =
  /^(?:\..*|node_modules|vendor|target|dist|build|out|bin|obj|venv|env|coverage|__pycache__|tests?|spec|docs?|examples?)$/;

/** Folders below which folders are packages: `org/example` is no example there. */
const packages = /(?:^|\/)main\/(?:java|kotlin|scala)(?:\/|$)/;

/** A source file of the project. */
export interface SourceFile {
  /** Path in the build context. */
  readonly path: string;
  readonly text: string;
}

/** The text of a bounded number of source files, the nearest to the project's folder first. */
export function readSources(project: Project, directory: string, ending: RegExp): string {
  return sourceFiles(project, directory, ending)
    .map(({ text }) => text)
    .join('\n');
}

/** A bounded number of source files, the nearest to the project's folder first. */
export function sourceFiles(project: Project, directory: string, ending: RegExp): SourceFile[] {
  const files: SourceFile[] = [];
  const folders = [directory];
  for (let at = 0; at < folders.length && at < mostFolders && files.length < mostFiles; at++) {
    const folder = folders[at] ?? '';
    for (const entry of project.reader.list(folder) ?? []) {
      const path = joinPath(folder, entry.name);
      if (entry.kind === 'directory' && (!skipped.test(entry.name) || packages.test(folder))) {
        folders.push(path);
      } else if (entry.kind === 'file' && ending.test(entry.name) && files.length < mostFiles) {
        files.push({ path, text: project.reader.read(path) ?? '' });
      }
    }
  }
  return files;
}

/** Asks whether any source matches a pattern. Sources are the same from one letter to the next: each is looked at once. */
export function sourceQuestion(
  pattern: RegExp,
  ending: RegExp,
): (project: Project, directory: string) => boolean {
  const matches = remember((text) => pattern.test(text), 500);
  return (project, directory) => sourceFiles(project, directory, ending).some(({ text }) => matches(text));
}

/** True when a text names a path as a string of its own, or as the first part of one: `'views'`, `"./views/a"`. */
export function namesPath(text: string, name: string): boolean {
  return new RegExp(`["'\`/]${name.replace(/[^\w-]/g, '\\$&')}["'\`/]`).test(text);
}
