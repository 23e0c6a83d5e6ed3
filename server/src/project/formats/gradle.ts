import { memoize } from '../../text/memoize.ts';

/** The text of a build script of Gradle without its comments, so that questions about it are asked of code alone. */
export const gradleCode = memoize((text): string => {
  const kept: string[] = [];
  let isComment = false;
  for (const line of text.split('\n')) {
    let rest = line;
    let code = '';
    while (rest !== '') {
      const at = isComment ? rest.indexOf('*/') : commentStart(rest);
      if (at < 0) {
        code += isComment ? '' : rest;
        break;
      }
      if (isComment) {
        isComment = false;
        rest = rest.slice(at + 2);
      } else if (rest.startsWith('//', at)) {
        code += rest.slice(0, at);
        break;
      } else {
        code += rest.slice(0, at);
        isComment = true;
        rest = rest.slice(at + 2);
      }
    }
    kept.push(code);
  }
  return kept.join('\n');
}, 50);

/** Where the first comment of a line starts; those signs in a text in quotes are none. */
function commentStart(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length - 1; at++) {
    const ch = line.charAt(at);
    if (quote !== '') {
      if (ch === '\\') {
        at++;
      } else if (ch === quote) {
        quote = '';
      }
    } else if (ch === '"' || ch === "'") {
      quote = ch;
    } else if (ch === '/' && (line.charAt(at + 1) === '/' || line.charAt(at + 1) === '*')) {
      return at;
    }
  }
  return -1;
}
