import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { testShellCheck, whyNoShellCheck } from '../../scripts/setup/shellcheck.ts';
import { TestClient } from '../lsp/client.ts';
import { run, temporaryFolder } from './support.ts';

const real = { isReal: true } as const;
const program = testShellCheck() ?? 'no ShellCheck';
const skip = whyNoShellCheck();

const dockerfile = `FROM debian:13-slim
ARG PACKAGES="curl"
# é𝄞 in front of what is found
RUN echo "é𝄞" \\
    && ls $HOME/$missing
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN [[ -n $PACKAGES ]] && cd /srv; ls
RUN <<EOF
echo \`date\`
EOF
SHELL ["/bin/bash", "-o", "errexit", "-c"]
RUN cd /srv; ls
SHELL ["/bin/sh", "-c"]
RUN [[ -n "$PACKAGES" ]]
ONBUILD RUN echo $ONE
`;

function found(stdout: string): string[] {
  return stdout.split('\n').flatMap((line) => {
    const match = /^Dockerfile:(\d+:\d+) shellcheck (\w+): .*\((SC\d+)\)$/.exec(line);
    return match === null ? [] : [`${match[1]} ${match[3]} ${match[2]}`];
  });
}

test('what ShellCheck says of RUN, at its place', { skip }, async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: dockerfile });
  const { stdout } = await run(folder, ['check', '-f', 'tty', '--shellcheck', program], real);
  const lines = found(stdout);
  assert.ok(lines.includes('5:11 SC2086 information'), stdout);
  assert.ok(lines.includes('5:17 SC2154 warning'), stdout);
  assert.ok(lines.includes('7:27 SC2164 warning'), stdout);
  assert.ok(lines.includes('9:6 SC2006 hint'), stdout);
  assert.ok(
    lines.some((line) => line.startsWith('14:5 SC3010 ')),
    stdout,
  );
  assert.ok(lines.includes('15:18 SC2086 information'), stdout);
  assert.ok(!lines.some((line) => line.startsWith('12:')), stdout);
  assert.ok(!lines.some((line) => line.startsWith('7:') && line.includes('SC3010')), stdout);
  const off = await run(folder, ['check', '-f', 'tty', '--shellcheck', 'off'], real);
  assert.deepEqual(found(off.stdout), []);
});

test('its changes are offered where they fit the document, and never applied in bulk', {
  skip,
}, async (t) => {
  const text = 'FROM debian:13-slim\nRUN ls $HOME/$missing && echo $MI\\\nSSING\n';
  const folder = temporaryFolder(t, { Dockerfile: text });
  const { stdout } = await run(folder, ['check', '-f', 'json', '--shellcheck', program], real);
  const findings = JSON.parse(stdout).files[0].findings.filter(
    ({ rule, message }: { rule: string; message: string }) =>
      rule === 'shellcheck' && message.includes('SC2086'),
  );
  const fixes = findings.map((one: { fixes: unknown[] }) => one.fixes.length);
  assert.ok(fixes.includes(1), stdout);
  const [fix] = findings.flatMap((one: { fixes: unknown[] }) => one.fixes);
  assert.equal(fix.applicability, 'manual');
  assert.deepEqual(findings[0].aliases, ['SC2086']);
});

test('codes are silenced by comments, the project file and hadolint’s settings', { skip }, async (t) => {
  const last = 'RUN echo $missing\n';
  const folder = temporaryFolder(t, {
    'a/Dockerfile': `FROM debian:13-slim\n# hadolint ignore=SC2086,SC2154\n${last}`,
    'b/Dockerfile': `FROM debian:13-slim\n${last}`,
    'b/.ballast.json': '{ "rules": { "SC2086": "off", "SC2154": "hint" } }',
    'c/Dockerfile': `FROM debian:13-slim\n${last}`,
    'c/.ballast.json': '{ "rules": { "shellcheck": "off" } }',
    'd/Dockerfile': `FROM debian:13-slim\n${last}`,
    '.hadolint.yaml': 'ignored: [SC2154]\noverride: { error: [SC2086] }\n',
  });
  const { stdout, stderr } = await run(folder, ['check', '-f', 'tty', '--shellcheck', program], real);
  assert.equal(stderr, '');
  const lines = stdout.split('\n').filter((line) => line.includes('shellcheck'));
  assert.deepEqual(
    lines.map((line) => line.replace(/^(\w)\S+ shellcheck (\w+): .*\((SC\d+)\)$/, '$1 $3 $2')),
    ['b SC2154 hint', 'd SC2086 error'],
  );
});

