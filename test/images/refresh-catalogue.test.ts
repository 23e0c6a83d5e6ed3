import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTable, readRows, type SizeRow } from '../../scripts/make-catalogue.ts';
import { refreshRows } from '../../scripts/refresh-catalogue.ts';
import { createRegistryClient } from '../../server/src/host/images/registry-client.ts';
import { startFakeRegistry } from './fake-registry.ts';

test('rows take the new figures of a registry, and stay as they are where nobody answers', async () => {
  const registry = await startFakeRegistry();
  const client = createRegistryClient({ credentials: async () => undefined });
  const changed = registry.putImage('changed', '1');
  const same = registry.putImage('same', '1');
  const row = (name: string, extra: Partial<SizeRow>): SizeRow => ({
    image: `${registry.host}/${name}`,
    tag: '1',
    platform: 'linux/amd64',
    date: '2026-01',
    pull: 100,
    pullSource: 'somewhere',
    ...extra,
  });
  const rows = [
    row('changed', { disk: 400, diskSource: 'elsewhere', diskBasis: 'near build' }),
    row('same', { pull: same.pull, digest: same.digest }),
    row('gone', {}),
  ];
  const refreshed = await refreshRows(rows, client, '2026-11-24');
  assert.deepEqual(
    refreshed.map(({ outcome }) => outcome),
    ['changed', 'same', 'failed'],
  );
  assert.deepEqual(refreshed[0]?.row, {
    image: `${registry.host}/changed`,
    tag: '1',
    platform: 'linux/amd64',
    date: '2026-11-24',
    pull: changed.pull,
    pullSource: `registry ${registry.host}`,
    disk: changed.disk,
    diskSource: `layers at registry ${registry.host}`,
    diskBasis: 'same image',
    digest: changed.digest,
  });
  assert.match(refreshed[0]?.note ?? '', /pull 100 B → \d+ B \(\+[\d.]+ %\), disk 400 B → [\d.]+ kB/);
  assert.deepEqual(refreshed[1]?.row, rows[1]);
  assert.deepEqual(refreshed[2]?.row, rows[2]);
  assert.match(refreshed[2]?.note ?? '', /has no image/);
  await client.close();
  await registry.close();
});

test('the bundled table does not depend on the order of the rows', () => {
  const { rows } = readRows();
  assert.equal(makeTable([...rows].reverse()), makeTable(rows));
});
