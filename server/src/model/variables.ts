/** Values of variables; undefined for one that exists and whose value is not known before the build. */
export type Variables = ReadonlyMap<string, string | undefined>;

const reference = /\$(?:\{(\w+)(?:(:?[-+])([^}]*))?\}|(\w+))/g;

/**
 * Replaces `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` as BuildKit does, quotes and escapes removed.
 * Undefined where a value is not known, or where a form is used that is not among these.
 */
export function expand(text: string, variables: Variables, escapeChar: string): string | undefined {
  const single: string[] = [];
  // What stands in single quotes, or behind an escape, is not expanded: it is set aside first.
  let source = '';
  for (let at = 0; at < text.length; at++) {
    const ch = text.charAt(at);
    if (ch === "'" && text.indexOf("'", at + 1) > 0) {
      const close = text.indexOf("'", at + 1);
      single.push(text.slice(at + 1, close));
      source += '\u0000';
      at = close;
    } else if (ch === escapeChar && at + 1 < text.length) {
      single.push(text.charAt(at + 1));
      source += '\u0000';
      at++;
    } else if (ch !== '"') {
      source += ch;
    }
  }
  let isKnown = true;
  const expanded = source.replace(
    reference,
    (_, braced?: string, operator?: string, word?: string, bare?: string) => {
      const value = substitute(variables, braced ?? bare ?? '', operator, word ?? '');
      isKnown &&= value !== undefined;
      return value ?? '';
    },
  );
  if (!isKnown || /\$[{\w]/.test(source.replace(reference, ''))) {
    return undefined;
  }
  let next = 0;
  return expanded.replaceAll('\u0000', () => single[next++] ?? '');
}

function substitute(
  variables: Variables,
  name: string,
  operator: string | undefined,
  word: string,
): string | undefined {
  const isSet = variables.has(name);
  const value = variables.get(name);
  if (operator === undefined) {
    return isSet ? value : undefined;
  }
  if (isSet && value === undefined) {
    return undefined;
  }
  const counts = isSet && (value !== '' || !operator.startsWith(':'));
  if (operator.endsWith('-')) {
    return counts ? value : word;
  }
  return counts ? word : '';
}
