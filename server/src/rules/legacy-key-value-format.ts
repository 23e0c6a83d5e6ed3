import type { Fix } from '../fixes/fix.ts';
import { expandText } from '../model/expansion.ts';
import type { DockerfileSyntax, Pair } from '../syntax/tree.ts';
import { splitQuotedWords } from '../syntax/words.ts';
import type { TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

export const legacyKeyValueFormat: Rule = {
  meta: {
    id: 'legacy-key-value-format',
    aliases: ['LegacyKeyValueFormat'],
    isBuildCheck: true,
    summary: 'ENV or LABEL is written with a space instead of =.',
    category: 'correctness',
    severity: 'hint',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Quotes or escapes in the value would come to mean something else.',
    needs: [],
    docs: {
      what: '`ENV NAME value` or `LABEL name value`.',
      why: 'The old form takes one variable only, and everything behind its name is the value: `ENV ONE TWO= THREE=world` sets one variable. It may go away.',
      silent: 'Never.',
      fix: 'Writes `=`, and quotes where the value holds white space. Safe. None where quotes or escapes in the value would come to mean something else.',
      bad: { dockerfile: 'FROM alpine:3.22\nENV GREETING hello world\n' },
      good: { dockerfile: 'FROM alpine:3.22\nENV GREETING="hello world"\n' },
      switchOff: 'Where it does not bother you.',
      references: ['https://docs.docker.com/reference/build-checks/legacy-key-value-format/'],
    },
  },

  *check({ dockerfile }) {
    for (const { instruction } of dockerfile.stages.flatMap((stage) => stage.steps)) {
      const [pair] = instruction.pairs;
      if (pair?.isLegacy !== true || pair.value === undefined) {
        continue;
      }
      const edits = withEquals(pair, dockerfile.syntax);
      const fix: Fix = { title: `Write ${pair.name}=`, applicability: 'safe', edits: edits ?? [] };
      yield {
        message: `The old form takes everything behind the name for its value. Write ${instruction.keyword} ${pair.name}=….`,
        span: pair.nameSpan,
        fixes: edits === undefined ? [] : [fix],
      };
    }
  },
};

/** The edits that write `name=value` so that BuildKit reads the same value; undefined where that is not certain. */
function withEquals(pair: Pair, syntax: DockerfileSyntax): TextEdit[] | undefined {
  const { text, escape: escapeChar } = syntax;
  const { value = '', valueSpan, nameSpan } = pair;
  const between = valueSpan === undefined ? undefined : span(nameSpan.end, valueSpan.start);
  if (
    valueSpan === undefined ||
    between === undefined ||
    /[\r\n]/.test(text.slice(between.start, between.end))
  ) {
    return undefined;
  }
  if (expandText(value, new Map(), { escape: escapeChar }).isRefused) {
    return undefined;
  }
  const isOneWord = splitQuotedWords(value, 0, value.length, escapeChar)[0]?.value === value;
  if (isOneWord) {
    return [{ span: between, text: '=' }];
  }
  return /["'\\`]/.test(value) || value.includes(escapeChar)
    ? undefined
    : [
        { span: between, text: '="' },
        { span: span(valueSpan.end, valueSpan.end), text: '"' },
      ];
}
