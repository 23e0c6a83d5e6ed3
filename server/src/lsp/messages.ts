/** Messages of Ballast's own between the client and the server. The client imports this file, so it imports nothing. */

/** What the client knows of the editor and the server cannot: sent in `initialize` and whenever it changes. */
export interface Environment {
  /** Another installed extension offers the everyday Dockerfile features. */
  readonly hasOtherDockerExtension: boolean;
  /** False in Restricted Mode: the server then asks nobody outside of this machine. */
  readonly isTrusted: boolean;
}

export const environmentNotification = 'ballast/environment';
