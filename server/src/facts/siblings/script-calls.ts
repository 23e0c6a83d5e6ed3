import { nameOf } from '../../project/paths.ts';
import { table } from '../../text/table.ts';
import type { NamedScript, ProjectScripts } from './project-scripts.ts';

/** What a command runs besides itself. */
export interface ScriptCalls {
  /** The command that it only wraps. */
  readonly inner?: readonly string[];
  /** Shell text that it runs. */
  readonly calls?: readonly NamedScript[];
  /** A script of the project that it starts. */
  readonly path?: string;
  /** Files whose text it reads as its instructions. */
  readonly reads?: readonly string[];
  /** True where it starts a script of the project that cannot be found. */
  readonly isMissing?: boolean;
}

/** Programs that start the command behind them; with a verb, only where that follows. */
const wrappers: Readonly<Record<string, readonly string[]>> = table({
  tini: [],
  'dumb-init': [],
  catatonit: [],
  'cross-env': [],
  'cross-env-shell': [],
  dotenv: [],
  'env-cmd': [],
  npx: [],
  bunx: [],
  'xvfb-run': [],
  nyc: [],
  c8: [],
  dockerize: [],
  bundle: ['exec'],
  poetry: ['run'],
  uv: ['run'],
  uvx: [],
  pipenv: ['run'],
  pdm: ['run'],
  hatch: ['run'],
  rye: ['run'],
  pixi: ['run'],
  conda: ['run'],
  micromamba: ['run'],
  doppler: ['run'],
  npm: ['exec', 'x'],
  pnpm: ['exec', 'dlx'],
  yarn: ['exec', 'dlx'],
});

const nodeManagers = ['npm', 'yarn', 'pnpm', 'bun'];
const taskRunners = [
  'turbo',
  'nx',
  'lerna',
  'npm-run-all',
  'npm-run-all2',
  'run-s',
  'run-p',
  'concurrently',
  'wsrun',
  'wireit',
  'moon',
];
const interpreters =
  /^(?:sh|bash|dash|ash|zsh|ksh|source|\.|node|nodejs|tsx|ts-node|bun|deno|python[\d.]*|pypy3?|ruby|perl|php|Rscript|pwsh|groovy|julia|lua|elixir|escript)$/;
/** Wrapper scripts of build tools, and generated ones: what they call is known, or beyond reading. */
const toolScripts = /^(?:mvnw|gradlew|configure|autogen\.sh|manage\.py|artisan|console|rails|bundle)$/;
const lifecycle = ['preinstall', 'install', 'postinstall', 'prepare', 'dependencies'];
const makefiles = /(?:^|\/)(?:GNUmakefile|[Mm]akefile|[\w-]+\.mk)$/;
const taskFiles: Readonly<Record<string, RegExp>> = table({
  just: /(?:^|\/)\.?[Jj]ustfile$/,
  task: /(?:^|\/)[Tt]askfile\.ya?ml$/,
  rake: /(?:^|\/)(?:[Rr]akefile|[\w-]+\.rake)$/,
  invoke: /(?:^|\/)tasks\.py$/,
  inv: /(?:^|\/)tasks\.py$/,
  mage: /(?:^|\/)magefile\.go$/,
  earthly: /(?:^|\/)Earthfile$/,
  poe: /(?:^|\/)pyproject\.toml$/,
  tox: /(?:^|\/)tox\.ini$/,
  nox: /(?:^|\/)noxfile\.py$/,
});

/** Options of package managers and interpreters that take their value as a word of its own. */
const valued =
  /^(?:--prefix|-C|--filter|-F|-w|--workspace|--cwd|--dir|-r|--require|--import|--loader|--env-file|-W|-X|--project)$/;

/** Works out what a command runs besides itself. */
export function scriptCalls(words: readonly string[], scripts: ProjectScripts): ScriptCalls {
  const [first = '', ...rest] = words;
  const name = nameOf(first);
  const inner = unwrapped(name, rest);
  if (inner !== undefined) {
    return { inner };
  }
  const operands = operandsOf(rest);
  if (nodeManagers.includes(name) && !(name === 'bun' && /\.[cm]?[jt]sx?$/.test(operands[0] ?? ''))) {
    return packageCalls(name, operands, rest, scripts);
  }
  if (taskRunners.includes(name)) {
    const names = operands.flatMap((word) => word.replace(/^(?:npm|yarn|pnpm|bun):/, '').split(/[\s,]+/));
    return {
      calls: names.flatMap((one) => [
        ...scripts.ofPackage(one),
        ...scripts.ofPackage(one.split(':').at(-1) ?? ''),
      ]),
    };
  }
  if (name === 'composer') {
    const script = operands[0] === 'run' || operands[0] === 'run-script' ? operands[1] : operands[0];
    const hooks = ['install', 'update'].includes(script ?? '')
      ? [`post-${script}-cmd`, 'post-autoload-dump', `pre-${script}-cmd`]
      : [];
    return { calls: [script ?? '', ...hooks].flatMap((one) => scripts.ofComposer(one)) };
  }
  if (name === 'make' || name === 'gmake') {
    return makeCalls(operands, rest, scripts);
  }
  const tasks = Object.hasOwn(taskFiles, name) ? taskFiles[name] : undefined;
  if (tasks !== undefined) {
    return { reads: scripts.named(tasks).slice(0, 20) };
  }
  return fileCall(first, name, operands, rest, scripts);
}

function unwrapped(name: string, words: readonly string[]): readonly string[] | undefined {
  const verbs = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  const start =
    verbs === undefined ? -1 : verbs.length === 0 ? 0 : words.findIndex((word) => verbs.includes(word)) + 1;
  if (start < 0 || (verbs !== undefined && verbs.length > 0 && start === 0)) {
    return undefined;
  }
  const behind = words.slice(start);
  const at = behind.findIndex((word) => !word.startsWith('-') && !/^\w+=/.test(word));
  return at < 0 ? undefined : behind.slice(at);
}

