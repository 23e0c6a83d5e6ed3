/** The language server as a process of its own, in front of registries that are at fault: what its hovers say. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Hover, MarkupContent } from 'vscode-languageserver/node';
import { type FakeRegistry, type Handler, keepWaiting, startFakeRegistry } from '../images/fake-registry.ts';
import { TestClient, temporaryFolder } from './client.ts';

const uri = 'untitled:Dockerfile';
const position = { line: 0, character: 8 };

describe('a registry at fault', () => {
  let registry: FakeRegistry;
  let client: TestClient;

  before(async () => {
    const folder = temporaryFolder({});
    // Neither logins nor earlier answers of this machine.
    Object.assign(process.env, { XDG_CACHE_HOME: folder, DOCKER_CONFIG: folder, BALLAST_OFFLINE: '' });
    client = await TestClient.start();
  });
  after(() => client.stop());
  // One for each test: a registry that said it was asked too often is left alone for a while.
  beforeEach(async () => {
    registry = await startFakeRegistry();
  });
  afterEach(() => registry.close());

  /** Hovers over a new image of the registry until its registry has answered. */
  async function hoverWith(
    fault: Handler,
    tag = '1',
  ): Promise<{ readonly image: string; readonly text: string }> {
    registry.intercept = fault;
    const image = `${registry.host}/team/app:${tag}`;
    await client.open(uri, `FROM ${image}\nCMD app --serve\n`);
    // What has nothing to do with the registry works all the while.
    const rules = (await client.diagnostics(uri)).map(({ code }) => code);
    assert.ok(rules.includes('shell-form-start-command'), String(rules));
    let text = '';
    while (
      text === '' ||
      text.includes('Asking ') ||
      text.includes('being looked up') ||
      text.includes('not in the catalogue')
    ) {
      text = textOf(await client.hover(uri, position));
    }
    await client.close(uri);
    return { image, text };
  }

  const status =
    (code: number, headers: Readonly<Record<string, string>> = {}): Handler =>
    (_, response) => {
      response.writeHead(code, headers).end('<script>');
    };
  const body =
    (text: string, headers: Readonly<Record<string, string>> = {}): Handler =>
    (_, response) => {
      response.writeHead(200, headers).end(text);
    };

  const cases: readonly (readonly [string, Handler, RegExp])[] = [
    ['401 without a challenge', status(401), /login/],
    [
      '401 that asks for a password',
      status(401, { 'www-authenticate': 'Basic realm="x"' }),
      /need `docker login/,
    ],
    ['403', status(403), /does not allow reading/],
    ['404', status(404), /has no image/],
    ['429', status(429, { 'retry-after': '900' }), /too many|limit/i],
    ['500', status(500), /500|trouble|fail/i],
    ['wrong JSON', body('{ "schemaVersion": 2, '), /sent a manifest that cannot be read/],
    [
      'a wrong digest',
      body('{}', { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }),
      /sent a manifest that does not match its digest/,
    ],
    [
      'a body that is cut off',
      (_, response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{');
        setTimeout(() => response.destroy(), 20);
      },
      /cut off|closed/,
    ],
    [
      'a body without end',
      (_, response) => {
        const block = Buffer.alloc(256 * 1024, ' ');
        const send = (): void => {
          while (response.write(block)) {}
          response.once('drain', send);
        };
        response.writeHead(200);
        send();
      },
      /larger than|too large|too long|more than/i,
    ],
    [
      'redirects in a circle',
      (request, response) => {
        response.writeHead(307, { location: String(request.url) }).end();
      },
      /redirect/i,
    ],
    [
      'a redirect to a metadata service',
      status(307, { location: 'http://169.254.169.254/latest/' }),
      /is at an address that is not asked/,
    ],
    [
      'a connection that is closed',
      (_, response) => {
        response.destroy();
      },
      /cannot be reached/,
    ],
  ];

  for (const [what, fault, words] of cases) {
    test(`${what} is said in the hover, in one line without what the registry sent`, async () => {
      const { image, text } = await hoverWith(fault);
      assert.ok(text.startsWith(`**${image}** · linux/amd64 · size not known: `), text);
      assert.match(text, words);
      assert.ok(text.includes(registry.host));
      assert.doesNotMatch(text, /script|undefined|\bat .*\.ts|\.\./);
    });
  }

  test('one that never answers keeps nobody waiting', async () => {
    registry.intercept = (_, response) => keepWaiting(response);
    await client.open(uri, `FROM ${registry.host}/team/slow:1\nCMD app --serve\n`);
    assert.match(
      textOf(await client.hover(uri, position)),
      /^Asking 127\.0\.0\.1:\d+; its answer is shown next time\.$/m,
    );
    assert.ok((await client.diagnostics(uri)).length > 0);
    await client.close(uri);
  });
});

function textOf(hover: Hover | null): string {
  return hover === null ? '' : (hover.contents as MarkupContent).value;
}
