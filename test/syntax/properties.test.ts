import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseDockerfile } from '../../server/src/syntax/parse.ts';
import type { DockerfileSyntax, Instruction } from '../../server/src/syntax/tree.ts';
import { contains, type Span } from '../../server/src/text/span.ts';
import { anyText, dockerfiles } from './texts.ts';

const texts = fc.oneof({ weight: 4, arbitrary: dockerfiles }, { weight: 1, arbitrary: anyText });
// The seed is fixed so that a failure stays until it is fixed; change it to look further.
const seed = 20_261_124;
const runs = { numRuns: 600, seed };

describe('the parser, for any text', () => {
  test('never throws', () => {
    fc.assert(
      fc.property(texts, (text) => void parseDockerfile(text)),
      runs,
    );
  });

  test('reads every prefix of a text', () => {
    fc.assert(
      fc.property(dockerfiles, (text) => {
        for (let end = 0; end <= text.length; end++) {
          assert.deepEqual(spanFaults(parseDockerfile(text.slice(0, end))), []);
        }
      }),
      { numRuns: 60, seed },
    );
  });

  test('keeps spans inside the text, inside each other and in order', () => {
    fc.assert(
      fc.property(texts, (text) => assert.deepEqual(spanFaults(parseDockerfile(text)), [])),
      runs,
    );
  });

  test('leaves out nothing but white space, byte order mark and continuation characters', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const syntax = parseDockerfile(text);
        const read = [...syntax.directives, ...syntax.comments, ...syntax.instructions].map(
          (node) => node.span,
        );
        const left = outside(text, read);
        assert.match(left.replace(/^\uFEFF/, ''), syntax.escape === '\\' ? /^[\s\\]*$/ : /^[\s`]*$/);
      }),
      runs,
    );
  });

  test('gives words as they are written where no line is joined', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const instruction of parseDockerfile(text).instructions) {
          const isOneLine = !text.slice(instruction.span.start, instruction.span.end).includes('\n');
          const isWritten =
            !['ARG', 'ENV', 'LABEL'].includes(instruction.keyword) && instruction.form === 'shell';
          if (isOneLine && isWritten) {
            for (const word of instruction.words) {
              assert.equal(text.slice(word.span.start, word.span.end), word.value);
            }
          }
        }
      }),
      runs,
    );
  });

  test('sees the same in a text with carriage returns', () => {
    fc.assert(
      fc.property(texts, (mixed) => {
        const text = mixed.replaceAll('\r', '');
        const withReturns = text.replaceAll('\n', '\r\n');
        assert.deepEqual(outline(parseDockerfile(withReturns)), outline(parseDockerfile(text)));
      }),
      runs,
    );
  });

  test('gives no more nodes than the text has characters', () => {
    fc.assert(
      fc.property(texts, (text) => {
        assert.ok(nodeCount(parseDockerfile(text)) <= 2 * text.length);
      }),
      runs,
    );
  });
});

describe('the parser, for long texts', () => {
  const shapes: Readonly<Record<string, (size: number) => string>> = {
    instructions: (size) => 'RUN a b\n'.repeat(size),
    'continued lines': (size) => `RUN a${' \\\n  b'.repeat(size)}\n`,
    'comments in a continuation': (size) => `RUN a \\\n${'# note\n'.repeat(size)}  b\n`,
    'continuations that end in comments': (size) => 'RUN a \\\n# note\n\n'.repeat(size),
    words: (size) => `COPY ${'a '.repeat(size)}/\n`,
    pairs: (size) => `ENV ${'a=b '.repeat(size)}\n`,
    flags: (size) => `RUN ${'--a=b '.repeat(size)}\n`,
    'heredocs without an end': (size) => 'RUN <<EOF\n'.repeat(size),
    'heredocs in one line': (size) => `RUN ${'<<A '.repeat(size)}\n${'A\n'.repeat(size)}`,
    heredocs: (size) => 'RUN <<EOF\na\nEOF\n'.repeat(size),
    'lone escape characters': (size) => '\\\n'.repeat(size),
    'ONBUILD in ONBUILD': (size) => `${'ONBUILD '.repeat(size)}\n`,
    'open JSON arrays': (size) => `CMD ${'['.repeat(size)}\n`,
  };
  for (const [name, shape] of Object.entries(shapes)) {
    test(`twice the text gives about twice the nodes: ${name}`, () => {
      const once = nodeCount(parseDockerfile(shape(400)));
      const twice = nodeCount(parseDockerfile(shape(800)));
      assert.ok(twice <= 2 * once + 4, `${once} nodes, then ${twice}`);
    });
  }

  const nested: Readonly<Record<string, string>> = {
    'ONBUILD in ONBUILD': `FROM a\n${'ONBUILD '.repeat(4000)}RUN a\n`,
    'variables in variables': `FROM a\nRUN <<E ${'${a:-'.repeat(4000)}\n`,
    'patterns in variables': `FROM a\nRUN <<E ${'${a/'.repeat(4000)}\n`,
    'JSON arrays in JSON arrays': `FROM a\nCMD ${'['.repeat(4000)}${']'.repeat(4000)}\n`,
  };
  for (const [name, text] of Object.entries(nested)) {
    test(`nesting does not exhaust the stack: ${name}`, () => void parseDockerfile(text));
  }
});

/** Every span that is out of the text, out of its parent, or before the one it should follow. */
function spanFaults(syntax: DockerfileSyntax): string[] {
  const faults: string[] = [];
  // An escape character alone in a line can start an instruction whose keyword, and with it the span, comes later.
  const startsEmpty = /^\s*[\\`][ \t]*\r*$/m.test(syntax.text);
  const whole = { start: 0, end: syntax.text.length };
  const within = (outer: Span, inner: Span | undefined, what: string): void => {
    if (inner !== undefined && (inner.start > inner.end || !contains(outer, inner))) {
      faults.push(`${what} ${inner.start}-${inner.end} is not in ${outer.start}-${outer.end}`);
    }
  };
  const ordered = (spans: readonly Span[], what: string): void => {
    spans.forEach((span, i) => {
      if (i > 0 && span.start < (spans[i - 1]?.end ?? 0)) {
        faults.push(`${what} at ${span.start} starts before the one in front of it ends`);
      }
    });
  };
  const instructionFaults = (instruction: Instruction, outer: Span): void => {
    within(outer, instruction.span, 'instruction');
    const inside = (span: Span | undefined, what: string): void => within(instruction.span, span, what);
    inside(instruction.keywordSpan, 'keyword');
    for (const flag of instruction.flags) {
      inside(flag.span, 'flag');
      within(flag.span, flag.valueSpan, 'flag value');
    }
    for (const word of instruction.words) {
      inside(word.span, 'word');
    }
    for (const pair of instruction.pairs) {
      inside(pair.span, 'pair');
      within(pair.span, pair.nameSpan, 'pair name');
      within(pair.span, pair.valueSpan, 'pair value');
    }
    for (const heredoc of instruction.heredocs) {
      inside(heredoc.span, 'heredoc');
      inside(heredoc.body, 'heredoc body');
      inside(heredoc.terminator, 'heredoc terminator');
    }
    for (const blank of startsEmpty ? [] : instruction.blankContinuations) {
      // Blank lines behind a continuation that runs into the end of the file lie behind the instruction.
      const isLast = instruction === syntax.instructions.at(-1);
      within(isLast ? { ...instruction.span, end: whole.end } : instruction.span, blank, 'blank line');
    }
    ordered(
      instruction.flags.map((flag) => flag.span),
      'flag',
    );
    ordered(
      instruction.words.map((word) => word.span),
      'word',
    );
    if (instruction.trigger !== undefined) {
      instructionFaults(instruction.trigger, instruction.span);
    }
  };
  for (const instruction of syntax.instructions) {
    instructionFaults(instruction, whole);
  }
  for (const directive of syntax.directives) {
    within(whole, directive.span, 'directive');
    within(directive.span, directive.valueSpan, 'directive value');
  }
  for (const comment of syntax.comments) {
    within(whole, comment.span, 'comment');
    if (startsEmpty) {
      continue;
    }
    const holder = syntax.instructions.find((instruction) => contains(instruction.span, comment.span));
    // A heredoc's body may come behind a comment that has nothing to do with it.
    if (comment.inside ? holder === undefined : holder !== undefined && holder.heredocs.length === 0) {
      faults.push(
        `comment at ${comment.span.start} is ${comment.inside ? 'not inside' : 'inside'} an instruction`,
      );
    }
  }
  for (const problem of syntax.problems) {
    within(whole, problem.span, 'problem');
  }
  ordered(
    syntax.instructions.map((instruction) => instruction.span),
    'instruction',
  );
  ordered(
    syntax.comments.map((comment) => comment.span),
    'comment',
  );
  return faults;
}

function outside(text: string, spans: readonly Span[]): string {
  let left = '';
  let at = 0;
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    left += text.slice(at, Math.max(at, span.start));
    at = Math.max(at, span.end);
  }
  return left + text.slice(at);
}

function nodeCount(syntax: DockerfileSyntax): number {
  const below = (instruction: Instruction): number =>
    1 +
    instruction.flags.length +
    instruction.words.length +
    instruction.pairs.length +
    instruction.heredocs.length +
    instruction.blankContinuations.length +
    (instruction.trigger === undefined ? 0 : below(instruction.trigger));
  const instructions = syntax.instructions.reduce((sum, instruction) => sum + below(instruction), 0);
  return instructions + syntax.comments.length + syntax.directives.length + syntax.problems.length;
}

/** What a text says, without where it says it. */
function outline(syntax: DockerfileSyntax): unknown {
  const body = (span: Span): string => syntax.text.slice(span.start, span.end).replaceAll('\r', '');
  const ofInstruction = (instruction: Instruction): unknown => ({
    keyword: instruction.keyword,
    line: instruction.line.text,
    form: instruction.form,
    flags: instruction.flags.map((flag) => [flag.name, flag.value]),
    words: instruction.words.map((word) => word.value),
    pairs: instruction.pairs.map((pair) => [pair.name, pair.value, pair.isLegacy]),
    heredocs: instruction.heredocs.map((heredoc) => [heredoc.name, body(heredoc.body)]),
    trigger: instruction.trigger === undefined ? undefined : ofInstruction(instruction.trigger),
  });
  return {
    escape: syntax.escape,
    directives: syntax.directives.map((directive) => [directive.name, directive.value]),
    comments: syntax.comments.map((comment) => [comment.text, comment.inside]),
    instructions: syntax.instructions.map(ofInstruction),
    problems: syntax.problems.map((problem) => problem.message),
  };
}
