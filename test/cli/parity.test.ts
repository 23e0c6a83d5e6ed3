/** The command line and the language server are two printers over one engine: they must say the same of every text. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic } from 'vscode-languageserver/node';
import type { JsonReport } from '../../server/src/cli/format/json-schema.ts';
import { decode } from '../../server/src/cli/inputs.ts';
import { runCli } from '../../server/src/cli/main.ts';
import { createCliHost } from '../../server/src/host/cli-host.ts';
import { rules } from '../../server/src/rules/index.ts';
import { TestClient, temporaryFolder } from '../lsp/client.ts';
import { readFixtures } from '../support/fixture.ts';

interface Case {
  readonly name: string;
  readonly dockerfile: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** What both say of a finding, in the terms of the protocol. */
interface Said {
  readonly rule: unknown;
  readonly severity: unknown;
  readonly message: string;
  readonly from: [number, number];
  readonly to: [number, number];
}

const folder = temporaryFolder({});
let client: TestClient;

before(async () => {
  client = await TestClient.start({ workspaceFolder: folder });
});
after(() => client.stop());

for (const [index, one] of allCases().entries()) {
  test(one.name, async () => {
    const place = join(folder, String(index));
    // A repository of its own: what lies beside it belongs to other cases.
    writeFiles(place, { '.git/HEAD': 'ref: refs/heads/main\n', ...one.files, Dockerfile: one.dockerfile });
    await compare(join(place, 'Dockerfile'), one.dockerfile);
  });
}

test('the example project', async () => {
  const example = fileURLToPath(new URL('../../examples/node-service', import.meta.url));
  const place = join(folder, 'node-service');
  cpSync(example, place, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const path = join(place, 'Dockerfile');
  const findings = await compare(path, readFileSync(path, 'utf8'));
  assert.ok(findings > 0, 'the example has findings');
});

/** Compares findings, their fixes, and what fixing everything leads to; returns how many findings there are. */
async function compare(path: string, text: string): Promise<number> {
  const uri = pathToFileURL(path).href;
  // An editor reads files as Ballast does: without byte order mark, bytes that are no text replaced.
  const shown = decode(new TextEncoder().encode(text));
  await client.open(uri, shown);
  try {
    const report: JsonReport = JSON.parse((await ballast('check', '--format', 'json', path)).stdout);
    const findings = report.files[0]?.findings ?? [];
    const printed = findings
      .map((finding) => ({
        rule: finding.rule,
        severity: ['error', 'warning', 'information', 'hint'].indexOf(finding.severity) + 1,
        // The list of problems shows no marks for code, and ends with what would bring a fix that is refused.
        message: [finding.message, finding.unfixed?.lifts ?? ''].join(' ').trimEnd().replaceAll('`', ''),
        from: [finding.span.start.line - 1, finding.span.start.column - 1],
        to: [finding.span.end.line - 1, finding.span.end.column - 1],
      }))
      .sort(bySaid);
    let diagnostics = await client.diagnostics(uri);
    // The command line waits until the build context has been measured; the server measures it in the background.
    for (let left = 100; left > 0 && !isDeepStrictEqual(said(diagnostics), printed); left--) {
      await sleep(50);
      diagnostics = await client.diagnostics(uri);
    }
    assert.deepEqual(said(diagnostics), printed);
    for (const diagnostic of diagnostics) {
      const offered = (await client.codeActions(uri, diagnostic.range, { only: ['quickfix'] }))
        .filter((action) =>
          action.diagnostics?.some(
            (one) =>
              one.message === diagnostic.message &&
              one.range.start.character === diagnostic.range.start.character,
          ),
        )
        .filter((action) => !action.title.startsWith('Ignore '));
      const finding = findings.find(
        (one) =>
          one.rule === diagnostic.code &&
          one.span.start.line - 1 === diagnostic.range.start.line &&
          one.span.start.column - 1 === diagnostic.range.start.character &&
          String(diagnostic.message).startsWith(one.message.replaceAll('`', '')),
      );
      for (const fix of finding?.fixes ?? []) {
        // A menu shows plain words, and marks what wants a look.
        const mark = fix.applicability === 'safe' ? '' : ' (review)';
        const action = offered.find(({ title }) => title === `${fix.title.replaceAll('`', '')}${mark}`);
        assert.ok(action, `${fix.title} is not offered by the server`);
        assert.equal(client.applied(uri, action.edit), withEdits(shown, fix.edits), fix.title);
      }
    }
    const [fixAll] = await client.codeActions(uri, wholeRange(shown), { only: ['source.fixAll.ballast'] });
    const fixed = fixAll === undefined ? shown : client.applied(uri, fixAll.edit);
    assert.equal((await ballast('fix', path)).code, 0);
    assert.equal(decode(readFileSync(path)), fixed);
    return findings.length;
  } finally {
    await client.close(uri);
  }
}

/** What the server says, in order. */
function said(diagnostics: readonly Diagnostic[]): Said[] {
  return diagnostics
    .map(({ code, severity, message, range }) => ({
      rule: code,
      severity,
      message: typeof message === 'string' ? message : message.value,
      from: [range.start.line, range.start.character] as [number, number],
      to: [range.end.line, range.end.character] as [number, number],
    }))
    .sort(bySaid);
}

async function ballast(...args: string[]): Promise<{ code: number; stdout: string }> {
  let stdout = '';
  const host = createCliHost();
  const write = (text: string): void => {
    stdout += text;
  };
  const code = await runCli(args, {
    ...host,
    workingDirectory: folder,
    stdout: { ...host.stdout, write },
    loadEngine: () => engine,
  });
  return { code, stdout };
}

// The grammar is loaded once for all cases.
const engine = createCliHost().loadEngine({ offline: true });

function allCases(): Case[] {
  return [...fixtureCases(), ...exampleCases(), ...oddCases()];
}

function fixtureCases(): Case[] {
  const fixtures = fileURLToPath(new URL('../fixtures/rules/', import.meta.url));
  return readdirSync(fixtures)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) =>
      readFixtures(readFileSync(join(fixtures, name), 'utf8')).map(({ title, text, files }) => ({
        name: `${name}: ${title}`,
        dockerfile: text,
        ...(files === undefined ? {} : { files }),
      })),
    );
}

