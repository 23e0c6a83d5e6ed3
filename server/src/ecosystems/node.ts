import type { Project } from '../project/project.ts';
import { hasOption, knownArgs, operands, type ShellCommand } from '../syntax/shell/script.ts';
import type { Ecosystem, InstallCommand, Manifests } from './ecosystem.ts';
import { joinPath, type NodePackage, readNodePackage } from './node-package.ts';
import { planNode } from './node-plan.ts';

/** Scripts that package managers run by themselves during an install; they may read any file of the project. */
const lifecycleScripts = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'prepublish',
  'dependencies',
];

/** Files that each package manager reads beside package.json, its lock files first. */
const filesOfTool: Readonly<Record<string, readonly string[]>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json', '.npmrc'],
  yarn: ['yarn.lock', '.yarnrc', '.yarnrc.yml', '.npmrc', '.pnp.cjs'],
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

/** Scripts whose names say that they make what is then run or served. */
const buildScript = /^(?:build|compile|bundle|dist|generate|transpile|export)(?:$|[:_-])/;

/** Compilers and bundlers that are run directly or through npx. */
const buildTools = [
  'tsc',
  'tsup',
  'vite',
  'webpack',
  'rollup',
  'esbuild',
  'parcel',
  'next',
  'nuxt',
  'nest',
  'ng',
  'swc',
];

export const node: Ecosystem = {
  id: 'node',
  title: 'Node.js',

  readInstall(command) {
    const args = knownArgs(command);
    const tool = command.name;
    const [verb, ...rest] = operands(command).map((word) => word.value);
    const directory = optionValue(command, tool === 'pnpm' ? ['-C', '--dir'] : ['--prefix', '--cwd']);
    if (hasOption(command, '-g', '--global', '--location', '--help', '--version', '-v')) {
      return undefined;
    }
    const named = rest.filter((word) => word !== undefined && word !== directory);
    if (tool === 'npm') {
      const isClean = ['ci', 'clean-install', 'install-clean'].includes(verb ?? '');
      const isInstall = ['install', 'i', 'add'].includes(verb ?? '') && named.length === 0;
      return isClean || isInstall
        ? { tool, isFrozen: isClean, omitsDev: omitsDevInNpm(args), directory }
        : undefined;
    }
    if (tool === 'yarn') {
      const isInstall = verb === undefined || (verb === 'install' && named.length === 0);
      const isFrozen = hasOption(command, '--frozen-lockfile', '--immutable', '--pure-lockfile');
      return isInstall
        ? { tool, isFrozen, omitsDev: hasOption(command, '--production', '--prod'), directory }
        : undefined;
    }
    if (tool === 'pnpm') {
      const isInstall = ['install', 'i'].includes(verb ?? '') && named.length === 0;
      return isInstall
        ? {
            tool,
            isFrozen: hasOption(command, '--frozen-lockfile'),
            omitsDev: hasOption(command, '--prod', '-P', '--production'),
            directory,
          }
        : undefined;
    }
    if (tool === 'bun') {
      const isInstall = ['install', 'i', 'ci'].includes(verb ?? '') && named.length === 0;
      return isInstall
        ? {
            tool,
            isFrozen: hasOption(command, '--frozen-lockfile') || verb === 'ci',
            omitsDev: hasOption(command, '--production', '-p'),
            directory,
          }
        : undefined;
    }
    return undefined;
  },

  manifests: nodeManifests,

  isBuild(command, project, directory) {
    const script = scriptName(command);
    if (script !== undefined) {
      return buildScript.test(script) && !isHarmlessScript(script, project, directory);
    }
    const [program, ...rest] = programWords(command);
    if (program === undefined || !buildTools.includes(program)) {
      return false;
    }
    return ['next', 'nuxt', 'nest', 'ng', 'vite'].includes(program) ? rest[0] === 'build' : true;
  },

  plan: planNode,
};

/** The script that `npm run x`, `yarn x`, `pnpm x` and their like run; undefined for other commands. */
export function scriptName(command: ShellCommand): string | undefined {
  if (!['npm', 'yarn', 'pnpm', 'bun'].includes(command.name ?? '')) {
    return undefined;
  }
  const words = operands(command).map((word) => word.value ?? '');
  const first = words[0];
  if (first === 'run' || first === 'run-script') {
    return words[1];
  }
  if (command.name === 'npm') {
    return ['start', 'test', 'stop', 'restart'].includes(first ?? '') ? first : undefined;
  }
  // yarn, pnpm and bun take a script's name alone, unless it is one of their own commands.
  return first === undefined || ownCommands.includes(first) ? undefined : first;
}

