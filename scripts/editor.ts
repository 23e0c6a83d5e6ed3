/**
 * Serves a VS Code with the extension as it stands, at a local address, until Ctrl+C: a way to try Ballast without
 * installing anything. Opens the Dockerfile of the example project, or of the folder given as argument.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageExtension } from './package.ts';
import { installHost } from './vscode-host/install.ts';
import { MissingPart } from './vscode-host/missing.ts';
import { installExtension, startServer } from './vscode-host/server.ts';
import { workbenchUrl } from './vscode-host/workbench.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = resolve(process.argv[2] ?? join(root, 'examples/node-service'));

/** The Dockerfile and nothing else: no welcome page and no chat. */
const settings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

try {
  await serve();
} catch (error) {
  if (!(error instanceof MissingPart)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}

async function serve(): Promise<void> {
  const host = installHost();
  const state = join(root, '.cache/editor');
  const folders = { userDataDir: join(state, 'user-data'), extensionsDir: join(state, 'extensions') };
  mkdirSync(folders.extensionsDir, { recursive: true });
  installExtension(host, packageExtension(), folders);
  mkdirSync(join(folders.userDataDir, 'User'), { recursive: true });
  writeFileSync(join(folders.userDataDir, 'User/settings.json'), JSON.stringify(settings));
  const server = await startServer(host, {
    ...folders,
    workspaceTrust: false,
    extensionTests: false,
    port: 0,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => server.stop());
  }
  const file = join(folder, 'Dockerfile');
  const url = workbenchUrl(server, { folder, ...(existsSync(file) ? { file } : {}) });
  console.log(`\nVS Code with Ballast: ${url}\nCtrl+C ends it.`);
}
