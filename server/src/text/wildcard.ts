/**
 * True where a pattern of `*` and `?` matches the whole text. Takes no more time than the product of both lengths,
 * whatever the pattern: the last star alone is tried again.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star: { readonly inPattern: number; at: number } | undefined;
  while (at < text.length) {
    const ch = pattern.charAt(inPattern);
    if (ch === '*') {
      star = { inPattern: inPattern + 1, at };
      inPattern++;
    } else if (inPattern < pattern.length && (ch === '?' || ch === text.charAt(at))) {
      at++;
      inPattern++;
    } else if (star !== undefined) {
      star.at++;
      at = star.at;
      inPattern = star.inPattern;
    } else {
      return false;
    }
  }
  while (pattern.charAt(inPattern) === '*') {
    inPattern++;
  }
  return inPattern === pattern.length;
}

/** The same for paths, in which a star stands for no slash. */
export function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  return wanted.length === parts.length && wanted.every((part, i) => matchesWildcard(part, parts[i] ?? ''));
}
