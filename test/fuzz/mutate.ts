import { pick, type Random } from './random.ts';

/** Pieces of text that parsers, patterns and look-ups of names have stumbled over. */
const pieces = [
  '\\',
  '\\\n',
  '\n\n',
  '\r',
  '\0',
  '\u001b[2J',
  '"',
  "'",
  '`',
  '$',
  '$' + '{',
  '$' + '{A:-',
  '$' + '{A%%*a*b}',
  '$(',
  ')',
  '(',
  '{ ',
  ' && ',
  ' || ',
  ';',
  ' | ',
  ' & ',
  '<<EOF\n',
  'EOF\n',
  '#',
  '[',
  '["a"]',
  '--from=',
  '--mount=type=',
  '=',
  '*',
  '🐳',
  '\uFEFF',
  'constructor',
  '\nINJECTED ',
  '\\nINJECTED ',
  '__proto__',
  'toString',
  '(a+)+',
  'libstdc++6',
  'sudo ',
  'AS build',
  '# escape=`\n',
  '# check=skip=all\n',
];

const lines = [
  'FROM scratch',
  'FROM node:22 AS build',
  'FROM build',
  'FROM \\',
  'COPY --from=build /a /b',
  'COPY --from=0 . .',
  'COPY . .',
  'RUN \\',
  'RUN apt-get update',
  'RUN apt-get install -y curl constructor',
  'RUN npm install',
  'RUN rm -rf /a',
  'RUN ["sh", "-c", "npm ci"]',
  'RUN <<EOF',
  'EOF',
  'ENV A=$A$A',
  'ENV ["node","x"]',
  'ARG TOKEN',
  'USER app',
  'WORKDIR ../a',
  'HEALTHCHECK NONE',
  'ONBUILD RUN make',
  'SHELL ["pwsh", "-c"]',
  'CMD node .',
  'ENTRYPOINT ["/a"]',
];

/** A text of which a few places were changed; now and then a part of another one is put in. */
export function mutate(text: string, other: string, random: Random): string {
  let mutant = text;
  const times = 1 + Math.floor(random() * 4);
  for (let i = 0; i < times; i++) {
    mutant = mutateOnce(mutant, other, random);
  }
  return mutant;
}

function mutateOnce(text: string, other: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  const parts = text.split('\n');
  const line = Math.floor(random() * parts.length);
  switch (Math.floor(random() * 10)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 8));
    case 2:
    case 3:
      return text.slice(0, at) + pick(pieces, random) + text.slice(at);
    case 4:
      return parts.toSpliced(line, 1).join('\n');
    case 5:
      return parts.toSpliced(line, 0, parts[Math.floor(random() * parts.length)] ?? '').join('\n');
    case 6:
      return parts.toSpliced(line, 0, pick(lines, random)).join('\n');
    case 7: {
      const from = Math.floor(random() * other.length);
      return text.slice(0, at) + other.slice(from, from + Math.floor(random() * 200)) + text.slice(at);
    }
    case 8:
      return parts.map((part, i) => (i === line ? swapCase(part) : part)).join('\n');
    default: {
      const piece = text.slice(at, at + 1 + Math.floor(random() * 30));
      return text.slice(0, at) + piece.repeat(2 + Math.floor(random() * 20)) + text.slice(at);
    }
  }
}

function swapCase(text: string): string {
  return text === text.toUpperCase() ? text.toLowerCase() : text.toUpperCase();
}
