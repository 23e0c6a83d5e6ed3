import { createScanner, type ParseError, parse } from 'jsonc-parser';

/** The deepest nesting that is read: the parser calls itself for each level, and so does whoever walks through its value. */
const deepest = 200;

/**
 * Reads JSON that may hold comments and commas behind the last entry, as tolerant as its parser is; undefined where it is nested
 * as nothing is that people write. Never throws.
 */
export function readJsonc(text: string, errors: ParseError[] = []): unknown {
  return isDeepJson(text) ? undefined : (parse(text, errors, { allowTrailingComma: true }) as unknown);
}

/** True where brackets are nested as in nothing that people write. */
export function isDeepJson(text: string): boolean {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (scanner.scan(); scanner.getTokenOffset() < text.length; scanner.scan()) {
    const first = text[scanner.getTokenOffset()];
    if (first === '{' || first === '[') {
      depth++;
    } else if (first === '}' || first === ']') {
      depth = Math.max(0, depth - 1);
    }
    if (depth > deepest) {
      return true;
    }
  }
  return false;
}
