import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createContextCache } from '../../server/src/host/context-cache.ts';
import { createProjectReader } from '../../server/src/host/project-reader.ts';
import { openProject } from '../../server/src/host/projects.ts';

const base = mkdtempSync(join(tmpdir(), 'ballast-reader-'));
after(() => rmSync(base, { recursive: true, force: true }));
const root = join(base, 'root');
mkdirSync(join(root, 'folder'), { recursive: true });
writeFileSync(join(base, 'secret.txt'), 'outside');
writeFileSync(join(root, 'a.txt'), 'inside');
writeFileSync(join(root, 'folder', 'b.txt'), '\uFEFFwith a mark');
const reader = createProjectReader(root);

test('reads and lists what lies below the root', () => {
  assert.equal(reader.read('a.txt'), 'inside');
  assert.equal(reader.read('folder/b.txt'), 'with a mark');
  assert.deepEqual(reader.list('folder'), [{ name: 'b.txt', kind: 'file' }]);
  assert.equal(reader.list('')?.find((entry) => entry.name === 'folder')?.kind, 'directory');
});

test('answers undefined for what is missing, a folder, or of the wrong form', () => {
  for (const path of [
    'missing',
    'folder',
    '',
    'a.txt/',
    './a.txt',
    'folder/../a.txt',
    'a\0b',
    '/etc/passwd',
    'a.txt/x',
  ]) {
    assert.equal(reader.read(path), undefined, JSON.stringify(path));
  }
  for (const path of ['missing', 'a.txt', '..', '.', '/']) {
    assert.equal(reader.list(path), undefined, path);
  }
  const nowhere = createProjectReader(join(base, 'not-there'));
  assert.equal(nowhere.read('a'), undefined);
  assert.equal(nowhere.list(''), undefined);
});

test('never leaves the root, neither by dots nor by links', { skip: process.platform === 'win32' }, () => {
  assert.equal(reader.read('../secret.txt'), undefined);
  symlinkSync('../secret.txt', join(root, 'link-out'));
  symlinkSync('..', join(root, 'folder-out'));
  symlinkSync('a.txt', join(root, 'link-in'));
  symlinkSync('loop', join(root, 'loop'));
  assert.equal(reader.read('link-out'), undefined);
  assert.equal(reader.read('folder-out/secret.txt'), undefined);
  assert.equal(reader.list('folder-out'), undefined);
  assert.equal(reader.read('loop'), undefined);
  assert.equal(reader.read('link-in'), 'inside');
  const kinds = Object.fromEntries(reader.list('')?.map((entry) => [entry.name, entry.kind]) ?? []);
  assert.deepEqual(
    [kinds['link-out'], kinds['folder-out'], kinds['link-in'], kinds['loop']],
    ['other', 'other', 'file', 'other'],
  );
});

test('reads text only, and only up to its limit', () => {
  writeFileSync(join(root, 'binary'), Buffer.from([1, 0, 2]));
  writeFileSync(join(root, 'large'), Buffer.alloc(8_000_001, 'a'));
  assert.equal(reader.read('binary'), undefined);
  assert.equal(reader.read('large'), undefined);
  writeFileSync(join(root, 'just'), Buffer.alloc(8_000_000, 'a'));
  assert.equal(reader.read('just')?.length, 8_000_000);
});

test('reads UTF-16 by its mark, as PowerShell writes it', () => {
  const text = 'Flask==3.0\r\nopencv-python==4.9\r\n';
  const little = Buffer.from(`\uFEFF${text}`, 'utf16le');
  writeFileSync(join(root, 'little.txt'), little);
  writeFileSync(join(root, 'big.txt'), Buffer.from(little).swap16());
  writeFileSync(join(root, 'bare.txt'), Buffer.from(text, 'utf16le'));
  assert.equal(reader.read('little.txt'), text);
  assert.equal(reader.read('big.txt'), text);
  assert.equal(reader.read('bare.txt'), undefined);
});

test('does not wait for a pipe and refuses devices', { skip: process.platform === 'win32' }, () => {
  execFileSync('mkfifo', [join(root, 'pipe')]);
  assert.equal(reader.read('pipe'), undefined);
});

test('sees changes, and forgets when told to', () => {
  const path = join(root, 'changing');
  const time = new Date(2020, 1, 1);
  writeFileSync(path, 'one');
  utimesSync(path, time, time);
  assert.equal(reader.read('changing'), 'one');
  writeFileSync(path, 'three');
  assert.equal(reader.read('changing'), 'three');
  writeFileSync(path, 'seven');
  utimesSync(path, time, time);
  reader.invalidate('changing');
  assert.equal(reader.read('changing'), 'seven');
  reader.invalidate();
  assert.equal(reader.read('changing'), 'seven');
  rmSync(path);
  assert.equal(reader.read('changing'), undefined);
});

test('an unreadable folder or file is undefined', {
  skip: process.platform === 'win32' || process.getuid?.() === 0,
}, () => {
  mkdirSync(join(root, 'closed'));
  chmodSync(join(root, 'closed'), 0);
  assert.equal(reader.list('closed'), undefined);
  chmodSync(join(root, 'closed'), 0o700);
});

test('whoever walks through a circle of links comes to an end', () => {
  const circles = join(base, 'circles');
  for (const folder of ['a', 'b']) {
    mkdirSync(join(circles, folder), { recursive: true });
    for (const [name, target] of Object.entries({
      one: '..',
      two: '.',
      three: folder === 'a' ? '../b' : '../a',
    })) {
      symlinkSync(target, join(circles, folder, name));
    }
  }
  const circular = createProjectReader(circles);
  let folders = 0;
  const walk = (path: string): void => {
    assert.ok(++folders < 100, path);
    for (const { name, kind } of circular.list(path) ?? []) {
      if (kind === 'directory') {
        walk(path === '' ? name : `${path}/${name}`);
      }
    }
  };
  walk('');
  assert.equal(circular.list('a')?.find(({ name }) => name === 'three')?.kind, 'directory');
  assert.equal(circular.list('a/three')?.find(({ name }) => name === 'three')?.kind, 'other');
});

test('files of Linux that are read like pipes are not waited for', {
  skip: !existsSync('/proc/kmsg'),
}, () => {
  assert.equal(createProjectReader('/proc').read('kmsg'), undefined);
});

test('a whole machine is no project', () => {
  const { project, root } = openProject('/Dockerfile', [], createContextCache());
  assert.equal(root, undefined);
  assert.ok(!project.isKnown);
});
