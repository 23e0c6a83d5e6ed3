import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseDockerfile } from '../../server/src/syntax/parse.ts';
import { argumentText, type Instruction } from '../../server/src/syntax/tree.ts';
import data from './data/buildkit-cases.json' with { type: 'json' };

/** What BuildKit says of an instruction. Left out: what is empty or false. */
interface Facts {
  readonly keyword: string;
  /** First and last line, counted from 1. */
  readonly lines?: readonly [number, number];
  readonly flags?: readonly string[];
  /** ENV and LABEL give three each: name, value, `=` (nothing for the old form). */
  readonly arguments?: readonly string[];
  readonly json?: true;
  readonly heredocs?: readonly {
    readonly name: string;
    readonly expands: boolean;
    readonly stripsTabs: boolean;
    readonly body: string;
  }[];
  readonly trigger?: Facts;
}

/** One text with what BuildKit makes of it; see make-cases.md. */
interface Case {
  readonly group: string;
  readonly text: string;
  /** BuildKit ends with an error, while parsing or while reading the instructions. */
  readonly refused?: true;
  /** Missing where BuildKit's parser gives up, and where Ballast does not read as far. */
  readonly escape?: string;
  readonly instructions?: readonly Facts[];
}

const cases = data.cases as unknown as readonly Case[];

for (const group of new Set(cases.map((one) => one.group))) {
  describe(`BuildKit, ${group}`, () => {
    for (const one of cases.filter((candidate) => candidate.group === group)) {
      test(JSON.stringify(one.text), () => check(one));
    }
  });
}

function check(one: Case): void {
  const syntax = parseDockerfile(one.text);
  if (one.instructions !== undefined) {
    assert.equal(syntax.escape, one.escape);
    assert.deepEqual(
      syntax.instructions.map((instruction) => factsOf(one.text, instruction, true)),
      one.instructions,
    );
  }
  // A file without instructions is nothing to report while it is being typed, though BuildKit refuses it.
  if (syntax.instructions.length > 0) {
    const messages = syntax.problems.map((problem) => problem.message);
    assert.equal(messages.length > 0, one.refused === true, `problems: ${messages.join(' ') || 'none'}`);
  }
}

function factsOf(text: string, instruction: Instruction, outer: boolean): Facts {
  const flags = instruction.flags.map((flag) =>
    flag.value === undefined ? `--${flag.name}` : `--${flag.name}=${flag.value}`,
  );
  const values = argumentsOf(instruction);
  // BuildKit keeps the bodies with the ONBUILD, not with the instruction it holds.
  const heredocs = outer ? (instruction.trigger ?? instruction).heredocs : [];
  return {
    keyword: instruction.keyword,
    ...(outer
      ? { lines: [lineOf(text, instruction.span.start), lineOf(text, instruction.span.end)] as const }
      : {}),
    ...(flags.length > 0 ? { flags } : {}),
    ...(values.length > 0 || instruction.form === 'json' ? { arguments: values } : {}),
    ...(instruction.form === 'json' ? { json: true } : {}),
    ...(heredocs.length > 0
      ? {
          heredocs: heredocs.map((heredoc) => ({
            name: heredoc.name,
            expands: heredoc.expands,
            stripsTabs: heredoc.stripsTabs,
            body: text.slice(heredoc.body.start, heredoc.body.end),
          })),
        }
      : {}),
    ...(instruction.trigger === undefined ? {} : { trigger: factsOf(text, instruction.trigger, false) }),
  };
}

function argumentsOf(instruction: Instruction): readonly string[] {
  const text = argumentText(instruction);
  const words = instruction.words.map((word) => word.value);
  switch (instruction.keyword) {
    case 'CMD':
    case 'ENTRYPOINT':
    case 'RUN':
    case 'SHELL':
      return instruction.form === 'json' ? words : wholeText(text);
    case 'HEALTHCHECK': {
      const kind = /^\S*/.exec(text)?.[0] ?? '';
      const rest = instruction.form === 'json' ? words : wholeText(text.slice(kind.length).trim());
      return [...wholeText(kind), ...rest];
    }
    case 'ENV':
    case 'LABEL':
      return instruction.pairs.flatMap((pair) => [pair.name, pair.value ?? '', pair.isLegacy ? '' : '=']);
    case 'ADD':
    case 'ARG':
    case 'COPY':
    case 'EXPOSE':
    case 'FROM':
    case 'MAINTAINER':
    case 'STOPSIGNAL':
    case 'USER':
    case 'VOLUME':
    case 'WORKDIR':
      return words;
    default:
      return [];
  }
}

function wholeText(text: string): readonly string[] {
  return text === '' ? [] : [text];
}

/** BuildKit counts line feeds only. */
function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
