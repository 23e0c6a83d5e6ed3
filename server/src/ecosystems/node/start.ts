import type { StartCommand } from '../../model/start-command.ts';
import { nameOf } from '../../project/paths.ts';
import { argumentText } from '../../syntax/tree.ts';
import type { ImagePath } from '../../text/path-types.ts';
import { table } from '../../text/table.ts';
import type { Refusal } from '../runtime-plan.ts';
import { nodeManagerOf } from './managers/index.ts';
import type { NodePackage } from './package.ts';
import { isSiteServer, siteServerOf } from './site-servers.ts';
import type { Workspace } from './workspaces.ts';

/** What the start command of a Node.js container comes to when its scripts are followed. */
export interface NodeStart {
  /**
   * `file`: Node.js runs a file. `next`: Next.js serves what it built. `site`: a server of files.
   * `package`: a program of a dependency, which may read anything in the project.
   */
  readonly kind: 'file' | 'next' | 'site' | 'package';
  /** The words that run in the end, programs that only pass signals on left out. */
  readonly words: readonly string[];
  /** The file that is run, for `file`. */
  readonly entry: string | undefined;
  /** True when the words can be written in exec form and need nothing but Node.js. */
  readonly isPlain: boolean;
  /** The package manager that runs a script, where one does. */
  readonly manager: string | undefined;
  /** The package of the project whose script runs; undefined for the project's own. */
  readonly workspace?: Workspace | undefined;
}

/** Options of `node` that take a value as a word of its own. */
const valuedOptions = [
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '--conditions',
  '-C',
  '--env-file',
];

/** One word of a script, or a quoted one. */
const plainScript =
  /^(?:[\w@./:=+,*~-]+|"[^"$`\\]*"|'[^']*')(?:\s+(?:[\w@./:=+,*~-]+|"[^"$`\\]*"|'[^']*'))*$/;

