import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import Ajv from 'ajv';
import { jsonReportSchema } from '../../server/src/cli/format/json-schema.ts';
import { run, temporaryFolder } from './support.ts';

const text = 'FROM heavy\nUSER root\n# taste\n';

test('pretty: one line per finding, unwrapped, when it goes to a pipe', async (t) => {
  const folder = temporaryFolder(t, { 'a/Dockerfile': text, 'b/Dockerfile': 'FROM x\n' });
  const { stdout } = await run(folder, ['check']);
  assert.equal(
    stdout,
    `a/Dockerfile  checklist 1 of 2
  1:6  warning  This image ships what built it: full Debian base (1.13 GB), 214 MB dev dependencies, npm cache, sources.  single-stage-build  saves ≈ 1.1 GB
  2:6  warning  The container runs as root: 100% of it, now.  runs-as-root

3 findings in 2 files: 2 warnings, 1 hint.
1 of lower severity not shown: ballast check --all
1 can be fixed safely: ballast fix
1 can be fixed after a review: ballast slim
`,
  );
});

test('pretty: columns on a wide terminal', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: text });
  const { stdout } = await run(folder, ['check'], { terminal: 120, environment: { NO_COLOR: '1' } });
  assert.equal(
    stdout,
    `Dockerfile                                                                                              checklist 1 of 2
  1:6  warning  This image ships what built it: full Debian base (1.13 GB), 214 MB    single-stage-build  saves ≈ 1.1 GB
                dev dependencies, npm cache, sources.
  2:6  warning  The container runs as root: 100% of it, now.                          runs-as-root

3 findings in 1 file: 2 warnings, 1 hint.
1 of lower severity not shown: ballast check --all
1 can be fixed safely: ballast fix
1 can be fixed after a review: ballast slim
`,
  );
});

test('pretty: the rule below the message on a narrow terminal', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: text });
  const { stdout } = await run(folder, ['check', '--all'], { terminal: 72, environment: { NO_COLOR: '1' } });
  assert.ok(
    stdout.startsWith(`Dockerfile                                              checklist 1 of 2
  1:6  warning  This image ships what built it: full Debian base (1.13
                GB), 214 MB dev dependencies, npm cache, sources.
                single-stage-build  saves ≈ 1.1 GB
  2:6  warning  The container runs as root: 100% of it, now.
                runs-as-root
  3:3  hint     Some write it otherwise.
                matter-of-taste

3 findings in 1 file: 2 warnings, 1 hint.
1 can be fixed safely: ballast fix
`),
    stdout,
  );
});

test('pretty: no line is wider than the terminal', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: text.repeat(20) });
  for (const width of [40, 60, 79, 80, 100, 101, 140]) {
    const { stdout } = await run(folder, ['check', '--all'], { terminal: width });
    const widest = Math.max(
      ...stripVTControlCharacters(stdout)
        .split('\n')
        .map((line) => line.length),
    );
    assert.ok(widest <= width, `${widest} at ${width}`);
  }
});

test('pretty: colours on a terminal only, and never with NO_COLOR', async (t) => {
  const folder = temporaryFolder(t, { Dockerfile: text });
  const hasColors = async (options: Parameters<typeof run>[2]): Promise<boolean> =>
    (await run(folder, ['check'], options)).stdout.includes('\u001b[');
  assert.equal(await hasColors({ terminal: 80 }), true);
  assert.equal(await hasColors({ terminal: 80, environment: { NO_COLOR: '' } }), true);
  assert.equal(await hasColors({ terminal: 80, environment: { NO_COLOR: '1' } }), false);
  assert.equal(await hasColors({ terminal: 80, environment: { TERM: 'dumb' } }), false);
  assert.equal(await hasColors({}), false);
});

test('pretty: control characters of a file name cannot drive the terminal', async (t) => {
  const folder = temporaryFolder(t, { 'Dockerfile.\u001b[31mred': text });
  const { stdout } = await run(folder, ['check']);
  assert.ok(stdout.startsWith('Dockerfile.\\x1b[31mred'));
});

