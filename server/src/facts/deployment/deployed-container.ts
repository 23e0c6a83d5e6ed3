import type { ImagePath } from '../../text/path-types.ts';
import type { Evidence } from '../known.ts';

/** A folder of a container that a volume, a folder of the host or a temporary file system is put over. */
export interface MountedFolder {
  /** Absolute path in the container. */
  readonly path: ImagePath;
  /**
   * `volume` takes over what the image holds there, with its owner; `bind` and `claim` belong to whom the host or the
   * cluster says; everybody may write to `temporary`; nobody writes to `read-only`.
   */
  readonly kind: 'volume' | 'bind' | 'claim' | 'temporary' | 'read-only';
}

/** How a file of the project says that the container runs. */
export interface DeployedContainer {
  /** The user it is started as; undefined where the image decides. */
  readonly user: string | undefined;
  /** True where the image must not start as root, which Kubernetes can tell of a number only. */
  readonly refusesRoot: boolean;
  readonly isReadOnly: boolean;
  /** What it is given of the host beyond a plain container, for people: `a device of the host`; undefined for nothing. */
  readonly privilege: string | undefined;
  readonly mounts: readonly MountedFolder[];
  /** Settings that it is given and whose values are written down. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the settings that it is given, whether their values are written down or not; `any` where a file brings them. */
  readonly settings: readonly string[] | 'any';
  /** What it is started with in place of the image's command, as shell text; empty where the image decides. */
  readonly command: string;
  /** What is run in it to ask whether it is healthy, as shell text; empty where the image decides. */
  readonly probe: string;
  readonly evidence: Evidence;
}
