import { readSources } from '../ecosystems/source-text.ts';
import { allSteps, type Stage } from '../model/dockerfile.ts';
import { normalizePath } from '../model/paths.ts';
import type { Project } from '../project/project.ts';

/** Folders to which every user may write as it is. */
const openFolders = ['/tmp', '/var/tmp', '/dev/shm'];

/** Names of settings that hold the place of files which a program writes. */
const placeSetting =
  /(?:^|_)(?:DATA|UPLOADS?|STORAGE|STATE|DB|DATABASE|SQLITE|CACHE|LOGS?|MEDIA|WORK|FILES?)_?(?:DIR|DIRECTORY|PATH|FOLDER|ROOT|FILE)$/;

/** Folders of the distribution: a program has its own place in none of them. */
const systemFolder =
  /^\/(?:bin|boot|dev|etc|lib\w*|proc|root|sbin|sys|usr\/(?!src\/|app\/|local\/(?:src|app)))/;

const sourceFile = /\.(?:[cm]?[jt]s|py|rb|php)$/;

/** What sources say when they write files, as far as it can be told by a look. */
const writesFiles =
  /\b(?:mkdirSync|writeFileSync|appendFileSync|createWriteStream|writeFile|appendFile|better-sqlite3|sqlite3?|multer|os\.makedirs|FileUtils\.mkdir|file_put_contents)\b|\bopen\([^)\n]*,\s*["'][wa]b?\+?["']/;

/**
 * Folders that a program has to write to, as far as the Dockerfile and the sources tell: volumes, the places that
 * settings name, and the working directory where the sources write files.
 */
export function writableFolders(stage: Stage, project: Project): string[] {
  const volumes = stage.steps
    .filter((step) => step.instruction.keyword === 'VOLUME')
    .flatMap((step) => step.instruction.words.map((word) => word.value));
  const settings = [...stage.end.environment].flatMap(([name, value]) =>
    placeSetting.test(name) && value?.startsWith('/') === true ? [folderOf(value)] : [],
  );
  const hasWorkdir = allSteps(stage).some((step) => step.instruction.keyword === 'WORKDIR');
  const { workdir } = stage.end;
  const writesThere =
    hasWorkdir &&
    workdir !== undefined &&
    project.isKnown &&
    writesFiles.test(readSources(project, '', sourceFile));
  const all = [...volumes, ...settings, ...(writesThere ? [workdir] : [])].map((path) =>
    path.startsWith('/') ? normalizePath(path) : path,
  );
  return [...new Set(all)].filter(
    (path) =>
      /^\/[\w./-]+$/.test(path) &&
      !openFolders.some((open) => path === open || path.startsWith(`${open}/`)) &&
      !systemFolder.test(`${path}/`),
  );
}

/** The folder of a path that may name a file. */
function folderOf(path: string): string {
  return /\/[^/]+\.\w+$/.test(path) ? path.slice(0, path.lastIndexOf('/')) : path;
}
