import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../server/src/engine/analyze.ts';
import { inputFor } from '../support/engine.ts';
import { workOf } from '../support/work.ts';

/** A text of a size, with the files of its project. */
type Sized = (size: number) => readonly [text: string, files?: Readonly<Record<string, string>>];

const lines = (count: number, line: (i: number) => string): string =>
  `${Array.from({ length: count }, (_, i) => line(i)).join('\n')}\n`;
const blank = (count: number): string => '\n \t'.repeat(count);

const node = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nEXPOSE 3000\nCMD ["node", "server.js"]\n';
const manifest = '{"name":"a","dependencies":{"express":"4"}}';

/** Texts of which each once took work in proportion to the square of its size, or more. */
const cases: Readonly<Record<string, readonly [size: number, make: Sized]>> = {
  'files that are removed': [
    400,
    (n) => [`FROM debian:12\n${lines(n, (i) => `RUN curl -o /opt/${i} https://a/${i}\nRUN rm /opt/${i}`)}`],
  ],
  'folders that are handed over': [
    400,
    (n) => [`FROM debian:12\n${lines(n, (i) => `COPY a${i} /opt/${i}\nRUN chown -R app:app /opt/${i}`)}`],
  ],
  'folders that are copied': [1000, (n) => [`FROM debian:12\n${lines(n, (i) => `COPY a${i} /opt/b${i}`)}`]],
  'archives that are unpacked': [
    300,
    (n) => [`FROM debian:12\n${lines(n, (i) => `COPY a${i}.tar.gz /tmp/\nRUN tar xf /tmp/a${i}.tar.gz`)}`],
  ],
  'packages that are installed': [
    400,
    (n) => [`FROM debian:12\n${lines(n, (i) => `RUN apt-get update && apt-get install -y p${i} cmake`)}`],
  ],
  'packages of Python': [
    400,
    (n) => [`FROM python:3.12\nWORKDIR /a\nCOPY . .\n${lines(n, (i) => `RUN pip install a${i}`)}`],
  ],
  'installs beside a lock file': [
    300,
    (n) => [
      `FROM node:22\n${lines(n, (i) => `COPY a${i}/ /a${i}/\nRUN cd /a${i} && npm install`)}CMD ["node"]\n`,
      { 'a0/package.json': manifest, 'a0/package-lock.json': '{}' },
    ],
  ],
  pipes: [500, (n) => [`FROM debian:12\n${lines(n, (i) => `RUN curl https://a/${i} | sh`)}`]],
  // The size is in each script: what is known of one that was seen before is not worked out again.
  'names that nobody sets': [450, (n) => [`FROM debian:12\n${lines(n, (i) => `RUN echo $A${n}x${i}`)}`]],
  'variables that are set': [1000, (n) => [`FROM debian:12\n${lines(n, (i) => `ENV A${i}=$A${i % 7}b`)}`]],
  'changes of the folder': [4000, (n) => [`FROM debian:12\nRUN ${'cd a;'.repeat(n)}\n`]],
  'ordinary instructions': [
    500,
    (n) => [
      `FROM debian:12\n${lines(n, (i) => `ENV V${i}=x\nCOPY s${i} /app/s${i}\nRUN make -C /app/s${i}`)}CMD ["/a"]\n`,
    ],
  ],
  'blank lines between a copy and its install': [
    1000,
    (n) => [`FROM node:22\nWORKDIR /app\nCOPY . .\n${blank(n)}\nRUN npm ci\n`, { 'package.json': manifest }],
  ],
  'digits of a duration': [
    50_000,
    (n) => [`FROM debian:12\nHEALTHCHECK --interval=${'0'.repeat(n)} CMD true\n`],
  ],
  'blank lines in a Gemfile': [
    5000,
    (n) => [
      'FROM ruby:3.3\nWORKDIR /a\nCOPY . .\nRUN bundle install\nCMD ["ruby", "a.rb"]\n',
      {
        Gemfile: `source "https://rubygems.org"${blank(n)}\ngem "puma"\n`,
        'Gemfile.lock': `GEM${blank(n)}\n`,
        'a.rb': `run${blank(n)}`,
        'config.ru': `run${blank(n)}`,
      },
    ],
  ],
  'blank lines in requirements.txt': [
    5000,
    (n) => [
      'FROM python:3.12\nWORKDIR /a\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["python", "a.py"]\n',
      { 'requirements.txt': `flask${blank(n)}\ntorch\n`, 'a.py': `import flask${blank(n)}` },
    ],
  ],
  'blank lines in go.mod': [
    5000,
    (n) => [
      'FROM golang:1.22\nWORKDIR /a\nCOPY . .\nRUN go build -o /b .\nCMD ["/b"]\n',
      { 'go.mod': `module a${blank(n)}\ngo 1.22\n`, 'main.go': `package main${blank(n)}` },
    ],
  ],
  'a long word in a source file': [
    50_000,
    (n) => [node, { 'package.json': manifest, 'server.js': `const key = "${'0a'.repeat(n)}";\n` }],
  ],
  'a long word in a source file of Python': [
    50_000,
    (n) => [
      'FROM python:3.12\nWORKDIR /a\nCOPY . .\nRUN pip install flask\nCMD ["python", "a.py"]\n',
      { 'a.py': `key = "${'0a'.repeat(n)}"\n` },
    ],
  ],
  'stars in the source of a copy': [
    100,
    (n) => [
      `FROM node:22\nWORKDIR /app\nCOPY ${'a*'.repeat(n)}b ./\nRUN npm install\n`,
      { 'package.json': manifest, 'package-lock.json': '{}', ['a'.repeat(100)]: '' },
    ],
  ],
};

/** Four times the text may take this many times the work, as no more than 2000 scripts are kept; the square would be sixteen. */
const most = 10;

for (const [name, [size, make]] of Object.entries(cases)) {
  test(`${name} take work in proportion to the text`, () => {
    // What is done once for all analyses is not counted, and neither text has been seen before.
    analyzed(make(size));
    const once = analyzed(make(size + 1));
    const fourfold = analyzed(make((size + 1) * 4));
    assert.ok(fourfold < once * most, `${once} steps, and ${fourfold} for four times as much`);
  });
}

/** The work that everything there is to say of a text takes. */
function analyzed([text, files]: ReturnType<Sized>): number {
  return workOf(() => {
    const report = analyze(inputFor(text, files));
    const hasImage = report.image.stages.length > 0;
    assert.deepEqual([report.failures, hasImage], [[], true]);
  });
}
