/** True where a pattern of `*` and `?` matches the whole text, in the time of `matchesWhole`. */
export function matchesWildcard(pattern: string, text: string): boolean {
  return matchesWhole(
    pattern,
    text,
    (ch) => ch === '*',
    (ch, given) => ch === '?' || ch === given,
  );
}

/** The same for paths, in which a star stands for no slash. */
export function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  return wanted.length === parts.length && wanted.every((part, i) => matchesWildcard(part, parts[i] ?? ''));
}

/**
 * True where what is wanted, in which some parts stand for any number of any, matches the whole of what is given. Takes no
 * more time than the product of both lengths, whatever is wanted: the last part that stands for any number alone is tried
 * again.
 */
export function matchesWhole<T>(
  wanted: ArrayLike<T>,
  given: ArrayLike<string>,
  isAnyNumber: (wanted: T) => boolean,
  isOne: (wanted: T, given: string) => boolean,
): boolean {
  let at = 0;
  let inWanted = 0;
  let star: { readonly inWanted: number; at: number } | undefined;
  const isAnyAt = (index: number): boolean => index < wanted.length && isAnyNumber(wanted[index] as T);
  while (at < given.length) {
    if (isAnyAt(inWanted)) {
      inWanted++;
      star = { inWanted, at };
    } else if (inWanted < wanted.length && isOne(wanted[inWanted] as T, given[at] ?? '')) {
      inWanted++;
      at++;
    } else if (star !== undefined) {
      star.at++;
      at = star.at;
      inWanted = star.inWanted;
    } else {
      return false;
    }
  }
  while (isAnyAt(inWanted)) {
    inWanted++;
  }
  return inWanted === wanted.length;
}
