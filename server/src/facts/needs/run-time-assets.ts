import type { PlanSubject, RuntimeCopy } from '../../ecosystems/runtime-plan.ts';
import { namesPath } from '../../ecosystems/source-text.ts';
import { joinImage } from '../../model/paths.ts';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import { joinPath } from '../../project/paths.ts';

/** Folders that programs read at run time by their usual names. */
const usualFolders =
  /^(?:public|static|templates|views|assets|migrations|locales|i18n|web|www|resources|config|configs)$/;

const neverAssets =
  /^(?:\..*|tests?|docs?|vendor|node_modules|target|build|dist|bin|obj|cmd|internal|pkg|src|scripts|tools|Dockerfile.*|docker-compose.*|compose\..*|.*\.lock|coverage|k8s|helm|deploy)$/i;

/** Settings that a framework reads from the folder of the program, without a word in the sources. */
const byFramework: readonly { readonly uses: RegExp; readonly entry: RegExp }[] = [
  { uses: /\brocket\b/, entry: /^Rocket\.toml$/ },
  { uses: /\bbeego\b/, entry: /^conf$/ },
  { uses: /\bg\.(?:Cfg|DB|Server)\(/, entry: /^(?:manifest|config\.(?:toml|ya?ml|json))$/ },
];

/** Calls that are given the name of a settings file without its ending. */
const namesSettings = /\b(?:with_name|SetConfigName)\(\s{0,20}"(?:\.\/)?([\w-]{1,60})"/g;

/** Files that the compiler reads: they are in the program. */
const compiledIn =
  /^[ \t]{0,40}#[ \t]{0,10}include\b.*$|\binclude(?:_str|_bytes)?!\(\s{0,40}"[^"\n]{0,200}"\s{0,40},?\s{0,40}\)/gm;

/**
 * What a compiled program reads beside itself: folders of the project by their usual names, and files and folders that
 * its sources name. What is compiled in (`go:embed`, `#include`, `include_str!`) is not needed.
 */
export function assetCopies(
  input: PlanSubject,
  sources: string,
  code: RegExp,
): { copies: RuntimeCopy[]; names: string[] } {
  const { project, directory, workdir } = input;
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  const embedded = [...sources.matchAll(/^\/\/go:embed[ \t]+([^ \t].*)$/gm)]
    .map((match) => match[1] ?? '')
    .join(' ');
  const read = sources.replace(compiledIn, '');
  const stems = new Set([...sources.matchAll(namesSettings)].map((match) => match[1]));
  const found = (project.reader.list(directory) ?? []).filter(({ name, kind }) => {
    const isSent = matcher?.ignores(joinPath(directory, name)) !== true;
    const isEmbedded = embedded.split(/[\s/]+/).includes(name);
    const isSettings =
      byFramework.some(({ uses, entry }) => entry.test(name) && uses.test(sources)) ||
      (/\.(?:toml|ya?ml|json|ini|properties|hcl)$/.test(name) && stems.has(name.replace(/\.\w+$/, '')));
    if (isSent && !isEmbedded && isSettings) {
      return true;
    }
    if (!isSent || isEmbedded || neverAssets.test(name) || code.test(name)) {
      return false;
    }
    if (kind === 'directory' && isProject(input, name)) {
      return false;
    }
    return kind === 'directory'
      ? (usualFolders.test(name) && hasOtherFiles(input, name, code)) || namesPath(read, name)
      : namesPath(read, name);
  });
  const nested = namedBelow(input, read, code).filter(
    ({ name }) =>
      matcher?.ignores(joinPath(directory, name)) !== true &&
      !found.some((one) => name.startsWith(`${one.name}/`)),
  );
  const all = [...found, ...nested];
  return {
    copies: all.map(({ name, kind }) => ({
      from: joinImage(workdir, name),
      to: joinImage(workdir, name),
      isFile: kind !== 'directory',
    })),
    names: all.map(({ name }) => name),
  };
}

/** A path of two parts or more in quotes, as far as it is plain: `"internal/pages/*.html"` names a folder. */
const quotedPath =
  /["'`](?:file:\/\/)?(?:\.\/)?([\w-][\w.-]{0,60}(?:\/[\w.-]{1,60}){1,8})(?:\/[^"'`\n]{0,60})?["'`]/g;

/** Parts of a path that a call joins. */
const joinedPath =
  /\b(?:[jJ]oin|Combine|Paths\.get|Path\.of)\(\s{0,20}("[\w.-]{1,60}"(?:\s{0,20},\s{0,20}"[\w.-]{1,60}"){1,8})\s{0,20}\)/g;

/** Folders whose content is made, fetched, or never reaches the image. */
const neverBelow = /^(?:\..*|vendor|node_modules|target|build|dist|bin|obj|tests?)$/i;

/**
 * What the sources name below folders that hold code: migrations and templates often lie in `internal` or `src`. A folder
 * that holds code alone is a package, and is in the program.
 */
function namedBelow(
  input: PlanSubject,
  sources: string,
  code: RegExp,
): { readonly name: string; readonly kind: 'file' | 'directory' }[] {
  const { project, directory } = input;
  const joined = [...sources.matchAll(joinedPath)].map(([, parts = '']) =>
    parts.replace(/"\s{0,20},\s{0,20}"/g, '/').replace(/"/g, ''),
  );
  const named = [...sources.matchAll(quotedPath)].map(([, path = '']) => path);
  const found = [...new Set([...joined, ...named])].flatMap((name) => {
    const parts = name.split('/');
    const last = parts.at(-1) ?? '';
    if (parts.includes('..') || neverBelow.test(parts[0] ?? '') || code.test(last)) {
      return [];
    }
    const entries = project.reader.list(joinPath(directory, parts.slice(0, -1).join('/'))) ?? [];
    const entry = entries.find((one) => one.name === last);
    if (entry === undefined || entry.kind === 'other') {
      return [];
    }
    const isNeeded = entry.kind === 'file' || (hasOtherFiles(input, name, code) && !isProject(input, name));
    return isNeeded ? [{ name, kind: entry.kind }] : [];
  });
  return found.filter(
    ({ name }) => !found.some((other) => other.kind === 'directory' && name.startsWith(`${other.name}/`)),
  );
}

/** Files that make a folder a project of its own, which is built and not read. */
const projectFile =
  /^(?:pom\.xml|build\.gradle(?:\.kts)?|package\.json|go\.mod|Cargo\.toml|CMakeLists\.txt|.*\.csproj)$/;

function isProject({ project, directory }: PlanSubject, name: string): boolean {
  const entries = project.reader.list(joinPath(directory, name)) ?? [];
  return entries.some((entry) => projectFile.test(entry.name));
}

/** True for a folder that holds something else than code: `config` is often a package. */
function hasOtherFiles({ project, directory }: PlanSubject, name: string, code: RegExp): boolean {
  const entries = project.reader.list(joinPath(directory, name)) ?? [];
  return entries.some((entry) => entry.kind === 'directory' || !code.test(entry.name));
}
