import type { Step } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { expand } from '../../model/variables.ts';
import { joinPath, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { findFlag } from '../../syntax/tree.ts';

/** What an instruction puts in place of a configuration of the image. */
export interface CopiedConfiguration {
  /** Absolute path of the file in the image. */
  readonly target: string;
  /** Undefined where the text could not be read. */
  readonly text: string | undefined;
  readonly source: string;
}

/** The configurations of a server that a COPY or ADD brings into its folder. */
export function copiedConfigurations(step: Step, project: Project, folder: string): CopiedConfiguration[] {
  const { instruction, before } = step;
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') {
    return [];
  }
  const words = instruction.words.map(({ value }) => expand(value, before.variables, '\\') ?? value);
  const to = words.at(-1) ?? '';
  const target = normalizePath(to.startsWith('/') ? to : `${before.workdir ?? '/'}/${to}`);
  if (target !== folder && !target.startsWith(`${folder}/`)) {
    return [];
  }
  if (instruction.heredocs.length > 0) {
    return [{ target, text: undefined, source: 'a document in the Dockerfile' }];
  }
  const isOwn = findFlag(instruction, 'from') === undefined;
  return words.slice(0, -1).flatMap((source) => {
    const paths = isOwn ? [inContext(source)] : tails(source);
    const path = paths.find((one) => project.reader.read(one) !== undefined);
    if (path !== undefined) {
      const isFile = /\.(?:conf|template)$/.test(target);
      return isConfiguration(nameOf(path)) || isFile
        ? [
            {
              target: isFile ? target : `${target}/${nameOf(path)}`,
              text: project.reader.read(path),
              source: path,
            },
          ]
        : [];
    }
    const listed = paths.find((one) => (project.reader.list(one)?.length ?? 0) > 0);
    if (listed !== undefined) {
      return filesBelow(project, listed, 0).map((one) => ({
        target: `${target}/${one.slice(listed === '' ? 0 : listed.length + 1)}`,
        text: project.reader.read(one),
        source: one,
      }));
    }
    return [{ target, text: undefined, source }];
  });
}

function isConfiguration(name: string): boolean {
  return /\.conf(?:\.template)?$/.test(name);
}

function filesBelow(project: Project, path: string, depth: number): string[] {
  return (project.reader.list(path) ?? []).slice(0, 200).flatMap(({ name, kind }) => {
    const below = joinPath(path, name);
    if (kind === 'directory') {
      return depth < 2 ? filesBelow(project, below, depth + 1) : [];
    }
    return isConfiguration(name) ? [below] : [];
  });
}

function inContext(source: string): string {
  return normalizePath(`/${source}`).slice(1);
}

/** What a path of another stage may be in the build context: its ends, the longest first. */
function tails(source: string): string[] {
  const parts = inContext(source).split('/');
  return parts.map((_, i) => parts.slice(i).join('/'));
}
