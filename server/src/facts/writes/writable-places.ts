import type { RuntimeUser } from '../../distros/users.ts';
import { commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, lineage, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { findFlag } from '../../syntax/tree.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import type { AnalysisContext } from '../context.ts';
import { programFolderOf } from '../installs/install-order.ts';
import { volumesOf } from './dockerfile-writes.ts';
import type { WritablePlace, WrittenPlace } from './place.ts';

/** Folders to which every user may write as it is. */
const openFolder = /^\/(?:tmp|var\/tmp|dev)(?:\/|$)/;

/** Folders of the distribution: a program has its own place in none of them. */
const systemFolder =
  /^\/(?:(?:bin|boot|etc|lib\w*|proc|root|sbin|sys)\/|usr\/(?!src\/|app\/|local\/(?:src|app|share)\/|share\/\w+\/))/;

/** Folders that many programs share: one gets its own file or folder there, not all of it. */
const sharedFolder =
  /^\/(?:var|var\/(?:log|run|lib|cache|spool|opt|www)|run|srv|opt|home|mnt|media|usr\/src|usr\/local)?$/;

/**
 * What has to be given to a user so that the program can write to the places found, as they lie in the image. What belongs
 * to the user already is left out.
 */
export function writablePlaces(
  { dockerfile, project }: AnalysisContext,
  stage: Stage,
  user: RuntimeUser,
  written: readonly WrittenPlace[],
  known: readonly WritablePlace[] = [],
): WritablePlace[] {
  const workdir = stage.end.workdir ?? '/';
  const directory = programFolderOf(dockerfile, stage);
  const volumes = volumesOf(stage);
  const isOwnFolder = workdir !== '/' && project.isKnown && directory !== undefined;
  const places = new Map<string, WritablePlace>();
  const put = (place: WritablePlace): void => {
    if (!places.has(place.path) || place.kind === 'tree' || place.kind === 'new tree') {
      places.set(place.path, place);
    }
  };
  for (const { path, isFile, isTree: isWholeTree, isMade } of written) {
    const folder = isFile ? path.slice(0, path.lastIndexOf('/')) || '/' : path;
    if (!isSpeakable(path) || openFolder.test(path) || systemFolder.test(`${path}/`)) {
      continue;
    }
    const isVolume = volumes.includes(folder);
    if (sharedFolder.test(folder) && !isVolume && (folder !== workdir || folder === '/')) {
      if (isFile && folder !== '/') {
        put({ path, kind: 'new file', isVolume: false });
      }
      continue;
    }
    const held = isOwnFolder ? heldFiles(project, directory, workdir, folder) : [];
    const isTree = folder !== workdir && (held.length > 0 || isWholeTree === true);
    const kind = isTree ? (held.length > 0 ? 'tree' : 'new tree') : 'folder';
    put({ path: folder, kind, isVolume });
    const files = [
      ...held.filter((one) => one === path || databaseFile.test(one)),
      ...(isMade === true ? [path] : []),
    ];
    for (const file of isTree ? [] : files) {
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

const databaseFile = /\.(?:db|sqlite3?)$/;

function isSpeakable(path: string): boolean {
  return /^\/[\w./@-]*$/.test(path);
}

/** Files of the build context that land in a folder of the image, as their paths there. */
function heldFiles(project: Project, directory: ContextPath, workdir: ImagePath, folder: string): string[] {
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
  const names = [user.id, user.name, user.owner].map((name) => name?.replace(/:.*/s, ''));
  const isOwner = (owner: string | undefined): boolean =>
    owner !== undefined && names.includes(owner.replace(/:.*/s, ''));
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
