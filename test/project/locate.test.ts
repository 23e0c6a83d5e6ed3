import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locateBuildContext } from '../../server/src/project/locate.ts';
import { openProject } from '../../server/src/project/project.ts';
import { memoryReader } from '../../server/src/project/reader.ts';

function locate(dockerfile: string, files: Readonly<Record<string, string>>) {
  return locateBuildContext({
    dockerfile,
    reader: memoryReader({ [dockerfile]: 'FROM scratch\n', ...files }),
  });
}

test('the context is the folder of the Dockerfile where nothing says otherwise', () => {
  assert.deepEqual(locate('services/api/Dockerfile', {}), {
    contextRoot: 'services/api',
    dockerfile: 'Dockerfile',
    source: { kind: 'default' },
    notes: [],
  });
  assert.equal(locate('Dockerfile', {}).contextRoot, '');
});

test('a pipeline, a Makefile or a script that names the Dockerfile says where it is built', () => {
  const find = (file: string, text: string) => {
    const { contextRoot, source } = locate('packaging/web/Dockerfile', { [file]: text });
    return [contextRoot, source.kind, source.path];
  };
  const root = (file: string) => ['', 'pipeline', file];
  const own = ['packaging/web', 'default', undefined];
  assert.deepEqual(
    find(
      'Makefile',
      'image:\n\t@ docker build \\\n\t\t-t $(NAME):$(VERSION) \\\n\t\t-f packaging/web/Dockerfile \\\n\t\t.\n',
    ),
    root('Makefile'),
  );
  assert.deepEqual(
    find(
      'Makefile',
      'image:\n\tdocker buildx build --platform linux/amd64 --file=packaging/web/Dockerfile --push $(CURDIR)\n',
    ),
    root('Makefile'),
  );
  const workflow = '.github/workflows/image.yml';
  assert.deepEqual(
    find(
      workflow,
      'jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: .\n          file: ./packaging/web/Dockerfile\n',
    ),
    root(workflow),
  );
  assert.deepEqual(
    find(
      workflow,
      'jobs:\n  a:\n    steps:\n      - run: docker build . -f packaging/web/Dockerfile -t web\n',
    ),
    root(workflow),
  );
  assert.deepEqual(
    find(
      'scripts/image.sh',
      '#!/bin/sh\npodman build -t web -f packaging/web/Dockerfile "$PWD" && echo done\n',
    ),
    root('scripts/image.sh'),
  );
  assert.deepEqual(find('Makefile', 'image:\n\tdocker build -f packaging/web/Dockerfile packaging\n'), [
    'packaging',
    'pipeline',
    'Makefile',
  ]);
  assert.deepEqual(
    find(
      workflow,
      'jobs:\n  a:\n    steps:\n      - run: docker build -t ${{ secrets.USER }}/web:${{ github.ref_name }} -f packaging/web/Dockerfile .\n',
    ),
    root(workflow),
    'expressions of a workflow hold spaces',
  );
  for (const tag of ['"$NAME":latest', '$(git describe --tags)', '`git rev-parse HEAD`', '{{ .IMAGE }}']) {
    assert.deepEqual(
      find('Makefile', `image:\n\tdocker build -t ${tag} -f packaging/web/Dockerfile .\n`),
      root('Makefile'),
      tag,
    );
  }
  assert.deepEqual(
    find('Makefile', 'image:\n\tdocker build -f packaging/web/Dockerfile --build-arg A="b c" .\n'),
    root('Makefile'),
  );
  assert.deepEqual(
    find(
      workflow,
      'jobs:\n  a:\n    steps:\n      - run: docker build -f packaging/web/Dockerfile fetched\n',
    ),
    own,
    'a folder that the pipeline fetches',
  );
  assert.deepEqual(
    find('Makefile', 'image:\n\tdocker build -f packaging/api/Dockerfile .\n'),
    own,
    'another file',
  );
  assert.deepEqual(find('Makefile', 'image:\n\tdocker build -f $(FILE) .\n'), own, 'a variable');
  assert.deepEqual(find('Makefile', 'image:\n\tdocker build -f packaging/web/Dockerfile $(CONTEXT)\n'), own);
  assert.deepEqual(
    find(
      'Makefile',
      'a:\n\tdocker build -f packaging/web/Dockerfile .\n\tdocker build -f packaging/web/Dockerfile packaging\n',
    ),
    own,
    'two that differ',
  );
});

