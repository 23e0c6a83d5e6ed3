import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PatternUsage } from '../../server/src/project/context.ts';
import { parseDockerignore } from '../../server/src/project/dockerignore.ts';
import { readIgnoreFile } from '../../server/src/project/ignore-file.ts';
import { describeUsage, findIgnoreProblems } from '../../server/src/project/ignore-findings.ts';
import { openProject } from '../../server/src/project/project.ts';
import { memoryReader } from '../../server/src/project/reader.ts';

const nothing: PatternUsage = { files: 0, bytes: 0, matches: false };
const works: PatternUsage = { files: 3, bytes: 3000, matches: true };

test('says which lines are malformed, even without counts', () => {
  const file = parseDockerignore('good\n[bad\n!\n');
  assert.deepEqual(
    findIgnoreProblems(file, undefined).map(({ kind, span }) => [
      kind,
      file.text.slice(span.start, span.end),
    ]),
    [
      ['invalid', '[bad'],
      ['invalid', '!'],
    ],
  );
});

test('says which lines do nothing, and why', () => {
  const file = parseDockerignore(
    '*.md\n!README.md\ntemp\n*.log\nlogs/a.log\n!src\n!README.md\nlast\n!last\nlast\n',
  );
  const lost = (overruledBy: number): PatternUsage => ({ files: 0, bytes: 0, matches: true, overruledBy });
  const findings = findIgnoreProblems(file, [
    lost(1),
    works,
    nothing,
    works,
    lost(3),
    { files: 0, bytes: 0, matches: true },
    lost(1),
    works,
    lost(9),
    works,
  ]);
  assert.deepEqual(
    findings.map(({ kind, span, message }) => [kind, file.text.slice(span.start, span.end), message]),
    [
      ['undone', '*.md', 'Line 2 takes in again all that this one excludes.'],
      ['unused', 'temp', 'Nothing in the build context matches this pattern at present.'],
      ['redundant', 'logs/a.log', 'Line 4 already excludes all that this one matches.'],
      ['redundant', '!src', 'No line above excludes what this one takes in again.'],
      ['redundant', '!README.md', 'Line 2 already takes in all that this one matches.'],
      ['undone', '!last', 'Line 10 excludes again all that this one takes in.'],
    ],
  );
});

test('says nothing of patterns for what will come to lie there', () => {
  const file = parseDockerignore('**/node_modules\n.env.*\n**/*.log\ndist/**\nDockerfile*\nnode_module\n');
  assert.deepEqual(
    findIgnoreProblems(
      file,
      file.patterns.map(() => nothing),
    ).map(({ span }) => file.text.slice(span.start, span.end)),
    ['node_module'],
  );
});

test('says where several lines have the last word', () => {
  const file = parseDockerignore('docs\n!docs\ndocs/a.md\n');
  const [found] = findIgnoreProblems(file, [
    { files: 0, bytes: 0, matches: true, overruledBy: 'several' },
    works,
    works,
  ]);
  assert.equal(found?.message, 'Other lines decide about all that this one matches.');
});

test('a pattern that matches empty folders only is left alone', () => {
  const file = parseDockerignore('empty');
  assert.deepEqual(findIgnoreProblems(file, [{ files: 0, bytes: 0, matches: true }]), []);
});

test('a hover says what a pattern does', () => {
  const [plain, negated] = parseDockerignore('a\n!b').patterns;
  assert.ok(plain !== undefined && negated !== undefined);
  assert.equal(describeUsage(plain, works, true), 'Excludes 3 kB in 3 files.');
  assert.equal(
    describeUsage(negated, { ...works, files: 1 }, false),
    'Takes in again at least 3 kB in 1 file.',
  );
  assert.equal(describeUsage(plain, nothing, true), 'Excludes nothing at present.');
  assert.equal(describeUsage(plain, nothing, false), 'Excludes nothing of what was looked at.');
});

test('the file named after the Dockerfile comes first, wherever the Dockerfile lies', () => {
  const files = {
    '.dockerignore': 'a',
    'docker/api.Dockerfile.dockerignore': 'b',
    'app/.dockerignore': 'c',
  };
  const find = (dockerfile: string, context: string) => {
    const found = readIgnoreFile(
      openProject({ dockerfile, reader: memoryReader(files), setting: { context } }).project,
    );
    return [found?.path, found?.text];
  };
  assert.deepEqual(find('docker/api.Dockerfile', '.'), ['docker/api.Dockerfile.dockerignore', 'b']);
  assert.deepEqual(find('docker/web.Dockerfile', '.'), ['.dockerignore', 'a']);
  assert.deepEqual(find('docker/api.Dockerfile', 'app'), ['../docker/api.Dockerfile.dockerignore', 'b']);
  assert.deepEqual(find('docker/web.Dockerfile', 'app'), ['.dockerignore', 'c']);
  assert.deepEqual(find('docker/web.Dockerfile', 'docker'), [undefined, undefined]);
});

test('Podman’s ignore files count for a Containerfile, and where there is no other', () => {
  const find = (dockerfile: string, ...paths: string[]) =>
    readIgnoreFile({
      reader: memoryReader(Object.fromEntries(paths.map((path) => [path, 'a']))),
      isKnown: true,
      dockerfile,
    })?.path;
  assert.equal(find('Containerfile', '.dockerignore', '.containerignore'), '.containerignore');
  assert.equal(find('Containerfile', '.dockerignore'), '.dockerignore');
  assert.equal(
    find('api.Containerfile', 'api.Containerfile.dockerignore', '.containerignore'),
    'api.Containerfile.dockerignore',
  );
  assert.equal(find('Dockerfile', '.dockerignore', '.containerignore'), '.dockerignore');
  assert.equal(find('Dockerfile', '.containerignore'), '.containerignore');
});
