/** What the client and the server have to agree on. The client imports this file, so it imports nothing. */

/**
 * The documents that Ballast reads: files, new documents, and the files of virtual workspaces, of which the text alone
 * is checked. Left out are the old versions in a diff and whatever else another extension shows as a Dockerfile.
 */
const schemes = ['file', 'untitled', 'vscode-vfs'];
export const dockerfileSelector = schemes.map((scheme) => ({ language: 'dockerfile', scheme }));
export const ignoreFileSelector = schemes.map((scheme) => ({
  pattern: '**/*.{dockerignore,containerignore}',
  scheme,
}));

/** What the client knows of the editor and the server cannot: sent in `initialize` and whenever it changes. */
export interface Environment {
  /** Another installed extension offers the everyday Dockerfile features. */
  readonly hasOtherDockerExtension: boolean;
  /** Another installed extension shows what `docker build --check` says. */
  readonly hasOtherBuildChecks: boolean;
  /** False in Restricted Mode: the server then asks nobody outside of this machine. */
  readonly isTrusted: boolean;
}

export const environmentNotification = 'ballast/environment';
