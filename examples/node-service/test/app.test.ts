import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildApp } from '../src/app.js';

test('a link leads to its target', async () => {
  const app = buildApp();
  const created = await app.inject({ method: 'POST', url: '/links', payload: { target: 'https://example.org/' } });
  assert.equal(created.statusCode, 201);
  const visit = await app.inject({ url: `/${created.json().code}` });
  assert.equal(visit.headers.location, 'https://example.org/');
});

test('an unknown code is answered with 404', async () => {
  assert.equal((await buildApp().inject({ url: '/nothing' })).statusCode, 404);
});
