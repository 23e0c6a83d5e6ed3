import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { table } from '../../text/table.ts';
import type { ProjectInstall } from '../toolchain.ts';
import { yarnVersion } from './managers/yarn.ts';
import type { NodePackage } from './package.ts';

/** A script that an install runs by itself and that cannot do without a development dependency. */
export interface DevelopmentScript {
  /** Name of the script that the package manager runs. */
  readonly name: string;
  /** The program that would be missing, or the part of the script that is not understood. */
  readonly program: string;
  /** The development dependency that brings it; undefined where that is not known. */
  readonly package: string | undefined;
  /** True where the script only sets up hooks of Git, which an image has no use for. */
  readonly setsUpHooks: boolean;
}

/** Programs that set up hooks of Git, or ask whether to. */
const hookPrograms = [
  ...['husky', 'lefthook', 'simple-git-hooks', 'is-ci', 'pre-commit', 'git-hooks', 'yorkie', 'ghooks'],
  ...['husky-init', 'pinst', 'is-git-repo', 'install-git-hooks', 'lint-staged', 'devmoji'],
];

/** Programs of a package that is called otherwise. */
const packagesOfPrograms: Readonly<Record<string, readonly string[]>> = table({
  tsc: ['typescript'],
  ngcc: ['@angular/compiler-cli'],
  ng: ['@angular/cli'],
  nest: ['@nestjs/cli'],
  'svelte-kit': ['@sveltejs/kit'],
  'run-s': ['npm-run-all', 'npm-run-all2'],
  'run-p': ['npm-run-all', 'npm-run-all2'],
  'graphql-codegen': ['@graphql-codegen/cli'],
  panda: ['@pandacss/dev'],
  'electron-builder': ['electron-builder'],
  nuxi: ['nuxi', 'nuxt'],
  nuxt: ['nuxt'],
  'fumadocs-mdx': ['fumadocs-mdx'],
  'cap-sync': ['@capacitor/cli'],
  'vue-demi-fix': ['vue-demi'],
  babel: ['@babel/cli'],
  swc: ['@swc/cli'],
  wp: ['@wordpress/scripts'],
  'wp-scripts': ['@wordpress/scripts'],
  'allow-scripts': ['@lavamoat/allow-scripts'],
});

