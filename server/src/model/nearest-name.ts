import { distance } from 'fastest-levenshtein';

/** The name that was probably meant: the nearest one, two letters away at most, and fewer where the name is short. */
export function nearestName(name: string, names: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.min(2, Math.floor(name.length / 3)) + 1;
  for (const one of names) {
    const letters = one === name ? least : distance(one, name);
    if (letters < least) {
      least = letters;
      nearest = one;
    }
  }
  return nearest;
}
