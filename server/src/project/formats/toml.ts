import { parse } from 'smol-toml';
import { memoize } from '../../text/memoize.ts';

/** Longer texts are no manifest of anybody, and a lock file of that length is not read either. */
const longest = 8_000_000;

/** Reads a file in TOML; undefined where it is none. Never throws. */
export const readToml = memoize((text): Readonly<Record<string, unknown>> | undefined => {
  if (text.length > longest) {
    return undefined;
  }
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}, 50);
