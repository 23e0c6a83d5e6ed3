/** One build as a Compose or Bake file describes it. Values that hold a variable of unknown value are left out. */
export interface BuildDescription {
  /** Name of the service (Compose) or target (Bake). */
  readonly name: string;
  /** Line of the file, starting at 1, where the build is described. */
  readonly line: number;
  /** Folder of the context relative to the file, `.` where the file says nothing; undefined where it is not a known folder. */
  readonly context: string | undefined;
  /** Path of the Dockerfile relative to the context; undefined where it is inline or not known. */
  readonly dockerfile: string | undefined;
  /** The text of a Dockerfile that the file holds itself. */
  readonly inline?: string;
  readonly target?: string;
  readonly args: Readonly<Record<string, string>>;
  /** Further build contexts by name: a folder, or what Docker takes there (`docker-image://…`, `target:…`, an URL). */
  readonly additionalContexts: Readonly<Record<string, string>>;
}

/** Reads the builds out of a file. Undefined where the file is malformed. */
export type BuildFileReader = (text: string) => readonly BuildDescription[] | undefined;

/** True where a build context is not a folder: a repository, an archive, another image. */
export function isRemoteContext(context: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/|target:|service:)/.test(context);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
