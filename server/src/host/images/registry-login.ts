import * as z from 'zod';
import { isLoopbackHost } from './addresses.ts';
import { parseChallenges } from './challenge.ts';
import type { CredentialStore, Credentials } from './credentials.ts';
import { LookupError } from './lookup-error.ts';
import type { HttpResponse, Transport } from './transport.ts';

/** A registry as it is being asked: its name, and the address that was found to answer. */
export interface Endpoint {
  /** Name of the registry as images have it: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  /** Where it answers: `https://registry-1.docker.io`. */
  readonly origin: URL;
  readonly anyCertificate: boolean;
}

export interface RegistryLogin {
  /** An `Authorization` header that was good before, so that a second question needs no refusal first. */
  known(endpoint: Endpoint, repository: string): string | undefined;
  /** Answers a refusal: the header to ask again with, or undefined where there is nothing to log in with. */
  answer(
    endpoint: Endpoint,
    repository: string,
    refusal: HttpResponse,
    signal: AbortSignal,
  ): Promise<string | undefined>;
}

const tokenSchema = z.object({
  token: z.string().optional(),
  access_token: z.string().optional(),
  expires_in: z.number().positive().catch(60),
});

const longestTokenAnswer = 256 * 1024;

/**
 * Logs in to registries as the distribution project specifies. Tokens are kept in memory only, one for each repository,
 * and are asked for pulling alone, whatever the registry proposes.
 */
export function createRegistryLogin(transport: Transport, credentials: CredentialStore): RegistryLogin {
  const headers = new Map<string, { readonly value: string; readonly until: number }>();
  const keyOf = (endpoint: Endpoint, repository: string): string => `${endpoint.origin.origin} ${repository}`;

  return {
    known(endpoint, repository) {
      const known = headers.get(keyOf(endpoint, repository));
      return known !== undefined && known.until > Date.now() ? known.value : undefined;
    },
    async answer(endpoint, repository, refusal, signal) {
      headers.delete(keyOf(endpoint, repository));
      const challenges = parseChallenges(refusal.header('www-authenticate') ?? '');
      const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
      const stored = await credentials(endpoint.registry);
      if (bearer !== undefined) {
        const { value, seconds } = await requestToken(
          { transport, endpoint, signal },
          bearer.parameters,
          repository,
          stored,
        );
        // A token that is about to expire would be refused while the question is on its way.
        const until = Date.now() + Math.max(0, seconds - 10) * 1000;
        headers.set(keyOf(endpoint, repository), { value, until });
        return value;
      }
      if (challenges.some(({ scheme }) => scheme === 'basic') && stored?.kind === 'password') {
        if (!isSafe(endpoint.origin)) {
          throw new LookupError(
            'login',
            `Registry ${endpoint.registry} asks for a password over plain HTTP; it is not sent.`,
          );
        }
        const value = basic(stored);
        headers.set(keyOf(endpoint, repository), { value, until: Number.POSITIVE_INFINITY });
        return value;
      }
      return undefined;
    },
  };
}

async function requestToken(
  { transport, endpoint, signal }: { transport: Transport; endpoint: Endpoint; signal: AbortSignal },
  parameters: ReadonlyMap<string, string>,
  repository: string,
  stored: Credentials | undefined,
): Promise<{ value: string; seconds: number }> {
  const { registry, origin } = endpoint;
  const realm = parseUrl(parameters.get('realm'));
  if (realm === undefined || (realm.protocol !== 'https:' && realm.protocol !== 'http:')) {
    throw new LookupError('unreadable', `Registry ${registry} asks for a login at an address that is none.`);
  }
  const own = isOwnRealm(origin, realm);
  const isPlain = !isSafe(realm);
  // Tokens are worth little, but over plain HTTP anybody could hand out a forged one to somebody else's registry.
  if (realm.protocol === 'http:' && origin.protocol === 'https:') {
    throw new LookupError(
      'not-allowed',
      `Registry ${registry} asks for a login over plain HTTP, which is not done.`,
    );
  }
  const usable = own && !isPlain ? stored : undefined;
  const service = parameters.get('service');
  const scope = `repository:${repository}:pull`;
  const reach = realm.host === origin.host ? 'named' : transport.reachFrom(origin);
  const common = {
    reach,
    maxBytes: longestTokenAnswer,
    signal,
    anyCertificate: endpoint.anyCertificate && own,
  };
  let response: HttpResponse;
  if (usable?.kind === 'identity-token') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'ballast',
      refresh_token: usable.token,
      scope,
      ...(service === undefined ? {} : { service }),
    });
    response = await transport.send({ ...common, url: realm, form });
  } else {
    const url = new URL(realm);
    if (service !== undefined) {
      url.searchParams.set('service', service);
    }
    url.searchParams.set('scope', scope);
    const headers = usable === undefined ? {} : { authorization: basic(usable) };
    response = await transport.send({ ...common, url, headers });
  }
  if (response.status === 429) {
    throw new LookupError('rate-limit', `Registry ${registry} limits how often it may be asked.`);
  }
  if (response.status === 401 || response.status === 403 || response.status === 400) {
    throw loginError(registry, stored, own && !isPlain);
  }
  if (response.status !== 200) {
    throw new LookupError('server', `The login of registry ${registry} failed (status ${response.status}).`);
  }
  const answer = tokenSchema.safeParse(parseJson(response.body)).data;
  const value = answer?.token || answer?.access_token;
  if (answer === undefined || !value || !/^[\x21-\x7e]+$/.test(value)) {
    throw new LookupError('unreadable', `The login of registry ${registry} sent no token.`);
  }
  return { value: `Bearer ${value}`, seconds: answer.expires_in };
}

/** Says what is missing: a login, another login, or one that may be sent. */
export function loginError(registry: string, stored: Credentials | undefined, mayBeSent = true): LookupError {
  const where = registry === 'docker.io' ? '' : ` ${registry}`;
  if (stored === undefined) {
    return new LookupError(
      'login',
      `Registry ${registry} asks for a login; sizes of private images need \`docker login${where}\`.`,
    );
  }
  return new LookupError(
    'login',
    mayBeSent
      ? `Registry ${registry} refuses the login that Docker has stored; \`docker login${where}\` renews it.`
      : `Registry ${registry} asks for its login at another host or over plain HTTP; it is not sent there.`,
  );
}

/**
 * True where a login of the registry may be sent to: its own host, the domain above it, or a host beside it. So
 * `registry-1.docker.io` has `auth.docker.io`, `registry.gitlab.com` has `gitlab.com`, and `ghcr.io` only itself.
 */
export function isOwnRealm(origin: URL, realm: URL): boolean {
  const host = origin.hostname.toLowerCase();
  const other = realm.hostname.toLowerCase();
  if (host === other) {
    return realm.port === origin.port;
  }
  if (realm.port !== '' && realm.port !== origin.port) {
    return false;
  }
  const above = host.split('.').slice(1).join('.');
  const isName = !/^[\d.]+$|^\[/.test(host);
  return isName && above.includes('.') && (other === above || other.endsWith(`.${above}`));
}

/** True where nobody on the way can read what is sent. */
function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || isLoopbackHost(url.hostname);
}

function basic({ username, password }: Extract<Credentials, { kind: 'password' }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

function parseUrl(text: string | undefined): URL | undefined {
  try {
    const url = new URL(text ?? '');
    url.username = '';
    url.password = '';
    return url;
  } catch {
    return undefined;
  }
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
