/**
 * What an entry of a build context is that a build seldom needs. `secret` is for files that must not get into a
 * layer; the others cost bytes and rebuilds.
 */
export type ClutterKind =
  | 'dependencies'
  | 'version-control'
  | 'output'
  | 'cache'
  | 'coverage'
  | 'logs'
  | 'editor'
  | 'tests'
  | 'docker'
  | 'continuous-integration'
  | 'documentation'
  | 'environment'
  | 'large'
  | 'secret';

/** A name that tells what an entry is. */
export interface ClutterName {
  readonly kind: ClutterKind;
  /** The pattern for a .dockerignore file that excludes it wherever it lies. */
  readonly pattern: string;
  /** True where the name is used for sources too: it counts only where Git ignores the entry. */
  readonly isAmbiguous?: boolean;
  /** Files of which one must lie beside the entry; a name that starts with `*` gives the end of the name. */
  readonly besides?: readonly string[];
  /** True where the name means something only at the root of the context. */
  readonly isRootOnly?: boolean;
}

function anywhere(kind: ClutterKind, names: readonly string[]): [string, ClutterName][] {
  return names.map((name) => [name, { kind, pattern: `**/${name}` }]);
}

function atRoot(kind: ClutterKind, names: readonly string[]): [string, ClutterName][] {
  return names.map((name) => [name, { kind, pattern: name, isRootOnly: true }]);
}

const outputs: readonly (readonly [string, readonly string[]])[] = [
  ['target', ['Cargo.toml', 'pom.xml', 'build.sbt']],
  ['bin', ['*.csproj', '*.fsproj', '*.vbproj']],
  ['obj', ['*.csproj', '*.fsproj', '*.vbproj']],
  ['_build', ['mix.exs', 'dune-project']],
];

const folders: ReadonlyMap<string, ClutterName> = new Map<string, ClutterName>([
  ...anywhere('dependencies', ['node_modules', 'bower_components', '.venv', '.pnpm-store', 'elm-stuff']),
  [
    'venv',
    { kind: 'dependencies', pattern: '**/venv', besides: ['requirements.txt', 'pyproject.toml', 'setup.py'] },
  ],
  ['vendor', { kind: 'dependencies', pattern: '**/vendor', besides: ['composer.json'], isAmbiguous: true }],
  ['Pods', { kind: 'dependencies', pattern: '**/Pods', besides: ['Podfile'] }],
  ...atRoot('version-control', ['.git', '.svn', '.hg', '.jj']),
  ['.bundle', { kind: 'dependencies', pattern: '**/.bundle', isAmbiguous: true }],
  ...['dist', 'build', 'out', 'release'].map((name): [string, ClutterName] => [
    name,
    { kind: 'output', pattern: `**/${name}`, isAmbiguous: true },
  ]),
  ...outputs.map(([name, besides]): [string, ClutterName] => [
    name,
    { kind: 'output', pattern: `**/${name}`, besides },
  ]),
  ...anywhere('output', [
    '.next',
    '.nuxt',
    '.output',
    '.svelte-kit',
    '.vercel',
    '.netlify',
    '.serverless',
    '.aws-sam',
  ]),
  ...anywhere('cache', [
    '__pycache__',
    '.mypy_cache',
    '.pytest_cache',
    '.ruff_cache',
    '.tox',
    '.nox',
    '.hypothesis',
    '.ipynb_checkpoints',
    '.parcel-cache',
    '.turbo',
    '.nx',
    '.angular',
    '.eslintcache',
    '.cache',
    '.gradle',
    '.terraform',
    '.sass-cache',
  ]),
  ...anywhere('coverage', ['.nyc_output', 'htmlcov']),
  ['coverage', { kind: 'coverage', pattern: '**/coverage', isAmbiguous: true }],
  ['logs', { kind: 'logs', pattern: '**/logs', isAmbiguous: true }],
  ...anywhere('editor', ['.vscode', '.idea', '.vs', '.fleet', '.zed']),
  ...atRoot('editor', ['.devcontainer']),
  ...atRoot('continuous-integration', ['.github', '.gitlab', '.circleci', '.buildkite']),
  ...atRoot('tests', ['test', 'tests', '__tests__', 'spec', 'e2e', 'cypress']),
]);