test('a folder above counts where only that one holds what the Dockerfile copies', () => {
  const text =
    'FROM node:22\nCOPY package.json ./\nCOPY --from=x /a ./\nCOPY $X *.json . ./\nADD https://a.b/c ./\n';
  const find = (files: Readonly<Record<string, string>>) => {
    const reader = memoryReader({ 'a/docker/Dockerfile': text, ...files });
    const { contextRoot, dockerfile, source } = locateBuildContext({
      dockerfile: 'a/docker/Dockerfile',
      reader,
    });
    return [contextRoot, dockerfile, source.kind];
  };
  assert.deepEqual(find({ 'a/package.json': '', 'package.json': '' }), ['a', 'docker/Dockerfile', 'paths']);
  assert.deepEqual(find({ 'package.json': '' }), ['', 'a/docker/Dockerfile', 'paths']);
  assert.deepEqual(find({ 'a/docker/package.json': '', 'package.json': '' }), [
    'a/docker',
    'Dockerfile',
    'default',
  ]);
  assert.deepEqual(find({ 'src/package.json': '' }), ['a/docker', 'Dockerfile', 'default']);
});

test('a folder above counts where only that one holds what the commands read', () => {
  const find = (run: string, ...paths: string[]) => {
    const dockerfile = `FROM node:24\nWORKDIR /app\nCOPY . .\nRUN ${run}\n`;
    const files = Object.fromEntries(paths.map((path) => [path, '']));
    const { contextRoot } = locate('apps/api/Dockerfile', { ...files, 'apps/api/Dockerfile': dockerfile });
    return contextRoot;
  };
  assert.equal(find('npm ci', 'package.json', 'package-lock.json'), '');
  // A package of a workspace has a manifest of its own, but no lock file.
  assert.equal(find('npm ci', 'package.json', 'package-lock.json', 'apps/api/package.json'), '');
  assert.equal(find('npm install', 'package.json', 'apps/api/package.json'), 'apps/api');
  assert.equal(find('mvn -q package && cp target/a.jar /', 'pom.xml'), '');
  assert.equal(find('cargo build --release', 'Cargo.toml', 'apps/api/Cargo.toml'), 'apps/api');
  assert.equal(find('cd web && npm ci', 'package.json', 'package-lock.json'), 'apps/api');
  assert.equal(find('npm --prefix web ci', 'package.json', 'package-lock.json'), 'apps/api');
  assert.equal(find('pip install flask', 'package.json'), 'apps/api');
});

test('a pattern counts where it matches something', () => {
  const find = (copied: string, ...paths: string[]) => {
    const dockerfile = `FROM alpine\nCOPY . /srv\nCOPY ${copied} /etc/\n`;
    const files = Object.fromEntries(paths.map((path) => [path, '']));
    return locate('Docker/Dockerfile', { ...files, 'Docker/Dockerfile': dockerfile }).contextRoot;
  };
  assert.equal(find('./Docker/*.conf', 'Docker/site.conf'), '');
  assert.equal(find('Docker/*/', 'Docker/sites/a.conf'), '');
  assert.equal(find('*.csproj', 'App.csproj'), '');
  assert.equal(find('*.conf', 'Docker/site.conf', 'other.conf'), 'Docker');
  assert.equal(find('target/*.jar', 'pom.xml'), 'Docker', 'made by a build');
  assert.equal(find('target/*.jar pom.xml', 'pom.xml'), '', 'made by a build, beside a file');
  assert.equal(find('*', 'pom.xml'), 'Docker', 'everything');
});

test('a job of GitHub that takes the Dockerfile from a matrix', () => {
  const find = (matrix: string, given: string) =>
    locate('Docker/Dockerfile-Alpine', {
      '.github/workflows/image.yml': `on: push\njobs:\n  image:\n    strategy:\n      matrix:\n${matrix}    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          ${given}\n`,
    }).contextRoot;
  const included =
    '        include:\n          - name: Alpine\n            file: Docker/Dockerfile-Alpine\n            at: .\n';
  assert.equal(find(included, 'file: ${{ matrix.file }}'), '');
  assert.equal(find(included, 'file: ${{matrix.file}}\n          context: ${{ matrix.at }}'), '');
  assert.equal(find('        suffix: ["", "-Alpine"]\n', 'file: Docker/Dockerfile${{ matrix.suffix }}'), '');
  assert.equal(
    find(
      '        image:\n          - { file: Docker/Dockerfile-Alpine }\n',
      'file: ${{ matrix.image.file }}',
    ),
    '',
  );
  assert.equal(find(included, 'file: ${{ matrix.path }}'), 'Docker', 'a name that the matrix has not');
  assert.equal(find(included, 'file: ${{ inputs.file }}'), 'Docker', 'another variable');
});

