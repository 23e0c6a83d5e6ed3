import type { SourceFile } from '../../../ecosystems/source-text.ts';
import type { EvidencePlace } from '../../known.ts';
import { furtherWords } from '../program-writes.ts';
import { argumentsAt } from './arguments.ts';
import { placeNamed, type Scope } from './expression.ts';
import { scopesOf } from './scope.ts';
import { imagePlace, type ProgramSources, runsInContainer } from './source-writes.ts';
import { startedPrograms } from './started-programs.ts';

/** A command that a source runs. */
export interface SourceCommand {
  /** Text for a shell, or the program and its words; undefined where the source does not say plainly. */
  readonly command: string | readonly string[] | undefined;
  /** True where it runs in a folder of its own. */
  readonly isElsewhere: boolean;
  /** Where it stands, in words: `app.py:12`. */
  readonly where: string;
  readonly at: EvidencePlace;
}

/** Stands for what is not known before the program runs, as a variable of the shell would. */
const open = '$value';

/** The commands that the sources of a program run in the container. */
export function sourceCommands(sources: ProgramSources): SourceCommand[] {
  const files = sources.files.filter(runsInContainer);
  const scopeOf = scopesOf(files, sources.environment);
  return files.flatMap((file) =>
    startedPrograms(file, sources.language).map(({ text, words, at, isElsewhere }): SourceCommand => {
      const line = file.text.slice(0, at).split('\n').length;
      const scope = scopeOf(file);
      const given = text === undefined ? words : listOf(text, scope);
      return {
        command:
          given === undefined
            ? textOf(text ?? '', scope, 0)
            : wordsOf(given.map((one) => (one === '' ? furtherWords : wordOf(one, file, scope, sources)))),
        isElsewhere,
        where: `${file.path}:${line}`,
        at: { kind: 'file', path: file.path, line },
      };
    }),
  );
}

/** A list of words that a name stands for: `cmd = ["ffmpeg", …]`. */
function listOf(expression: string, scope: Scope): readonly string[] | undefined {
  const name = /^[*$]?([A-Za-z_]\w*)$/.exec(expression)?.[1];
  const value = name === undefined ? undefined : scope.valueOf(name);
  return value?.startsWith('[') === true && value.trimEnd().endsWith(']') ? argumentsAt(value, 1) : undefined;
}

function wordsOf(words: readonly string[]): readonly string[] | undefined {
  return words.length === 0 || words[0]?.startsWith('$') === true ? undefined : words;
}

/** The interpreter that runs the program itself. */
const ownInterpreters: readonly (readonly [RegExp, string])[] = [
  [/^process\.(?:execPath|argv\[0\]|argv0)$/, 'node'],
  [/^sys\.executable$/, 'python'],
  [/^PHP_BINARY$/, 'php'],
  [/^RbConfig\.ruby$/, 'ruby'],
];

function wordOf(expression: string, file: SourceFile, scope: Scope, sources: ProgramSources): string {
  const own = ownInterpreters.find(([pattern]) => pattern.test(expression))?.[1];
  if (own !== undefined) {
    return own;
  }
  const literal = literalAt(expression);
  const text = literal === undefined ? undefined : filled(literal);
  if (literal?.length === expression.length && text !== undefined && !text.startsWith(open)) {
    return text;
  }
  const place = placeNamed(expression, scope);
  const path = place === undefined ? undefined : imagePlace(place, file, sources);
  return path === undefined || place === undefined ? open : place.isBelow ? `${path}/${open}` : path;
}

/** Calls that put a text together from a pattern, and those that take it apart. */
const wrapper =
  /^(?:fmt\.Sprintf|String\.format|string\.Format|sprintf|format!|shlex\.split|shellwords\.split|Shellwords\.split|escapeshellcmd|&format!|textwrap\.dedent)\s*\(\s*/;

const mostSteps = 4;

/** The text that an expression gives to a shell, with what is not known as a variable; undefined where it is not plain. */
function textOf(expression: string, scope: Scope, steps: number): string | undefined {
  const text = expression.trim();
  const wrapped = wrapper.exec(text)?.[0];
  if (wrapped !== undefined) {
    return textOf(argumentsAt(text, wrapped.length)[0] ?? '', scope, steps + 1);
  }
  const first = literalAt(text);
  if (first === undefined) {
    const name = /^[&$]?([A-Za-z_]\w*)$/.exec(text)?.[1];
    const value = name === undefined || steps >= mostSteps ? undefined : scope.valueOf(name);
    return value === undefined ? undefined : textOf(value, scope, steps + 1);
  }
  let whole = '';
  for (let rest = text; rest !== ''; ) {
    const literal = literalAt(rest);
    if (literal === undefined) {
      // What is added between two texts, up to the next operator.
      const piece =
        /^[^"'`]{1,200}?(?=\s*(?:\+|\.(?=\s*["'])|<>|~)\s*["'`])|^[\s\S]{1,300}/.exec(rest)?.[0] ?? rest;
      whole += open;
      rest = rest.slice(piece.length);
    } else {
      whole += filled(literal);
      rest = rest.slice(literal.length);
    }
    const operator = /^\s*(?:\+|\.(?!\w)|<>|~)\s*|^\s+(?=[frbFRB]{0,2}["'])/.exec(rest)?.[0];
    if (operator === undefined) {
      break;
    }
    rest = rest.slice(operator.length);
  }
  return whole.trim() === '' || whole.trimStart().startsWith(open) ? undefined : whole;
}

/** The quoted text at the start of an expression, prefix and quotes included. */
function literalAt(expression: string): string | undefined {
  return /^[frbuFRBU$@]{0,2}(?:"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)/.exec(
    expression,
  )?.[0];
}

/** The text of a literal, with each placeholder as a variable of the shell. */
function filled(literal: string): string {
  return literal
    .replace(/^[frbuFRBU$@]{0,2}(?:"""|["'`])|(?:"""|["'`])$/g, '')
    .replace(/\\(["'`$\\])/g, '$1')
    .replace(/[$#]\{[^{}]*\}|\{[^{}\s"'$]*\}|%[sdv](?!\w)|\$\w+/g, open);
}
