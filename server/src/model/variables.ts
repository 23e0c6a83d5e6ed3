import { expandText, type Variables } from './expansion.ts';

/**
 * Replaces variables as BuildKit does, quotes and escapes removed. Undefined where a value is not known, which counts
 * for a variable that nothing sets as well, where the text has no default for it: the base image may set it.
 */
export function expand(text: string, variables: Variables, escapeChar: string): string | undefined {
  const { value, leansOnMissing } = expandText(text, variables, { escape: escapeChar });
  return leansOnMissing ? undefined : value;
}
