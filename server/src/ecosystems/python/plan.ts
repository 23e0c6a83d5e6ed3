import { pythonBelowUv } from '../../images/families/runtime-bases.ts';
import { joinImage } from '../../model/paths.ts';
import { readRequirements } from '../../project/formats/requirements.ts';
import { readToml } from '../../project/formats/toml.ts';
import { listOf, objectOf, textOf } from '../../project/formats/values.ts';
import { joinPath } from '../../project/paths.ts';
import { table } from '../../text/table.ts';
import type { CommandChange, PlanInput, PlannedInstruction, Refusal, RuntimePlan } from '../runtime-plan.ts';
import { foreignBase, smallerBase } from '../smaller-base.ts';
import { readSources } from '../source-text.ts';
import { isOnPath, ownEnvironment } from './environment.ts';
import { asProgram } from './managers/module-call.ts';
import { isUvPip, pipWords } from './managers/pip.ts';
import {
  absolutePath,
  isInProject,
  oddInstall,
  startedByCron,
  startedManager,
  startedScript,
  unreadRequirements,
  versionFile,
} from './odd-project.ts';
import { readPyProject } from './pyproject.ts';
import { installsPackages, pythonToolchain } from './toolchain.ts';

/** Programs that the full image has and the slim one lacks. */
const fullImageTools = ['curl', 'wget', 'git', 'make', 'gcc', 'ssh', 'unzip', 'convert', 'file', 'hg', 'svn'];

/** Distributions on PyPI that load a library of the system, by the Debian package of its headers. */
export const pythonLibraries: Readonly<Record<string, string>> = table({
  psycopg2: 'libpq-dev',
  psycopg: 'libpq-dev',
  'psycopg-c': 'libpq-dev',
  mysqlclient: 'default-libmysqlclient-dev',
  'python-magic': 'libmagic-dev',
  'opencv-python': 'libglib2.0-dev',
  'opencv-python-headless': 'libglib2.0-dev',
  uwsgi: 'libxml2-dev',
  'python-ldap': 'libldap2-dev',
  pycairo: 'libcairo2-dev',
  pylibmc: 'libmemcached-dev',
  'python-snappy': 'libsnappy-dev',
});

/** Distributions that load or call what only the full image has, in ways that no single package brings back. */
export const systemUsers =
  /^(?:weasyprint|cairosvg|cairocffi|pygobject|wand|pygraphviz|gdal|dbus-python|gssapi|kerberos|pykerberos|pyscard|pyaudio|playwright|selenium|textract|pyzbar|xmlsec|python3-saml|ldap3-gssapi|oracledb|cx-oracle|pymssql)$/;

/** Where the virtual environment of a pip project lies, in both stages. */
const environmentFolder = '/opt/venv';

/** Takes a Python project apart: the dependencies are installed where compilers are, and taken over as a virtual environment. */
export function planPython(input: PlanInput): RuntimePlan | Refusal {
  const { traits, installs, workdir } = input;
  const tool = installs[0]?.tool ?? 'pip';
  const uvImage = pythonBelowUv(input.baseName);
  if (traits?.family !== 'python' && uvImage === undefined) {
    return {
      code: 'base-image-unknown',
      reason: foreignBase('Python', input),
    };
  }
  if (installs.some((install) => install.tool !== tool)) {
    return { code: 'several-ecosystems', reason: 'The dependencies are installed by several tools.' };
  }
  const problem =
    oddInstall(input) ??
    absolutePath(input) ??
    versionFile(input, tool) ??
    startedManager(input) ??
    startedScript(input);
  if (problem !== undefined) {
    return { code: 'install-layout-unknown', reason: problem };
  }
  const cron = startedByCron(input);
  if (cron !== undefined) {
    return { code: 'start-unknown', reason: cron };
  }
  const unread = unreadRequirements(input);
  if (unread !== undefined) {
    return {
      code: 'manifest-unreadable',
      reason: `${unread} could not be read, and what its packages need is not known.`,
    };
  }
  const writes = writesBeside(input);
  const place = input.stage.end.workdir ?? workdir;
  if (writes && place === '/') {
    return {
      code: 'writes-as-root',
      reason: 'The program writes to the root of the file system, where only root may.',
    };
  }
  if (writes && makesDatabase(input)) {
    return {
      code: 'writes-as-root',
      reason: 'A RUN makes, as root, the database that the program writes to.',
    };
  }
  const names = dependencyNames(input);
  const user = names.find((name) => systemUsers.test(name));
  const isFull = traits?.variant === 'full';
  if (isFull && user !== undefined) {
    return {
      code: 'libraries-unknown',
      reason: `The dependency ${user} uses libraries or programs of the system, and which is not known.`,
    };
  }
  const base = uvImage ?? smallerBase(input, fullImageTools, usesFullImage(input));
  const added = isFull && base !== input.baseName ? libraryPackages(names, input) : [];
  if (added === undefined) {
    return {
      code: 'libraries-unknown',
      reason: 'A dependency uses a library whose package is not known for this system.',
    };
  }
  const git =
    names.includes('gitpython') && base !== input.baseName && !input.packages.includes('git') ? ['git'] : [];
  const own = ownEnvironment(input);
  if (own === null) {
    return {
      code: 'install-layout-unknown',
      reason: 'The stage makes a virtual environment, and it is not known whether the program runs in it.',
    };
  }
  const inProject = tool === 'uv' ? uvEnvironment(input) : venvInProject(input, tool);
  const folder = inProject ?? own ?? environmentFolder;
  const path: PlannedInstruction = { kind: 'env', values: { PATH: `${folder}/bin:$PATH` } };
  return {
    base,
    content: 'sources',
    packages: [...added, ...git],
    builderStart: own === undefined ? builderStart(tool, path, input) : [],
    change: (at) => changeInstall(at, input),
    copies: [{ from: folder, to: folder, isFile: false }],
    afterCopies: own === undefined && !isOnPath(input.stage, folder) ? [path] : [],
    start: startWords(input, tool),
    writtenFolder: writes ? place : undefined,
    needless: base === input.baseName ? [] : ['compilers and headers'],
    assumptions: [
      `The dependencies lie in a virtual environment, at ${folder} in both stages.`,
      ...(base === input.baseName
        ? []
        : [
            `No dependency needs a library or program that ${base} lacks${added.length > 0 ? `, ${added.join(', ')} aside` : ''}.`,
          ]),
    ],
  };
}

