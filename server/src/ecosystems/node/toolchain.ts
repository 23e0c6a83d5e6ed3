import type { CommandStep } from '../../model/commands.ts';
import { type Project, unknownProject } from '../../project/project.ts';
import { knownArgs, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Toolchain } from '../toolchain.ts';
import { nodeFrameworks } from './frameworks.ts';
import { nodeManagerOf, nodeManagers } from './managers/index.ts';
import { nodeManifests } from './manifests.ts';
import { readNodePackage } from './package.ts';
import { operandsWithoutValues } from './words.ts';

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

  managers: nodeManagers,
  frameworks: nodeFrameworks,
  projectFiles: ['package.json', 'tsconfig*.json'],

  readInstall: (command) => nodeManagerOf(command.name)?.parseInstall(command),

  manifests: nodeManifests,

  development(at, install, project, directory) {
    const option = nodeManagers.find((one) => one.id === install.tool)?.omitDevelopment;
    const names = Object.keys(readNodePackage(project, directory)?.devDependencies ?? {});
    const isOmitted = install.omitsDev || isProduction(at);
    return option === undefined || names.length === 0 || isOmitted ? undefined : { names, option };
  },

  isBuild(command, project, directory) {
    const script = scriptName(command);
    const binary = script === undefined ? undefined : calledByName(command, script, project, directory);
    if (script !== undefined && binary === undefined) {
      return buildScript.test(script) && !isHarmlessScript(script, project, directory);
    }
    const [program, ...rest] = binary ?? programWords(command);
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

  caches(at, traits, project = unknownProject) {
    const manager = nodeManagerOf(at.command.name);
    return manager?.parseInstall(at.command) === undefined ? [] : manager.caches(at, traits, project);
  },
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

/** The script that `npm run x`, `yarn x`, `pnpm x` and their like run; undefined for other commands. */
export function scriptName(command: ShellCommand): string | undefined {
  const manager = nodeManagerOf(command.name);
  const words = operandsWithoutValues(command).map((word) => word.value ?? '');
  return words[0] === 'run' || words[0] === 'run-script' ? manager && words[1] : manager?.scriptOf(words);
}

/**
 * The words of a program of a package that a manager runs by its name, where package.json has no script of that name:
 * `yarn run next build`, `pnpm tsc`. npm runs scripts alone.
 */
function calledByName(
  command: ShellCommand,
  name: string,
  project: Project,
  directory: ContextPath,
): string[] | undefined {
  const scripts = readNodePackage(project, directory)?.scripts;
  const words = operandsWithoutValues(command).map((word) => word.value ?? '');
  const at = words.indexOf(name);
  const isTool = buildTools.includes(name) && command.name !== 'npm';
  return !isTool || scripts === undefined || scripts[name] !== undefined || at < 0
    ? undefined
    : words.slice(at);
}

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
function isHarmlessScript(script: string, project: Project, directory: ContextPath): boolean {
  const text = readNodePackage(project, directory)?.scripts[script];
  return text !== undefined && /^\s*(?:echo\b|true\b|exit 0)/.test(text);
}