test('where no folder holds everything that is copied, the one that holds the most counts', () => {
  const text = 'FROM node:22\nCOPY package.json src ./\nCOPY start.sh /\n';
  const find = (...paths: string[]) => {
    const files = Object.fromEntries(paths.map((path) => [path, '']));
    const location = locateBuildContext({
      dockerfile: 'docker/Dockerfile',
      reader: memoryReader({ 'docker/Dockerfile': text, ...files }),
    });
    return [location.contextRoot, location.source.kind];
  };
  assert.deepEqual(find('package.json', 'src/a.js'), ['', 'paths']);
  assert.deepEqual(find('package.json', 'src/a.js', 'docker/start.sh'), ['', 'most-paths']);
  assert.deepEqual(find('package.json', 'docker/src/a.js', 'docker/start.sh'), ['docker', 'most-paths']);
  assert.deepEqual(find('docker/package.json', 'docker/start.sh'), ['docker', 'default']);
  // Half of it is no reason to leave the Dockerfile's own folder.
  assert.deepEqual(find('package.json', 'docker/start.sh'), ['docker', 'default']);
});

test('a setting wins', () => {
  const files = { 'compose.yaml': 'services: { a: { build: api } }' };
  const location = locateBuildContext({
    dockerfile: 'api/Dockerfile',
    reader: memoryReader(files),
    setting: { context: './' },
  });
  assert.deepEqual(location, {
    contextRoot: '',
    dockerfile: 'api/Dockerfile',
    source: { kind: 'setting' },
    notes: [],
  });
  const outside = locateBuildContext({
    dockerfile: 'Dockerfile',
    reader: memoryReader({}),
    setting: { context: '../..' },
  });
  assert.equal(outside.contextRoot, undefined);
});

test('Compose: a short build, a long one, and the line that says it', () => {
  const compose = `services:
  web:
    build: ./web
  api:
    build:
      context: .
      dockerfile: docker/api.Dockerfile
      target: runtime
      args:
        VERSION: 1.2
        FROM_SHELL:
        GREETING: \${GREETING:-hello}
        SECRET: \${SECRET}
      additional_contexts:
        - assets=../assets
        - base=docker-image://alpine:3.20
`;
  assert.deepEqual(locate('web/Dockerfile', { 'compose.yaml': compose }), {
    contextRoot: 'web',
    dockerfile: 'Dockerfile',
    source: { kind: 'compose', path: 'compose.yaml', line: 3, name: 'web' },
    notes: [],
  });
  assert.deepEqual(locate('docker/api.Dockerfile', { 'compose.yaml': compose }), {
    contextRoot: '',
    dockerfile: 'docker/api.Dockerfile',
    target: 'runtime',
    args: { VERSION: '1.2', GREETING: 'hello' },
    additionalContexts: { assets: '../assets', base: 'docker-image://alpine:3.20' },
    source: { kind: 'compose', path: 'compose.yaml', line: 6, name: 'api' },
    notes: [],
  });
});

test('Compose: anchors, merges and a Dockerfile above the context', () => {
  const compose = `x-build: &build
  context: ../app
  dockerfile: ../docker/Dockerfile
services:
  one:
    build:
      <<: *build
      target: production
`;
  const location = locate('docker/Dockerfile', {
    'deploy/docker-compose.yml': '',
    'docker/compose.yml': compose,
  });
  assert.equal(location.contextRoot, 'app');
  assert.equal(location.dockerfile, undefined);
  assert.equal(location.target, 'production');
});

test('Compose: remote contexts, inline Dockerfiles and unknown variables say nothing', () => {
  const compose = `services:
  a: { build: "https://github.com/a/b.git" }
  b: { build: { context: ., dockerfile_inline: "FROM scratch" } }
  c: { build: { context: "\${WHERE}" } }
  d: { image: nginx }
`;
  assert.equal(locate('Dockerfile', { 'compose.yaml': compose }).source.kind, 'default');
});

test('the nearest file that builds the Dockerfile wins; one that does not is passed over', () => {
  const files = {
    'compose.yaml': 'services:\n  a:\n    build: { context: ., dockerfile: a/b/Dockerfile }\n',
    'a/b/compose.yaml': 'services: { other: { build: ./other } }',
  };
  const far = locate('a/b/Dockerfile', files);
  assert.deepEqual([far.contextRoot, far.source.path], ['', 'compose.yaml']);
  const near = locate('a/b/Dockerfile', {
    ...files,
    'a/compose.yml': 'services: { a: { build: b } }',
  });
  assert.deepEqual([near.contextRoot, near.source.path], ['a/b', 'a/compose.yml']);
});

