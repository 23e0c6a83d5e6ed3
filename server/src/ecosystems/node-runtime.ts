import { parse as parseJsonc } from 'jsonc-parser';
import type { Project } from '../project/project.ts';
import { joinPath, type NodePackage, readNodePackage } from './node-package.ts';
import type { Refusal } from './runtime-plan.ts';

/** What a built Node.js project needs to run. */
export interface NodeRuntime {
  /** Folders and files to take from the builder, relative to the project's folder; what the build writes comes first. */
  readonly outputs: readonly string[];
  /** The start command in exec form, where a script names a plain one. */
  readonly start: readonly string[] | undefined;
  /** What was concluded, and from what. */
  readonly assumptions: readonly string[];
}

/** Folders that programs read at run time by their usual names. */
const runtimeFolders = [
  'public',
  'static',
  'views',
  'templates',
  'assets',
  'locales',
  'i18n',
  'migrations',
  'prisma',
  'config',
  'drizzle',
  'bin',
];

/** Folders that are sources, tests or tools by their usual names. */
const buildFolders = [
  'src',
  'test',
  'tests',
  '__tests__',
  'spec',
  'e2e',
  'cypress',
  'docs',
  'doc',
  'coverage',
  'node_modules',
  'types',
  'typings',
  'scripts',
  'tools',
  'examples',
  'example',
];

const words = /^[\w@./:=+-]+(?:\s+[\w@./:=+-]+)*$/;

/**
 * Works out what a Node.js project needs at run time: from its start script, its build script and the compiler's
 * configuration. `startWords` is the container's start command.
 */
export function readNodeRuntime(
  project: Project,
  directory: string,
  startWords: readonly string[],
): NodeRuntime | Refusal {
  const found = readNodePackage(project, directory);
  if (found === undefined) {
    return { reason: 'package.json could not be read.' };
  }
  const script = startScript(startWords);
  const command = script === undefined ? startWords : scriptWords(found, script);
  if (command === undefined || command.length === 0) {
    return { reason: `The start script “${script}” is more than one plain command.` };
  }
  const resolved = resolveStart(found, command);
  if (resolved === undefined) {
    return { reason: `The start command \`${command.join(' ')}\` does not name what it runs.` };
  }
  const output = resolved.tool === 'next' ? '.next' : outputFolder(found, project, directory, resolved.entry);
  if (output === undefined) {
    return { reason: `It is not known which folder \`${found.scripts['build'] ?? 'the build'}\` writes to.` };
  }
  const extras = runtimeExtras(project, directory, output, resolved.tool);
  const hooks =
    script !== undefined && (found.scripts[`pre${script}`] ?? found.scripts[`post${script}`]) !== undefined;
  return {
    outputs: [output, ...extras],
    start: script !== undefined && !hooks && resolved.isPlain ? command : undefined,
    assumptions: [
      `The build writes to ${output}.`,
      ...(extras.length === 0 ? [] : [`At run time the program also reads ${extras.join(', ')}.`]),
    ],
  };
}

/** The script that a start command runs through a package manager. */
export function startScript(start: readonly string[]): string | undefined {
  const [program, verb, name] = start.filter((word) => !word.startsWith('-'));
  if (!['npm', 'yarn', 'pnpm', 'bun'].includes(program ?? '')) {
    return undefined;
  }
  if (verb === 'run' || verb === 'run-script') {
    return name;
  }
  return program === 'bun' && verb !== undefined && verb.includes('.') ? undefined : verb;
}

function scriptWords(found: NodePackage, script: string): string[] | undefined {
  const text = found.scripts[script]?.trim();
  return text === undefined || !words.test(text) ? undefined : text.split(/\s+/);
}

/** What a start command runs: a file of the project, or a server that a framework brings. */
function resolveStart(
  found: NodePackage,
  command: readonly string[],
): { entry: string | undefined; tool: string | undefined; isPlain: boolean } | undefined {
  const program = (command[0] ?? '').replace(/^.*\//, '');
  if (program === 'next' && command[1] === 'start') {
    return { entry: undefined, tool: 'next', isPlain: false };
  }
  if (program === 'node' || program === 'bun') {
    const entry = command.slice(1).find((word) => !word.startsWith('-')) ?? found.main;
    return entry === undefined ? undefined : { entry, tool: undefined, isPlain: true };
  }
  return undefined;
}

/** The folder that the build writes, seen from the file that is started. */
function outputFolder(
  found: NodePackage,
  project: Project,
  directory: string,
  entry: string | undefined,
): string | undefined {
  const path = (entry ?? '').replace(/^(?:\.\/|\/[\w-]+\/(?=[\w-]+\/))/, '');
  const top = path.includes('/') ? path.slice(0, path.indexOf('/')) : undefined;
  const configured = compilerOutput(project, directory);
  if (top === undefined) {
    return undefined;
  }
  const isConfigured = configured === top || Object.values(found.scripts).some((text) => text.includes(top));
  const isSource = buildFolders.includes(top) || trackedFolder(project, directory, top);
  return isConfigured || !isSource ? top : undefined;
}

/** True for a folder that holds sources rather than what a build wrote: it has TypeScript files, or is not ignored by git. */
function trackedFolder(project: Project, directory: string, name: string): boolean {
  const entries = project.reader.list(joinPath(directory, name));
  if (entries === undefined) {
    return false;
  }
  const ignored = project.reader.read('.gitignore') ?? '';
  return !new RegExp(`^/?${name.replace(/[^\w-]/g, '\\$&')}/?\\s*$`, 'm').test(ignored);
}

/** `outDir` of the TypeScript configuration. */
function compilerOutput(project: Project, directory: string): string | undefined {
  for (const name of ['tsconfig.build.json', 'tsconfig.json']) {
    const text = project.reader.read(joinPath(directory, name));
    const json: unknown = text === undefined ? undefined : parseJsonc(text);
    const options = (json as { compilerOptions?: { outDir?: unknown } } | undefined)?.compilerOptions;
    if (typeof options?.outDir === 'string') {
      return options.outDir.replace(/^\.\//, '').replace(/\/.*$/, '');
    }
  }
  return undefined;
}

/** Other folders of the project that are read at run time: by their usual name, or because a source names them. */
function runtimeExtras(
  project: Project,
  directory: string,
  output: string,
  tool: string | undefined,
): string[] {
  const entries = project.reader.list(directory) ?? [];
  const folders = entries
    .filter((entry) => entry.kind === 'directory' && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => name !== output && !buildFolders.includes(name));
  const sources = readSources(project, directory);
  const used = folders.filter(
    (name) =>
      runtimeFolders.includes(name) ||
      new RegExp(`['"\`/]${name.replace(/[^\w-]/g, '\\$&')}['"\`/]`).test(sources),
  );
  const files =
    tool === 'next'
      ? entries.map((entry) => entry.name).filter((name) => /^next\.config\.\w+$/.test(name))
      : [];
  return [...used, ...files];
}

const mostSources = 40;

/** The text of a bounded number of source files, to see which folders they name. */
function readSources(project: Project, directory: string): string {
  const folders = ['', 'src', 'src/config', 'src/lib', 'server', 'app', 'lib'];
  const texts: string[] = [];
  for (const folder of folders) {
    const path = folder === '' ? directory : joinPath(directory, folder);
    for (const entry of project.reader.list(path) ?? []) {
      if (texts.length < mostSources && entry.kind === 'file' && /\.[cm]?[jt]sx?$/.test(entry.name)) {
        texts.push(project.reader.read(joinPath(path, entry.name)) ?? '');
      }
    }
  }
  return texts.join('\n');
}