function builderStart(tool: string, path: PlannedInstruction, input: PlanInput): PlannedInstruction[] {
  if (tool === 'uv') {
    const wanted = { UV_LINK_MODE: 'copy', UV_COMPILE_BYTECODE: '1', UV_PYTHON_DOWNLOADS: 'never' };
    const missing = Object.entries(wanted).filter(([name]) => !input.stage.end.environment.has(name));
    return [{ kind: 'env', values: Object.fromEntries(missing) }];
  }
  if (venvInProject(input, tool) !== undefined) {
    return [];
  }
  const usesUv = input.commands.some(({ command }) => isUvPip(command));
  const active = usesUv || tool === 'poetry' ? { VIRTUAL_ENV: environmentFolder } : {};
  return [
    { kind: 'run', commands: [`python -m venv ${environmentFolder}`] },
    { kind: 'env', values: { ...active, ...(usesUv ? { UV_LINK_MODE: 'copy' } : {}) } },
    path,
  ];
}

/** The environment that PDM makes in the folder of the project, and Pipenv where it is told to. */
function venvInProject({ stage, workdir }: PlanInput, tool: string): string | undefined {
  return tool === 'pdm' || (tool === 'pipenv' && isInProject(stage))
    ? joinImage(workdir, '.venv')
    : undefined;
}

function uvEnvironment({ stage, workdir }: PlanInput): string {
  const set = stage.end.environment.get('UV_PROJECT_ENVIRONMENT');
  return set === undefined
    ? joinImage(workdir, '.venv')
    : set.startsWith('/')
      ? set
      : joinImage(workdir, set);
}

/** Lower-case names of what the manifests and lock files install. */
function dependencyNames({ project, directory, installs }: PlanInput): string[] {
  const named = installs.flatMap((install) => [
    ...pythonToolchain.manifests(install, project, directory).files,
  ]);
  const read = (file: string): string => project.reader.read(joinPath(directory, file)) ?? '';
  const required = named
    .filter((file) => !/\.(?:toml|lock)$|^Pipfile|^\./.test(file))
    .flatMap((file) => readRequirements(read(file)))
    .flatMap((one) =>
      one.kind === 'package' ? [one.extras.includes('binary') ? `${one.name}-binary` : one.name] : [],
    );
  const locked = ['poetry.lock', 'uv.lock', 'pdm.lock']
    .flatMap((file) => listOf(readToml(read(file))?.['package']))
    .flatMap((one) => textOf(objectOf(one)['name']) ?? []);
  const manifest = named.includes('pyproject.toml') ? readPyProject(read('pyproject.toml')) : undefined;
  const pipfile = named.includes('Pipfile') ? readToml(read('Pipfile')) : undefined;
  const declared = [
    ...readRequirements((manifest?.dependencies ?? []).join('\n')).flatMap((one) =>
      one.kind === 'package' ? [one.name] : [],
    ),
    ...Object.keys(objectOf(manifest?.poetry['dependencies'])),
    ...Object.keys(objectOf(pipfile?.['packages'])),
  ];
  return [...required, ...locked, ...declared].map((name) => name.toLowerCase().replaceAll('_', '-'));
}

