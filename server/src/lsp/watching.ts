import { type Connection, DidChangeWatchedFilesNotification, WatchKind } from 'vscode-languageserver';
import { projectFiles } from '../ecosystems/index.ts';
import { debounce } from './debounce.ts';
import type { ServerHost } from './host.ts';

/** Files beside a Dockerfile that findings depend on: manifests, lock files, ignore files, and what says how it is built. */
// One flat group: not every editor reads a group within a group.
const names = [
  '.ballast.json',
  '.hadolint.yaml',
  '.hadolint.yml',
  '.dockerignore',
  '*.dockerignore',
  '.gitignore',
  '.env*',
  'Dockerfile*',
  '*.Dockerfile',
  'compose*.yml',
  'compose*.yaml',
  'docker-compose*.yml',
  'docker-compose*.yaml',
  'docker-bake*.hcl',
  'docker-bake*.json',
  ...projectFiles,
];

/** Files are often written in bursts, and packages by the thousand; the findings are computed anew when it has become quiet. */
const pause = 200;
const packagesPause = 2000;

/**
 * Has the editor report changes of the files that findings depend on, and whatever comes or goes, because it may be part
 * of a build context. Calls back once for each burst of them. What Git does inside its folder does not count.
 */
export async function watchProjectFiles(
  connection: Connection,
  host: ServerHost,
  onDidChange: () => void,
): Promise<void> {
  const changed = debounce(host, pause, onDidChange);
  const packagesChanged = debounce(host, packagesPause, onDidChange);
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const uris = changes.map(({ uri }) => uri).filter((uri) => !uri.includes('/.git/'));
    if (uris.length > 0) {
      // Whoever asks before it has become quiet is to see the files as they are.
      host.projectsChanged?.();
    }
    if (uris.some((uri) => !uri.includes('/node_modules/'))) {
      changed();
    } else if (uris.length > 0) {
      packagesChanged();
    }
  });
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [
      { globPattern: `**/{${names.join(',')}}` },
      { globPattern: '**/*', kind: WatchKind.Create | WatchKind.Delete },
    ],
  });
}
