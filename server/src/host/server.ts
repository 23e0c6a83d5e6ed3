import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createConnection } from 'vscode-languageserver/node';
import { version } from '../../../package.json';
import type {
  BuildContextSettings,
  DocumentProject,
  IgnoreContext,
  ProjectFile,
  ServerHost,
} from '../lsp/host.ts';
import { startServer } from '../lsp/server.ts';
import type { Dockerignore } from '../project/dockerignore.ts';
import type { BuildContexts } from '../project/locate.ts';
import { unknownProject } from '../project/project.ts';
import { createShellParser, type ShellParser } from '../syntax/shell/parser.ts';
import { createContextCache, createMeasurementCache, measureProject, withContext } from './context-cache.ts';
import { measurePatterns } from './context-measure.ts';
import { readGrammars } from './grammars.ts';
import { createLiveImages } from './images/live-images.ts';
import { isIn, lookAgain, openIgnoredFolder, openProject, repositoryOf, trustFilesFor } from './projects.ts';
import { readRegularFile } from './regular-file.ts';
import { createShellCheck } from './shellcheck.ts';
import { today } from './today.ts';
import { tuneEngine } from './tuning.ts';
import { watch } from './watch.ts';

tuneEngine();

/** Milliseconds after the start at which there is time to read what earlier runs learned. */
const recallDelay = 1500;

const images = createLiveImages(async () => {
  const { imagesOfThisMachine } = await import('./images/machine-images.ts');
  return imagesOfThisMachine({ isOffline: false, environment: process.env });
});
const contexts = createContextCache();
const patterns = createMeasurementCache(measurePatterns);
const measureListeners: (() => void)[] = [];

let shellParser: Promise<ShellParser> | undefined;

/** Milliseconds for which files are taken as they were, where the editor tells of changes: some letters long. */
const fileTrust = 1000;

/** The language server's view of this process. */
const host: ServerHost = {
  version,
  images,
  shellCheck: createShellCheck(process.env),
  loadShellParser() {
    shellParser ??= readGrammars().then(createShellParser);
    return shellParser;
  },
  openProject: openDocumentProject,
  openIgnoreContext,
  filesAreWatched: () => trustFilesFor(fileTrust),
  projectsChanged() {
    lookAgain();
    contexts.expire();
    patterns.expire();
  },
  onDidMeasure: (listener) => {
    measureListeners.push(listener);
  },
  findProjectFile,
  findHadolintFile,
  today,
  watch,
  startTimer(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
  yieldToMessages: () => new Promise((resolve) => setImmediate(resolve)),
};

// The transport comes from the arguments: `--stdio` or `--node-ipc`.
startServer(createConnection(), host);
// The grammar loads while the editor and the server introduce themselves. Whoever needs it first reports a failure.
host.loadShellParser().catch(() => {});
setTimeout(images.recall, recallDelay).unref();

/** The build context of each open document. */
const roots = new Map<string, string>();

function openDocumentProject(
  uri: string,
  workspaceFolders: readonly string[],
  settings: BuildContextSettings,
): DocumentProject {
  const path = filePath(uri);
  if (path === undefined) {
    return { project: unknownProject, uriOf: () => undefined };
  }
  const folders = workspaceFolders.map(filePath).filter((folder) => folder !== undefined);
  const { project, root, measured } = openProject(
    path,
    folders,
    contexts,
    settingsOf(path, folders, settings),
  );
  if (root === undefined) {
    return { project, uriOf: () => undefined };
  }
  roots.set(uri, root);
  return {
    project: withContext(project, root, contexts),
    uriOf: (file) => (staysIn(root, file) ? pathToFileURL(join(root, file)).href : undefined),
    measure: () => void tellOf(measureProject(project, root, contexts)),
    close() {
      roots.delete(uri);
      if (![...roots.values()].includes(root)) {
        contexts.stop(root);
      }
    },
    ...(measured === undefined ? {} : { measured }),
  };
}

function openIgnoreContext(
  uri: string,
  workspaceFolders: readonly string[],
  settings: BuildContextSettings,
): IgnoreContext | undefined {
  const path = filePath(uri);
  if (path === undefined) {
    return undefined;
  }
  const folders = workspaceFolders.map(filePath).filter((folder) => folder !== undefined);
  const { root, reader } = openIgnoredFolder(path, folders, contexts, settingsOf(path, folders, settings));
  let last: Dockerignore | undefined;
  const stop = (): void => {
    if (last !== undefined) {
      patterns.stop(root, last);
    }
  };
  return {
    reader,
    peek: (file) => patterns.peek(root, file),
    measure(file) {
      if (last?.text !== file.text) {
        // Nobody waits for the counts of an older text.
        stop();
        last = file;
      }
      return tellOf(patterns.measure(root, file));
    },
    close: stop,
  };
}

/** What is set for build contexts, each with the folder that its paths are relative to; the project file first. */
function settingsOf(
  path: string,
  folders: readonly string[],
  { editor, projectFile }: BuildContextSettings,
): BuildContexts[] {
  const workspace = folders.find((folder) => isIn(folder, path));
  return [
    ...(projectFile === undefined
      ? []
      : [{ folder: dirname(projectFile.path), contexts: projectFile.contexts }]),
    ...(workspace === undefined ? [] : [{ folder: workspace, contexts: editor }]),
  ];
}

/** Tells the listeners once a measurement has brought something new. */
async function tellOf(measurement: Promise<boolean>): Promise<boolean> {
  const isNew = await measurement;
  if (isNew) {
    for (const listener of measureListeners) {
      listener();
    }
  }
  return isNew;
}

/** A project file is a few lines. */
const largestProjectFile = 1024 * 1024;

/** True for a file that no link takes out of the folder, whether it is there already or not. */
function staysIn(root: string, file: string): boolean {
  try {
    const path = join(root, file);
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    const real = isThere ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
    return isIn(realpathSync(root), real);
  } catch {
    return false;
  }
}

/** The text of a file of settings; undefined where it is missing, as nearly everywhere, or a link takes it out of the project. */
function readSettings(path: string): string | undefined {
  try {
    const text = readRegularFile(path, largestProjectFile).toString('utf8');
    const folder = dirname(path);
    const root = repositoryOf(folder) ?? folder;
    return staysIn(root, relative(root, path)) ? text : undefined;
  } catch {
    return undefined;
  }
}

function findProjectFile(uri: string): ProjectFile | undefined {
  const document = filePath(uri);
  if (document === undefined) {
    return undefined;
  }
  for (let folder = dirname(document); ; folder = dirname(folder)) {
    const path = join(folder, '.ballast.json');
    const text = readSettings(path);
    if (text !== undefined) {
      return { path, text };
    }
    if (dirname(folder) === folder) {
      return undefined;
    }
  }
}

function findHadolintFile(uri: string, workspaceFolders: readonly string[]): ProjectFile | undefined {
  const document = filePath(uri);
  const folders = workspaceFolders.map(filePath).filter((folder) => folder !== undefined);
  const workspace = folders.find((folder) => document !== undefined && isIn(folder, document));
  for (const name of workspace === undefined ? [] : ['.hadolint.yaml', '.hadolint.yml']) {
    const path = join(workspace ?? '', name);
    const text = readSettings(path);
    if (text !== undefined) {
      return { path, text };
    }
  }
  return undefined;
}

/** Path of a file on this machine; undefined for untitled documents and those of virtual file systems. */
function filePath(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
