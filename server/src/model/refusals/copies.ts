import { findFlag, type SyntaxProblem } from '../../syntax/tree.ts';
import type { Step } from '../dockerfile.ts';
import type { Values } from './values.ts';

const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

/** A mode as chmod takes it by letters: `u+x`, `go=rX`, `a+rwx,o-w`. */
const symbolicMode = /^[ugoa]*(?:[-+=](?:[ugo]|[rwxXst]*))+(?:,[ugoa]*(?:[-+=](?:[ugo]|[rwxXst]*))+)*$/;

const gitSource = /^(?:git@[\w.-]+:|git:\/\/|ssh:\/\/|https?:\/\/[^?#]*\.git(?:[?#]|$))/;

/** Flags and sources of COPY and ADD that BuildKit does not take. */
export function copyRefusals({ instruction }: Step, values: Values): SyntaxProblem[] {
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') {
    return [];
  }
  const problems: SyntaxProblem[] = [];
  const say = (name: string, problem: (value: string) => string | undefined): void => {
    const flag = findFlag(instruction, name);
    const value = flag?.value === undefined ? undefined : values.of(flag.value);
    const message = value === undefined ? undefined : problem(value);
    if (flag !== undefined && message !== undefined) {
      problems.push({ message, span: flag.span });
    }
  };
  const sources = instruction.words
    .slice(0, -1)
    .filter((word) => !instruction.heredocs.some((one) => one.span.start === word.span.start));
  say('chmod', (value) =>
    value === '' || isMode(value) ? undefined : `--chmod takes a mode such as 755 or u+x, not ${value}.`,
  );
  say('chown', (value) => chownProblem(value, findFlag(instruction, 'link')?.value));
  say('checksum', (value) => {
    const [first, second] = sources.map((word) => values.of(word.value));
    if (value === '') {
      return undefined;
    }
    if (second !== undefined || sources.length > 1) {
      return '--checksum goes with one source.';
    }
    if (first === undefined || gitSource.test(first)) {
      return undefined;
    }
    return /^https?:\/\//.test(first)
      ? digestProblem(value)
      : '--checksum goes with a URL, not with a file of the build context.';
  });
  if (instruction.keyword === 'COPY') {
    for (const source of sources) {
      const value = values.of(source.value) ?? '';
      if (gitSource.test(value) || /^https?:\/\//.test(value)) {
        problems.push({ message: 'COPY fetches nothing; ADD does.', span: source.span });
      }
    }
  }
  return problems;
}

function isMode(value: string): boolean {
  return /^\+?[0-7]+$/.test(value) ? Number.parseInt(value, 8) <= 0o7777 : symbolicMode.test(value);
}

function chownProblem(value: string, link: string | undefined): string | undefined {
  const isLinked = link !== undefined && link.toLowerCase() !== 'false';
  return isLinked && value.split(':').some((part) => part !== '' && !/^\d+$/.test(part))
    ? '--link knows no names of users; --chown takes numbers with it.'
    : undefined;
}

function digestProblem(value: string): string | undefined {
  const colon = value.indexOf(':');
  const length = digestLengths.get(value.slice(0, colon));
  const digits = value.slice(colon + 1);
  return length === digits.length && /^[0-9a-f]+$/.test(digits)
    ? undefined
    : `--checksum takes sha256: and 64 hexadecimal digits.`;
}
