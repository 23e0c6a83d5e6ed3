import { memoize } from '../../text/memoize.ts';

/** One line of a requirements file, joined where it goes on, its comment left off. */
export type Requirement =
  /** A distribution by its name, in lower case with `-`; `extras` as they are written. */
  | {
      readonly kind: 'package';
      readonly name: string;
      readonly extras: readonly string[];
      readonly url?: string;
    }
  /** Another file: `-r`, or `-c` for a constraint. */
  | { readonly kind: 'file' | 'constraint'; readonly path: string }
  /** A folder or file of the project, editable or not. */
  | { readonly kind: 'local'; readonly path: string }
  /** An option for pip itself, as written. */
  | { readonly kind: 'option'; readonly text: string };

/** Reads a requirements file as pip does. Takes time in proportion to its length, and never throws. */
export const readRequirements = memoize(
  (text): readonly Requirement[] =>
    text
      .replace(/^\uFEFF/, '')
      .replace(/\\\r?\n/g, ' ')
      .split(/\r?\n/)
      .flatMap((line) => readLine(withoutComment(line).trim())),
  50,
);

/** A comment starts a line, or stands behind a blank: `#` in a URL is none. */
function withoutComment(line: string): string {
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1)) {
    if (at === 0 || /\s/.test(line.charAt(at - 1))) {
      return line.slice(0, at);
    }
  }
  return line;
}

function readLine(line: string): Requirement[] {
  if (line === '') {
    return [];
  }
  const option = /^(--?[A-Za-z][\w-]*)(?:[ \t]+|=|(?=\S))?/.exec(line)?.[1];
  if (option !== undefined) {
    return [readOption(line)];
  }
  const named = /^([A-Za-z0-9][\w.-]*)[ \t]*(?:\[([^\]]*)\])?[ \t]*(@)?/.exec(line);
  if (named === null || /^\.{0,2}[/\\]|^\.{1,2}(?:$|\[)|^file:/.test(line) || /^[\w.-]+[/\\]/.test(line)) {
    return [{ kind: 'local', path: line }];
  }
  const [whole, name = '', extras = '', hasUrl] = named;
  const url = hasUrl === undefined ? undefined : line.slice(whole.length).trim();
  if (url?.startsWith('file:') === true) {
    return [{ kind: 'local', path: url }];
  }
  return [
    {
      kind: 'package',
      name: name.toLowerCase().replaceAll('_', '-'),
      extras: extras
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
      ...(url === undefined ? {} : { url }),
    },
  ];
}

function readOption(line: string): Requirement {
  const file = /^(?:-r|--requirement)[ \t]*(?:=[ \t]*)?(\S.*)$/.exec(line)?.[1];
  if (file !== undefined) {
    return { kind: 'file', path: file.trim() };
  }
  const constraint = /^(?:-c|--constraint)[ \t]*(?:=[ \t]*)?(\S.*)$/.exec(line)?.[1];
  if (constraint !== undefined) {
    return { kind: 'constraint', path: constraint.trim() };
  }
  const editable = /^(?:-e|--editable)[ \t]*(?:=[ \t]*)?(\S.*)$/.exec(line)?.[1];
  if (editable === undefined) {
    return { kind: 'option', text: line };
  }
  // What is fetched by a version control system is named behind its address.
  const name = /#(?:[^#]*&)?egg=([\w.-]+)/.exec(editable)?.[1] ?? '';
  return editable.includes('://')
    ? { kind: 'package', name: name.toLowerCase().replaceAll('_', '-'), extras: [], url: editable.trim() }
    : { kind: 'local', path: editable.trim() };
}
