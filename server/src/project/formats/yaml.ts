import { parse } from 'yaml';
import { memoize } from '../../text/memoize.ts';

/** Longer texts are machine-made; the settings of a project never are. */
const longest = 200_000;

/** The deepest nesting that is read: the parser takes time in proportion to its square. */
const deepest = 50;

/** Reads a settings file in YAML; undefined where it is none, or has several documents. Never throws. */
export const readYaml = memoize((text): unknown => {
  if (text.length > longest || isDeep(text)) {
    return undefined;
  }
  try {
    return parse(text, { maxAliasCount: 100, logLevel: 'silent' });
  } catch {
    return undefined;
  }
}, 50);

/** True where brackets, or lists in one line, are nested as no settings are. */
function isDeep(text: string): boolean {
  let depth = 0;
  for (const ch of text) {
    if (ch === '[' || ch === '{') {
      depth++;
    } else if (ch === ']' || ch === '}') {
      depth = Math.max(0, depth - 1);
    }
    if (depth > deepest) {
      return true;
    }
  }
  return text.split('\n').some((line) => /^(?:[-?:] {0,3}){50}/.test(line.trimStart()));
}
