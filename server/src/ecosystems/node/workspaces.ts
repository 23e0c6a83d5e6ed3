import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { pnpmPackages } from './managers/pnpm-workspace.ts';
import { type NodePackage, readNodePackage } from './package.ts';

/** One package of a project that has several. */
export interface Workspace {
  /** Its folder, relative to the project's. */
  readonly directory: ContextPath;
  readonly found: NodePackage;
}

/** The packages of a project with workspaces, by the patterns of package.json or pnpm; undefined where one is not understood. */
export function readWorkspaces(
  project: Project,
  directory: ContextPath,
  found: NodePackage,
): Workspace[] | undefined {
  const patterns = found.workspaces ?? pnpmPackages(project, directory);
  const wanted = patterns?.filter((one) => !one.startsWith('!'));
  if (
    wanted === undefined ||
    wanted.some((one) => !/^(?:\.\/)?[\w@-][\w@./-]*(?:\/\*|\/\*\*(?:\/\*)?)?$/.test(one))
  ) {
    return undefined;
  }
  const folders = wanted.flatMap((pattern) => {
    const path = pattern.replace(/^\.\//, '').replace(/\/$/, '');
    if (path.includes('/**')) {
      return foldersBelow(project, directory, path.replace(/\/\*\*.*$/, ''));
    }
    if (!path.endsWith('/*')) {
      return [path];
    }
    const parent = path.slice(0, -2);
    return (project.reader.list(joinPath(directory, parent)) ?? [])
      .filter((entry) => entry.kind === 'directory' && entry.name !== 'node_modules')
      .map((entry) => `${parent}/${entry.name}`);
  });
  const workspaces = [...new Set(folders)].sort().flatMap((folder) => {
    const own = readNodePackage(project, joinPath(directory, folder));
    return own === undefined ? [] : [{ directory: folder, found: own }];
  });
  return workspaces.length === 0 ? undefined : workspaces;
}

/** Every folder at any depth below one, as far as projects nest their packages. */
function foldersBelow(project: Project, directory: ContextPath, parent: string, depth = 0): string[] {
  return (project.reader.list(joinPath(directory, parent)) ?? [])
    .filter((entry) => entry.kind === 'directory' && !/^\.|^node_modules$/.test(entry.name))
    .flatMap((entry) => {
      const path = `${parent}/${entry.name}`;
      return [path, ...(depth < 3 ? foldersBelow(project, directory, path, depth + 1) : [])];
    });
}

/** A package and all others of the project that it depends on, itself first. */
export function workspaceClosure(start: Workspace, all: readonly Workspace[]): Workspace[] {
  const closure = [start];
  for (let at = 0; at < closure.length; at++) {
    for (const name of Object.keys(closure[at]?.found.dependencies ?? {})) {
      const other = all.find((one) => one.found.name === name);
      if (other !== undefined && !closure.includes(other)) {
        closure.push(other);
      }
    }
  }
  return closure;
}
