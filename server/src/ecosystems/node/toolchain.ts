import type { ImageTraits } from '../../images/knowledge.ts';
import type { CommandStep } from '../../model/commands.ts';
import { type Project, unknownProject } from '../../project/project.ts';
import { hasOption, knownArgs, operands, type ShellCommand } from '../../syntax/shell/script.ts';
import type { CacheTarget, Toolchain } from '../toolchain.ts';
import { nodeManifests } from './manifests.ts';
import { readNodePackage, yarnVersion } from './package.ts';

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
  'gulp',
  'grunt',
  'nx',
  'turbo',
  'lerna',
  'rspack',
  'tsdown',
];

/** Those that do many things, of which only `build` makes something. */
const buildVerbs = ['next', 'nuxt', 'nest', 'ng', 'vite', 'nx', 'turbo', 'lerna', 'rspack'];

export const nodeToolchain: Toolchain = {
  id: 'node',
  title: 'Node.js',
  dependencyFolder: 'node_modules',

  readInstall(command) {
    const args = knownArgs(command);
    const tool = command.name;
    const directory = optionValue(command, tool === 'pnpm' ? ['-C', '--dir'] : ['--prefix', '--cwd']);
    const [verb, ...rest] = operandsWithoutValues(command).map((word) => word.value);
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
      // `focus` installs what one package of the project needs, always as the lock file says.
      const isFocus = verb === 'workspaces' && rest[0] === 'focus';
      const isInstall = verb === undefined || isFocus || (verb === 'install' && named.length === 0);
      const isFrozen = isFocus || hasOption(command, '--frozen-lockfile', '--immutable', '--pure-lockfile');
      return isInstall
        ? { tool, isFrozen, omitsDev: isOn(command, '--production', '--prod'), directory }
        : undefined;
    }
    if (tool === 'pnpm') {
      const isInstall = ['install', 'i'].includes(verb ?? '') && named.length === 0;
      return isInstall
        ? {
            tool,
            isFrozen: hasOption(command, '--frozen-lockfile'),
            omitsDev: isOn(command, '--prod', '-P', '--production'),
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
            omitsDev: isOn(command, '--production', '-p'),
            directory,
          }
        : undefined;
    }
    return undefined;
  },

  manifests: nodeManifests,

  development(at, install, project, directory) {
    const option = productionOptions[install.tool];
    const names = Object.keys(readNodePackage(project, directory)?.devDependencies ?? {});
    const isOmitted = install.omitsDev || isProduction(at);
    return option === undefined || names.length === 0 || isOmitted ? undefined : { names, option };
  },

  isBuild(command, project, directory) {
    const script = scriptName(command);
    if (script !== undefined) {
      return buildScript.test(script) && !isHarmlessScript(script, project, directory);
    }
    const [program, ...rest] = programWords(command);
    if (program === undefined || !buildTools.includes(program)) {
      return false;
    }
    const verbs = rest.filter((word) => word !== 'run');
    return buildVerbs.includes(program) ? verbs[0] === 'build' : true;
  },

  isProjectCommand(command) {
    const tools = ['npm', 'npx', 'yarn', 'pnpm', 'pnpx', 'bun', 'bunx', 'corepack', 'node', 'prisma', 'tsx'];
    return tools.includes(command.name ?? '') || buildTools.includes(command.name ?? '');
  },

  caches: nodeCaches,
};

/** True for an option that is given, and not with the value `false`. */
function isOn(command: ShellCommand, ...names: readonly string[]): boolean {
  return hasOption(command, ...names) && !command.args.some(({ text }) => /^--\w+=(?:false|0)$/.test(text));
}

/** How each package manager leaves development dependencies out. */
const productionOptions: Readonly<Record<string, string>> = {
  npm: '--omit=dev',
  yarn: '--production',
  pnpm: '--prod',
  bun: '--production',
};

/** True where `NODE_ENV` makes an install leave development dependencies out, or may do so. */
function isProduction(at: CommandStep): boolean {
  const own = at.command.assignments.find((one) => one.name === 'NODE_ENV');
  const { variables } = at.step.before;
  return (
    own?.value === 'production' ||
    (variables.has('NODE_ENV') && (variables.get('NODE_ENV') ?? 'production') === 'production')
  );
}

/** Where the package managers of Node.js keep what they fetched. */
function nodeCaches(
  { command, step }: CommandStep,
  _traits: ImageTraits | undefined,
  project: Project = unknownProject,
): CacheTarget[] {
  if (nodeToolchain.readInstall(command) === undefined) {
    return [];
  }
  switch (command.name) {
    case 'npm':
      return [{ path: '/root/.npm' }];
    case 'yarn': {
      const version = yarnVersion(project, '');
      const configuration = project.reader.read('.yarnrc.yml') ?? '';
      if (version === 1 && !hasOption(command, '--immutable')) {
        return [{ path: '/usr/local/share/.cache/yarn', sharing: 'locked' }];
      }
      // Yarn 4 keeps one cache for all projects, unless it is told otherwise; with Plug’n’Play the program runs from it.
      const isKept =
        /^nodeLinker:\s*["']?node-modules/m.test(configuration) &&
        !/^enableGlobalCache:\s*false/m.test(configuration);
      return version !== undefined && version >= 4 && isKept
        ? [{ path: '/root/.yarn/berry/cache', sharing: 'locked' }]
        : [];
    }
    case 'pnpm': {
      const home = step.before.environment.get('PNPM_HOME') ?? '/root/.local/share/pnpm';
      return [{ id: 'pnpm', path: `${home}/store` }];
    }
    case 'bun':
      return [{ path: '/root/.bun/install/cache' }];
    default:
      return [];
  }
}

/** The script that `npm run x`, `yarn x`, `pnpm x` and their like run; undefined for other commands. */
export function scriptName(command: ShellCommand): string | undefined {
  if (!['npm', 'yarn', 'pnpm', 'bun'].includes(command.name ?? '')) {
    return undefined;
  }
  const words = operandsWithoutValues(command).map((word) => word.value ?? '');
  const first = words[0];
  if (first === 'run' || first === 'run-script') {
    return words[1];
  }
  if (command.name === 'yarn' && (first === 'workspace' || first === 'workspaces')) {
    const script = words.slice(2).find((word) => word !== 'run');
    return script === 'install' || script === 'focus' ? undefined : script;
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
    [
      '--production',
      '--prod',
      '--omit=dev',
      '--only=production',
      '--only=prod',
      '--production=true',
    ].includes(arg),
  );
}

/** The operands, the values of options that take one as a word of its own left out. */
function operandsWithoutValues(command: ShellCommand): ReturnType<typeof operands> {
  return operands(command).filter((word) => {
    const before = command.args[command.args.indexOf(word) - 1]?.text ?? '';
    return !valuedOptions.includes(before);
  });
}

const valuedOptions = [
  '--workspace',
  '--prefix',
  '--cwd',
  '-C',
  '--dir',
  '--registry',
  '--network-timeout',
  '--network-concurrency',
  '--loglevel',
  '--cache',
  '--cache-folder',
  '--omit',
  '--filter',
  '-F',
  '--mutex',
];

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