/** Programs of the system, and words of the shell, that need no package. */
const system =
  /^(?:node|npm|pnpm|yarn|corepack|echo|printf|true|false|:|exit|cd|cp|mv|rm|mkdir|ln|touch|chmod|cat|test|\[|sh|bash|git|sed|export|set|find)$/;

/**
 * The scripts of a package.json that an install without development dependencies would run all the same, and that need
 * one of these. Scripts whose failure is caught (`husky || true`) need none.
 */
export function developmentScripts(
  found: NodePackage,
  install: ProjectInstall,
  project: Project,
  directory: ContextPath,
): DevelopmentScript[] {
  const settings = project.reader.read(joinPath(directory, '.npmrc')) ?? '';
  const isOff =
    hasOption(install.command, '--ignore-scripts') ||
    /^[ \t]*ignore-scripts[ \t]*=[ \t]*true[ \t]*$/m.test(settings);
  return isOff
    ? []
    : scriptsOf(install, project, directory).flatMap((name) => {
        const text = found.scripts[name];
        const needed = text === undefined ? undefined : neededBy(text, found, project, directory, 0);
        return needed === undefined ? [] : [{ ...needed, name }];
      });
}

/** The scripts that a package manager runs with an install that leaves development dependencies out. */
function scriptsOf({ tool }: ProjectInstall, project: Project, directory: ContextPath): readonly string[] {
  const common = ['preinstall', 'install', 'postinstall'];
  // Tried with npm 10, pnpm 9.4 and Yarn 1.22.22: Yarn leaves `prepare` out with --production, and from 2 on always.
  return tool === 'yarn' && yarnVersion(project, directory) !== undefined
    ? common
    : [...common, 'preprepare', 'prepare', 'postprepare'];
}

/** Scripts that call scripts are followed this far. */
const deepest = 4;

type Needed = Omit<DevelopmentScript, 'name'>;

function neededBy(
  text: string,
  found: NodePackage,
  project: Project,
  directory: ContextPath,
  depth: number,
): Needed | undefined {
  const needs = text.split(/&&|;|\n/).flatMap((chain) => {
    const ways = chain.split('||').map((way) => way.trim());
    // The last way decides: `husky || true` cannot fail.
    if (ways.length > 1 && /^(?:true|:|exit 0|echo\b.*|node -e ["']{2})$/.test(ways.at(-1) ?? '')) {
      return [];
    }
    return ways.flatMap((way) => neededByCommand(way, found, project, directory, depth) ?? []);
  });
  const first = needs.find((one) => !one.setsUpHooks) ?? needs[0];
  return first === undefined
    ? undefined
    : { ...first, setsUpHooks: needs.every((one) => one.setsUpHooks) && onlyHooks(text, found, 0) };
}

/** True where a script does nothing beside setting up hooks. */
function onlyHooks(text: string, found: NodePackage, depth: number): boolean {
  return text.split(/&&|\|\||;|\n/).every((part) => {
    const { program, rest } = programOf(part.trim().split(/\s+/));
    const script = program === undefined ? undefined : calledScript(program, rest, found);
    if (script !== undefined) {
      return depth < deepest && onlyHooks(script, found, depth + 1);
    }
    return (
      program === undefined ||
      hookPrograms.includes(program) ||
      /^(?:echo|true|:|exit|cd|test|\[|git)$/.test(program)
    );
  });
}

function neededByCommand(
  text: string,
  found: NodePackage,
  project: Project,
  directory: ContextPath,
  depth: number,
): Needed | undefined {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const { program, rest, isFetched } = programOf(words);
  if (program === undefined || isFetched) {
    return undefined;
  }
  const script = calledScript(program, rest, found);
  if (script !== undefined) {
    return depth < deepest ? neededBy(script, found, project, directory, depth + 1) : undefined;
  }
  if (program === 'node') {
    return loadsDevelopment(rest, found, project, directory);
  }
  if (system.test(program)) {
    return undefined;
  }
  const packages = [program, ...(packagesOfPrograms[program] ?? [])];
  const declared = packages.find((name) => found.devDependencies[name] !== undefined);
  const isThere = packages.some((name) => found.dependencies[name] !== undefined);
  return isThere ? undefined : { program, package: declared, setsUpHooks: hookPrograms.includes(program) };
}

/** The program that words start, with what only starts it taken off; `npx --yes x` fetches what is missing. */
function programOf(words: readonly string[]): {
  readonly program: string | undefined;
  readonly rest: readonly string[];
  readonly isFetched: boolean;
} {
  let at = 0;
  let isFetched = false;
  while (at < words.length) {
    const word = words[at] ?? '';
    if (/^\w+=/.test(word) || ['cross-env', 'env', 'exec', 'time', '!'].includes(word)) {
      at++;
    } else if (['npx', 'bunx', 'pnpx'].includes(word)) {
      at++;
      isFetched ||= words[at]?.startsWith('only-allow') === true;
      while (words[at]?.startsWith('-') === true) {
        isFetched ||= /^(?:-y|--yes)$/.test(words[at] ?? '');
        at++;
      }
    } else if (/^(?:npm|pnpm|yarn)$/.test(word) && ['exec', 'dlx'].includes(words[at + 1] ?? '')) {
      isFetched ||= words[at + 1] === 'dlx';
      at += words[at + 2] === '--' ? 3 : 2;
    } else {
      break;
    }
  }
  const program = words[at]?.replace(/^["']|["']$/g, '').replace(/^(?:\.\/)?node_modules\/\.bin\//, '');
  return { program, rest: words.slice(at + 1), isFetched };
}

/** The text of the script that `npm run x`, `yarn x` and the like call. */
function calledScript(program: string, rest: readonly string[], found: NodePackage): string | undefined {
  if (!/^(?:npm|pnpm|yarn|bun)$/.test(program)) {
    return undefined;
  }
  const names = rest.filter((word) => !word.startsWith('-'));
  return found.scripts[(names[0] === 'run' || names[0] === 'run-script' ? names[1] : names[0]) ?? ''];
}

/** A file that Node.js runs and that loads a development dependency at its top. */
function loadsDevelopment(
  words: readonly string[],
  found: NodePackage,
  project: Project,
  directory: ContextPath,
): Needed | undefined {
  const file = words.find((word) => !word.startsWith('-'))?.replace(/^\.\//, '');
  const isText = words.some((word) => /^-[ep]|^--(?:eval|print)$/.test(word));
  const names = isText || file === undefined ? [] : [file, `${file}.js`, `${file}/index.js`];
  const text = names
    .map((name) => project.reader.read(joinPath(directory, name)))
    .find((one) => one !== undefined);
  if (text === undefined) {
    return undefined;
  }
  const loaded = [...text.matchAll(/\b(?:require\(\s*|from\s+|import\s+|import\(\s*)["']([^"'.][^"']*)["']/g)]
    .map((match) =>
      (match[1] ?? '')
        .split('/')
        .slice(0, match[1]?.startsWith('@') === true ? 2 : 1)
        .join('/'),
    )
    .find((name) => found.devDependencies[name] !== undefined && found.dependencies[name] === undefined);
  const isCaught = /\btry\s*\{/.test(text);
  return loaded === undefined || isCaught
    ? undefined
    : { program: file ?? 'node', package: loaded, setsUpHooks: hookPrograms.includes(loaded) };
}
