/** A server that listens to a port of its own where none is named. */
export interface UsualServer {
  /** Found in the start command that is followed to its end. */
  readonly command: RegExp;
  readonly port: number;
  /** True where the variable PORT wins. */
  readonly honours: boolean;
  /** Variables that name another port; undefined where it is not known what else does. */
  readonly setBy?: RegExp;
}

/** A framework or library, as far as it decides by itself where a program writes and on which port it listens. */
export interface Framework {
  /** Name of the package in the manifest; a pattern of the manifest's text where its format is not read. */
  readonly package?: string | RegExp;
  /** Folders that it writes to, below the folder that the program is started in; `.` is that folder itself. */
  readonly writes?: readonly string[];
  readonly server?: UsualServer;
}
