import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatImageReference, parseImageReference } from '../../server/src/images/reference.ts';

const sha256 = `sha256:${'0123456789abcdef'.repeat(4)}`;

const accepted: Record<
  string,
  [registry: string, repository: string, tag?: string | undefined, digest?: string]
> = {
  node: ['docker.io', 'library/node'],
  'node:22': ['docker.io', 'library/node', '22'],
  [`node:22@${sha256}`]: ['docker.io', 'library/node', '22', sha256],
  [`node@${sha256}`]: ['docker.io', 'library/node', undefined, sha256],
  'bitnami/redis:7': ['docker.io', 'bitnami/redis', '7'],
  'docker.io/node': ['docker.io', 'library/node'],
  'index.docker.io/library/node': ['docker.io', 'library/node'],
  'docker.io/a/b/c': ['docker.io', 'a/b/c'],
  'ghcr.io/owner/image:1.0': ['ghcr.io', 'owner/image', '1.0'],
  'localhost/image': ['localhost', 'image'],
  'localhost:5000/image:1': ['localhost:5000', 'image', '1'],
  // Without a slash, what follows the colon is a tag, even if it looks like a port.
  'localhost:5000': ['docker.io', 'library/localhost', '5000'],
  'registry:5000/a/b': ['registry:5000', 'a/b'],
  // Upper case makes the first part a host, because no repository may have it.
  'Registry/a': ['Registry', 'a'],
  '[::1]:5000/a': ['[::1]:5000', 'a'],
  'gcr.io/distroless/nodejs22-debian13:nonroot': ['gcr.io', 'distroless/nodejs22-debian13', 'nonroot'],
  'a/b__c/d--e.f_g': ['docker.io', 'a/b__c/d--e.f_g'],
  [`a:${'t'.repeat(128)}`]: ['docker.io', 'library/a', 't'.repeat(128)],
};

for (const [name, [registry, repository, tag, digest]] of Object.entries(accepted)) {
  test(`accepts ${name.slice(0, 60)}`, () => {
    assert.deepEqual(parseImageReference(name), {
      registry,
      repository,
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    });
  });
}

const refused = [
  '',
  ' node',
  'Node',
  'node:',
  'node:-a',
  `node:${'t'.repeat(129)}`,
  'node@sha256:abc',
  `node@SHA256:${'0'.repeat(64)}`,
  `node@sha256:${'A'.repeat(64)}`,
  `node@md5:${'0'.repeat(32)}`,
  '/node',
  'node/',
  'a//b',
  'a/-b',
  'a/b-',
  'a._b',
  'a___b',
  '-host.io/a',
  'host.io:port/a',
  'ghcr.io/Owner/image',
  // Image ids are not names.
  '0123456789abcdef'.repeat(4),
  `a/${'b'.repeat(255)}`,
  // Variables that nobody resolved.
  'node:$VERSION',
  '${BASE}',
];

for (const name of refused) {
  test(`refuses ${JSON.stringify(name.slice(0, 60))}`, () => {
    assert.equal(parseImageReference(name), undefined);
  });
}

test('formats what it parsed, with the defaults left out', () => {
  assert.equal(
    formatImageReference({ registry: 'docker.io', repository: 'library/node', tag: '22' }),
    'node:22',
  );
  assert.equal(formatImageReference({ registry: 'docker.io', repository: 'library/a/b' }), 'library/a/b');
  const component = fc.stringMatching(/^[a-z0-9]{1,8}([._-][a-z0-9]{1,4})?$/);
  const name = fc
    .tuple(
      fc.option(fc.constantFrom('ghcr.io', 'localhost:5000', 'Host', 'docker.io')),
      fc.array(component, { minLength: 1, maxLength: 3 }),
      fc.option(fc.stringMatching(/^\w[\w.-]{0,20}$/)),
      fc.option(fc.constant(sha256)),
    )
    .map(
      ([host, path, tag, digest]) =>
        `${host === null ? '' : `${host}/`}${path.join('/')}${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`,
    );
  fc.assert(
    fc.property(name, (text) => {
      const parsed = parseImageReference(text);
      fc.pre(parsed !== undefined);
      assert.deepEqual(parseImageReference(formatImageReference(parsed)), parsed);
    }),
  );
});

test('never throws', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseImageReference(text)));
});