const files: ReadonlyMap<string, ClutterName> = new Map<string, ClutterName>([
  ...anywhere('editor', ['.DS_Store', 'Thumbs.db']),
  ...anywhere('coverage', ['.coverage']),
  ...anywhere('cache', ['.eslintcache']),
  ...atRoot('continuous-integration', [
    '.gitlab-ci.yml',
    '.travis.yml',
    'Jenkinsfile',
    'azure-pipelines.yml',
  ]),
  ...atRoot('docker', ['.dockerignore', '.containerignore', 'docker-bake.hcl', 'docker-bake.json']),
  ...atRoot('documentation', ['README.md', 'README', 'README.rst', 'CHANGELOG.md', 'CONTRIBUTING.md']),
  ...anywhere('secret', [
    'id_rsa',
    'id_dsa',
    'id_ecdsa',
    'id_ed25519',
    '.netrc',
    '.pgpass',
    '.pypirc',
    '.npmrc',
    '.git-credentials',
    '.htpasswd',
    'kubeconfig',
    'terraform.tfstate',
    'terraform.tfstate.backup',
    'credentials.json',
    'serviceAccountKey.json',
    'service-account.json',
  ]),
]);

const fileForms: readonly (readonly [RegExp, ClutterName])[] = [
  [/^\.env$/, { kind: 'environment', pattern: '**/.env' }],
  [/^\.env\..+/, { kind: 'environment', pattern: '**/.env.*' }],
  [/\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|tfvars)$/, { kind: 'secret', pattern: '' }],
  [/\.log$/, { kind: 'logs', pattern: '**/*.log' }],
  [/\.py[co]$/, { kind: 'cache', pattern: '**/*.py[co]' }],
  [/\.tsbuildinfo$/, { kind: 'cache', pattern: '**/*.tsbuildinfo' }],
  [/\.o$/, { kind: 'output', pattern: '**/*.o', isAmbiguous: true }],
  // The database that Django makes for development.
  [/^db\.sqlite3$/, { kind: 'logs', pattern: '**/db.sqlite3', isAmbiguous: true }],
  [/\.sw[op]$/, { kind: 'editor', pattern: '**/*.sw[op]' }],
  [/^(?:.+\.)?Dockerfile(?:\..+)?$/, { kind: 'docker', pattern: '', isRootOnly: true }],
  [/^(?:docker-)?compose(?:[.-].+)?\.ya?ml$/, { kind: 'docker', pattern: '', isRootOnly: true }],
];

/** Example files that hold no values of anybody. */
const exampleEnvironment = /\.(?:example|sample|template|tmpl|dist|defaults?|schema|test|ci)$/;

/**
 * What an entry is by its name alone. The pattern of a file whose name varies is the path itself, or its name.
 * Undefined for everything a build may well need.
 */
export function clutterOf(path: string, name: string, isFolder: boolean): ClutterName | undefined {
  const found = isFolder ? folders.get(name) : (files.get(name) ?? formOf(name));
  if (found === undefined || (found.isRootOnly === true && path !== name)) {
    return undefined;
  }
  return found.pattern === '' ? { ...found, pattern: path } : found;
}

function formOf(name: string): ClutterName | undefined {
  if (exampleEnvironment.test(name)) {
    return undefined;
  }
  return fileForms.find(([form]) => form.test(name))?.[1];
}

/** Endings of dumps, archives, disk images, recordings and the like: what people leave in a folder, and programs seldom read. */
const leftOver =
  /\.(?:tar|tgz|gz|bz2|xz|zst|zip|7z|rar|iso|img|dmg|vmdk|vdi|vhdx?|qcow2|ova|dump|bak|backup|old|orig|core|hprof|pcap|pcapng|prof|trace|mp4|mov|avi|mkv|psd|ai|sketch|fig|heapsnapshot|cpuprofile|sql|ndjson|parquet|rdb|deb|rpm|msi|exe|apk|ipa|vsix)$|^core\.\d+$/i;

/** True for the name of a file that is large for no reason of the program, as far as a name tells. */
export function isLeftOver(name: string): boolean {
  return leftOver.test(name);
}

/** True where an entry of this name holds the packages of an ecosystem, which are measured apart. */
export function dependencyKindOf(name: string): 'node' | 'python' | undefined {
  return name === 'node_modules' ? 'node' : name === '.venv' || name === 'venv' ? 'python' : undefined;
}
