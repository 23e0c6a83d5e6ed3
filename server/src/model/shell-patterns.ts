/**
 * More wildcards than this could make the matching slow; nobody writes as many. The functions below give undefined
 * then, and where BuildKit refuses the pattern.
 */
const mostWildcards = 3;

/** `${value#pattern}`, and `##` where the pattern starts with another `#`: what matches at the front is taken away. */
export function trimFront(value: string, pattern: string): string | undefined {
  const isGreedy = pattern.startsWith('#');
  const regex = toRegex(isGreedy ? pattern.slice(1) : pattern, isGreedy);
  return regex === undefined ? undefined : value.replace(new RegExp(`^(?:${regex})`), '');
}

/** `${value%pattern}` and `%%`: what matches at the end is taken away. */
export function trimBack(value: string, pattern: string): string | undefined {
  const isGreedy = pattern.startsWith('%');
  const regex = toRegex(isGreedy ? pattern.slice(1) : pattern, true);
  if (regex === undefined) {
    return undefined;
  }
  const whole = new RegExp(`^(?:${regex})$`);
  // The longest match starts first, the shortest last.
  const starts = Array.from({ length: value.length + 1 }, (_, i) => (isGreedy ? i : value.length - i));
  const start = starts.find((at) => whole.test(value.slice(at)));
  return start === undefined ? value : value.slice(0, start);
}

/** `${value/pattern/replacement}`: the longest first match, or every match, is replaced. */
export function replaceFirst(
  value: string,
  pattern: string,
  replacement: string,
  isGlobal: boolean,
): string | undefined {
  const regex = toRegex(pattern, true);
  return regex === undefined
    ? undefined
    : value.replace(new RegExp(regex, isGlobal ? 'g' : ''), () => replacement);
}

/** A pattern of `*` and `?` as a regular expression. */
function toRegex(pattern: string, isGreedy: boolean): string | undefined {
  let regex = '';
  let wildcards = 0;
  for (let at = 0; at < pattern.length; at++) {
    const ch = pattern.charAt(at);
    if (ch === '*') {
      regex += isGreedy ? '.*' : '.*?';
      wildcards++;
    } else if (ch === '?') {
      regex += '.';
    } else if (ch === '\\') {
      const next = pattern.charAt(++at);
      if (!'}/*?\\'.includes(next) || next === '') {
        return undefined;
      }
      regex += `\\${next}`;
    } else {
      regex += ch.replace(/[[\]{}.+()|^$/]/, '\\$&');
    }
  }
  return wildcards > mostWildcards ? undefined : regex;
}
