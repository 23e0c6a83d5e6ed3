import { isLoopbackHost } from './addresses.ts';
import { errorCode, LookupError, networkError } from './lookup-error.ts';
import { type Endpoint, loginError, type RegistryLogin } from './registry-login.ts';
import type { HttpRequest, HttpResponse, Transport } from './transport.ts';
import { wait } from './work.ts';

/** One thing to ask a registry for. */
export interface Ask {
  /** Path below `/v2/`, such as `library/node/manifests/22`. */
  readonly path: string;
  readonly repository: string;
  /** The image in words, for messages: `node:22`. */
  readonly subject: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
}

export interface RegistryRequests {
  /** The answer of status 2xx. Everything else is thrown as a {@link LookupError}. */
  get(endpoint: Endpoint, ask: Ask, signal: AbortSignal): Promise<HttpResponse>;
}

const attempts = 3;
const mostRedirects = 5;
/** A registry that wants to be left alone for longer is not waited for. */
const longestPause = 3_000;

/** Asks registries: logs in where they demand it, follows redirects without the login, waits where they are busy. */
export function createRegistryRequests(transport: Transport, login: RegistryLogin): RegistryRequests {
  /** Registries that asked to be left alone, with the time until when. */
  const resting = new Map<string, number>();

  async function get(endpoint: Endpoint, ask: Ask, signal: AbortSignal): Promise<HttpResponse> {
    for (let attempt = 1; ; attempt++) {
      const rest = (resting.get(endpoint.origin.host) ?? 0) - Date.now();
      if (rest > 0) {
        throw restError(endpoint, rest);
      }
      const last = attempt === attempts;
      const response = await once(endpoint, ask, signal).catch((error: unknown) => {
        const failed = networkError(`registry ${endpoint.registry}`, error, signal);
        if (last || failed.failure !== 'unreachable' || !isPassing(errorCode(error))) {
          throw failed;
        }
        return undefined;
      });
      const isBusy = response === undefined || response.status === 429 || response.status >= 500;
      if (!isBusy) {
        return accepted(response, endpoint, ask);
      }
      const pause = pauseBefore(response, attempt);
      if (last || pause > longestPause) {
        if (response?.status === 429 || (response !== undefined && pause > longestPause)) {
          const until = Math.max(pause, 1000);
          resting.set(endpoint.origin.host, Date.now() + until);
          throw restError(endpoint, until);
        }
        throw new LookupError(
          'server',
          `Registry ${endpoint.registry} failed (status ${response?.status ?? '-'}).`,
        );
      }
      await wait(pause, signal).catch((error: unknown) => {
        throw networkError(`registry ${endpoint.registry}`, error, signal);
      });
    }
  }

  async function once(endpoint: Endpoint, ask: Ask, signal: AbortSignal): Promise<HttpResponse> {
    const request = {
      url: new URL(`/v2/${ask.path}`, endpoint.origin),
      reach: 'named',
      maxBytes: ask.maxBytes,
      anyCertificate: endpoint.anyCertificate,
      signal,
    } as const;
    const known = login.known(endpoint, ask.repository);
    const first = await transport.send({ ...request, headers: { ...ask.headers, ...authorization(known) } });
    if (first.status !== 401) {
      return follow(endpoint, ask, first, request);
    }
    const granted = await login.answer(endpoint, ask.repository, first, signal);
    if (granted === undefined) {
      throw loginError(endpoint.registry, undefined);
    }
    const second = await transport.send({
      ...request,
      headers: { ...ask.headers, ...authorization(granted) },
    });
    if (second.status === 401) {
      throw refusedError(endpoint, ask, granted);
    }
    return follow(endpoint, ask, second, request);
  }

  /** Follows redirects. No login is ever sent along, not even to the same host. */
  async function follow(
    endpoint: Endpoint,
    ask: Ask,
    answer: HttpResponse,
    request: Omit<HttpRequest, 'headers'>,
  ): Promise<HttpResponse> {
    let response = answer;
    let url = request.url;
    const seen = new Set([url.href]);
    while (isRedirect(response.status)) {
      const target = redirectTarget(response, url);
      if (target === undefined) {
        throw new LookupError(
          'unreadable',
          `Registry ${endpoint.registry} redirects to an address that is none.`,
        );
      }
      if (target.protocol !== 'https:' && url.protocol === 'https:') {
        throw new LookupError(
          'not-allowed',
          `Registry ${endpoint.registry} redirects to plain HTTP; it is not followed.`,
        );
      }
      if (seen.has(target.href) || seen.size > mostRedirects) {
        throw new LookupError(
          'unreadable',
          `Registry ${endpoint.registry} redirects in circles or too often.`,
        );
      }
      seen.add(target.href);
      const isOwn = target.host === endpoint.origin.host;
      response = await transport.send({
        ...request,
        url: target,
        reach: isOwn ? 'named' : transport.reachFrom(endpoint.origin),
        anyCertificate: endpoint.anyCertificate && isOwn,
        headers: { ...ask.headers },
      });
      url = target;
      if (response.status === 401) {
        throw new LookupError(
          'forbidden',
          `Registry ${endpoint.registry} redirects to a host that asks for a login of its own.`,
        );
      }
    }
    return response;
  }

  return { get };
}