test('json: as the schema says, with positions, saving and edits', async (t) => {
  const folder = temporaryFolder(t, { 'a/Dockerfile': '\ufeffFROM heavy\r\nUSER root\r\n' });
  const { code, stdout } = await run(folder, ['check', '-f', 'json', '.', 'gone']);
  assert.equal(code, 2);
  const report = jsonReportSchema.parse(JSON.parse(stdout));
  assert.equal(report.ballast, '1.2.3');
  assert.deepEqual(report.failures, [{ path: 'gone', message: 'no such file or folder' }]);
  const [file] = report.files;
  assert.equal(file?.path, 'a/Dockerfile');
  assert.equal(file?.context, 'a');
  const [heavy, root] = file?.findings ?? [];
  assert.deepEqual(heavy?.span.start, { offset: 5, line: 1, column: 6 }, 'a byte order mark is not counted');
  assert.equal(heavy?.saving?.kind === 'known' && heavy.saving.low, 1.1e9);
  assert.deepEqual(heavy?.fixes[0]?.files, [
    { path: '.dockerignore', before: null, after: 'node_modules\n' },
  ]);
  assert.deepEqual(root?.aliases, ['DL3002']);
  assert.match(root?.url ?? '', /runs-as-root\.md$/);
  assert.deepEqual(root?.fixes[0]?.edits, [
    {
      span: { start: { offset: 17, line: 2, column: 6 }, end: { offset: 21, line: 2, column: 10 } },
      text: 'node',
    },
  ]);
});

test('json and sarif are one document whatever is found', async (t) => {
  const folder = temporaryFolder(t, {});
  for (const format of ['json', 'sarif']) {
    const { stdout } = await run(folder, ['check', '--format', format]);
    assert.doesNotThrow(() => JSON.parse(stdout));
  }
});

test('sarif: valid 2.1.0, with rules, fixes and what could not be read', async (t) => {
  const folder = temporaryFolder(t, { 'a b/Dockerfile': `${text}???\n` });
  const { stdout } = await run(folder, ['check', '-f', 'sarif', '.', 'gone']);
  const log = JSON.parse(stdout);
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
    sarifSchema(),
  );
  assert.equal(validate(log), true, JSON.stringify(validate.errors, null, 2));
  const [sarif] = log.runs;
  assert.equal(sarif.artifacts[0].location.uri, 'a%20b/Dockerfile');
  const descriptor = sarif.tool.driver.rules.find((rule: { id: string }) => rule.id === 'runs-as-root');
  assert.match(descriptor.helpUri, /^https:.*runs-as-root\.md$/);
  const [heavy, root, taste, syntax] = sarif.results;
  assert.equal(heavy.fixes[0].artifactChanges[1].artifactLocation.uri, 'a%20b/.dockerignore');
  assert.deepEqual(root.fixes[0].artifactChanges[0].replacements[0], {
    deletedRegion: { startLine: 2, startColumn: 6, endLine: 2, endColumn: 10, charOffset: 16, charLength: 4 },
    insertedContent: { text: 'node' },
  });
  assert.equal(taste.level, 'note');
  assert.equal(syntax.ruleId, 'syntax');
  assert.equal(sarif.tool.driver.rules[syntax.ruleIndex].id, 'syntax');
  assert.equal(sarif.invocations[0].executionSuccessful, false);
});

test('sarif: the schema that is tested against refuses what is wrong', () => {
  const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
    sarifSchema(),
  );
  assert.equal(validate({ version: '2.1.0', runs: [{ tool: {} }] }), false);
});

test('github: annotations with their text escaped', async (t) => {
  const folder = temporaryFolder(t, { 'a,b:c/Dockerfile': 'FROM x\nUSER root\n# taste\n' });
  const { stdout } = await run(folder, ['check', '-f', 'github', '.', 'gone']);
  assert.equal(
    stdout,
    `::warning file=a%2Cb%3Ac/Dockerfile,line=2,endLine=2,col=6,endColumn=10,title=runs-as-root::The container runs as root: 100%25 of it, now.
::notice file=a%2Cb%3Ac/Dockerfile,line=3,endLine=3,col=3,endColumn=8,title=matter-of-taste::Some write it otherwise.
::error file=gone::gone: no such file or folder
`,
  );
});

/** The schema of the standard. It says draft 4, of which it uses nothing that changed later but the name of `$id`. */
function sarifSchema(): object {
  const path = createRequire(import.meta.url).resolve(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  );
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  return schema;
}