test('no target is taken from a development build, a variant file, or builds that disagree', () => {
  const build = (target: string) => `{ build: { context: ., target: ${target} } }`;
  const development = locate('Dockerfile', { 'compose.yaml': `services: { a: ${build('dev')} }` });
  assert.equal(development.target, undefined);
  assert.equal(development.notes.length, 1);
  const variant = locate('Dockerfile', { 'docker-compose.ci.yml': `services: { a: ${build('builder')} }` });
  assert.deepEqual([variant.source.path, variant.target], ['docker-compose.ci.yml', undefined]);
  const two = `services: { a: ${build('api')}, b: ${build('worker')} }`;
  assert.equal(locate('Dockerfile', { 'compose.yaml': two }).target, undefined);
  const same = `services: { a: ${build('api')}, b: ${build('api')} }`;
  assert.equal(locate('Dockerfile', { 'compose.yaml': same }).target, 'api');
});

test('Bake in JSON: inheritance, variables, contexts', () => {
  const bake = JSON.stringify(
    {
      variable: { VERSION: { default: '3' } },
      target: {
        _base: { context: '..', args: { A: '1', B: '1' }, contexts: { lib: '../lib' } },
        app: {
          inherits: ['_base'],
          dockerfile: 'app/Dockerfile',
          args: { B: '2', V: `\${VERSION}`, X: `\${NONE}` },
        },
      },
    },
    undefined,
    2,
  );
  assert.deepEqual(locate('app/Dockerfile', { 'app/docker-bake.json': bake }), {
    contextRoot: '',
    dockerfile: 'app/Dockerfile',
    args: { A: '1', B: '2', V: '3' },
    additionalContexts: { lib: '../lib' },
    source: { kind: 'bake', path: 'app/docker-bake.json', line: 18, name: 'app' },
    notes: [],
  });
});

test('Bake in HCL: the literal part is read, expressions are not', () => {
  const bake = `# comment
variable "TAG" { default = "v1" } // one line is not how people write it, but it is allowed
variable "REGISTRY" {
  default = "docker.io" /* block
  comment */
}
function "tag" {
  params = [name]
  result = ["\${REGISTRY}/\${name}:\${TAG}"]
}
group "default" { targets = ["api"] }
target "_common" {
  context = "."
  args = {
    VERSION = TAG
    "QUOTED" = "a \\"b\\""
    COMPUTED = equal("x", TAG) ? "one" : "two",
    ALSO = "\${upper("x")}"
  }
}
target "api" {
  inherits = ["_common"]
  dockerfile = "api/Dockerfile"
  target = "runtime"
  tags = tag("api")
  platforms = ["linux/amd64", "linux/arm64"]
  description = <<EOT
target "trap" {
EOT
  output = [{ type = "registry" }]
}
`;
  assert.deepEqual(locate('api/Dockerfile', { 'docker-bake.hcl': bake }), {
    contextRoot: '',
    dockerfile: 'api/Dockerfile',
    target: 'runtime',
    args: { VERSION: 'v1', QUOTED: 'a "b"' },
    source: { kind: 'bake', path: 'docker-bake.hcl', line: 21, name: 'api' },
    notes: [],
  });
});

test('malformed and hostile build files are passed over with a note', () => {
  const bomb = [
    'a: &a0 [x, x]',
    ...Array.from({ length: 60 }, (_, i) => `b${i}: &a${i + 1} [*a${i}, *a${i}]`),
  ];
  const files: Record<string, string> = {
    'compose.yaml': 'services: [unclosed\n  - {',
    'docker-compose.yml': bomb.join('\n'),
    'docker-bake.json': '{"target": '.repeat(50_000),
    'docker-bake.hcl': 'target "a" { context = "unclosed\n}',
  };
  const location = locate('Dockerfile', files);
  assert.equal(location.source.kind, 'default');
  assert.deepEqual(
    location.notes.map((note) => note.split(' ')[0]),
    ['compose.yaml', 'docker-compose.yml', 'docker-bake.json', 'docker-bake.hcl'],
  );
  const nested = { 'docker-bake.hcl': `target "a" {\n x = ${'['.repeat(40_000)}\n}` };
  assert.equal(locate('Dockerfile', nested).source.kind, 'default');
  const loop = { target: { a: { inherits: ['b'] }, b: { inherits: ['a'], context: '.' } } };
  assert.equal(locate('Dockerfile', { 'docker-bake.json': JSON.stringify(loop) }).source.kind, 'bake');
});

test('openProject reads below the context and carries what the build file says', () => {
  const { project } = openProject({
    dockerfile: 'api/Dockerfile',
    reader: memoryReader({
      'api/Dockerfile': '',
      'api/package.json': '{}',
      'compose.yaml': 'services: { a: { build: { context: api, target: run, args: [A=1] } } }',
    }),
  });
  assert.equal(project.reader.read('package.json'), '{}');
  assert.deepEqual(
    project.reader.list('')?.map((entry) => entry.name),
    ['Dockerfile', 'package.json'],
  );
  assert.deepEqual(
    [project.isKnown, project.dockerfile, project.target, project.args],
    [true, 'Dockerfile', 'run', { A: '1' }],
  );
});
