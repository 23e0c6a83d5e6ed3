import { readJsonc } from '../../project/formats/jsonc.ts';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import { joinPath, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import { namesPath, readSources } from '../source-text.ts';
import { entryFrom, type NodeStart } from './start.ts';

/** What a built Node.js project needs to run, besides its dependencies. */
export interface NodeRuntime {
  /**
   * Folders and files to take from the builder, relative to the project's folder, what the build writes first;
   * `everything` where the program is started from its sources.
   */
  readonly outputs: readonly { readonly path: string; readonly isFile: boolean }[] | 'everything';
  readonly assumptions: readonly string[];
}

/** Folders that programs read at run time by their usual names. */
export const runtimeFolders =
  /^(?:public|static|views|templates|assets|locales?|i18n|lang|migrations|prisma|config|drizzle|seeds|emails|fixtures|data|resources|proto|protos|www)$/;

/** Folders that are sources, tests or tools by their usual names. */
const buildFolders =
  /^(?:src|tests?|__tests__|__mocks__|spec|e2e|cypress|docs?|coverage|node_modules|types|typings|scripts|tools|examples?|dist|build|out|lib|components|pages|app|hooks|styles|patches|storybook|terraform|k8s|helm|charts|deploy|deployment|docker|nginx)$/;

/** Programs of a dependency that serve what the build wrote, and read nothing else but what lies in `public`. */
const servers = ['remix-serve', 'react-router-serve'];

/** Works out what a program that Node.js runs needs: from the file that is started and the compiler's configuration. */
export function readNodeRuntime(
  project: Project,
  directory: ContextPath,
  workdir: ImagePath,
  start: NodeStart,
): NodeRuntime {
  const sources = readSources(project, directory, /\.[cm]?[jt]sx?$|\.vue$|\.svelte$/);
  const served = servers.includes(nameOf(start.words[0] ?? '')) ? start.words[1] : undefined;
  const entry = entryFrom(served === undefined ? start : { ...start, entry: served }, workdir);
  const output = start.kind === 'next' ? '.next' : outputFolder(project, directory, entry);
  if ((start.kind === 'package' && served === undefined) || output === undefined) {
    return {
      outputs: 'everything',
      assumptions: ['The program is started from its sources, so that the whole folder is taken over.'],
    };
  }
  if (output === '.output') {
    return {
      outputs: [{ path: output, isFile: false }],
      assumptions: ['The build writes everything that runs to .output.'],
    };
  }
  const extras = runtimeExtras(project, directory, output, sources, start);
  const names = extras.map((one) => one.path);
  return {
    outputs: [{ path: output, isFile: false }, ...extras],
    assumptions: [
      `The build writes to ${output}${compilerOutput(project, directory) === output ? ' (tsconfig.json)' : ''}.`,
      ...(names.length === 0 ? [] : [`At run time the program also reads ${names.join(', ')}.`]),
    ],
  };
}

/** The folder that the build writes, seen from the file that is started; undefined when that file is a source. */
function outputFolder(project: Project, directory: ContextPath, entry: string): string | undefined {
  // A folder stands for the index file in it.
  const isFolder =
    /^[\w-]+$/.test(entry) && project.reader.read(joinPath(directory, `${entry}.js`)) === undefined;
  const top = entry.includes('/') ? entry.slice(0, entry.indexOf('/')) : isFolder ? entry : undefined;
  if (top === undefined || entry.startsWith('/') || entry.startsWith('..')) {
    return undefined;
  }
  const isWritten =
    compilerOutput(project, directory) === top ||
    project.reader.list(joinPath(directory, top)) === undefined ||
    isIgnored(project, directory, top);
  return isWritten ? top : undefined;
}

/** True for a folder that git or the build context leaves out: a build writes it, nobody keeps it. */
function isIgnored(project: Project, directory: ContextPath, name: string): boolean {
  const ignoreFiles = ['.gitignore', joinPath(directory, '.gitignore')];
  return (
    ignoreFiles.some((path) => hasLine(project.reader.read(path) ?? '', name)) ||
    readIgnoreFile(project)?.dockerignore.matcher.ignores(joinPath(directory, name)) === true
  );
}

/** True where a line of an ignore file names a folder, wherever it lies. */
function hasLine(text: string, name: string): boolean {
  return text.split('\n').some(
    (line) =>
      line
        .trimEnd()
        .replace(/^(?:\*\*\/|\/)/, '')
        .replace(/\/$/, '') === name,
  );
}

/** The first folder of `outDir` in the TypeScript configuration, what it extends included. */
function compilerOutput(project: Project, directory: ContextPath): string | undefined {
  for (const name of ['tsconfig.build.json', 'tsconfig.json']) {
    const found = outDirOf(project, joinPath(directory, name), 0);
    if (found !== undefined) {
      return found.replace(/^\.\//, '').replace(/\/.*/s, '');
    }
  }
  return undefined;
}

function outDirOf(project: Project, path: string, depth: number): string | undefined {
  const text = project.reader.read(path);
  const json: unknown = text === undefined ? undefined : readJsonc(text);
  const config = (json ?? {}) as { compilerOptions?: { outDir?: unknown }; extends?: unknown };
  const outDir = config.compilerOptions?.outDir;
  if (typeof outDir === 'string') {
    return outDir;
  }
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  const parent = config.extends;
  // An outDir of another folder's file counts from there: only neighbours are followed.
  return typeof parent === 'string' && /^\.\/[\w.-]+$/.test(parent) && depth < 3
    ? outDirOf(project, folder + parent.slice(2).replace(/(?:\.json)?$/, '.json'), depth + 1)
    : undefined;
}

/** Other folders and files of the project that are read at run time: by their usual name, or because a source names them. */
function runtimeExtras(
  project: Project,
  directory: ContextPath,
  output: string,
  sources: string,
  start: NodeStart,
): { path: string; isFile: boolean }[] {
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  const entries = (project.reader.list(directory) ?? []).filter(
    (entry) => !entry.name.startsWith('.') && matcher?.ignores(joinPath(directory, entry.name)) !== true,
  );
  const readsSources =
    /(?:cwd\(\)|join|resolve|readFile(?:Sync)?|sendFile|static|createReadStream)\s*\([^)\n]*["'`](?:\.\/)?src(?:\/[^"'`]*)?["'`]/.test(
      sources,
    );
  const found: { path: string; isFile: boolean }[] = [];
  for (const { name, kind } of entries) {
    if (name === output) {
      continue;
    }
    if (kind === 'directory') {
      const isUsed =
        (name === 'src' && readsSources && start.kind === 'file') ||
        (!buildFolders.test(name) &&
          (start.kind === 'next'
            ? name === 'public'
            : runtimeFolders.test(name) || namesPath(sources, name)));
      if (isUsed) {
        found.push({ path: name, isFile: false });
      }
    } else if (isRuntimeFile(name, sources, start)) {
      found.push({ path: name, isFile: true });
    }
  }
  return found;
}

function isRuntimeFile(name: string, sources: string, start: NodeStart): boolean {
  if (start.kind === 'next') {
    return /^next\.config\.\w+$/.test(name) || /^next-i18next\.config\.\w+$/.test(name);
  }
  return (
    /\.(?:json|ya?ml|graphql|gql|proto|html?|ejs|hbs|pug|njk|mustache|liquid|md|sql|pem|key|crt|cer|p12|pfx|txt|csv|tsv|geojson|mmdb|dat|bin|wasm|xml|xsd|ico|png|jpe?g|gif|svg|webp|pdf|ttf|otf|woff2?|mp3|wav|ogg|toml|ini|properties)$/i.test(
      name,
    ) &&
    !/^(?:package(?:-lock)?\.json|tsconfig.*|npm-shrinkwrap\.json|pnpm-.*|docker-compose.*|compose.*|\w+rc\.json|nest-cli\.json|README.*|LICENSE.*|CHANGELOG.*)$/i.test(
      name,
    ) &&
    namesPath(sources, name)
  );
}