const ownCommands = [
  'install',
  'i',
  'ci',
  'add',
  'remove',
  'global',
  'config',
  'cache',
  'dlx',
  'exec',
  'set',
  'x',
  'prune',
  'store',
];

/** The words of a command with `npx`, `yarn dlx` and the like taken off. */
function programWords(command: ShellCommand): string[] {
  const words = [command.name ?? '', ...knownArgs(command)];
  if (words[0] === 'npx' || words[0] === 'bunx') {
    return words.slice(1).filter((word) => !word.startsWith('-'));
  }
  if (['npm', 'yarn', 'pnpm'].includes(words[0] ?? '') && ['exec', 'dlx'].includes(words[1] ?? '')) {
    return words.slice(2).filter((word) => !word.startsWith('-'));
  }
  return words;
}

/** A script that is there and does nothing worth a stage of its own (`echo`, `true`). */
function isHarmlessScript(script: string, project: Project, directory: string): boolean {
  const text = readNodePackage(project, directory)?.scripts[script];
  return text !== undefined && /^\s*(?:echo\b|true\b|exit 0)/.test(text);
}

function omitsDevInNpm(args: readonly string[]): boolean {
  return args.some((arg) =>
    ['--production', '--omit=dev', '--only=production', '--only=prod', '--production=true'].includes(arg),
  );
}

function optionValue(command: ShellCommand, names: readonly string[]): string | undefined {
  for (const [i, word] of command.args.entries()) {
    for (const name of names) {
      if (word.text.startsWith(`${name}=`)) {
        return word.value?.slice(name.length + 1);
      }
      if (word.text === name) {
        return command.args[i + 1]?.value;
      }
    }
  }
  return undefined;
}

function nodeManifests(install: InstallCommand, project: Project, directory: string): Manifests {
  if (!project.isKnown) {
    const lock = filesOfTool[install.tool]?.[0] ?? '';
    const files = install.tool === 'npm' ? ['package*.json'] : ['package.json', lock];
    return { files, doubts: ['The project’s files are not known.'] };
  }
  const found = readNodePackage(project, directory);
  if (found === undefined) {
    return { files: [], doubts: [], blocker: 'There is no readable package.json where the install runs.' };
  }
  const exists = (name: string): boolean => project.reader.read(joinPath(directory, name)) !== undefined;
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name);
  const files = [
    'package.json',
    ...(filesOfTool[install.tool] ?? []).filter((name) => names.includes(name) || exists(name)),
  ];
  const folders = install.tool === 'yarn' ? ['.yarn'] : [];
  const folderDoubts = folders
    .filter((name) => names.includes(name))
    .map((name) => `The install reads the folder ${name}.`);
  const doubts = [...packageDoubts(found, names), ...folderDoubts];
  if (!files.some((name) => lockFiles.includes(name))) {
    doubts.push('There is no lock file, so that the install may choose other versions.');
  }
  if (!install.isFrozen) {
    doubts.push(`${install.tool} install may rewrite the lock file.`);
  }
  const blocker = blockerOf(found, names, install);
  return { files, doubts, ...(blocker === undefined ? {} : { blocker }) };
}

/** What makes an install impossible with the manifests of one folder alone. */
function blockerOf(
  found: NodePackage,
  names: readonly string[],
  install: InstallCommand,
): string | undefined {
  if (
    found.hasWorkspaces ||
    (install.tool === 'pnpm' && names.includes('pnpm-workspace.yaml') && names.includes('packages'))
  ) {
    return 'The project has workspaces: their package.json files are read as well.';
  }
  if (names.includes('.yarn') && install.tool === 'yarn') {
    return 'Yarn reads its releases and plugins from the folder .yarn.';
  }
  const all = { ...found.dependencies, ...found.devDependencies };
  const local = Object.entries(all).find(([, version]) =>
    /^(?:file|link|portal|workspace|patch):/.test(version),
  );
  return local === undefined ? undefined : `The dependency ${local[0]} is a folder of the project.`;
}

function packageDoubts(found: NodePackage, names: readonly string[]): string[] {
  const doubts: string[] = [];
  const script = lifecycleScripts.find((name) => found.scripts[name] !== undefined);
  if (script !== undefined) {
    doubts.push(`The script “${script}” runs during the install and may read other files.`);
  }
  if (names.includes('patches')) {
    doubts.push('The folder patches may be read during the install.');
  }
  if (names.includes('binding.gyp')) {
    doubts.push('binding.gyp makes the install compile the project’s own code.');
  }
  return doubts;
}