function accepted(response: HttpResponse, endpoint: Endpoint, ask: Ask): HttpResponse {
  const { registry } = endpoint;
  if (response.status >= 200 && response.status < 300) {
    return response;
  }
  if (response.status === 403) {
    throw new LookupError('forbidden', `Registry ${registry} does not allow reading ${ask.subject}.`);
  }
  if (response.status === 404) {
    throw new LookupError('not-found', `Registry ${registry} has no image ${ask.subject}.`);
  }
  throw new LookupError(
    'unreadable',
    `Registry ${registry} gave an unexpected answer (status ${response.status}).`,
  );
}

/** Many registries say 401 for what does not exist as well, so that nobody learns which private images there are. */
function refusedError(endpoint: Endpoint, ask: Ask, granted: string): LookupError {
  if (granted.startsWith('Basic ')) {
    return loginError(endpoint.registry, { kind: 'password', username: '', password: '' });
  }
  const where = endpoint.registry === 'docker.io' ? '' : ` ${endpoint.registry}`;
  return new LookupError(
    'login',
    `Registry ${endpoint.registry} has no public image ${ask.subject}; a private one needs \`docker login${where}\`.`,
  );
}

function restError(endpoint: Endpoint, milliseconds: number): LookupError {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  return new LookupError(
    'rate-limit',
    `Registry ${endpoint.registry} limits how often it may be asked; again in ${seconds} s.`,
    { retryAfter: milliseconds },
  );
}

/** However long a registry wants to be left alone, it is asked again after an hour. */
const longestRest = 60 * 60 * 1000;

/** Milliseconds to wait, as `Retry-After` says (seconds or a date), else growing with every attempt. */
function pauseBefore(response: HttpResponse | undefined, attempt: number): number {
  const stated = response?.header('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(stated)) {
    return Math.min(Number(stated) * 1000, longestRest);
  }
  const date = Date.parse(stated);
  return Number.isNaN(date) ? 200 * 2 ** attempt : Math.min(Math.max(0, date - Date.now()), longestRest);
}

/** True for failures that often do not happen a second time. */
function isPassing(code: string): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET' || code === 'EAI_AGAIN';
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

function redirectTarget(response: HttpResponse, from: URL): URL | undefined {
  const location = response.header('location');
  try {
    const url = location === undefined ? undefined : new URL(location, from);
    if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
      return undefined;
    }
    url.username = '';
    url.password = '';
    url.hash = '';
    return url;
  } catch {
    return undefined;
  }
}

function authorization(value: string | undefined): Readonly<Record<string, string>> {
  return value === undefined ? {} : { authorization: value };
}

/** Addresses to try for a registry. Plain HTTP only on this machine, and where the user declared a registry insecure. */
export function originsOf(registry: string, isInsecure: boolean): readonly URL[] {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const secure = new URL(`https://${host}`);
  return isInsecure || isLoopbackHost(secure.hostname) ? [secure, new URL(`http://${host}`)] : [secure];
}
