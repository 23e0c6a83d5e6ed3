import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { addressKind, isAllowed, isLoopbackHost } from '../../server/src/host/images/addresses.ts';
import { createTransport } from '../../server/src/host/images/transport.ts';
import { startFakeRegistry } from './fake-registry.ts';

const kinds: Record<string, string> = {
  '1.1.1.1': 'public',
  '2606:4700::1111': 'public',
  '::ffff:1.1.1.1': 'public',
  '10.0.0.1': 'private',
  '172.16.0.1': 'private',
  '172.32.0.1': 'public',
  '192.168.1.1': 'private',
  '100.64.0.1': 'private',
  'fd12::1': 'private',
  '::ffff:10.0.0.1': 'private',
  '::ffff:a00:1': 'private',
  '127.0.0.1': 'loopback',
  '127.8.8.8': 'loopback',
  '0.0.0.0': 'loopback',
  '::1': 'loopback',
  '::': 'loopback',
  '::ffff:7f00:1': 'loopback',
  '169.254.169.254': 'forbidden',
  '::ffff:169.254.169.254': 'forbidden',
  '::ffff:a9fe:a9fe': 'forbidden',
  '64:ff9b::169.254.169.254': 'forbidden',
  '64:ff9b::a9fe:a9fe': 'forbidden',
  '64:ff9b:0:0:0:0:a9fe:a9fe': 'forbidden',
  '0064:ff9b::0a00:0001': 'private',
  '64:ff9b::7f00:1': 'loopback',
  '64:ff9b::101:101': 'public',
  '64:ff9b:1::a9fe:a9fe': 'forbidden',
  '0:0:0:0:0:ffff:a9fe:a9fe': 'forbidden',
  'fe80::1': 'forbidden',
  'fe80::1%eth0': 'forbidden',
  'fd00:ec2::254': 'forbidden',
  '224.0.0.1': 'forbidden',
  '255.255.255.255': 'forbidden',
  'ff02::1': 'forbidden',
  'not an address': 'forbidden',
};

for (const [address, kind] of Object.entries(kinds)) {
  test(`${address} is ${kind}`, () => {
    assert.equal(addressKind(address), kind);
  });
}

test('a named registry may be anywhere but at a forbidden address, what a public one points to must be public', () => {
  assert.deepEqual(
    (['public', 'private', 'loopback', 'forbidden'] as const).map((kind) => [
      isAllowed(kind, 'named'),
      isAllowed(kind, 'public'),
    ]),
    [
      [true, true],
      [true, false],
      [true, false],
      [false, false],
    ],
  );
});

test('this machine has several names', () => {
  for (const host of ['localhost', 'LOCALHOST', 'a.localhost', '127.0.0.1', '[::1]']) {
    assert.ok(isLoopbackHost(host), host);
  }
  for (const host of ['localhost.example.com', '10.0.0.1', 'example.com', '1270.0.0.1']) {
    assert.ok(!isLoopbackHost(host), host);
  }
});

test('what a name resolves to is checked when connecting', async () => {
  const server = await startFakeRegistry();
  const transport = createTransport();
  const port = server.host.split(':')[1];
  const send = (host: string, reach: 'named' | 'public') =>
    transport.send({
      url: new URL(`http://${host}:${port}/v2/`),
      reach,
      maxBytes: 1000,
      signal: AbortSignal.timeout(5000),
    });
  assert.equal((await send('127.0.0.1', 'named')).status, 404);
  const seen = server.seen.length;
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1']) {
    await assert.rejects(send(host, 'public'), /is at an address that is not asked/, host);
  }
  assert.equal(server.seen.length, seen);
  await transport.close();
  await server.close();
});

test('what a registry points to may be private where the registry was found to be', async () => {
  const server = await startFakeRegistry();
  const transport = createTransport();
  const url = new URL(server.origin);
  assert.equal(transport.reachFrom(url), 'public');
  await transport.send({ url, reach: 'named', maxBytes: 1000, signal: AbortSignal.timeout(5000) });
  assert.equal(transport.reachFrom(url), 'named');
  await transport.close();
  await server.close();
});

test('a proxy from the environment is used, and not for hosts it excludes', async () => {
  const server = await startFakeRegistry();
  const { pull } = server.putImage('app', '1');
  assert.ok(pull > 0);
  const tunnels: (string | undefined)[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    tunnels.push(request.url);
    // Whoever is asked for, the test's own server answers.
    const target = connect(Number(server.host.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const transport = createTransport();
  process.env['http_proxy'] = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  try {
    const send = (url: string) =>
      transport.send({
        url: new URL(url),
        reach: 'named',
        maxBytes: 4000,
        signal: AbortSignal.timeout(5000),
      });
    assert.equal((await send('http://registry.invalid/v2/app/manifests/1')).status, 200);
    assert.deepEqual(tunnels, ['registry.invalid:80']);
    process.env['no_proxy'] = '127.0.0.1';
    assert.equal((await send(`${server.origin}/v2/app/manifests/1`)).status, 200);
    assert.equal(tunnels.length, 1);
  } finally {
    delete process.env['http_proxy'];
    delete process.env['no_proxy'];
    await transport.close();
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
    await server.close();
  }
});

test('a proxy that never answers is given up in time', async () => {
  // A server that knows no tunnels closes the connection without a word.
  const proxy = await startFakeRegistry();
  const transport = createTransport();
  process.env['http_proxy'] = proxy.origin;
  try {
    const url = new URL('http://registry.invalid/v2/');
    await assert.rejects(
      transport.send({ url, reach: 'named', maxBytes: 1000, signal: AbortSignal.timeout(300) }),
      { name: 'TimeoutError' },
    );
  } finally {
    delete process.env['http_proxy'];
    await transport.close();
    await proxy.close();
  }
});
