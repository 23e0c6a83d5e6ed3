import type { Pair } from '../syntax/tree.ts';
import { memoizeFor } from '../text/memoize.ts';
import { automaticArguments } from './automatic-arguments.ts';
import type { Dockerfile } from './dockerfile.ts';
import { expandText } from './expansion.ts';

/** The arguments declared above the first FROM, which FROM alone can read; the last of a name counts. */
export const headArguments = memoizeFor((dockerfile: Dockerfile): ReadonlyMap<string, Pair> => {
  const { instructions } = dockerfile.syntax;
  const first = instructions.findIndex((instruction) => instruction.keyword === 'FROM');
  const head = first < 0 ? instructions : instructions.slice(0, first);
  return new Map(
    head
      .filter((instruction) => instruction.keyword === 'ARG')
      .flatMap((instruction) => instruction.pairs.map((pair): [string, Pair] => [pair.name, pair])),
  );
});

/**
 * The values that FROM sees in a build that is told nothing: the defaults, and what BuildKit sets by itself. Undefined
 * where BuildKit refuses a default.
 */
export function defaultArguments(dockerfile: Dockerfile): ReadonlyMap<string, string> | undefined {
  const values = new Map(automaticArguments);
  for (const instruction of dockerfile.syntax.instructions) {
    if (instruction.keyword === 'FROM') {
      break;
    }
    for (const { name, value } of instruction.keyword === 'ARG' ? instruction.pairs : []) {
      if (value === undefined) {
        continue;
      }
      const expanded = expandText(value, values, { escape: dockerfile.syntax.escape });
      if (expanded.isRefused || expanded.value === undefined) {
        return undefined;
      }
      values.set(name, expanded.value);
    }
  }
  return values;
}
