import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { getProxyForUrl } from 'proxy-from-env';
import { Agent, buildConnector, type Dispatcher, ProxyAgent, request } from 'undici';
import { type AddressKind, addressKind, isAllowed, type Reach } from './addresses.ts';
import { LookupError } from './lookup-error.ts';
import { unlessAborted } from './work.ts';

export interface HttpRequest {
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent with POST when given, GET is used otherwise. */
  readonly form?: URLSearchParams;
  readonly reach: Reach;
  /** An answer longer than this many bytes is refused. */
  readonly maxBytes: number;
  /** True to take whatever certificate is shown: for registries that the user declared insecure. */
  readonly anyCertificate?: boolean;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly body: Buffer;
  header(name: string): string | undefined;
}

/** Sends single HTTP requests. Redirects come back as answers: whether to follow one is not decided here. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  /**
   * How far what a registry points to may lie: private only where the registry itself was found to be private when it
   * was connected to. Behind a proxy nothing is found, and only public addresses are allowed.
   */
  reachFrom(origin: URL): Reach;
  close(): Promise<void>;
}

export function createTransport(): Transport {
  const kinds = new Map<string, AddressKind>();
  const agents = new Map<string, Dispatcher>();

  function dispatcherFor({ url, reach, anyCertificate = false }: HttpRequest): Dispatcher {
    const proxy = getProxyForUrl(url.href);
    const key = `${proxy} ${reach} ${anyCertificate}`;
    let agent = agents.get(key);
    if (agent === undefined) {
      const rejectUnauthorized = !anyCertificate;
      agent =
        proxy === ''
          ? new Agent({ connect: guardedConnector(reach, rejectUnauthorized, kinds) })
          : // The proxy resolves names and decides whom it connects to.
            new ProxyAgent({ uri: proxy, requestTls: { rejectUnauthorized } });
      agents.set(key, agent);
    }
    return agent;
  }

  return {
    async send(sent) {
      checkLiteralAddress(sent.url, sent.reach);
      // The library heeds the signal only once it is connected, which a host or proxy that is silent never lets it be.
      const answer = request(sent.url, {
        dispatcher: dispatcherFor(sent),
        method: sent.form === undefined ? 'GET' : 'POST',
        headers: {
          'user-agent': 'ballast',
          'accept-encoding': 'identity',
          ...(sent.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...sent.headers,
        },
        ...(sent.form === undefined ? {} : { body: sent.form.toString() }),
        signal: sent.signal,
      });
      const { statusCode, headers, body } = await unlessAborted(answer, sent.signal);
      return {
        status: statusCode,
        body: await readBody(body, sent),
        header(name) {
          const value = headers[name];
          return Array.isArray(value) ? value.join(', ') : value;
        },
      };
    },
    reachFrom(origin) {
      const kind = kinds.get(origin.host);
      return kind === 'private' || kind === 'loopback' ? 'named' : 'public';
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

async function readBody(
  body: Dispatcher.ResponseData['body'],
  { url, maxBytes }: HttpRequest,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) {
      // Leaving the loop destroys the stream, and with it the connection.
      throw new LookupError('unreadable', `${url.host} sent an answer of more than ${maxBytes} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Addresses that are written out in a URL never pass a resolver, so they are checked before, proxy or not. */
function checkLiteralAddress(url: URL, reach: Reach): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isAllowed(addressKind(host), reach)) {
    throw notAllowed(url.hostname);
  }
}

/** Connects only to addresses that are allowed, whatever a name resolves to at the moment of connecting. */
function guardedConnector(
  reach: Reach,
  rejectUnauthorized: boolean,
  kinds: Map<string, AddressKind>,
): buildConnector.connector {
  const connect = buildConnector({ lookup: guardedLookup(reach), rejectUnauthorized, timeout: 10_000 });
  return (options, callback) => {
    connect(options, (...result) => {
      const [, socket] = result;
      if (socket?.remoteAddress !== undefined) {
        kinds.set(options.host ?? options.hostname, addressKind(socket.remoteAddress));
      }
      callback(...result);
    });
  };
}

function guardedLookup(reach: Reach): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const allowed = (found ?? []).filter(({ address }) => isAllowed(addressKind(address), reach));
      const [first] = allowed;
      if (error !== null || first === undefined) {
        callback(error ?? notAllowed(hostname), '');
      } else if (options.all) {
        callback(null, allowed);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function notAllowed(host: string): LookupError {
  return new LookupError(
    'not-allowed',
    `${host} is at an address that is not asked: link-local, or private behind a public registry.`,
  );
}
