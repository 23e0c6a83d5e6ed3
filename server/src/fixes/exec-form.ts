import type { Dockerfile, Step } from '../model/dockerfile.ts';
import { argumentSpan, argumentText } from '../syntax/tree.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** Words that a shell would take as they stand, and quoted ones that hold nothing a shell looks at. */
const plainWords =
  /^(?:[\w@%+=:,./-]+|'[^'\n]*'|"[^"$`\\\n]*")(?:[ \t]+(?:[\w@%+=:,./-]+|'[^'\n]*'|"[^"$`\\\n]*"))*$/;

/** Words that only a shell knows. */
const builtins = [
  'cd',
  'export',
  'exec',
  'source',
  '.',
  'set',
  'if',
  'for',
  'while',
  'until',
  'case',
  'eval',
  'test',
  '[',
  'exit',
  'trap',
  'wait',
  'ulimit',
  'umask',
];

/**
 * Writes a start command or probe in exec form; undefined where it needs a shell to mean what it says. Where the image's
 * own entry point says the first words already (`node`, `java -jar`), they are left out. `pathOf` names a program by its path
 * where it is not found by its name.
 */
export function execForm(
  dockerfile: Dockerfile,
  step: Step,
  entrypoint: readonly string[] = [],
  pathOf: (program: string) => string = (program) => program,
): Fix | undefined {
  const { instruction } = step;
  const whole = argumentSpan(instruction);
  const prefix =
    instruction.keyword === 'HEALTHCHECK' ? (/^CMD\s+/i.exec(argumentText(instruction))?.[0] ?? '') : '';
  const text = argumentText(instruction).slice(prefix.length);
  const hasBreak = dockerfile.text.slice(whole.start, whole.end).includes('\n');
  if (hasBreak || !plainWords.test(text)) {
    return undefined;
  }
  const all = [...text.matchAll(/'([^']*)'|"([^"]*)"|\S+/g)].map((match) => match[1] ?? match[2] ?? match[0]);
  const words = all[0] === 'exec' ? all.slice(1) : all;
  if (builtins.includes(words[0] ?? '') || /^\w+=/.test(words[0] ?? '')) {
    return undefined;
  }
  const rest = withoutEntrypoint(words, entrypoint);
  return rest === undefined
    ? undefined
    : {
        title: `Write ${instruction.keyword} in exec form`,
        applicability: 'review',
        edits: [
          {
            span: span(whole.start + prefix.length, whole.end),
            text: jsonWords(rest.map((word, i) => (i === 0 ? pathOf(word) : word))),
          },
        ],
      };
}

/** The words behind those of an entry point; undefined where they start alike and go on differently. */
function withoutEntrypoint(
  words: readonly string[],
  entrypoint: readonly string[],
): readonly string[] | undefined {
  const nameOf = (word: string | undefined): string | undefined =>
    word?.replace(/^.*\//, '').replace(/^python3?$/, 'python');
  if (entrypoint.length === 0 || nameOf(words[0]) !== nameOf(entrypoint[0])) {
    return words;
  }
  return entrypoint.every((word, i) => nameOf(word) === nameOf(words[i]))
    ? words.slice(entrypoint.length)
    : undefined;
}

/** Takes the words that an entry point says already out of a CMD in exec form; where options stand between them, CMD becomes ENTRYPOINT. */
export function dropEntrypoint(
  dockerfile: Dockerfile,
  step: Step,
  entrypoint: readonly string[],
): Fix | undefined {
  const { instruction } = step;
  const words = instruction.words.map((word) => word.value);
  const place = argumentSpan(instruction);
  const rest = withoutEntrypoint(words, entrypoint);
  const isMultiLine = dockerfile.text.slice(place.start, place.end).includes('\n');
  const [program] = entrypoint;
  if (instruction.form !== 'json' || isMultiLine || program === undefined || rest?.length === 0) {
    return undefined;
  }
  const keyword = new Layout(dockerfile.syntax).keyword('ENTRYPOINT');
  return rest === undefined
    ? {
        title: 'Write it as ENTRYPOINT',
        applicability: 'review',
        edits: [
          { span: instruction.keywordSpan, text: keyword },
          { span: place, text: jsonWords([program, ...words.slice(1)]) },
        ],
      }
    : {
        title: `Leave out ${words.slice(0, words.length - rest.length).join(' ')}`,
        applicability: 'review',
        edits: [{ span: place, text: jsonWords(rest) }],
      };
}

/** True for a command that is meant as a list and is none in JSON: a shell takes its `[` for a program. */
export function isBrokenList(step: Step): boolean {
  return step.instruction.form === 'shell' && /^\[.*\]$/s.test(argumentText(step.instruction).trim());
}

/** One word of a list, in whatever quotes it stands. */
const quotedWord = /(?:'([^'"“”‘’\n\\]*)'|["“”]+([^'"“”‘’\n\\]*)["“”]+|[‘’]([^'"“”‘’\n\\]*)[‘’])/g;

/** Writes a list in other quotes, or without commas, as JSON; undefined where it is not plain what its words are. */
export function jsonList(step: Step): Fix | undefined {
  const { instruction } = step;
  const text = argumentText(instruction).trim().slice(1, -1);
  const words = [...text.matchAll(quotedWord)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
  const between = text.replace(quotedWord, '');
  return words.length === 0 || !/^[\s,]*$/.test(between) || words.some((word) => word === '')
    ? undefined
    : {
        title: `Write ${instruction.keyword} as a list in JSON`,
        applicability: 'review',
        edits: [{ span: argumentSpan(instruction), text: jsonWords(words) }],
      };
}

/** Words as they stand in an instruction's exec form. */
export function jsonWords(words: readonly string[]): string {
  return JSON.stringify(words).replaceAll('","', '", "');
}

/**
 * Writes a start command that needs a shell in exec form all the same: the shell is named, and makes way for the last
 * program it starts, which then is process 1. Undefined where the text holds more than commands one after the other.
 */
export function execLast(dockerfile: Dockerfile, step: Step): Fix | undefined {
  const { instruction } = step;
  const place = argumentSpan(instruction);
  const text = argumentText(instruction);
  const start = lastCommandStart(text);
  const rest = start === undefined ? '' : text.slice(start);
  const first = /^\S*/.exec(rest)?.[0] ?? '';
  const isStarted = first === 'exec';
  const isBuiltin = !isStarted && (builtins.includes(first) || /^\w+=|^[{!]/.test(first));
  if (
    start === undefined ||
    first === '' ||
    isBuiltin ||
    instruction.heredocs.length > 0 ||
    dockerfile.text.slice(place.start, place.end).includes('\n')
  ) {
    return undefined;
  }
  const program = (isStarted ? (rest.split(/\s+/)[1] ?? '') : first).replace(/^["']|["']$/g, '');
  const script = isStarted ? text : `${text.slice(0, start)}exec ${rest}`;
  return {
    title: `Start ${program} with exec`,
    applicability: 'review',
    edits: [{ span: place, text: jsonWords(['/bin/sh', '-c', script]) }],
  };
}

/** True where the shell of a start command makes way for the last program it starts. */
export function handsOver(step: Step): boolean {
  const text = argumentText(step.instruction);
  const start = lastCommandStart(text);
  return start !== undefined && /^exec\s/.test(text.slice(start));
}

/** Where the last of several commands starts that run one after the other; undefined where there is more to it. */
function lastCommandStart(text: string): number | undefined {
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const ch = text.charAt(at);
    if (ch === '\\') {
      at++;
    } else if (ch === "'" || ch === '"') {
      const close = closingQuote(text, at);
      if (close === undefined) {
        return undefined;
      }
      at = close;
    } else if (text.startsWith('&&', at) || ch === ';') {
      at += ch === ';' ? 0 : 1;
      start = at + 1;
    } else if (ch === '&' && !/[<>]/.test(text.charAt(at - 1))) {
      return undefined;
    } else if ('|()`#'.includes(ch) && !(ch === '#' && text.charAt(at - 1) !== ' ')) {
      return undefined;
    }
  }
  return start + (/^\s*/.exec(text.slice(start))?.[0].length ?? 0);
}

function closingQuote(text: string, open: number): number | undefined {
  const quote = text.charAt(open);
  for (let at = open + 1; at < text.length; at++) {
    if (text.charAt(at) === '\\' && quote === '"') {
      at++;
    } else if (text.charAt(at) === quote) {
      return at;
    } else if (quote === '"' && (text.startsWith('$(', at) || text.charAt(at) === '`')) {
      return undefined;
    }
  }
  return undefined;
}
