import { memoize } from '../../text/memoize.ts';

/** What Ballast reads of a go.mod. */
export interface GoModule {
  readonly path: string | undefined;
  /** The version of the language, and the toolchain that is asked for. */
  readonly go: string | undefined;
  readonly toolchain: string | undefined;
  /** Paths of the modules that are required, direct or not. */
  readonly requires: readonly string[];
  /** What modules are replaced by: a folder where it starts with `.` or `/`. */
  readonly replacements: readonly string[];
}

/** Reads the text of a go.mod, its blocks in parentheses included. Takes time in proportion to its length. */
export const readGoMod = memoize((text): GoModule => {
  const requires: string[] = [];
  const replacements: string[] = [];
  const single: Record<string, string> = {};
  let block: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const words = wordsOf(line);
    const [first] = words;
    if (first === undefined) {
      continue;
    }
    if (block !== undefined && first === ')') {
      block = undefined;
      continue;
    }
    const directive = block ?? first;
    const rest = block === undefined ? words.slice(1) : words;
    if (block === undefined && rest[0] === '(') {
      block = first;
    } else if (directive === 'require' && rest[0] !== undefined) {
      requires.push(rest[0]);
    } else if (directive === 'replace') {
      const to = rest[rest.indexOf('=>') + 1];
      if (rest.includes('=>') && to !== undefined) {
        replacements.push(to);
      }
    } else if (rest[0] !== undefined) {
      single[directive] ??= rest[0];
    }
  }
  return {
    path: single['module'],
    go: single['go'],
    toolchain: single['toolchain'],
    requires,
    replacements,
  };
}, 50);

/** The words of a line, its comment left off and quotes removed. */
function wordsOf(line: string): string[] {
  const at = line.indexOf('//');
  // An address may hold `//` where no blank stands in front of it.
  const isComment = at === 0 || (at > 0 && /\s/.test(line.charAt(at - 1)));
  return (isComment ? line.slice(0, at) : line)
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/^["`]|["`]$/g, ''));
}
