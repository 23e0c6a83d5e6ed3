import { spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { readRegularFile } from '../regular-file.ts';

/** What Docker has stored for a registry. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token of an OAuth server, which is exchanged for tokens but never sent to the registry itself. */
  | { readonly kind: 'identity-token'; readonly token: string };

export type CredentialStore = (registry: string) => Promise<Credentials | undefined>;

const authSchema = z.object({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
});

const configSchema = z.object({
  auths: z.record(z.string(), authSchema).catch({}),
  credHelpers: z.record(z.string(), z.string()).catch({}),
  credsStore: z.string().optional().catch(undefined),
});

const helperAnswerSchema = z.object({ Username: z.string(), Secret: z.string().min(1) });

/** How long a credential helper may take; some ask the keychain, and that asks the user. */
const helperPatience = 10_000;
const longestHelperAnswer = 256 * 1024;

/**
 * Credentials from Docker's config.json, asked in Docker's order: the helper of the registry, the helper of all
 * registries, the file itself. The file is read anew each time, because `docker login` changes it. Whatever goes
 * wrong counts as no credentials: the registry's answer then says what is missing.
 */
export function dockerCredentials(environment: NodeJS.ProcessEnv): CredentialStore {
  return async (registry) => {
    const config = await readConfig(environment);
    if (config === undefined) {
      return undefined;
    }
    const names = keysOf(registry);
    const helper = names.map((name) => config.credHelpers[name]).find((name) => name !== undefined);
    const store = helper ?? config.credsStore;
    for (const name of store === undefined ? [] : names) {
      const found = await askHelper(store ?? '', name, environment);
      if (found !== undefined) {
        return found;
      }
    }
    const stored = Object.entries(config.auths).find(
      ([key]) => names.includes(hostOf(key)) || names.includes(key),
    );
    return stored === undefined ? undefined : fromFile(stored[1]);
  };
}

/** Docker's configuration holds a few entries for each registry. */
const largestConfig = 1024 * 1024;

async function readConfig(environment: NodeJS.ProcessEnv): Promise<z.infer<typeof configSchema> | undefined> {
  const folder = environment['DOCKER_CONFIG'] || join(homedir(), '.docker');
  try {
    return configSchema.parse(
      JSON.parse(readRegularFile(join(folder, 'config.json'), largestConfig).toString('utf8')),
    );
  } catch {
    return undefined;
  }
}

/** Docker Hub's credentials stand under the address of its first API. */
function keysOf(registry: string): readonly string[] {
  return registry === 'docker.io'
    ? ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io']
    : [registry, `https://${registry}`];
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*/s, '');
}

function fromFile(entry: z.infer<typeof authSchema>): Credentials | undefined {
  if (entry.identitytoken) {
    return { kind: 'identity-token', token: entry.identitytoken };
  }
  const pair = entry.auth
    ? Buffer.from(entry.auth, 'base64').toString('utf8')
    : `${entry.username ?? ''}:${entry.password ?? ''}`;
  const colon = pair.indexOf(':');
  const username = pair.slice(0, colon);
  const password = pair.slice(colon + 1).replace(/(?<!\0)\0+$/, '');
  return colon < 0 || username === '' || password === ''
    ? undefined
    : { kind: 'password', username, password };
}

/** Runs `docker-credential-NAME get`, without a shell, in the home folder, with bounded time and output. */
function askHelper(
  name: string,
  registry: string,
  environment: NodeJS.ProcessEnv,
): Promise<Credentials | undefined> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) {
    return Promise.resolve(undefined);
  }
  return new Promise((resolve) => {
    // Windows looks for programs in the working folder first, which must not be that of an opened project.
    const helper = spawn(`docker-credential-${name}`, ['get'], {
      cwd: homedir(),
      env: environment,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: helperPatience,
      killSignal: 'SIGKILL',
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let length = 0;
    helper.on('error', () => resolve(undefined));
    helper.stdin.on('error', () => {});
    helper.stdin.end(`${registry}\n`);
    helper.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > longestHelperAnswer) {
        helper.kill('SIGKILL');
      }
    });
    helper.on('close', (code) => {
      resolve(
        code === 0 && length <= longestHelperAnswer
          ? fromHelper(Buffer.concat(chunks).toString('utf8'))
          : undefined,
      );
    });
  });
}

function fromHelper(answer: string): Credentials | undefined {
  try {
    const { Username, Secret } = helperAnswerSchema.parse(JSON.parse(answer));
    return Username === '<token>'
      ? { kind: 'identity-token', token: Secret }
      : { kind: 'password', username: Username, password: Secret };
  } catch {
    return undefined;
  }
}
