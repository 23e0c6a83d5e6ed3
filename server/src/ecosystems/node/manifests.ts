import { readIgnoreFile } from '../../project/ignore-file.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption } from '../../syntax/shell/script.ts';
import { memoize } from '../../text/memoize.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Manifests, ProjectInstall } from '../toolchain.ts';
import { isReadingScript, lifecycleScripts, scriptDoubts } from './lifecycle.ts';
import { nodeManagers } from './managers/index.ts';
import { type NodePackage, readNodePackage } from './package.ts';
import { readWorkspaces, type Workspace } from './workspaces.ts';

/** The files that an install of a Node.js project reads. */
export function nodeManifests(install: ProjectInstall, project: Project, directory: ContextPath): Manifests {
  const manager = nodeManagers.find((one) => one.id === install.tool);
  if (!project.isKnown) {
    const lock = manager?.lockFiles[0] ?? '';
    const files = lock.startsWith('package') ? ['package*.json'] : ['package.json', lock];
    return { files, doubts: ['The project’s files are not known.'] };
  }
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  const isSent = (name: string): boolean => matcher?.ignores(joinPath(directory, name)) !== true;
  const found = readNodePackage(project, directory);
  if (found === undefined || !isSent('package.json')) {
    return { files: [], doubts: [], blocker: 'There is no readable package.json where the install runs.' };
  }
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name).filter(isSent);
  const files = [
    'package.json',
    ...[...(manager?.lockFiles ?? []), ...(manager?.settings ?? [])].filter((name) => names.includes(name)),
  ];
  const doubts: string[] = [];
  const workspaces = workspacesOf(project, directory, found, names, install);
  const blocker = workspaces === undefined ? unreadable : blockerOf(found, install, workspaces);
  files.push(...(workspaces ?? []).map((one) => `${one.directory}/package.json`).filter(isSent));
  files.push(...(manager?.folders?.(project, directory) ?? []).filter((name) => isSent(name.slice(0, -1))));
  if (names.includes('patches')) {
    files.push('patches/');
  }
  if (generatesPrisma(found, names)) {
    files.push('prisma/');
    doubts.push('The install generates the Prisma client from the folder prisma.');
  }
  doubts.push(...scriptDoubts(found, install));
  if (names.includes('binding.gyp')) {
    doubts.push('binding.gyp makes the install compile the project’s own code.');
  }
  if (!files.some((name) => nodeManagers.some((one) => one.lockFiles.includes(name)))) {
    doubts.push('There is no lock file, so that the install may choose other versions.');
  } else if (!install.isFrozen && !(install.tool === 'npm' && isLockInStep(project, directory))) {
    doubts.push(`\`${install.tool} install\` may rewrite the lock file.`);
  }
  return { files, doubts, ...(blocker === undefined ? {} : { blocker }) };
}

/** True when package-lock.json names the same dependencies as package.json, so that `npm ci` will not refuse it. */
export function isLockInStep(project: Project, directory: ContextPath): boolean {
  const text = project.reader.read(joinPath(directory, 'package-lock.json'));
  const root = text === undefined ? undefined : lockedRoot(text);
  const found = readNodePackage(project, directory);
  return (
    root !== undefined &&
    found !== undefined &&
    isSame(root.dependencies, found.dependencies) &&
    isSame(root.devDependencies, found.devDependencies)
  );
}

interface LockedRoot {
  readonly dependencies?: unknown;
  readonly devDependencies?: unknown;
}

/** What package-lock.json says of the project itself; undefined where it cannot be read. */
const lockedRoot = memoize((text): LockedRoot | undefined => {
  try {
    const root = (JSON.parse(text) as { packages?: Record<string, LockedRoot | null> }).packages?.[''];
    return root ?? undefined;
  } catch {
    return undefined;
  }
}, 20);

function isSame(locked: unknown, declared: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries((locked ?? {}) as Record<string, unknown>);
  return (
    entries.length === Object.keys(declared).length &&
    entries.every(([name, version]) => declared[name] === version)
  );
}

/** `@prisma/client` runs its generator when it is installed, and silently makes nothing where the schema is missing. */
function generatesPrisma(found: NodePackage, names: readonly string[]): boolean {
  return found.dependencies['@prisma/client'] !== undefined && names.includes('prisma');
}

const unreadable = 'The project has workspaces, and where they lie is not understood.';

/** The packages that an install reads besides the one it runs in: none without workspaces, undefined where they are not understood. */
function workspacesOf(
  project: Project,
  directory: ContextPath,
  found: NodePackage,
  names: readonly string[],
  install: ProjectInstall,
): Workspace[] | undefined {
  const isPnpm = install.tool === 'pnpm' && names.includes('pnpm-workspace.yaml');
  if (!found.hasWorkspaces && !isPnpm) {
    return [];
  }
  // pnpm keeps settings in the same file, also of projects with one package.
  const text = isPnpm ? (project.reader.read(joinPath(directory, 'pnpm-workspace.yaml')) ?? '') : '';
  return isPnpm && !/^packages:/m.test(text) ? [] : readWorkspaces(project, directory, found);
}

/** What makes an install impossible with the manifests alone. */
function blockerOf(
  found: NodePackage,
  install: ProjectInstall,
  workspaces: readonly Workspace[],
): string | undefined {
  const own = new Set(workspaces.map((one) => one.found.name));
  const packages = [found, ...workspaces.map((one) => one.found)];
  const all = packages.flatMap((one) => Object.entries({ ...one.dependencies, ...one.devDependencies }));
  const local = all.find(
    ([name, version]) => /^(?:file|link|portal|workspace|patch):|^\.{0,2}\//.test(version) && !own.has(name),
  );
  if (local !== undefined) {
    return `The dependency ${local[0]} is a folder of the project.`;
  }
  const script = hasOption(install.command, '--ignore-scripts')
    ? undefined
    : lifecycleScripts.find((name) => packages.some((one) => isReadingScript(one.scripts[name])));
  return script === undefined
    ? undefined
    : `The script “${script}” runs during the install and reads the project.`;
}
