import { readIgnoreFile } from '../../project/ignore-file.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption } from '../../syntax/shell/script.ts';
import { remember } from '../../text/remember.ts';
import type { Manifests, ProjectInstall } from '../toolchain.ts';
import { type NodePackage, readNodePackage } from './package.ts';
import { readWorkspaces, type Workspace } from './workspaces.ts';

/** Scripts that package managers run by themselves during an install. */
export const lifecycleScripts = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'prepublish',
  'dependencies',
];

/** Scripts of that kind that do nothing with the sources: they set up hooks of git, or check the package manager. */
const harmlessScript =
  /^(?:is-ci \|\| )?(?:husky(?: install)?(?: \S+)?|npx only-allow \w+|only-allow \w+|lefthook install|simple-git-hooks|patch-package|npx patch-package|prisma generate|npx prisma generate|husky(?: install)? \|\| true|husky \|\| exit 0|exit 0|true|echo [^&|;]*)$/;

/** Files that each package manager reads beside package.json, its lock files first. */
const filesOfTool: Readonly<Record<string, readonly string[]>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json', '.npmrc'],
  yarn: ['yarn.lock', '.yarnrc', '.yarnrc.yml', '.npmrc'],
  pnpm: ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', '.pnpmfile.cjs'],
  bun: ['bun.lock', 'bun.lockb', 'bunfig.toml', '.npmrc'],
};

const lockFiles = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
];

/** The files that an install of a Node.js project reads. */
export function nodeManifests(install: ProjectInstall, project: Project, directory: string): Manifests {
  if (!project.isKnown) {
    const lock = filesOfTool[install.tool]?.[0] ?? '';
    const files = install.tool === 'npm' ? ['package*.json'] : ['package.json', lock];
    return { files, doubts: ['The project’s files are not known.'] };
  }
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  const isSent = (name: string): boolean => matcher?.ignores(joinPath(directory, name)) !== true;
  const found = readNodePackage(project, directory);
  if (found === undefined || !isSent('package.json')) {
    return { files: [], doubts: [], blocker: 'There is no readable package.json where the install runs.' };
  }
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name).filter(isSent);
  const files = ['package.json', ...(filesOfTool[install.tool] ?? []).filter((name) => names.includes(name))];
  const doubts: string[] = [];
  const workspaces = workspacesOf(project, directory, found, names, install);
  const blocker = workspaces === undefined ? unreadable : blockerOf(found, install, workspaces);
  files.push(...(workspaces ?? []).map((one) => `${one.directory}/package.json`).filter(isSent));
  if (names.includes('.yarn') && install.tool === 'yarn') {
    const own = (project.reader.list(joinPath(directory, '.yarn')) ?? []).map((entry) => entry.name);
    files.push(
      ...['releases', 'plugins', 'patches', 'cache']
        .filter((name) => own.includes(name) && isSent(`.yarn/${name}`))
        .map((name) => `.yarn/${name}/`),
    );
  }
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
  if (!files.some((name) => lockFiles.includes(name))) {
    doubts.push('There is no lock file, so that the install may choose other versions.');
  } else if (!install.isFrozen && !(install.tool === 'npm' && isLockInStep(project, directory))) {
    doubts.push(`\`${install.tool} install\` may rewrite the lock file.`);
  }
  return { files, doubts, ...(blocker === undefined ? {} : { blocker }) };
}

/** True when package-lock.json names the same dependencies as package.json, so that `npm ci` will not refuse it. */
export function isLockInStep(project: Project, directory: string): boolean {
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
const lockedRoot = remember((text): LockedRoot | undefined => {
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
  directory: string,
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

function isReadingScript(text: string | undefined): boolean {
  return (
    text !== undefined &&
    text.trim() !== '' &&
    !text.split(/&&|;/).every((part) => harmlessScript.test(part.trim()))
  );
}

function scriptDoubts(found: NodePackage, install: ProjectInstall): string[] {
  const script = lifecycleScripts.find((name) => found.scripts[name] !== undefined);
  return script === undefined || hasOption(install.command, '--ignore-scripts')
    ? []
    : [`The script “${script}” runs during the install and may read other files.`];
}
