import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CliHost, OpenProject } from '../../server/src/cli/host.ts';
import { measured } from '../../server/src/cli/measure.ts';
import { unknownProject } from '../../server/src/project/project.ts';

/** What standard error shows while a folder of so many entries is measured, one entry a millisecond. */
async function shown(entries: number, isTerminal: boolean, text = 'COPY . .\n'): Promise<string | undefined> {
  let now = 0;
  let output = '';
  let isMeasured = false;
  const stderr = { write: (more: string) => (output += more), isTerminal, columns: 80 };
  const host = { stderr, clock: () => now } as unknown as CliHost;
  const opened: OpenProject = {
    project: unknownProject,
    async measured(project, onProgress) {
      isMeasured = true;
      for (; now < entries; now++) {
        onProgress(now);
      }
      return project;
    },
  };
  await measured(host, opened, unknownProject, text);
  return isMeasured ? output : undefined;
}

test('a long measurement is talked about on a terminal, and wiped away', async () => {
  assert.equal(await shown(400, true), '');
  assert.equal(await shown(5000, false), '');
  const lines = (await shown(1250, true))?.split('\r') ?? [];
  assert.equal(lines[1], 'Measuring the build context: 500 files and folders');
  assert.equal(lines.at(-2), 'Measuring the build context: 1,200 files and folders');
  assert.equal(lines.at(-1), '\u001b[K');
});

test('a Dockerfile that copies nothing needs no measurement', async () => {
  assert.equal(await shown(5000, true, 'FROM node:22\nRUN npm ci\n'), undefined);
  assert.equal(await shown(0, true, 'FROM node:22\nRUN --mount=type=bind,target=/src make\n'), '');
});
