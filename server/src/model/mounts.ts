import type { Flag, Instruction } from '../syntax/tree.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { ImagePath } from '../text/path-types.ts';

/** A parsed `RUN --mount=…`. */
export interface Mount {
  readonly flag: Flag;
  /** `bind` where the flag names none. */
  readonly type: string;
  /** `target`, `dst` or `destination`. */
  readonly target: ImagePath | undefined;
  readonly options: ReadonlyMap<string, string>;
}

/** The mounts of a RUN, in order. */
export const readMounts = memoizeFor((instruction: Instruction): readonly Mount[] =>
  instruction.flags
    .filter((flag) => flag.name === 'mount')
    .map((flag) => {
      const options = new Map(
        (flag.value ?? '').split(',').map((field): [string, string] => {
          const equals = field.indexOf('=');
          return equals < 0
            ? [field.trim().toLowerCase(), 'true']
            : [field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1)];
        }),
      );
      return {
        flag,
        type: options.get('type') ?? 'bind',
        target: options.get('target') ?? options.get('dst') ?? options.get('destination'),
        options,
      };
    }),
);
