import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Stands where a registry would be, and counts who comes. */
export interface Listener {
  /** Host and port, as an image name has them. */
  readonly address: string;
  connections(): number;
  close(): void;
}

export async function startListener(): Promise<Listener> {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return {
    address: `127.0.0.1:${address.port}`,
    connections: () => connections,
    close: () => server.close(),
  };
}
