import type { RuntimeUser } from '../../distros/users.ts';
import { readNodePackage } from '../../ecosystems/node/package.ts';
import { sourceFiles } from '../../ecosystems/source-text.ts';
import { commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, lineage, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { startCommand } from '../../model/start-command.ts';
import { expand } from '../../model/variables.ts';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { findFlag } from '../../syntax/tree.ts';
import { programFolderOf } from '../installs/install-order.ts';
import type { WritablePlace } from './place.ts';
import { type WrittenPath, writingSource, writtenPaths } from './written-paths.ts';

/** Folders to which every user may write as it is. */
const openFolder = /^\/(?:tmp|var\/tmp|dev)(?:\/|$)/;

/** Folders of the distribution: a program has its own place in none of them. */
const systemFolder =
  /^\/(?:(?:bin|boot|etc|lib\w*|proc|root|sbin|sys)\/|usr\/(?!src\/|app\/|local\/(?:src|app|share)\/|share\/\w+\/))/;

/** Folders that many programs share: one gets its own file or folder there, not all of it. */
const sharedFolder =
  /^\/(?:var|var\/(?:log|run|lib|cache|spool|opt|www)|run|srv|opt|home|mnt|media|usr\/src|usr\/local)?$/;

/** Names of settings that hold the place of files which a program writes. */
const placeSetting =
  /(?:^|_)(?:DATA|UPLOADS?|STORAGE|STATE|DB|DATABASE|SQLITE|CACHE|LOGS?|MEDIA|WORK|FILES?)_?(?:DIR|DIRECTORY|PATH|FOLDER|ROOT|FILE)$/;

/** An address of a database in a file. */
const fileAddress = /^(?:sqlite\w*(?:\+\w+)?:\/\/\/|file:)(\/[^?]+)/;

/** Options of a start command that name what is written. */
const placeOption =
  /^--?[\w-]*(?:log|pid|data|db|database|storage|state|cache|upload|sock|bind-path)[\w-]*$|^--(?:dir|directory|home)$/i;

/**
 * What a program has to write to, as far as the Dockerfile and the sources tell: volumes, places that settings and the
 * start command name, folders that are made empty, what frameworks need, what the sources write, and those that are known
 * already. What belongs to the user is left out.
 */
export function writablePlaces(
  dockerfile: Dockerfile,
  project: Project,
  stage: Stage,
  user: RuntimeUser,
  known: readonly WritablePlace[] = [],
): WritablePlace[] {
  const workdir = stage.end.workdir ?? '/';
  const directory = programFolderOf(dockerfile, stage);
  const volumes = volumesOf(stage);
  const named: WrittenPath[] = [
    ...volumes.map((path) => ({ path, isFile: false })),
    ...settingsOf(stage),
    ...optionsOf(stage, workdir),
    // Notebooks are kept where the server is started.
    ...(startCommand(stage).words.some((word) => /\b(?:jupyter|code-server)\b/.test(word))
      ? [{ path: workdir, isFile: false }]
      : []),
    ...emptyFolders(dockerfile, stage).map((path) => ({ path, isFile: false })),
  ];
  const isOwnFolder = workdir !== '/' && project.isKnown && directory !== undefined;
  const told = isOwnFolder
    ? [
        ...frameworkFolders(project, directory, workdir),
        ...writtenPaths(sourceFiles(project, directory, writingSource), workdir, stage.end.environment),
      ]
    : [];
  const places = new Map<string, WritablePlace>();
  const put = (place: WritablePlace): void => {
    if (!places.has(place.path) || place.kind === 'tree') {
      places.set(place.path, place);
    }
  };
  for (const { path, isFile } of [...named, ...told]) {
    const folder = isFile ? path.slice(0, path.lastIndexOf('/')) || '/' : path;
    if (!isSpeakable(path) || openFolder.test(path) || systemFolder.test(`${path}/`)) {
      continue;
    }
    const isVolume = volumes.includes(folder);
    if (sharedFolder.test(folder) && !isVolume) {
      if (isFile && folder !== '/') {
        put({ path, kind: 'new file', isVolume: false });
      }
      continue;
    }
    const held = isOwnFolder ? heldFiles(project, directory, workdir, folder) : [];
    const isTree = folder !== workdir && held.length > 0;
    put({ path: folder, kind: isTree ? 'tree' : 'folder', isVolume });
    for (const file of isTree ? [] : held.filter((one) => one === path || databaseFile.test(one))) {
      put({ path: file, kind: 'file', isVolume: false });
    }
  }
  for (const place of known) {
    places.set(place.path, place);
  }
  const all = [...places.values()];
  const isWhole = ({ kind }: WritablePlace): boolean => kind === 'tree' || kind === 'new tree';
  const trees = all.filter(isWhole).map((place) => `${place.path}/`);
  const owned = ownedFolders(dockerfile, stage, user);
  const entered = allSteps(stage).map((step) => step.before.workdir);
  return all.filter(
    ({ path, kind }) =>
      !trees.some((tree) => path.startsWith(tree)) &&
      !owned.some((folder) => {
        // A folder that a copy makes is its owner's, so that the program makes its own below; not so one that was there.
        const isMade = folder.isCopy && ![...entered, stage.end.workdir].includes(folder.path);
        return path.startsWith(`${folder.path}/`)
          ? folder.isRecursive && (!folder.isCopy || isMade || ['tree', 'new tree', 'file'].includes(kind))
          : path === folder.path && (!folder.isCopy || isMade);
      }),
  );
}

/**
 * Why it is not known where the program writes, in one sentence; undefined where it is, or where it writes nothing.
 * Without a WORKDIR, relative names count from the root folder, which nobody gives away.
 */
export function unknownPlace(project: Project, stage: Stage): string | undefined {
  const isKnown = (stage.end.workdir ?? '/') !== '/' || !project.isKnown;
  const written = isKnown
    ? []
    : writtenPaths(sourceFiles(project, '', writingSource), '/-', stage.end.environment);
  return written.some(({ path }) => path.startsWith('/-'))
    ? 'The program writes files, and nothing says where: there is no WORKDIR.'
    : undefined;
}

const databaseFile = /\.(?:db|sqlite3?)$/;

function isSpeakable(path: string): boolean {
  return /^\/[\w./@-]*$/.test(path);
}

function volumesOf(stage: Stage): string[] {
  return allSteps(stage)
    .filter((step) => step.instruction.keyword === 'VOLUME')
    .flatMap((step) =>
      step.instruction.words.flatMap((word) => {
        const path = expand(word.value, step.before.variables, '\\');
        return path?.startsWith('/') === true ? [normalizePath(path)] : [];
      }),
    );
}

function settingsOf(stage: Stage): WrittenPath[] {
  return [...stage.end.environment].flatMap(([name, value]) => {
    const address = fileAddress.exec(value ?? '')?.[1];
    if (address !== undefined) {
      return [{ path: normalizePath(address), isFile: true }];
    }
    return (placeSetting.test(name) || name === 'HOME') && value?.startsWith('/') === true
      ? [fileOrFolder(value)]
      : [];
  });
}

/** A path with an ending names a file. */
function fileOrFolder(path: string): WrittenPath {
  return { path: normalizePath(path), isFile: /\/[^/]+\.\w+$/.test(path) };
}

function optionsOf(stage: Stage, workdir: string): WrittenPath[] {
  const { words } = startCommand(stage);
  return words.flatMap((word, i) => {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? (words[i + 1] ?? '') : word.slice(equals + 1);
    if (!placeOption.test(name) || !/^(?:\.?\/)?[\w.-]+(?:\/[\w.-]+)+$/.test(value) || /:\d+$/.test(value)) {
      return [];
    }
    return [fileOrFolder(value.startsWith('/') ? value : `${workdir}/${value}`)];
  });
}

/** Folders that a RUN makes and that nothing else of the stage fills: they are made to be written to. */
function emptyFolders(dockerfile: Dockerfile, stage: Stage): string[] {
  const steps = lineage(stage)
    .reverse()
    .flatMap((one) => commandSteps(one));
  const made = steps.flatMap(({ command, directory }) =>
    command.name === 'mkdir' && command.isUnconditional
      ? command.args.flatMap((word) =>
          word.value === undefined || word.value.startsWith('-') || /^\d+$/.test(word.value)
            ? []
            : word.value.startsWith('/')
              ? [normalizePath(word.value)]
              : directory === undefined
                ? []
                : [normalizePath(`${directory}/${word.value}`)],
        )
      : [],
  );
  const harmless = ['mkdir', 'chown', 'chmod', 'chgrp', 'touch', 'ls'];
  const filled = [
    ...allSteps(stage).flatMap((step) => [
      readCopy(step, dockerfile)?.target ?? '',
      step.before.workdir ?? '',
    ]),
    stage.end.workdir ?? '',
  ];
  return made.filter((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const isUsed = steps.some(
      ({ command }) =>
        !harmless.includes(command.name ?? '') && command.args.some((word) => word.text.includes(name)),
    );
    const isOutput = /^(?:node_modules|vendor|\.?venv|dist|build|bin|target|out|src|lib)$/.test(name);
    return !isUsed && !isOutput && !filled.some((target) => target === path || target.startsWith(`${path}/`));
  });
}

/** What frameworks write to below the project's folder. */
function frameworkFolders(project: Project, directory: string, workdir: string): WrittenPath[] {
  const read = (name: string): string => project.reader.read(joinPath(directory, name)) ?? '';
  const names: string[] = [];
  if (/"laravel\/framework"/.test(read('composer.json'))) {
    names.push('storage', 'bootstrap/cache');
  }
  if (/^\s*gem\s+["']rail(?:s|ties)["']/m.test(read('Gemfile'))) {
    names.push('db', 'log', 'storage', 'tmp');
  }
  const dependencies = readNodePackage(project, directory)?.dependencies ?? {};
  if (dependencies['next'] !== undefined) {
    names.push('.next/cache');
  }
  if (dependencies['@strapi/strapi'] !== undefined) {
    names.push('.tmp', 'public/uploads');
  }
  return names.map((name) => ({ path: normalizePath(`${workdir}/${name}`), isFile: false }));
}

/** Files of the build context that land in a folder of the image, as their paths there. */
function heldFiles(project: Project, directory: string, workdir: string, folder: string): string[] {
  if (folder !== workdir && !folder.startsWith(`${workdir}/`)) {
    return [];
  }
  const below = joinPath(directory, folder.slice(workdir.length + 1)).replace(/\/$/, '');
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  return (project.reader.list(below) ?? [])
    .filter((entry) => matcher?.ignores(joinPath(below, entry.name)) !== true)
    .map((entry) => `${folder}/${entry.name}`);
}

/** A folder that the stage gives to a user already. */
interface OwnedFolder {
  readonly path: string;
  /** A copy gives away what it brings, not the folder that was there before. */
  readonly isCopy: boolean;
  readonly isRecursive: boolean;
}

function ownedFolders(dockerfile: Dockerfile, stage: Stage, user: RuntimeUser): OwnedFolder[] {
  const names = [user.id, user.name, user.owner].map((name) => name?.replace(/:.*$/, ''));
  const isOwner = (owner: string | undefined): boolean =>
    owner !== undefined && names.includes(owner.replace(/:.*$/, ''));
  const copied = allSteps(stage).flatMap((step): OwnedFolder[] => {
    const target = readCopy(step, dockerfile)?.target;
    return target !== undefined && isOwner(findFlag(step.instruction, 'chown')?.value)
      ? [{ path: target, isCopy: true, isRecursive: true }]
      : [];
  });
  const changed = lineage(stage)
    .flatMap((one) => commandSteps(one))
    .filter(({ command }) => command.name === 'chown')
    .flatMap(({ command, directory }): OwnedFolder[] => {
      const isRecursive = command.args.some((word) => /^-\w*R|^--recursive$/.test(word.text));
      const [owner, ...paths] = command.args.filter((word) => !word.text.startsWith('-'));
      return isOwner(owner?.value)
        ? paths.flatMap(({ value }) =>
            value === undefined || (!value.startsWith('/') && directory === undefined)
              ? []
              : [
                  {
                    path: normalizePath(value.startsWith('/') ? value : `${directory}/${value}`),
                    isCopy: false,
                    isRecursive,
                  },
                ],
          )
        : [];
    });
  return [...copied, ...changed];
}
