import { type Connection, DidChangeWatchedFilesNotification } from 'vscode-languageserver';
import type { ServerHost } from './host.ts';

/** Files beside a Dockerfile that findings depend on: manifests, lock files, ignore files, and what says how it is built. */
// One flat group: not every editor reads a group within a group.
const names = [
  '.ballast.json',
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
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  '.yarnrc.yml',
  '.npmrc',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'bun.lock',
  'bun.lockb',
  'tsconfig*.json',
  'requirements*.txt',
  'pyproject.toml',
  'poetry.lock',
  'uv.lock',
  'Pipfile',
  'Pipfile.lock',
  'go.mod',
  'go.sum',
  'pom.xml',
  '*.gradle',
  '*.gradle.kts',
  'Cargo.toml',
  'Cargo.lock',
  '*.csproj',
  '*.fsproj',
  '*.vbproj',
  'Gemfile',
  'Gemfile.lock',
  'composer.json',
  'composer.lock',
];

/** An install writes thousands of files within seconds; the findings are computed anew when it has calmed down. */
const calm = 200;

/**
 * Has the editor report changes of the files that findings depend on, and calls back once for each burst of them.
 * Dependency folders do not count.
 */
export async function watchProjectFiles(
  connection: Connection,
  host: ServerHost,
  onDidChange: () => void,
): Promise<void> {
  let cancel: (() => void) | undefined;
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.some(({ uri }) => !uri.includes('/node_modules/'))) {
      cancel?.();
      cancel = host.startTimer(calm, onDidChange);
    }
  });
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [{ globPattern: `**/{${names.join(',')}}` }],
  });
}
