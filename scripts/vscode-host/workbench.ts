import type { Server } from './server.ts';

/** What the workbench opens with. Paths are absolute. */
export interface WorkbenchOptions {
  readonly folder: string;
  readonly file?: string;
  readonly extensionDevelopmentPath?: string;
  readonly extensionTestsPath?: string;
}

/** The address under which the server's workbench opens a folder and whatever else is asked for. */
export function workbenchUrl(server: Server, options: WorkbenchOptions): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${server.port}${path}`;
  const payload: [string, string][] = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
  ];
  if (options.file !== undefined) {
    payload.push(['openFile', remote(options.file)]);
  }
  if (options.extensionDevelopmentPath !== undefined) {
    payload.push(['extensionDevelopmentPath', remote(options.extensionDevelopmentPath)]);
  }
  if (options.extensionTestsPath !== undefined) {
    payload.push(['extensionTestsPath', remote(options.extensionTestsPath)]);
  }
  const url = new URL(server.url);
  url.searchParams.set('folder', options.folder);
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}
