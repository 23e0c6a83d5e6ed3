import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createPrivateKey, createSign, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  request as ask,
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A registry of the distribution project that runs on this machine. */
export interface RealRegistry {
  /** `127.0.0.1:PORT`, as image names have it. */
  readonly host: string;
  stop(): Promise<void>;
}

export const username = 'alice';
export const password = 'correct horse: battery';

export type Auth = 'none' | 'htpasswd' | { readonly tokenServer: TokenServer };

/** Starts `docker-registry` on a free port, with its data below `directory`. */
export async function startRegistry(directory: string, name: string, auth: Auth): Promise<RealRegistry> {
  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const file = join(directory, `${name}.yml`);
  writeFileSync(
    file,
    `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${join(directory, `${name}-data`)}}}
http: {addr: "${host}"}
${authSection(directory, auth)}`,
  );
  const child = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
  await answers(`http://${host}/v2/`, child);
  if (typeof auth === 'string') {
    return { host, stop: () => stopped(child) };
  }
  // A login is sent to the registry's own host and port only, which is where both answer then.
  auth.tokenServer.standBefore(port);
  return { host: new URL(auth.tokenServer.realm).host, stop: () => stopped(child) };
}

function authSection(directory: string, auth: Auth): string {
  if (auth === 'none') {
    return '';
  }
  if (auth === 'htpasswd') {
    const file = join(directory, 'htpasswd');
    writeFileSync(file, execFileSync('htpasswd', ['-Bbn', username, password]));
    return `auth: {htpasswd: {realm: test, path: ${file}}}\n`;
  }
  const { realm, certificate } = auth.tokenServer;
  return `auth: {token: {realm: "${realm}", service: registry, issuer: tests, rootcertbundle: ${certificate}}}\n`;
}

/** Hands out tokens as a registry's login server does, and keeps what it was asked. */
export interface TokenServer {
  readonly realm: string;
  readonly certificate: string;
  readonly asked: { readonly url: URL; readonly authorization: string | undefined; readonly body: string }[];
  /** Hands all other questions on to a registry that listens to a port of this machine. */
  standBefore(port: number): void;
  stop(): Promise<void>;
}

export const refreshToken = 'a-refresh-token';

export async function startTokenServer(directory: string): Promise<TokenServer> {
  const certificate = join(directory, 'token.crt');
  const keyFile = join(directory, 'token.key');
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=tests',
      '-keyout',
      keyFile,
      '-out',
      certificate,
    ],
    { stdio: 'ignore' },
  );
  const key = createPrivateKey(readFileSync(keyFile));
  const chain = [new X509Certificate(readFileSync(certificate)).raw.toString('base64')];
  const asked: TokenServer['asked'] = [];
  let registryPort = 0;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname !== '/token') {
      passOn(request, response, registryPort);
      return;
    }
    const body = await bodyOf(request);
    const { authorization } = request.headers;
    asked.push({ url, authorization, body });
    const form = new URLSearchParams(body);
    const scope = url.searchParams.get('scope') ?? form.get('scope') ?? '';
    const login = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    const isKnown = authorization === login || form.get('refresh_token') === refreshToken;
    // Repositories below public/ may be pulled by anybody, all others by whoever is logged in.
    const [, repository = '', actions = ''] = scope.split(':');
    const granted = isKnown || (repository.startsWith('public/') && actions === 'pull');
    if (authorization !== undefined && !isKnown) {
      response.writeHead(401).end();
      return;
    }
    const token = sign(
      key,
      chain,
      granted ? [{ type: 'repository', name: repository, actions: actions.split(',') }] : [],
    );
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ token, expires_in: 300 }));
  });
  const port = await listen(server);
  return {
    realm: `http://127.0.0.1:${port}/token`,
    certificate,
    asked,
    standBefore: (other) => {
      registryPort = other;
    },
    stop: () => closed(server),
  };
}

/** Asks another server of this machine the same, and hands its answer back. */
function passOn(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url: path, headers } = request;
  const onward = ask({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.writeHead(502).end());
  request.pipe(onward);
}

function sign(key: KeyObject, chain: readonly string[], access: readonly object[]): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'tests',
    sub: '',
    aud: 'registry',
    exp: now + 300,
    nbf: now - 10,
    iat: now,
    jti: `${now}`,
    access,
  };
  const signed = `${encode({ typ: 'JWT', alg: 'RS256', x5c: chain })}.${encode(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
}

/** Starts a server on a free port of the loopback address. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

export async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function freePort(): Promise<number> {
  const server = createSocketServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) {
      throw new Error(`docker-registry ended with ${child.exitCode}`);
    }
    try {
      await fetch(url);
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error(`nothing answers at ${url}`);
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}
