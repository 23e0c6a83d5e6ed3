import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findRule, nearNames } from '../../server/src/cli/rule-names.ts';
import { rulePage } from '../../server/src/ide/rule-page.ts';
import { rules } from '../../server/src/rules/index.ts';
import { fakeRules, run } from './support.ts';

test('--version and --help answer without loading the engine', async () => {
  const engine = { analyze: () => assert.fail('the engine was used') };
  const version = await run('/', ['--version'], { engine });
  assert.deepEqual(version, { code: 0, stdout: '1.2.3\n', stderr: '' });
  for (const args of [['--help'], ['check', '--help'], ['fix', '-h']]) {
    const { code, stdout, stderr } = await run('/', args, { engine });
    assert.equal(code, 0);
    assert.match(stdout, /Usage: ballast/);
    assert.match(stdout, /--offline/);
    assert.equal(stderr, '');
  }
});

test('without a command it prints help and exits 2', async () => {
  const { code, stdout, stderr } = await run('/', []);
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /Usage: ballast/);
});

test('an error of Ballast itself is one line', async () => {
  const engine = {
    analyze: () => {
      throw new TypeError('broken\nsecond line');
    },
  };
  const { code, stdout, stderr } = await run('/', ['check', '-'], { engine, stdin: 'FROM x' });
  assert.deepEqual(
    { code, stdout, stderr },
    { code: 2, stdout: '', stderr: 'ballast: <stdin>: unexpected error: broken\n' },
  );
});

test('lsp starts the language server', async () => {
  assert.equal((await run('/', ['lsp', '--stdio'])).stdout, 'serving\n');
});

test('rules are found by id and alias, near names suggested', () => {
  assert.equal(findRule(fakeRules, 'runs-as-root')?.meta.id, 'runs-as-root');
  assert.equal(findRule(fakeRules, 'dl3002')?.meta.id, 'runs-as-root');
  assert.equal(findRule(fakeRules, 'run-as-root'), undefined);
  assert.deepEqual(nearNames(fakeRules, 'run-as-root'), ['runs-as-root']);
  assert.deepEqual(nearNames(fakeRules, 'stage'), ['single-stage-build']);
  assert.deepEqual(nearNames(fakeRules, 'zzzzzz'), []);
});

test('explain prints the page of a rule, by any of its names, fitted to the terminal', async () => {
  const { code, stdout } = await run('/', ['explain', 'DL3002'], {
    terminal: 60,
    environment: { NO_COLOR: '1' },
  });
  assert.equal(code, 0);
  assert.match(stdout, /^runs-as-root\n/);
  const prose = stdout.split('\n').filter((line) => !line.startsWith('    ') && !line.includes('https://'));
  assert.ok(Math.max(...prose.map((line) => line.length)) <= 60, stdout);
});

test('explain without a name lists every rule', async () => {
  const { stdout } = await run('/', ['explain']);
  const names = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0]);
  assert.deepEqual(
    names,
    rules.map((rule) => rule.meta.id),
  );
});

test('explain of a rule that is not there is one line and exit code 2', async () => {
  const { code, stdout, stderr } = await run('/', ['explain', 'run-as-root']);
  assert.deepEqual(
    { code, stdout, stderr },
    { code: 2, stdout: '', stderr: 'ballast: no rule is called run-as-root; did you mean runs-as-root?\n' },
  );
});

test('the page of a rule holds all its texts', () => {
  const meta = fakeRules[0]?.meta;
  assert.ok(meta);
  const page = rulePage({
    ...meta,
    docs: { ...meta.docs, bad: { dockerfile: 'FROM a', files: { 'package.json': '{}' } } },
  });
  for (const text of [
    ...Object.values(meta.docs).filter((one) => typeof one === 'string'),
    'DL3002',
    'package.json',
    ...meta.docs.references,
  ]) {
    assert.ok(page.includes(text), text);
  }
});