/** The words that are neither options nor their values. */
function operandsOf(words: readonly string[]): string[] {
  return words.filter(
    (word, i) => !word.startsWith('-') && !valued.test(words[i - 1] ?? '') && !/^\w+=/.test(word),
  );
}

function packageCalls(
  name: string,
  operands: readonly string[],
  rest: readonly string[],
  scripts: ProjectScripts,
): ScriptCalls {
  const words = /^workspaces?$/.test(operands[0] ?? '')
    ? operands.slice(operands[0] === 'workspace' ? 2 : 1)
    : operands;
  const [verb = name === 'yarn' ? 'install' : '', ...behind] = words.filter(
    (word) => !/^(?:foreach|recursive)$/.test(word),
  );
  if (/^(?:run|run-script|rum|urn)$/.test(verb)) {
    return { calls: scripts.ofPackage(behind[0] ?? '') };
  }
  if (/^(?:ci|clean-install|i|install|add|rebuild|deploy|isntall|in)$/.test(verb)) {
    const isSilent = rest.includes('--ignore-scripts');
    return { calls: isSilent ? [] : lifecycle.flatMap((one) => scripts.ofPackage(one)) };
  }
  const script = /^(?:t|tst)$/.test(verb) ? 'test' : verb;
  const calls = scripts.ofPackage(script);
  return calls.length > 0 || name === 'npm' || verb === '' ? { calls } : { inner: [verb, ...behind] };
}

/** The recipes of the targets and of what they need, and the whole text for what is worked out at the start. */
function makeCalls(
  operands: readonly string[],
  rest: readonly string[],
  scripts: ProjectScripts,
): ScriptCalls {
  const named = rest.flatMap((word, i) =>
    /^(?:-f|--file|--makefile)$/.test(rest[i - 1] ?? '') ? [word] : [],
  );
  const files = [...named.flatMap((word) => scripts.find(word) ?? []), ...scripts.named(makefiles)].slice(
    0,
    20,
  );
  const calls: NamedScript[] = [];
  for (const file of files) {
    const recipes = recipesOf(scripts.read(file) ?? '');
    const wanted =
      operands.length > 0
        ? [...operands]
        : [...recipes.keys()].filter((target) => !target.startsWith('.')).slice(0, 1);
    for (let i = 0; i < wanted.length && i < 200; i++) {
      const recipe = recipes.get(wanted[i] ?? '');
      wanted.push(...(recipe?.needs ?? []).filter((need) => !wanted.includes(need)));
      calls.push(...(recipe?.lines ?? []).map((text) => ({ file, text })));
    }
  }
  // Recipes of other targets are not run; what stands outside of recipes always is.
  const settings = files.flatMap((file) => {
    const shell = (scripts.read(file) ?? '').matchAll(/\$\(shell ([^\n]*)\)|^[ \w]+!=([^\n]*)$/gm);
    return [...shell].map(([, one, other]) => ({ file, text: one ?? other ?? '' }));
  });
  return { calls: [...settings, ...calls] };
}

interface Recipe {
  readonly needs: string[];
  readonly lines: string[];
}

function recipesOf(text: string): Map<string, Recipe> {
  const recipes = new Map<string, Recipe>();
  let open: Recipe[] = [];
  for (const line of text
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .slice(0, 5000)) {
    if (line.startsWith('\t')) {
      const command = line
        .trim()
        .replace(/^[@+-]+/, '')
        .replace(/\$\$/g, '$')
        .replace(/\$\(MAKE\)/g, 'make');
      for (const recipe of open) {
        recipe.lines.push(command);
      }
      continue;
    }
    const colon = line.indexOf(':');
    if (colon <= 0 || line.startsWith('#') || line[colon + 1] === '=' || line.slice(0, colon).includes('=')) {
      open = line.trim() === '' || line.startsWith('#') ? open : [];
      continue;
    }
    const needs = (line.slice(colon + 1).split(';')[0] ?? '')
      .replace(/^[:|]/, '')
      .split(/[\s|]+/)
      .filter((word) => word !== '');
    open = line
      .slice(0, colon)
      .split(/\s+/)
      .filter((word) => word !== '')
      .map((target) => {
        const recipe = recipes.get(target) ?? { needs: [], lines: [] };
        recipe.needs.push(...needs);
        recipes.set(target, recipe);
        return recipe;
      });
  }
  return recipes;
}

function fileCall(
  first: string,
  name: string,
  operands: readonly string[],
  rest: readonly string[],
  scripts: ProjectScripts,
): ScriptCalls {
  const isInterpreter = interpreters.test(name);
  const isInline = isInterpreter && /^-(?:\w*[ce]|m|p|-eval|-print)$/.test(rest[0] ?? '');
  const word = isInterpreter ? operands.find((one) => one !== 'run') : first;
  if (word === undefined || isInline || toolScripts.test(nameOf(word)) || /[$*{]/.test(word)) {
    return {};
  }
  // A bare name is a program of the image, unless it has an ending that a script has.
  if (!isInterpreter && !word.includes('/') && !/\.(?:sh|bash|py|js|ts|rb|pl|php)$/.test(word)) {
    return {};
  }
  const path = scripts.find(word);
  if (path !== undefined) {
    return { path };
  }
  // Programs that the build makes are no scripts, and what lies elsewhere in the image came with it.
  const isScript = /\.(?:sh|bash)$/.test(word) && !word.startsWith('/');
  return isScript ? { isMissing: true } : {};
}
