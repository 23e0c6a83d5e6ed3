import type { ImagePath } from '../../text/path-types.ts';
/** A place that the program may create, change or append to. Absolute path in the image. */
export interface WrittenPlace {
  readonly path: ImagePath;
  /** False for a folder in which files are made. */
  readonly isFile: boolean;
  /** True where all that lies in the folder is written, as in a volume. */
  readonly isTree?: boolean;
  /** True where a RUN of the stage makes it. */
  readonly isMade?: boolean;
}

/** A place that the program has to write to. Absolute path in the image. */
export interface WritablePlace {
  readonly path: ImagePath;
  /**
   * `folder`: the folder itself, in which files are made. `tree`: a folder with what the image holds in it. `new tree`: the
   * same, where it may be missing. `file`: a file that the image holds. `new file`: one that is made in a folder of
   * somebody else.
   */
  readonly kind: 'folder' | 'tree' | 'new tree' | 'file' | 'new file';
  /** True for the folder of a VOLUME. */
  readonly isVolume: boolean;
}
