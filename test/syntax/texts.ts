import fc from 'fast-check';

const keywords = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'HEALTHCHECK CMD',
  'LABEL',
  'MAINTAINER',
  'ONBUILD RUN',
  'ONBUILD COPY',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
  'run',
  'Copy',
  'FOO',
];

const words = [
  'a',
  '/app',
  'a=b',
  'a="b c"',
  "a='b c'",
  'a\\ b',
  '"open',
  "it's",
  '["a", "b"]',
  '["a", 1]',
  '["a"',
  '--from=b',
  '--mount=type=cache,target=/x',
  '--a="b',
  '--',
  '&&',
  '#',
  '$a',
  '${a:-b c}',
  '${',
  '<<EOF',
  '<<-EOF',
  "<<'EOF'",
  '<<E"O"F',
  '3<<EOF',
  '<<<a',
  '<<',
  'AS',
  'é',
  '🐳',
  '\\',
  '`',
  '\r',
  '\u00a0',
  '\uFEFF',
];

const gaps = [
  ' ',
  '  ',
  '\t',
  ' \\\n',
  '\\\n  ',
  ' \\ \n',
  ' \\\n# note\n',
  ' \\\n\n',
  ' \\\r\n',
  ' `\n ',
  '\v',
  '',
];
const between = [
  '',
  '\n',
  '# note\n',
  '  # note\n',
  'EOF\n',
  '\tEOF\n',
  'text of a heredoc\n',
  '\\\n',
  '\r\n',
];
const heads = [
  '',
  '',
  '# escape=`\n',
  '# syntax=a\n',
  '# check=skip=all\n# escape=`\n',
  '\uFEFF',
  '# note\n',
];

const oneInstruction = fc
  .tuple(
    fc.constantFrom(...keywords),
    fc.array(fc.tuple(fc.constantFrom(...gaps), fc.constantFrom(...words)), { maxLength: 6 }),
    fc.constantFrom('\n', '\n', '\n', '\r\n', '', ' \\\n'),
    fc.constantFrom(...between),
  )
  .map(([keyword, rest, end, after]) => `${keyword}${rest.flat().join('')}${end}${after}`);

/** Texts that look like a Dockerfile, whole, broken or half typed. */
export const dockerfiles: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...heads), fc.array(oneInstruction, { maxLength: 8 }))
  .map(([head, instructions]) => head + instructions.join(''));

/** Any text at all. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(fc.constantFrom(...keywords, ...words, ...gaps, ...between, ...heads), { maxLength: 40 })
    .map((parts) => parts.join('')),
);
