#!/usr/bin/env -S node --import tsx
/**
 * Stands in for the executable of a desktop VS Code: takes the command line that `runTests` of @vscode/test-electron
 * writes (and `--install-extension`), does the same in a served VS Code, and ends with the exit code of the tests.
 * `--enable-workspace-trust` is its own: it undoes the `--disable-workspace-trust` that `runTests` always adds.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installHost } from './install.ts';
import { runExtensionTests } from './run-tests.ts';
import { installExtension, startServer } from './server.ts';

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
    'extensions-dir': { type: 'string' },
    'install-extension': { type: 'string' },
    'enable-workspace-trust': { type: 'boolean' },
  },
});

const host = installHost();
const folders = { userDataDir: path('user-data-dir'), extensionsDir: path('extensions-dir') };

if (values['install-extension'] !== undefined) {
  installExtension(host, path('install-extension'), folders);
} else {
  const workspaceTrust = values['enable-workspace-trust'] === true;
  const server = await startServer(host, { ...folders, workspaceTrust, extensionTests: true, port: 0 });
  process.once('SIGINT', () => server.stop());
  try {
    const options = {
      folder: positionals[0] ?? process.cwd(),
      extensionDevelopmentPath: path('extensionDevelopmentPath'),
      extensionTestsPath: path('extensionTestsPath'),
    };
    process.exitCode = await runExtensionTests(server, options, join(folders.userDataDir, 'window.log'));
  } finally {
    await server.stop();
  }
}

function path(name: string): string {
  const value = values[name];
  if (typeof value !== 'string') {
    throw new Error(`--${name} is missing.`);
  }
  return value;
}