function exampleCases(): Case[] {
  return rules.flatMap(({ meta }) => [
    { name: `${meta.id}: bad example`, ...meta.docs.bad },
    { name: `${meta.id}: good example`, ...meta.docs.good },
  ]);
}

function oddCases(): Case[] {
  const typical = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install\nEXPOSE 3000\nCMD npm start\n';
  const texts = {
    'an empty file': '',
    'a lone FROM': 'FROM',
    'a half-typed instruction': `${typical}COPY a`,
    'an unknown instruction': `${typical}FORM x\n`,
    'half a heredoc': `${typical}RUN <<EOF\napt-get update\n`,
    CRLF: typical.replaceAll('\n', '\r\n'),
    'lone carriage returns': typical.replaceAll('\n', '\r'),
    'a byte order mark': `\ufeff${typical}`,
    'characters outside the basic plane': `# 🐳 𝒟\n${typical.replace('/app', '/𝒶pp')}RUN echo "🐳" && apt-get update\n`,
    'no text at all': '\0\u0001\u0002\n\ufffd FROM \0',
    'no final line break': typical.trimEnd(),
    'the backtick as escape': `# escape=\`\n${typical}`,
  };
  return Object.entries(texts).map(([name, dockerfile]) => ({
    name,
    dockerfile,
    files: { 'package.json': '{"name":"a"}', 'package-lock.json': '{"lockfileVersion":3}' },
  }));
}

function writeFiles(place: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text);
  }
}

type JsonEdits = JsonReport['files'][number]['findings'][number]['fixes'][number]['edits'];

function withEdits(text: string, edits: JsonEdits): string {
  let result = '';
  let at = 0;
  for (const edit of edits) {
    result += text.slice(at, edit.span.start.offset) + edit.text;
    at = edit.span.end.offset;
  }
  return result + text.slice(at);
}

function wholeRange(text: string) {
  return { start: { line: 0, character: 0 }, end: { line: text.split(/\r\n|\r|\n/).length, character: 0 } };
}

function bySaid(a: { message: string }, b: { message: string }): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
