import { type Disposable, extensions, workspace } from 'vscode';
import type { Environment } from '../../server/src/lsp/messages.ts';

/** Docker DX runs `docker build --check` by itself. */
const dockerDx = 'docker.docker';

/** Extensions that bring the standard Dockerfile features themselves: Docker DX, and Microsoft's old and new one. */
const otherDockerExtensions = [dockerDx, 'ms-azuretools.vscode-docker', 'ms-azuretools.vscode-containers'];

/** What the server has to know of this editor. Extensions that are installed but disabled do not count. */
export function readEnvironment(): Environment {
  return {
    hasOtherDockerExtension: otherDockerExtensions.some((id) => extensions.getExtension(id) !== undefined),
    hasOtherBuildChecks: extensions.getExtension(dockerDx) !== undefined,
    isTrusted: workspace.isTrusted,
  };
}

/** Calls back with the environment whenever it has changed. */
export function watchEnvironment(onDidChange: (environment: Environment) => void): Disposable[] {
  let last = JSON.stringify(readEnvironment());
  const look = (): void => {
    const environment = readEnvironment();
    const now = JSON.stringify(environment);
    if (now !== last) {
      last = now;
      onDidChange(environment);
    }
  };
  return [extensions.onDidChange(look), workspace.onDidGrantWorkspaceTrust(look)];
}
