import { distance } from 'fastest-levenshtein';

/** So many names are compared, and none that is longer than this: nobody has more, and each costs time. */
const mostNames = 500;
const longestName = 100;

/** The name that was probably meant: the nearest one, two letters away at most, and fewer where the name is short. */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.min(2, Math.floor(name.length / 3)) + 1;
  let compared = 0;
  for (const one of name.length > longestName ? [] : names) {
    if (++compared > mostNames) {
      break;
    }
    // The distance is never less than the difference of the lengths.
    if (one === name || Math.abs(one.length - name.length) >= least) {
      continue;
    }
    const letters = distance(one, name);
    if (letters < least) {
      least = letters;
      nearest = one;
    }
  }
  return nearest;
}
