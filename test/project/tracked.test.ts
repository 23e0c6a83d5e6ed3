import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findDockerfiles } from '../../server/src/cli/discover.ts';
import { diskFiles } from '../../server/src/host/files.ts';
import { readTracked } from '../../server/src/host/tracked.ts';
import { isDockerfile, isForeignText, startsAsDockerfile } from '../../server/src/project/dockerfile-name.ts';
import { readGitIndex } from '../../server/src/project/git-index.ts';
import { trackedBelow, trackedFiles } from '../../server/src/project/tracked.ts';

function repository(files: readonly string[], ...settings: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'tracked-'));
  const git = (...words: readonly string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], { cwd: folder });
  git('init', '-q');
  for (const path of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'FROM alpine\n');
  }
  git(...settings, 'add', '-f', '.');
  return folder;
}

const files = ['a', 'a.txt', 'dist/Dockerfile', 'src/build/ünïcode name.ts', `long/${'x'.repeat(200)}`, 'z'];

for (const version of ['2', '3', '4']) {
  test(`the index of version ${version} is read`, (context) => {
    const folder = repository(files, '-c', `index.version=${version}`);
    context.after(() => rmSync(folder, { recursive: true }));
    if (version === '3') {
      writeFileSync(join(folder, 'later'), '');
      execFileSync('git', ['add', '-N', 'later'], { cwd: folder });
    }
    assert.deepEqual(
      readTracked(folder)?.below(''),
      [...files, ...(version === '3' ? ['later'] : [])].sort(),
    );
  });
}

test('what is no index, or builds up paths without end, says nothing and takes no time', (context) => {
  const folder = repository(files, '-c', 'index.version=4');
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, '.git/index');
  const bytes = readFileSync(path);
  for (let length = 0; length < bytes.length; length += 7) {
    assert.doesNotThrow(() => readGitIndex(bytes.subarray(0, length)));
    const damaged = Buffer.from(bytes);
    damaged[length] = 0xff;
    assert.doesNotThrow(() => readGitIndex(damaged));
  }
  // Each entry keeps the path before it and adds a character.
  const entry = Buffer.concat([Buffer.alloc(62), Buffer.from('\0a\0')]);
  const header = Buffer.from('DIRC\0\0\0\x04\0\0\0\0', 'latin1');
  header.writeUInt32BE(200_000, 8);
  const start = performance.now();
  assert.equal(readGitIndex(Buffer.concat([header, ...Array<Buffer>(200_000).fill(entry)])), undefined);
  assert.ok(performance.now() - start < 1000);
});

test('no pipe, no device and no other machine is asked what Git tracks', (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'tracked-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const git = join(folder, '.git');
  const makers: readonly (() => unknown)[] = [
    () => execFileSync('mkfifo', [git]),
    () => symlinkSync('/dev/zero', git),
    () => writeFileSync(git, 'gitdir: //example.com/share\n'),
    () => writeFileSync(git, 'gitdir: \\\\example.com\\share\n'),
    () => writeFileSync(git, Buffer.alloc(100_000)),
    () => [mkdirSync(git), execFileSync('mkfifo', [join(git, 'index')])],
    () => [mkdirSync(git), symlinkSync('/dev/zero', join(git, 'index'))],
    () => [mkdirSync(git), mkdirSync(join(git, 'index'))],
    () => symlinkSync('.git', git),
  ];
  for (const make of makers) {
    rmSync(git, { recursive: true, force: true });
    make();
    assert.equal(readTracked(folder), undefined);
  }
});

test('a folder is tracked where it holds something that is', () => {
  const tracked = trackedFiles(files);
  assert.ok(tracked.holds('dist'));
  assert.ok(tracked.holds('a'));
  assert.ok(!tracked.holds('dis'));
  assert.ok(!tracked.holds('src/buil'));
  assert.deepEqual(trackedBelow(tracked, 'src').below('build'), ['build/ünïcode name.ts']);
});

test('what Git tracks is searched although .gitignore names it', (context) => {
  const folder = repository(['Dockerfile', 'dist/Dockerfile']);
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'out'));
  for (const [path, text] of [
    ['.gitignore', 'Dockerfile\nout\n'],
    ['out/Dockerfile', 'FROM alpine\n'],
    ['Dockerfile.ts', 'export const a = 1;\n'],
    ['Dockerfile.go', '# Go\nARG GO=1.25\nFROM golang:$GO AS build\n'],
    ['dockerfile.py', 'from flask import Flask\n'],
  ] as const) {
    writeFileSync(join(folder, path), text);
  }
  const found = findDockerfiles(diskFiles, folder, ['.']).dockerfiles;
  assert.deepEqual(
    found.map((path) => path.slice(folder.length + 1)),
    ['Dockerfile', 'Dockerfile.go', 'dist/Dockerfile'],
  );
});

test('the text tells a program from a Dockerfile', () => {
  for (const text of [
    '# syntax=docker/dockerfile:1\n\nFROM a AS b\n',
    'ARG A="b c"\nFROM $A\n',
    'from a\n',
  ]) {
    assert.ok(startsAsDockerfile(text), text);
  }
  for (const text of ['from a import b\n', 'import x from "FROM a"\n', '{}', 'FROM (select 1)', 'args = 1']) {
    assert.ok(!startsAsDockerfile(text), text);
    assert.ok(isForeignText('dockerfile.py', text), text);
    assert.ok(!isForeignText('Dockerfile', text), text);
  }
  assert.ok(!isForeignText('Dockerfile.go', '') && !isForeignText('Dockerfile.go', 'FRO'));
});

test('suffixes behind a hyphen or underscore name Dockerfiles, and templates are none', () => {
  const plain = (): string => 'FROM alpine:3.22\n';
  for (const name of ['Dockerfile-dev', 'Dockerfile_worker', 'dockerfile-api.prod', 'Dockerfile.template']) {
    assert.ok(isDockerfile(name, plain), name);
  }
  assert.ok(!isDockerfile('dockerfile-notes', () => 'What we want\n'));
  assert.ok(!isDockerfile('dockerfile_test.go', () => 'package a\n'));
  for (const text of ['FROM {{ base }}\n', 'FROM alpine\n{% if x %}\n', 'FROM a/%%MACHINE%%-node\n']) {
    assert.ok(!isDockerfile('Dockerfile.j2', () => text), text);
  }
  assert.ok(!isForeignText('Dockerfile-2', 'RUN true\n'));
});
