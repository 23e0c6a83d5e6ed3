export interface CacheOf {
  readonly name: string;
  readonly tools: readonly string[];
  /** Verbs that fill the cache. */
  readonly verbs: readonly string[];
  /** What the command has to look like besides, its words joined by blanks; for tools whose verbs stand among other words. */
  readonly form?: RegExp;
  /** Words anywhere in a command that cleans, where its path is none of the folders. */
  readonly cleanedBy?: string;
  /** Folders of the cache: a mount on one of them, or above, keeps it out of the layer. */
  readonly folders: readonly string[];
  /** Options of the command that keep no cache. */
  readonly options: readonly string[];
  /** Variables that switch the cache off when they are set to something else than `0`, `false` or `off`. */
  readonly variables: readonly string[];
  /** Commands that clean it, as their first words. */
  readonly cleaners: readonly string[];
  readonly remedy: { readonly option: string } | { readonly command: string };
  readonly message: string;
}

/** Where each package manager keeps what it fetched, and how it is told not to. Sources: the managers' manuals; cache folders as in docs/rules. */
export const caches: readonly CacheOf[] = [
  {
    name: 'apt',
    tools: ['apt-get', 'apt', 'aptitude'],
    verbs: ['update'],
    folders: ['/var/lib/apt/lists'],
    options: [],
    variables: [],
    cleaners: ['apt-get dist-clean', 'apt-get distclean', 'apt dist-clean', 'apt distclean'],
    remedy: { command: 'rm -rf /var/lib/apt/lists/*' },
    message: 'The package lists of apt stay in this layer.',
  },
  {
    name: 'apk',
    tools: ['apk'],
    verbs: ['add', 'update', 'upgrade'],
    folders: ['/var/cache/apk', '/etc/apk/cache'],
    options: ['--no-cache'],
    variables: [],
    cleaners: ['apk cache clean'],
    remedy: { option: '--no-cache' },
    message: 'The package index of apk stays in this layer.',
  },
  ...['dnf', 'microdnf', 'yum', 'tdnf'].map(
    (tool): CacheOf => ({
      name: tool,
      tools: [tool],
      verbs: ['install', 'update', 'upgrade', 'groupinstall', 'module'],
      folders: [
        `/var/cache/${tool === 'microdnf' || tool === 'tdnf' ? 'yum' : tool}`,
        '/var/cache/dnf',
        '/var/cache/libdnf5',
      ],
      options: [],
      variables: [],
      cleaners: ['dnf clean', 'microdnf clean', 'yum clean', 'tdnf clean'],
      remedy: { command: `${tool} clean all` },
      message: `The package cache of ${tool} stays in this layer.`,
    }),
  ),
  {
    name: 'zypper',
    tools: ['zypper'],
    verbs: ['install', 'in', 'update', 'up', 'dup', 'dist-upgrade', 'refresh', 'ref'],
    folders: ['/var/cache/zypp'],
    options: [],
    variables: [],
    cleaners: ['zypper clean', 'zypper cc'],
    remedy: { command: 'zypper clean --all' },
    message: 'The package cache of zypper stays in this layer.',
  },
  {
    name: 'pip',
    tools: ['pip', 'pip3'],
    verbs: ['install', 'wheel'],
    folders: ['/root/.cache/pip'],
    options: ['--no-cache-dir', '--no-cache'],
    variables: ['PIP_NO_CACHE_DIR'],
    cleaners: ['pip cache', 'pip3 cache'],
    remedy: { option: '--no-cache-dir' },
    message: 'pip keeps every downloaded package in this layer a second time.',
  },
  {
    name: 'npm',
    tools: ['npm'],
    verbs: ['ci', 'clean-install', 'install', 'i', 'add', 'update'],
    folders: ['/root/.npm'],
    options: [],
    variables: ['npm_config_cache', 'NPM_CONFIG_CACHE'],
    cleaners: ['npm cache'],
    remedy: { command: 'npm cache clean --force' },
    message: 'npm keeps every downloaded package in this layer a second time.',
  },
  {
    name: 'composer',
    tools: ['composer'],
    verbs: ['install', 'update', 'require', 'create-project'],
    folders: ['/root/.composer/cache', '/root/.cache/composer', '/tmp/cache'],
    options: ['--no-cache'],
    variables: ['COMPOSER_CACHE_DIR', 'COMPOSER_NO_CACHE'],
    cleaners: ['composer clear-cache', 'composer clearcache', 'composer cc'],
    remedy: { option: '--no-cache' },
    message: 'composer keeps every downloaded package in this layer a second time.',
  },
  {
    name: 'yarn',
    tools: ['yarn', 'yarnpkg'],
    // Yarn installs without a verb as well. Options of Yarn 2 and later are left out: its cache may be what runs.
    verbs: ['install', 'add'],
    form: /^yarn(?:pkg)?(?: install\b| add\b| global add\b| --\S|$)(?!.*--(?:immutable|inline-builds|mode\b))/,
    folders: ['/usr/local/share/.cache/yarn', '/root/.cache/yarn'],
    options: ['--cache-folder'],
    variables: ['YARN_CACHE_FOLDER'],
    cleaners: ['yarn cache'],
    remedy: { command: 'yarn cache clean' },
    message: 'yarn keeps every downloaded package in this layer a second time.',
  },
  {
    name: 'gem',
    tools: ['gem'],
    verbs: ['install'],
    form: /^gem install\b/,
    folders: ['/usr/local/bundle/cache'],
    options: [],
    variables: [],
    cleaners: [],
    cleanedBy: 'gem env gemdir',
    remedy: { command: 'rm -rf "$(gem env gemdir)/cache"' },
    message: 'gem keeps every downloaded package in this layer a second time.',
  },
  ...['conda', 'mamba', 'micromamba'].map(
    (tool): CacheOf => ({
      name: tool,
      tools: [tool],
      verbs: ['install', 'create', 'update'],
      // `conda run … pip install` is another program.
      form: /^\w+ (?:-\S+ )*(?:env (?:create|update)|install|create|update)\b/,
      folders: ['/opt/conda/pkgs', '/root/miniconda3/pkgs', '/root/.conda/pkgs', '/root/micromamba/pkgs'],
      options: [],
      variables: ['CONDA_PKGS_DIRS'],
      cleaners: ['conda clean', 'mamba clean', 'micromamba clean'],
      remedy: { command: `${tool} clean ${tool === 'micromamba' ? '--all --yes' : '-afy'}` },
      message: `${tool} keeps every downloaded package in this layer a second time.`,
    }),
  ),
  {
    name: 'go',
    tools: ['go'],
    verbs: ['install'],
    form: /^go install (?:-\S+ )*\S+@/,
    folders: ['/go/pkg/mod', '/root/.cache/go-build'],
    options: [],
    variables: ['GOMODCACHE'],
    cleaners: ['go clean'],
    remedy: { command: 'go clean -cache -modcache' },
    message: 'go keeps its modules and what it compiled of them in this layer.',
  },
  {
    name: 'poetry',
    tools: ['poetry'],
    verbs: ['install', 'add'],
    form: /^poetry (?:install|add)\b/,
    // What is downloaded lies in the second; a mount on the first would swallow the environments that lie there too.
    folders: ['/root/.cache/pypoetry', '/root/.cache/pypoetry/artifacts'],
    options: ['--no-cache'],
    variables: ['POETRY_CACHE_DIR'],
    cleaners: ['poetry cache'],
    remedy: { option: '--no-cache' },
    message: 'poetry keeps every downloaded package in this layer a second time.',
  },
];
