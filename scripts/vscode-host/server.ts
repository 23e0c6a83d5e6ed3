import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Host } from './install.ts';

export interface ServeOptions {
  readonly userDataDir: string;
  readonly extensionsDir: string;
  /** True lets VS Code ask whether a folder is trusted; false trusts every folder. */
  readonly workspaceTrust: boolean;
  /** Lets the window load extension tests. VS Code then shows no notifications outside of their list. */
  readonly extensionTests: boolean;
  /** 0 takes any free port. */
  readonly port: number;
}

export interface Server {
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** How long the server may take to start, in milliseconds. It takes about 5 seconds. */
const startLimit = 60_000;

/** Starts VS Code's server on this machine's loopback address, and waits until it listens. */
export async function startServer(host: Host, options: ServeOptions): Promise<Server> {
  const args = [
    ...['--host', '127.0.0.1', '--port', String(options.port), '--without-connection-token'],
    // Without this flag a built workbench ignores the payload that names the extension and its tests.
    ...(options.extensionTests ? ['--enable-smoke-test-driver'] : []),
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
  ];
  const child = spawn(host.node, [host.serverMain, ...args, ...folderArgs(options)], {
    env: serverEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const port = await listeningPort(child);
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill();
        await once(child, 'exit');
      }
    },
  };
}

/** Installs a packaged extension into `extensionsDir`. Throws where VS Code refuses it. */
export function installExtension(
  host: Host,
  vsix: string,
  folders: Pick<ServeOptions, 'userDataDir' | 'extensionsDir'>,
): void {
  const args = [host.serverMain, '--install-extension', vsix, '--force', ...folderArgs(folders)];
  // VS Code also complains about native modules that are left out; execFileSync shows it all when the command fails.
  execFileSync(host.node, args, { env: serverEnvironment(), stdio: 'pipe' });
}

function folderArgs(folders: Pick<ServeOptions, 'userDataDir' | 'extensionsDir'>): string[] {
  const { userDataDir, extensionsDir } = folders;
  return [
    ...['--user-data-dir', userDataDir, '--server-data-dir', userDataDir, '--extensions-dir', extensionsDir],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
  ];
}

/** The environment without what a surrounding VS Code terminal puts there: the server would mistake it for its own. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(VSCODE_|ELECTRON_|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** The server prints the port it took; everything it printed is part of the error when it does not start. */
function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string) => reject(new Error(`VS Code's server ${reason}.\n${output}`));
    const timer = setTimeout(() => {
      child.kill();
      fail(`did not start within ${startLimit / 1000} seconds`);
    }, startLimit);
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port !== undefined) {
        clearTimeout(timer);
        resolve(Number(port));
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('exit', (code) => fail(`ended with code ${code}`));
  });
}
