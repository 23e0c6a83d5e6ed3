import { directoryOf, joinPath, nameOf, resolvePath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoize } from '../../text/memoize.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import type { LoadedForDevelopment } from '../toolchain.ts';
import type { NodePackage } from './package.ts';
import { entryFrom, type NodeStart } from './start.ts';

/** Files of the program that are followed at most. */
const mostFiles = 300;

/** What packs a program and the packages it loads into one file, so that they are not loaded when it runs. */
const bundlers =
  /\b(?:vite|webpack|esbuild|rollup|rolldown|rspack|tsup|tsdown|ncc|parcel|unbuild|microbundle|next|nuxt|nuxi|astro|remix|react-router|svelte-kit|bun build|turbopack)\b/;

const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.tsx', '.jsx', '.json'];

/**
 * The development dependencies that a program loads, followed from the file that Node.js starts through the project's own
 * files. Undefined where there are none, and where the sources of the program are not found or are bundled. What only
 * happens outside of production, by NODE_ENV, does not count where the program runs in production; nor does a `try`.
 */
export function loadedForDevelopment(
  project: Project,
  directory: ContextPath,
  workdir: ImagePath,
  start: NodeStart,
  found: NodePackage,
  isProduction: boolean,
): LoadedForDevelopment | undefined {
  const names = Object.keys(found.devDependencies).filter((name) => found.dependencies[name] === undefined);
  if (start.kind !== 'file' || start.entry === undefined || names.length === 0) {
    return undefined;
  }
  const read = (path: string): string | undefined => project.reader.read(joinPath(directory, path));
  const has = lookUp(project, directory);
  const first = sourceOf(entryFrom(start, workdir), has, Object.values(found.scripts));
  if (first === undefined) {
    return undefined;
  }
  const pending = [first];
  const seen = new Set(pending);
  const loaded = new Set<string>();
  let file: string | undefined;
  for (const path of pending) {
    for (const target of (isProduction ? loadsOf : loadsOfAnyMode)(read(path) ?? '')) {
      const own = pathOf(target, path);
      const next = own === undefined ? undefined : resolve(own, has);
      if (next !== undefined && !seen.has(next) && seen.size < mostFiles) {
        seen.add(next);
        pending.push(next);
      }
      const name = /^(?:@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? target;
      if (names.includes(name)) {
        file ??= path;
        loaded.add(name);
      }
    }
  }
  return file === undefined ? undefined : { file, names: [...loaded] };
}

/** Tells which files there are, listing each folder once: most of what an import may stand for is not there. */
function lookUp(project: Project, directory: ContextPath): (path: string) => boolean {
  const folders = new Map<string, ReadonlySet<string>>();
  return (path) => {
    const folder = directoryOf(joinPath(directory, path));
    let names = folders.get(folder);
    if (names === undefined) {
      const entries = project.reader.list(folder) ?? [];
      names = new Set(entries.filter(({ kind }) => kind === 'file').map(({ name }) => name));
      folders.set(folder, names);
    }
    return names.has(nameOf(path));
  };
}

/** The file of the project that a started one is, or is compiled from; undefined where it is not found. */
function sourceOf(
  entry: string,
  has: (path: string) => boolean,
  scripts: readonly string[],
): string | undefined {
  const own = resolve(entry, has);
  if (own !== undefined || entry.startsWith('/') || !entry.includes('/')) {
    return own;
  }
  const below = entry.slice(entry.indexOf('/') + 1);
  return scripts.some((script) => bundlers.test(script))
    ? undefined
    : (resolve(`src/${below}`, has) ?? resolve(below, has));
}

/** The file that a path without its ending, of a folder, or of a compiled file stands for. */
function resolve(path: string, has: (path: string) => boolean): string | undefined {
  const source = path.replace(/\.([cm]?)js$/, '.$1ts');
  return [...endings.map((ending) => path + ending), source, ...endings.map((one) => `${path}/index${one}`)]
    .filter((one) => one !== '' && !one.endsWith('/'))
    .find(has);
}

/**
 * The path of the project that a file means with `./routes`, or with `@/routes`, by which most mean `src`; undefined for a
 * package.
 */
function pathOf(target: string, from: string): string | undefined {
  if (/^[@~]\//.test(target)) {
    return resolvePath('src', target.slice(2));
  }
  return target.startsWith('.') ? resolvePath(directoryOf(from), target) : undefined;
}

/** What a text of JavaScript or TypeScript loads, as it names it. */
const loadsOf = memoize((text): readonly string[] => findLoads(text, true), 1000);
const loadsOfAnyMode = memoize((text): readonly string[] => findLoads(text, false), 1000);

function findLoads(text: string, isProduction: boolean): string[] {
  const plain = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|[\s;{}])\/\/.*$/gm, '');
  const found: string[] = [];
  for (const match of plain.matchAll(
    /^[ \t]*(?:import|export)\s+(?!type\s)(?:([^\s"'`;()=][^"'`;()=]*?)\sfrom\s*)?["']([^"'\n]+)["']|\b(?:require|import)\(\s*["'`]([^"'`\n$]+)["'`]\s*\)/gm,
  )) {
    const [, clause, imported, called] = match;
    const isType =
      clause !== undefined && /^\{\s*type\s[^,}]*(?:,\s*type\s[^,}]*)*(?:,\s*)?\}$/.test(clause.trim());
    if (imported !== undefined && !isType) {
      found.push(imported);
    }
    if (called !== undefined && !isConditional(plain, match.index, isProduction)) {
      found.push(called);
    }
  }
  return found;
}

/** True where what stands in front says that something may fail, or, in production, that it happens while developing only. */
function isConditional(text: string, at: number, isProduction: boolean): boolean {
  let start = at;
  for (let lines = 0; lines < 4 && start >= 0; lines++) {
    start = start === 0 ? -1 : text.lastIndexOf('\n', start - 1);
  }
  const near = text.slice(start + 1, at);
  const line = near.slice(near.lastIndexOf('\n') + 1);
  const isTried = /^\s/.test(line) && /\btry\s*\{/.test(near);
  return (
    isTried ||
    (isProduction &&
      (/NODE_ENV|isDev\b|isProd\b|\bdev\b/.test(line) ||
        (/^\s/.test(line) && /NODE_ENV|isDev|isProd|development|production/.test(near))))
  );
}
