import { normalizePath } from '../model/paths.ts';
import type { Project } from '../project/project.ts';
import { remember } from '../text/remember.ts';
import type { LoadedForDevelopment } from './ecosystem.ts';
import { joinPath, type NodePackage } from './node-package.ts';
import type { NodeStart } from './node-start.ts';

/** Files of the program that are followed at most. */
const mostFiles = 300;

/** What packs a program and the packages it loads into one file, so that they are not loaded when it runs. */
const bundlers =
  /\b(?:vite|webpack|esbuild|rollup|rolldown|rspack|tsup|tsdown|ncc|parcel|unbuild|microbundle|next|nuxt|nuxi|astro|remix|react-router|svelte-kit|bun build|turbopack)\b/;

const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '.tsx', '.jsx', '.json'];

/**
 * The development dependencies that a program loads, followed from the file that Node.js starts through the project's own
 * files. Undefined where there are none, and where the sources of the program are not found or are bundled. What only
 * happens outside of production, by NODE_ENV or in a `try`, does not count.
 */
export function loadedForDevelopment(
  project: Project,
  directory: string,
  workdir: string,
  start: NodeStart,
  found: NodePackage,
): LoadedForDevelopment | undefined {
  const names = Object.keys(found.devDependencies).filter((name) => found.dependencies[name] === undefined);
  if (start.kind !== 'file' || start.entry === undefined || names.length === 0) {
    return undefined;
  }
  const entry = start.entry.startsWith(`${workdir}/`)
    ? start.entry.slice(workdir.length + 1)
    : start.entry.replace(/^\.\//, '');
  const read = (path: string): string | undefined => project.reader.read(joinPath(directory, path));
  const first = sourceOf(entry, read, Object.values(found.scripts));
  if (first === undefined) {
    return undefined;
  }
  const pending = [first];
  const seen = new Set(pending);
  const loaded = new Set<string>();
  let file: string | undefined;
  for (const path of pending) {
    for (const target of loadsOf(read(path) ?? '')) {
      const next = /^(?:\.|[@~]\/)/.test(target) ? resolve(pathOf(target, path), read) : undefined;
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

/** The file of the project that a started one is, or is compiled from; undefined where it is not found. */
function sourceOf(
  entry: string,
  read: (path: string) => string | undefined,
  scripts: readonly string[],
): string | undefined {
  const own = resolve(entry, read);
  if (own !== undefined || entry.startsWith('/') || !entry.includes('/')) {
    return own;
  }
  const below = entry.slice(entry.indexOf('/') + 1);
  return scripts.some((script) => bundlers.test(script))
    ? undefined
    : (resolve(`src/${below}`, read) ?? resolve(below, read));
}

/** The file that a path without its ending, of a folder, or of a compiled file stands for. */
function resolve(path: string, read: (path: string) => string | undefined): string | undefined {
  const source = path.replace(/\.([cm]?)js$/, '.$1ts');
  return [...endings.map((ending) => path + ending), source, ...endings.map((one) => `${path}/index${one}`)]
    .filter((one) => one !== '' && !one.endsWith('/'))
    .find((one) => read(one) !== undefined);
}

/** The path of the project that a file means with `./routes`, or with `@/routes`, by which most mean `src`. */
function pathOf(target: string, from: string): string {
  const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '';
  const path = target.startsWith('.') ? joinPath(folder, target) : `src/${target.slice(2)}`;
  return normalizePath(`/${path}`).slice(1);
}

/** What a text of JavaScript or TypeScript loads, as it names it. */
const loadsOf = remember((text): readonly string[] => {
  const plain = text.replace(/\/\*[\s\S]*?\*\/|(?<=^|[\s;{}])\/\/.*$/gm, '');
  const found: string[] = [];
  for (const match of plain.matchAll(
    /^[ \t]*(?:import|export)\s+(?!type\s)(?:([^"'`;()=]*?)\sfrom\s*)?["']([^"'\n]+)["']|\b(?:require|import)\(\s*["'`]([^"'`\n$]+)["'`]\s*\)/gm,
  )) {
    const [, clause, imported, called] = match;
    const isType = clause !== undefined && /^\{(?:\s*type\s[^,}]*,?)+\s*\}$/.test(clause.trim());
    if (imported !== undefined && !isType) {
      found.push(imported);
    }
    if (called !== undefined && !isConditional(plain.slice(0, match.index))) {
      found.push(called);
    }
  }
  return found;
}, 1000);

/** True where what stands in front says that something happens while developing only, or may fail. */
function isConditional(before: string): boolean {
  const near = before.split('\n').slice(-4);
  const line = near.at(-1) ?? '';
  return (
    /NODE_ENV|isDev\b|isProd\b|\bdev\b/.test(line) ||
    (/^\s/.test(line) && /NODE_ENV|isDev|isProd|development|production|\btry\s*\{/.test(near.join('\n')))
  );
}
