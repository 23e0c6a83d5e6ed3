import { directoryOf, joinPath } from '../project/paths.ts';
import type { Project } from '../project/project.ts';
import { isUnchanging } from '../project/reader.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { ContextPath } from '../text/path-types.ts';

const mostFiles = 150;
const mostFolders = 80;

/** Limits where an answer needs all of the sources. */
const mostOfAll = 500;
const mostFoldersOfAll = 300;

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
export function readSources(project: Project, directory: ContextPath, ending: RegExp): string {
  return joined(sourceFiles(project, directory, ending));
}

const joined = memoizeFor((files: readonly SourceFile[]) => files.map(({ text }) => text).join('\n'));

/** What was found for a reader that does not change, by folder and ending. */
const found = new WeakMap<Project['reader'], Map<string, readonly SourceFile[]>>();

/**
 * A bounded number of source files, the nearest to the project's folder first. A file whose text has not changed is the
 * same object from one analysis to the next, so that what was made of it can be kept with it.
 */
export function sourceFiles(project: Project, directory: ContextPath, ending: RegExp): readonly SourceFile[] {
  const { reader } = project;
  if (!isUnchanging(reader)) {
    return findFiles(project, directory, ending);
  }
  const known = found.get(reader) ?? new Map<string, readonly SourceFile[]>();
  found.set(reader, known);
  const key = `${directory}\0${ending.source}`;
  const files = known.get(key) ?? findFiles(project, directory, ending);
  known.set(key, files);
  return files;
}

function findFiles(project: Project, directory: ContextPath, ending: RegExp): SourceFile[] {
  const files: SourceFile[] = [];
  const folders = [directory];
  for (let at = 0; at < folders.length && at < mostFolders && files.length < mostFiles; at++) {
    const folder = folders[at] ?? '';
    for (const entry of project.reader.list(folder) ?? []) {
      const path = joinPath(folder, entry.name);
      if (entry.kind === 'directory' && isOfProject(project, path, entry.name)) {
        folders.push(path);
      } else if (entry.kind === 'file' && ending.test(entry.name) && files.length < mostFiles) {
        files.push(sourceFile(path, project.reader.read(path) ?? ''));
      }
    }
  }
  return files;
}

/** False for a folder of what others wrote: packages that were installed, also in a virtual environment by another name. */
function isOfProject(project: Project, path: ContextPath, name: string): boolean {
  return (
    (!skipped.test(name) || packages.test(directoryOf(path))) &&
    project.reader.read(joinPath(path, 'pyvenv.cfg')) === undefined
  );
}

const mostKept = 2000;
const kept = new Map<string, SourceFile>();

function sourceFile(path: string, text: string): SourceFile {
  const old = kept.get(path);
  if (old?.text === text) {
    return old;
  }
  if (kept.size >= mostKept) {
    kept.clear();
  }
  const file = { path, text };
  kept.set(path, file);
  return file;
}

/** What a bounded search found, and whether it has seen all there is. */
export interface FoundSources {
  readonly files: readonly SourceFile[];
  readonly isComplete: boolean;
}

/** All sources below a folder, within wide limits: for questions that "none does" answers. */
export function allSources(project: Project, directory: ContextPath, ending: RegExp): FoundSources {
  const files: SourceFile[] = [];
  const folders = [directory];
  for (let at = 0; at < folders.length; at++) {
    const folder = folders[at] ?? '';
    for (const entry of project.reader.list(folder) ?? []) {
      const path = joinPath(folder, entry.name);
      if (entry.kind === 'directory' && isOfProject(project, path, entry.name)) {
        folders.push(path);
      } else if (entry.kind === 'file' && ending.test(entry.name)) {
        const text = project.reader.read(path);
        if (text === undefined || files.length >= mostOfAll || folders.length > mostFoldersOfAll) {
          return { files, isComplete: false };
        }
        files.push(sourceFile(path, text));
      }
    }
  }
  return { files, isComplete: true };
}

/** Asks whether any source matches a pattern; each is looked at once. */
export function sourceQuestion(
  pattern: RegExp,
  ending: RegExp,
): (project: Project, directory: ContextPath) => boolean {
  const matches = memoizeFor(({ text }: SourceFile) => pattern.test(text));
  return (project, directory) => sourceFiles(project, directory, ending).some(matches);
}

/** True when a text names a path as a string of its own, or as the first part of one: `'views'`, `"./views/a"`. */
export function namesPath(text: string, name: string): boolean {
  const around = new Set('"\'`/');
  for (let at = text.indexOf(name); at >= 0 && name !== ''; at = text.indexOf(name, at + 1)) {
    if (around.has(text.charAt(at - 1)) && around.has(text.charAt(at + name.length))) {
      return true;
    }
  }
  return false;
}

/** True where an offset lies in a line that is a comment, or behind the mark of one: what stands there does not run. */
export function isInComment(text: string, offset: number): boolean {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset);
  return /^[ \t]*(?:#(?!\[|include|define)|\/\/|\*|\/\*|--|;)/.test(before) || /[\s;{}]\/\/ /.test(before);
}
