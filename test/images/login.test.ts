import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { parseChallenges } from '../../server/src/host/images/challenge.ts';
import { type Credentials, dockerCredentials } from '../../server/src/host/images/credentials.ts';
import { isOwnRealm } from '../../server/src/host/images/registry-login.ts';

describe('challenges', () => {
  const read = (header: string) =>
    parseChallenges(header).map(({ scheme, parameters }) => [scheme, ...parameters]);

  test('of the registries people use', () => {
    assert.deepEqual(
      read(
        'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"',
      ),
      [
        [
          'bearer',
          ['realm', 'https://auth.docker.io/token'],
          ['service', 'registry.docker.io'],
          ['scope', 'repository:a/b:pull'],
        ],
      ],
    );
    assert.deepEqual(read('Basic realm="Registry Realm"'), [['basic', ['realm', 'Registry Realm']]]);
    assert.deepEqual(read('Basic'), [['basic']]);
  });

  test('several in one header, with escapes and without quotes', () => {
    assert.deepEqual(read('Bearer realm=x, error="a \\"b\\", c" , Basic realm="y"'), [
      ['bearer', ['realm', 'x'], ['error', 'a "b", c']],
      ['basic', ['realm', 'y']],
    ]);
  });

  test('reading never throws and never hangs', () => {
    fc.assert(fc.property(fc.string(), (header) => void parseChallenges(header)));
    parseChallenges(`Bearer ${'a="'.repeat(50_000)}`);
    parseChallenges(`${' ,'.repeat(50_000)}=`);
  });
});

test('a login goes to the own host of a registry, the domain above it and hosts beside it', () => {
  const own: [registry: string, realm: string, expected: boolean][] = [
    ['registry-1.docker.io', 'auth.docker.io', true],
    ['ghcr.io', 'ghcr.io', true],
    ['GHCR.io', 'ghcr.io', true],
    ['registry.gitlab.com', 'gitlab.com', true],
    ['127.0.0.1:5000', '127.0.0.1:5000', true],
    ['127.0.0.1:5000', '127.0.0.1:6000', false],
    ['registry.corp.example:5000', 'registry.corp.example', false],
    ['registry.corp.example:5000', 'auth.corp.example', true],
    ['registry.corp.example', 'auth.corp.example:8443', false],
    ['ghcr.io', 'evil.io', false],
    ['ghcr.io', 'auth.ghcr.io', false],
    ['registry-1.docker.io', 'docker.io.evil.com', false],
    ['registry-1.docker.io', 'evildocker.io', false],
    ['10.0.0.1', '11.0.0.1', false],
    ['localhost', 'other', false],
  ];
  for (const [registry, realm, expected] of own) {
    assert.equal(
      isOwnRealm(new URL(`https://${registry}`), new URL(`https://${realm}/token`)),
      expected,
      `${registry} → ${realm}`,
    );
  }
});

describe("Docker's credentials", () => {
  const directory = mkdtempSync(join(tmpdir(), 'ballast-login-'));
  after(() => rmSync(directory, { recursive: true }));
  const environment = {
    ...process.env,
    DOCKER_CONFIG: directory,
    PATH: `${directory}${delimiter}${process.env['PATH'] ?? ''}`,
  };
  const ask = dockerCredentials(environment);
  const configure = (config: unknown): void =>
    writeFileSync(
      join(directory, 'config.json'),
      typeof config === 'string' ? config : JSON.stringify(config),
    );
  const helper = (name: string, script: string): void => {
    const path = join(directory, `docker-credential-${name}`);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  };
  const password = (username: string, secret: string): Credentials => ({
    kind: 'password',
    username,
    password: secret,
  });
  const auth = (pair: string) => ({ auth: Buffer.from(pair).toString('base64') });

  beforeEach(() => configure({}));

  test('from the file, under all the names that Docker has used', async () => {
    configure({
      auths: {
        'https://index.docker.io/v1/': auth('hub:one'),
        'ghcr.io': auth('gh:two:with:colons'),
        'https://quay.io/v2/': auth('quay:three'),
        'localhost:5000': { username: 'local', password: 'four' },
        'azure.example.com': { ...auth('00000000:'), identitytoken: 'refresh' },
        'empty.example.com': {},
      },
    });
    assert.deepEqual(await ask('docker.io'), password('hub', 'one'));
    assert.deepEqual(await ask('ghcr.io'), password('gh', 'two:with:colons'));
    assert.deepEqual(await ask('quay.io'), password('quay', 'three'));
    assert.deepEqual(await ask('localhost:5000'), password('local', 'four'));
    assert.deepEqual(await ask('azure.example.com'), { kind: 'identity-token', token: 'refresh' });
    for (const registry of ['empty.example.com', 'example.com', 'localhost', 'io', 'ghcr.io.example.com']) {
      assert.equal(await ask(registry), undefined, registry);
    }
  });

  test('from the helper of the registry, then from that of all registries, then from the file', async () => {
    configure({
      auths: { 'file.example.com': auth('file:three') },
      credHelpers: { 'own.example.com': 'own' },
      credsStore: 'all',
    });
    helper(
      'own',
      'read server; [ "$1 $server" = "get own.example.com" ] && echo \'{"ServerURL":"x","Username":"own","Secret":"one"}\'',
    );
    helper(
      'all',
      'read server; case $server in all.example.com) echo \'{"Username":"<token>","Secret":"two"}\';; *) echo "credentials not found in native keychain"; exit 1;; esac',
    );
    assert.deepEqual(await ask('own.example.com'), password('own', 'one'));
    assert.deepEqual(await ask('all.example.com'), { kind: 'identity-token', token: 'two' });
    assert.deepEqual(await ask('file.example.com'), password('file', 'three'));
    assert.equal(await ask('none.example.com'), undefined);
  });

  test('a helper gets no shell, and no name that is a path', async () => {
    const mark = join(directory, 'mark');
    const script = join(directory, 'script');
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\necho '{"Username":"a","Secret":"b"}'\n`);
    chmodSync(script, 0o755);
    // From the home folder, `docker-credential-x/../script` would lead to the script.
    mkdirSync(join(directory, 'docker-credential-x'));
    const { HOME } = process.env;
    process.env['HOME'] = directory;
    try {
      for (const name of ['x/../script', `x; touch ${mark}`, '', '-x', '../script']) {
        configure({ credsStore: name });
        assert.equal(await ask('example.com'), undefined, name);
      }
      assert.ok(!existsSync(mark));
    } finally {
      process.env['HOME'] = HOME;
    }
  });

  test('a helper that is missing, fails, or talks nonsense or too much counts as none', async () => {
    helper('nonsense', 'echo hello');
    helper('failing', 'echo \'{"Username":"a","Secret":"b"}\'; exit 1');
    helper('endless', 'while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done');
    for (const name of ['missing', 'nonsense', 'failing', 'endless']) {
      configure({ credsStore: name });
      assert.equal(await ask('example.com'), undefined, name);
    }
  });

  test('a file that is missing or no JSON counts as none', async () => {
    for (const text of ['', '{', '[]', 'null', '{"auths":[]}', '{"auths":{"example.com":{"auth":"%%%"}}}']) {
      configure(text);
      assert.equal(await ask('example.com'), undefined, text);
    }
    const elsewhere = dockerCredentials({ ...environment, DOCKER_CONFIG: join(directory, 'missing') });
    assert.equal(await elsewhere('example.com'), undefined);
  });
});
