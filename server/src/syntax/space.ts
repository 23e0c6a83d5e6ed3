/** What BuildKit takes for white space where it trims and splits: that of Go's `unicode.IsSpace`, not that of JavaScript. */
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export function isSpace(ch: string): boolean {
  return space.test(ch);
}

/** The offset of the first character that is no white space, from `from` on. */
export function skipSpace(text: string, from = 0): number {
  let at = from;
  while (at < text.length && isSpace(text.charAt(at))) {
    at++;
  }
  return at;
}

/** The offset behind the last character that is no white space; 0 where there is none. */
export function endOfText(text: string): number {
  let end = text.length;
  while (end > 0 && isSpace(text.charAt(end - 1))) {
    end--;
  }
  return end;
}

/** True for a text that holds nothing but white space. */
export function isBlank(text: string): boolean {
  return skipSpace(text) === text.length;
}

/** The stretches between white space. */
export function splitSpace(text: string): string[] {
  const words: string[] = [];
  let word = '';
  for (const ch of `${text} `) {
    if (!isSpace(ch)) {
      word += ch;
    } else if (word !== '') {
      words.push(word);
      word = '';
    }
  }
  return words;
}
