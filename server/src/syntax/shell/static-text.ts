/** What a word of shell text stands for, where that can be said without running anything. */
export function staticText(text: string): string | undefined {
  let value = '';
  let at = 0;
  while (at < text.length) {
    const ch = text.charAt(at);
    if (ch === '$' || ch === '`' || ch === '*' || ch === '?' || (ch === '~' && at === 0)) {
      return undefined;
    }
    if (ch === "'") {
      const close = text.indexOf("'", at + 1);
      if (close < 0) {
        return undefined;
      }
      value += text.slice(at + 1, close);
      at = close + 1;
    } else if (ch === '"') {
      const part = doubleQuoted(text, at + 1);
      if (part === undefined) {
        return undefined;
      }
      value += part.value;
      at = part.end;
    } else if (ch === '\\') {
      value += text.charAt(at + 1);
      at += 2;
    } else {
      value += ch;
      at++;
    }
  }
  return value;
}

function doubleQuoted(text: string, from: number): { value: string; end: number } | undefined {
  let value = '';
  for (let at = from; at < text.length; at++) {
    const ch = text.charAt(at);
    if (ch === '"') {
      return { value, end: at + 1 };
    }
    if (ch === '$' || ch === '`') {
      return undefined;
    }
    const next = text.charAt(at + 1);
    if (ch === '\\' && '"$`\\'.includes(next) && next !== '') {
      value += next;
      at++;
    } else {
      value += ch;
    }
  }
  return undefined;
}
