import type { Variables } from '../../model/expansion.ts';
import { directoryOf, joinPath, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { prismaVariables } from './prisma.ts';
import { readSettings, type Setting, settingsEnding } from './settings-file.ts';
import { databasePath } from './sources/named-files.ts';

/** A place that a file of settings names. */
export interface SettingsWrite {
  /** As written; a relative one counts from the working directory, or from `folder`. Undefined where it is not plain. */
  readonly path: string | undefined;
  /** Folder of the build context that the path counts from; undefined for the working directory. */
  readonly folder: ContextPath | undefined;
  readonly isFile: boolean;
  /** The file, in the build context. */
  readonly file: ContextPath;
}

/** Folders that hold no settings of the program. */
const skipped =
  /^(?:\..*|node_modules|vendor|target|dist|build|out|bin|obj|venv|coverage|tests?|spec|docs?|examples?|public|static|assets|locales?|i18n)$/;

/** Files of other tools. */
const otherTools =
  /^(?:package(?:-lock)?|tsconfig.*|composer|renovate|nest-cli|angular|turbo|lerna|jest.*|launchSettings|.*\.schema)\.json$|^(?:pnpm-lock|pnpm-workspace|(?:docker-)?compose.*|mkdocs|\.?pre-commit.*|serverless|Chart|values.*)\.ya?ml$|^(?:pyproject|poetry|Cargo|uv|netlify|fly|rust-toolchain|clippy)\.toml$|^(?:pom|phpunit|build|checkstyle)\.xml$|^(?:tox|pytest|setup|mypy|\.?flake8|supervisord|my|nginx|httpd|default)\.(?:ini|cfg|conf)$/;

const mostFolders = 60;
const mostFiles = 120;

/** Names of settings whose value is a file that is written. */
const fileKeys = [
  /^logging\.file(?:\.name)?$/i,
  /^quarkus\.log\.file\.path$/i,
  /(?:^|\.)serilog(?:\.|.*\.)(?:args\.)?(?:path|pathformat|logfilename)$/i,
  /(?:^|\.)(?:appender|file|rollingfile|rollingrandomaccessfile)(?:\.\d+)?\.(?:file|filename)$/i,
  /(?:^|\.)appender(?:\.\d+)?\.file\.value$/i,
  /(?:^|\.)appenders?\.\w+\.(?:file|filename|filepattern)$/i,
  /\bFileHandler\.pattern$/,
  /(?:^|\.)handlers?\.\w+\.filename$/i,
  /\.rollingpolicy(?:\.\d+)?\.filenamepattern$/i,
  /(?:^|\.)targets(?:\.|.*\.)filename$/i,
  /(?:^|[._-])(?:log|pid|access_?log|error_?log|err)_?file(?:name)?$/i,
  /(?:^|\.)(?:daemonize|logto|logto2|pidfile2?|safe-pidfile2?|touch-reload)$/i,
];

/** Names of settings whose value is a folder that is written to. */
const folderKeys = [
  /^logging\.(?:file\.)?path$/i,
  /^server\.tomcat\.(?:basedir|accesslog\.directory)$/i,
  /^spring\.servlet\.multipart\.location$/i,
  /(?:^|[._-])(?:upload|uploads|log|logs|media|storage|data|cache)[._-]?(?:dir|directory|folder|path)$/i,
  /(?:^|[._-])(?:upload|uploads|storage|files?|media)[._-](?:location|root)$/i,
];

/** A path to a database of SQLite by the usual endings, and the names of settings that hold one. */
const databaseFile = /^[\w./@-]{1,200}\.(?:sqlite3?|db3?)$/i;
const databaseKey =
  /(?:^|[._-])(?:url|path|file|filename|name|dsn|source|database|db|sqlite|connection\w{0,20}|storage)$/i;

/** Settings that switch a file on whose name has a preset. */
const switchedFiles: readonly { readonly key: RegExp; readonly path: string }[] = [
  { key: /^quarkus\.log\.file\.enabled?$/, path: 'quarkus.log' },
];

/** What the settings below a folder of the build context say. */
export interface SettingsSurvey {
  readonly writes: readonly SettingsWrite[];
  /** The files that were read. */
  readonly files: readonly string[];
  /** Variables whose value counts from elsewhere than the working directory. */
  readonly variables: readonly string[];
}

/** The places that settings below a folder of the build context name, and the files that were read. */
export function settingsWrites(
  project: Project,
  directory: ContextPath,
  environment: Variables,
): SettingsSurvey {
  const files = settingsFiles(project, directory);
  const variables = prismaVariables(project, files);
  const writes = files.flatMap((file) => {
    const settings = readSettings(nameOf(file), project.reader.read(file) ?? '');
    return settings
      .filter(({ key }) => !variables.has(key))
      .flatMap((setting) => writtenBy(setting, settings, environment, file));
  });
  const prisma = [...variables].map(([name, folder]): SettingsWrite => {
    const value = environment.get(name) ?? settingOf(project, files, name);
    const path = /^file:(?:\/\/)?([^?]+)/.exec(value ?? '')?.[1];
    return { path, folder, isFile: true, file: joinPath(folder, 'schema.prisma') };
  });
  return { writes: [...writes, ...prisma], files, variables: [...variables.keys()] };
}

/** The value that a file of settings gives a variable. */
function settingOf(project: Project, files: readonly string[], name: string): string | undefined {
  return files
    .filter((file) => !/\.(?:example|sample|template|dist)$/.test(file))
    .flatMap((file) => readSettings(nameOf(file), project.reader.read(file) ?? ''))
    .find(({ key }) => key === name)?.value;
}

function settingsFiles(project: Project, directory: ContextPath): string[] {
  const files: string[] = [];
  const folders = [directory];
  for (let at = 0; at < folders.length && at < mostFolders && files.length < mostFiles; at++) {
    const folder = folders[at] ?? '';
    for (const entry of project.reader.list(folder) ?? []) {
      const path = joinPath(folder, entry.name);
      if (entry.kind === 'directory' && !skipped.test(entry.name)) {
        folders.push(path);
      } else if (entry.kind === 'file' && settingsEnding.test(entry.name) && !otherTools.test(entry.name)) {
        files.push(path);
      }
    }
  }
  return files;
}

function writtenBy(
  { key, value }: Setting,
  all: readonly Setting[],
  environment: Variables,
  file: string,
): SettingsWrite[] {
  const name = nameOf(file);
  const address =
    /\bsqlite(?:\+\w+)?:\/\/\/?([^"'\s?]+)/i.exec(value)?.[1] ??
    /\bjdbc:(?:sqlite|h2|hsqldb|derby):([^"'\s;?]+)/i.exec(value)?.[1] ??
    /\b(?:Data Source|DataSource|Filename)\s*=\s*([^"';\s][^"';]*\.\w+)/i.exec(value)?.[1];
  if (address !== undefined) {
    return [{ path: databasePath(address), folder: undefined, isFile: true, file }];
  }
  // Prisma counts from the folder of its schema, and Rails names the file alone.
  const prisma = /^file:(?:\/\/)?([^?]+)/.exec(value)?.[1];
  if (prisma !== undefined && /(?:^|\.)(?:url|\w*DATABASE\w*)$/i.test(key)) {
    const isSchema = name === 'schema.prisma';
    return [{ path: prisma, folder: isSchema ? directoryOf(file) : undefined, isFile: true, file }];
  }
  if (
    name === 'database.yml' &&
    /^(?:production|default)\..*database$/.test(key) &&
    /\.sqlite3?$/.test(value)
  ) {
    return [{ path: value, folder: undefined, isFile: true, file }];
  }
  // A database of SQLite makes files beside its own, so that its folder is written to as well.
  if (name !== 'database.yml' && databaseFile.test(value) && databaseKey.test(key)) {
    return [{ path: value, folder: undefined, isFile: true, file }];
  }
  // A database of SQLite is opened for writing, whatever the setting is called; lists name files of other kinds.
  if (/\.(?:sqlite3?|db3)$/.test(value) && isPath(value) && !/(?:^|\.)\d+$/.test(key)) {
    return [{ path: value, folder: undefined, isFile: true, file }];
  }
  // Python's settings of logging hold the arguments of a class.
  const handler = /^handler_\w+\.args$/.test(key) ? /^\(\s*["']([^"']+)/.exec(value)?.[1] : undefined;
  const preset = switchedFiles.find((one) => one.key.test(key) && value === 'true')?.path;
  if (handler !== undefined || preset !== undefined) {
    return [{ path: handler ?? preset, folder: undefined, isFile: true, file }];
  }
  const isFile = fileKeys.some((pattern) => pattern.test(key));
  const isFolder = !isFile && folderKeys.some((pattern) => pattern.test(key));
  if (!isFile && !isFolder) {
    return [];
  }
  const path = replaced(value, all, environment);
  const isFolderOf = path?.endsWith('/') === true;
  return path !== undefined && !isPath(path)
    ? []
    : [{ path, folder: undefined, isFile: isFile && !isFolderOf, file }];
}

/**
 * The value with `${name}` of the same file, of the environment, or its default; what changes is left out from its folder
 * on. Undefined where nothing plain is left.
 */
function replaced(value: string, all: readonly Setting[], environment: Variables): string | undefined {
  const text = value
    .replace(/^\$\{(?:basedir|baseDir|currentdir)[^{}]*\}[\\/]?/, '')
    .replace(/\$\{([\w.]+)(?::-?([^{}$]*))?\}/g, (whole, name: string, preset: string | undefined) => {
      const own = all.find(({ key }) => key === name || key.endsWith(`.${name}`))?.value;
      const property = all.find(({ key, value: one }) => key.endsWith('.name') && one === name);
      const at = property === undefined ? -1 : all.indexOf(property);
      return environment.get(name) ?? own ?? all[at + 1]?.value ?? preset ?? whole;
    });
  const variable = text.search(/\$\{|%[dip{]|\{|%\w/);
  const slash = text.lastIndexOf('/', variable);
  return variable < 0 ? text : slash > 0 ? text.slice(0, slash + 1) : variable > 0 ? './' : undefined;
}

function isPath(text: string): boolean {
  return (
    /^[\w./@-]+$/.test(text) &&
    !/^(?:true|false|null|none|stdout|stderr|console|-|\d+)$/i.test(text) &&
    !/:\/\//.test(text)
  );
}