test('a program that is missing, fails or prints something else says nothing', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: 'FROM debian:13-slim\nRUN echo $A\n' });
  for (const [name, text] of [
    ['fails', '#!/bin/sh\nexit 2\n'],
    ['talks', '#!/bin/sh\necho hello\n'],
    ['answers', '#!/bin/sh\necho \'{"comments":[{"file":"7","line":1}]}\'\n'],
  ] as const) {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  }
  for (const name of ['fails', 'talks', 'answers', 'missing']) {
    const at = join(folder, name);
    const { code, stdout, stderr } = await run(folder, ['check', '-f', 'tty', '--shellcheck', at], real);
    assert.notEqual(code, 2, stderr);
    assert.deepEqual(found(stdout), []);
  }
});

test('the editor says what the command line says, and offers the same changes', { skip }, async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: dockerfile });
  const { stdout } = await run(folder, ['check', '-f', 'json', '--shellcheck', program], real);
  const findings: Finding[] = JSON.parse(stdout).files[0].findings.filter(isOfShellCheck);
  const client = await TestClient.start({ workspaceFolder: folder, settings: { shellCheck: program } });
  t.after(() => client.stop());
  const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
  await client.open(uri, dockerfile);
  await client.until(() => client.refreshes > 0);
  let diagnostics = (await client.diagnostics(uri)).filter(({ code }) => code === 'shellcheck');
  while (diagnostics.length === 0) {
    // The first refresh may have been for the build context.
    const seen = client.refreshes;
    await client.until(() => client.refreshes > seen);
    diagnostics = (await client.diagnostics(uri)).filter(({ code }) => code === 'shellcheck');
  }
  assert.deepEqual(
    diagnostics
      .map(({ message, range: { start } }) => `${start.line + 1}:${start.character + 1} ${message}`)
      .sort(),
    findings
      .map(({ message, span: { start } }) => `${start.line}:${start.column} ${message.replaceAll('`', '')}`)
      .sort(),
  );
  assert.match(
    diagnostics[0]?.codeDescription?.href ?? '',
    /^https:\/\/www\.shellcheck\.net\/wiki\/SC\d{4}$/,
  );
  let fixes = 0;
  for (const diagnostic of diagnostics) {
    const actions = await client.codeActions(uri, diagnostic.range, { only: ['quickfix'] });
    const offered = actions.filter(
      (action) =>
        action.title.startsWith('Change as ShellCheck says') &&
        action.diagnostics?.some(({ message }) => message === diagnostic.message),
    );
    const same = findings.find(
      ({ message, span: { start } }) =>
        message.replaceAll('`', '') === diagnostic.message &&
        start.line - 1 === diagnostic.range.start.line &&
        start.column - 1 === diagnostic.range.start.character,
    );
    assert.equal(offered.length, same?.fixes.length, String(diagnostic.message));
    for (const [i, action] of offered.entries()) {
      fixes++;
      assert.equal(client.applied(uri, action.edit), withEdits(dockerfile, same?.fixes[i]?.edits ?? []));
    }
  }
  assert.ok(fixes > 0);
});

interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly span: { readonly start: { readonly line: number; readonly column: number } };
  readonly fixes: readonly { readonly edits: readonly Edit[] }[];
}

interface Edit {
  readonly span: { readonly start: { readonly offset: number }; readonly end: { readonly offset: number } };
  readonly text: string;
}

function isOfShellCheck({ rule }: Finding): boolean {
  return rule === 'shellcheck';
}

function withEdits(text: string, edits: readonly Edit[]): string {
  return edits.reduceRight(
    (done, { span, text: added }) => done.slice(0, span.start.offset) + added + done.slice(span.end.offset),
    text,
  );
}