/** The packages of the libraries that the dependencies load; undefined where one is not known. */
function libraryPackages(names: readonly string[], input: PlanInput): string[] | undefined {
  const found: string[] = [];
  for (const name of names) {
    const headers = Object.hasOwn(pythonLibraries, name) ? pythonLibraries[name] : undefined;
    // psycopg 3 brings its library with the distribution psycopg-binary.
    if (headers === undefined || (name === 'psycopg' && names.includes('psycopg-binary'))) {
      continue;
    }
    const packages = input.facts.runTimeLibraries(headers);
    if (packages === undefined) {
      return undefined;
    }
    found.push(...packages.filter((one) => !input.packages.includes(one) && !found.includes(one)));
  }
  return found;
}

function usesFullImage({ project, directory }: PlanInput): boolean {
  const sources = readSources(project, directory, /\.py$/);
  const calls = sources.matchAll(
    /\b(?:subprocess\.\w+|os\.system|os\.popen|Popen|check_output)\(\s*(?:\[\s*)?f?["']([\w./-]+)/g,
  );
  return [...calls].some((call) => fullImageTools.includes((call[1] ?? '').replace(/^.*\//, '')));
}

/** True when the program keeps a database or files beside its code, as far as its sources tell. */
function writesBeside({ project, directory }: PlanInput): boolean {
  const sources = readSources(project, directory, /\.(?:py|toml|ya?ml|env)$/);
  return /sqlite:\/\/\/(?!\/)|backends\.sqlite3|sqlite3\.connect\(|aiosqlite/.test(sources);
}

/** True for migrations at build time: they leave a file of SQLite behind that belongs to root. */
function makesDatabase({ commands }: PlanInput): boolean {
  return commands.some(
    ({ command }) =>
      command.args.some((word) => ['migrate', 'upgrade', 'loaddata', 'init-db'].includes(word.value ?? '')) &&
      /^(?:python[\d.]*|flask|alembic|django-admin|manage\.py)$/.test(command.name ?? ''),
  );
}

/** The install leaves development dependencies out where the tool tells them apart, and gets its cache. */
function changeInstall(
  at: Parameters<RuntimePlan['change']>[0],
  input: PlanInput,
): CommandChange | undefined {
  const caches =
    installsPackages(at.command) || pipWords(at.command)?.[0] === 'install'
      ? pythonToolchain.caches(at, input.traits)
      : [];
  const install = pythonToolchain.readInstall(at.command);
  const command = pipWords(at.command) === undefined ? asProgram(at.command) : at.command;
  const words = [command.nameWord, ...command.args].map((word) => word.text).join(' ');
  // The Python of the virtual environment does not have the manager as a module, and PATH still leads to its program.
  const renamed = command === at.command ? {} : { text: words };
  const isPlain = at.command.assignments.length === 0 && at.command.redirects.length === 0;
  if (isUvPip(at.command)) {
    // With the option, uv passes over virtual environments.
    return { text: words.replace(/ --system(?= |$)/, ''), caches };
  }
  if (install === undefined) {
    return caches.length === 0 ? undefined : { caches };
  }
  if (install.tool === 'pipenv') {
    // Without the option, Pipenv makes an environment of its own.
    const isInPlace = at.command.args.some(({ text }) => text === '--system');
    return isPlain && !isInPlace && !isInProject(input.stage)
      ? { text: `${words} --system`, caches }
      : { ...renamed, caches };
  }
  // The environment that is made first takes what Poetry installs.
  const mounted = install.tool === 'poetry' ? [{ path: '/root/.cache/pypoetry' }] : caches;
  const development = pythonToolchain.development?.(
    at,
    { ...install, command: at.command },
    input.project,
    input.directory,
    input.stage.end.environment,
  );
  return development === undefined || development.loaded !== undefined || !isPlain
    ? { ...renamed, caches: mounted }
    : { text: `${words} ${development.option}`, caches: mounted };
}

/** `uv run x` and `poetry run x` become `x`: the environment is on the path. uv gives a file of Python to the interpreter. */
function startWords({ start }: PlanInput, tool: string): readonly string[] | undefined {
  const { words } = start;
  const isRun = words[0] === tool && words[1] === 'run';
  const isShell = start.entrypoint?.form === 'shell' || start.cmd?.form === 'shell';
  const rest = words.slice(2);
  const isFile = tool === 'uv' && /\.pyw?$/.test(rest[0] ?? '');
  return isRun && !rest[0]?.startsWith('-') && !(isShell && /[$;&|<>"'`]/.test(words.join(' ')))
    ? [...(isFile ? ['python'] : []), ...rest]
    : undefined;
}