/** Follows the start command through the scripts of package.json to what runs in the end. */
export function resolveStart(
  start: StartCommand,
  root: NodePackage,
  workspaces: readonly Workspace[] = [],
): NodeStart | Refusal {
  let found = root;
  let workspace: Workspace | undefined;
  const shellForm = [start.entrypoint, start.cmd].find((one) => one?.form === 'shell');
  const text = shellForm === undefined ? '' : argumentText(shellForm.step.instruction);
  if (/[;&|<>`(]/.test(text)) {
    return { code: 'start-unknown', reason: 'The start command is more than one plain command.' };
  }
  let words = withoutWrappers(start.words);
  let isPlain = !/\$/.test(text);
  let manager: string | undefined;
  for (let depth = 0; depth < 5; depth++) {
    const named = takeWorkspace(words);
    if (named.name !== undefined) {
      workspace = workspaces.find(
        (one) => one.found.name === named.name || one.directory === named.name?.replace(/^\.\//, ''),
      );
      if (workspace === undefined) {
        return {
          code: 'workspace-layout-unknown',
          reason: `The container starts the package ${named.name}, which is not known.`,
        };
      }
      found = workspace.found;
      words = named.words;
    }
    const script = startScript(words);
    if (script === undefined) {
      break;
    }
    manager ??= words[0];
    const body = found.scripts[script]?.trim();
    if (body === undefined && nameOf(words[0] ?? '') !== 'npm' && isServer(script)) {
      // Yarn, pnpm and Bun run a program of a package by its name as well.
      words = words.slice(words.indexOf(script));
      break;
    }
    if (body === undefined || body === '') {
      return {
        code: 'manifest-unreadable',
        reason: `package.json has no script “${script}”, which the container starts.`,
      };
    }
    if (found.scripts[`pre${script}`] !== undefined) {
      return {
        code: 'start-unknown',
        reason: `The script “pre${script}” runs before each start and may need what is left out.`,
      };
    }
    if (!plainScript.test(body)) {
      return {
        code: 'start-unknown',
        reason: `The start script “${script}” is more than one plain command.`,
      };
    }
    isPlain &&= found.scripts[`post${script}`] === undefined && !hasScriptArguments(words);
    words = splitScript(body);
  }
  const stripped = withoutEnvironment(words);
  isPlain &&= stripped.isPlain;
  const result = classify(stripped.words, found, isPlain, manager);
  return 'reason' in result ? result : { ...result, workspace };
}

/** True for a program that serves what it built, so that no script is meant. */
function isServer(name: string): boolean {
  return name === 'next' || name === 'nuxt' || isSiteServer(name);
}

/** Takes what names a package of the project off a call of a package manager. */
function takeWorkspace(words: readonly string[]): { name: string | undefined; words: readonly string[] } {
  const [program = '', first, second] = words;
  const manager = nameOf(program);
  if (manager === 'yarn' && first === 'workspace' && second !== undefined) {
    return { name: second, words: [program, ...words.slice(3)] };
  }
  const options = nodeManagerOf(manager)?.workspaceOptions ?? [];
  const at = words.findIndex((word) => options.some((one) => word === one || word.startsWith(`${one}=`)));
  const word = words[at];
  if (word === undefined) {
    return { name: undefined, words };
  }
  const isJoined = word.includes('=');
  return {
    name: isJoined ? word.slice(word.indexOf('=') + 1) : words[at + 1],
    words: words.filter((_, i) => i !== at && (isJoined || i !== at + 1)),
  };
}

/** The script that a start command runs through a package manager. */
function startScript(start: readonly string[]): string | undefined {
  const [program, verb, name] = start.filter((word) => !word.startsWith('-'));
  if (nodeManagerOf(nameOf(program ?? '')) === undefined) {
    return undefined;
  }
  if (verb === 'run' || verb === 'run-script') {
    // Bun also runs files this way.
    return nameOf(program ?? '') === 'bun' && /[./]/.test(name ?? '') ? undefined : name;
  }
  return verb === undefined ||
    (program === 'bun' && verb.includes('.')) ||
    ['exec', 'dlx', 'x', 'node'].includes(verb)
    ? undefined
    : verb;
}

/** `npm start -- --port 80`: words of its own come behind those of the script. */
function hasScriptArguments(words: readonly string[]): boolean {
  return words.includes('--');
}

function splitScript(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)].map((match) => match[1] ?? match[2] ?? match[0]);
}

/** Takes `tini --`, `dumb-init`, `exec`, `npx` and the image's own entry point off the front. */
function withoutWrappers(words: readonly string[]): readonly string[] {
  const wrappers = ['tini', 'dumb-init', 'exec', '--', '-g', '-s', 'docker-entrypoint.sh', ...fetchers];
  const first = words.findIndex((word) => !wrappers.includes(nameOf(word)));
  const rest = first < 0 ? [] : words.slice(first);
  const runs = ['npm exec', 'pnpm exec', 'pnpm dlx', 'yarn exec', 'yarn dlx', 'bun x'];
  return runs.includes(`${rest[0]} ${rest[1]}`) ? withoutWrappers(rest.slice(2)) : rest;
}

/** Programs that run a program of a package, with the options that only go with them. */
const fetchers = ['npx', 'bunx', 'pnpx', '-y', '--yes'];

/** Takes `cross-env A=b` and `A=b` off the front; the result is plain only when that says what the final stage says anyway. */
function withoutEnvironment(words: readonly string[]): { words: readonly string[]; isPlain: boolean } {
  const rest = ['cross-env', 'env'].includes(words[0] ?? '') ? words.slice(1) : words;
  const first = rest.findIndex((word) => !/^\w+=/.test(word));
  const assignments = rest.slice(0, Math.max(0, first));
  return {
    words: first < 0 ? [] : rest.slice(first),
    isPlain: assignments.every((one) => one === 'NODE_ENV=production'),
  };
}

function classify(
  words: readonly string[],
  found: NodePackage,
  isPlain: boolean,
  manager: string | undefined,
): NodeStart | Refusal {
  const [program = '', ...rest] = words;
  const name = nameOf(program).replace(/(.)@.*/s, '$1');
  const result = { words, manager, entry: undefined };
  if (name === 'node' || (name === 'bun' && rest[0] !== undefined)) {
    const entry = entryOf(name === 'bun' && rest[0] === 'run' ? rest.slice(1) : rest) ?? found.main;
    return entry === undefined
      ? {
          code: 'start-unknown',
          reason: `The start command \`${words.join(' ')}\` does not name what it runs.`,
        }
      : { ...result, kind: 'file', entry: entry === '.' ? (found.main ?? 'index.js') : entry, isPlain };
  }
  if (['pm2-runtime', 'pm2-docker'].includes(name)) {
    const entry = rest.find((word) => /\.[cm]?js$/.test(word));
    return entry === undefined || /ecosystem|pm2/.test(entry)
      ? { code: 'start-unknown', reason: 'What pm2 starts is not known.' }
      : { ...result, kind: 'file', entry, isPlain: false };
  }
  if (name === 'next') {
    return rest[0] === 'start'
      ? { ...result, words: ['node_modules/.bin/next', ...rest], kind: 'next', isPlain }
      : { code: 'development-server', reason: 'The container starts a development server.' };
  }
  if (siteServerOf(words) !== undefined) {
    return { ...result, kind: 'site', isPlain: false };
  }
  // Nuxt 2 serves with it what `nuxt build` made; later versions call that a preview.
  if (name === 'nuxt' && rest[0] === 'start' && isOfMajor(found.dependencies['nuxt'], 2)) {
    return { ...result, kind: 'package', isPlain: false };
  }
  if (
    ['nodemon', 'ts-node-dev', 'tsx', 'ts-node', 'nest', 'nuxt', 'nuxi', 'astro', 'concurrently'].includes(
      name,
    )
  ) {
    return {
      code: 'development-server',
      reason: `The container starts \`${words.join(' ')}\`, which is a tool for development.`,
    };
  }
  if (found.dependencies[name] !== undefined || isServerOf(name, found)) {
    return { ...result, kind: 'package', isPlain: false };
  }
  return {
    code: 'start-unknown',
    reason: `What the start command \`${words.join(' ')}\` needs is not known.`,
  };
}

/** True for a range that only allows versions of a major one, or of those before it. */
function isOfMajor(range: string | undefined, most: number): boolean {
  const first = /^[~^=v\s]*(\d+)(?:\.|$)/.exec(range ?? '')?.[1];
  return first !== undefined && Number(first) <= most;
}

/** Programs that are named otherwise than the package they come with. */
function isServerOf(name: string, found: NodePackage): boolean {
  const packages: Readonly<Record<string, string>> = table({
    'remix-serve': '@remix-run/serve',
    'react-router-serve': '@react-router/serve',
    strapi: '@strapi/strapi',
    medusa: '@medusajs/medusa',
  });
  return found.dependencies[packages[name] ?? ''] !== undefined;
}

function entryOf(words: readonly string[]): string | undefined {
  return words.find((word, i) => !word.startsWith('-') && !valuedOptions.includes(words[i - 1] ?? ''));
}

/** The file that is run, seen from the project's folder in the image; `''` where none is. */
export function entryFrom({ entry = '' }: NodeStart, workdir: ImagePath): string {
  return entry.startsWith(`${workdir}/`) ? entry.slice(workdir.length + 1) : entry.replace(/^\.\//, '');
}
