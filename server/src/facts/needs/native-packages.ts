import { readNodePackage } from '../../ecosystems/node/package.ts';
import { readNodePackages, readPythonPackages } from '../../images/lock-packages.ts';
import { compareVersions } from '../../images/tag.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoize } from '../../text/memoize.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { table } from '../../text/table.ts';

/**
 * Packages of npm whose binaries are for one C library. `abi` is what else they are for: every Node.js (`node-api`), or
 * the one major version they were installed with. `below` is the version from which on one package holds the builds for
 * all C libraries, `everyNodeSince` the one from which on a build fits every Node.js. Source: what npm says of the install
 * scripts and dependencies of each (`nan` or `node-addon-api`), and the files of argon2, bcrypt, better-sqlite3 and
 * isolated-vm, read 2026-11-30.
 */
const nodePackages: Readonly<Record<string, NativeNode>> = table({
  // The client is generated with an engine for the system it is generated on; from 7 on there is none.
  '@prisma/client': { below: '7', abi: 'node-api' },
  '@prisma/engines': { abi: 'node-api' },
  '@tensorflow/tfjs-node': { abi: 'node-api' },
  argon2: { below: '0.40', abi: 'node-api' },
  bcrypt: { below: '6', abi: 'node-api' },
  'better-sqlite3': { below: '13', abi: 'version' },
  canvas: { abi: 'version', everyNodeSince: '3' },
  deasync: { abi: 'version' },
  grpc: { abi: 'version' },
  ibm_db: { abi: 'version' },
  'isolated-vm': { below: '7', abi: 'version' },
  libxmljs: { abi: 'version' },
  libxmljs2: { abi: 'version' },
  'node-rdkafka': { abi: 'version' },
  'node-sass': { abi: 'version' },
  nodegit: { abi: 'version' },
  'onnxruntime-node': { abi: 'node-api' },
  'pg-native': { abi: 'version' },
  re2: { abi: 'version' },
  sharp: { abi: 'node-api' },
  sqlite3: { abi: 'node-api' },
});

interface NativeNode {
  readonly abi: 'node-api' | 'version';
  readonly below?: string;
  readonly everyNodeSince?: string;
}

function isOfNodeVersion({ abi, everyNodeSince }: NativeNode, version: string): boolean {
  return abi === 'version' && (everyNodeSince === undefined || compareVersions(version, everyNodeSince) < 0);
}

/** Gems with C code that `bundle install` compiles, or takes ready for one C library. Source: rubygems.org, read 2026-11. */
const gems =
  /^ {4}(bcrypt|bigdecimal|bootsnap|byebug|charlock_holmes|curb|date|debug|eventmachine|ffi|google-protobuf|grpc|hiredis|json|msgpack|mysql2|nio4r|nokogiri|oj|pg|puma|racc|rbtree|rmagick|sassc|sqlite3|stringio|strscan|thin|unf_ext|websocket-driver) \(/gm;

/** Distributions on PyPI that hold compiled code, or need one that does. Source: their wheels, read 2026-11. */
const pythonPackages = new Set([
  'aiohttp',
  'asyncpg',
  'bcrypt',
  'cffi',
  'cryptography',
  'fastapi',
  'gevent',
  'greenlet',
  'grpcio',
  'httptools',
  'lxml',
  'matplotlib',
  'msgpack',
  'mysqlclient',
  'numpy',
  'opencv-python',
  'opencv-python-headless',
  'orjson',
  'pandas',
  'pillow',
  'psycopg-binary',
  'psycopg2',
  'psycopg2-binary',
  'pyarrow',
  'pydantic',
  'pydantic-core',
  'pynacl',
  'rpds-py',
  'scikit-learn',
  'scipy',
  'tokenizers',
  'torch',
  'uvloop',
]);

/** Packages whose wheels serve every newer Python: they keep to its stable interface (abi3 wheels on PyPI, 2026-11-30). */
const stableInterface = new Set([
  'argon2-cffi-bindings',
  'bcrypt',
  'cryptography',
  'psutil',
  'pynacl',
  'tokenizers',
  'tornado',
]);

/** A package with a binary in it. */
export interface NativePackage {
  readonly name: string;
  /** True where the binary is only for the major version of the interpreter that it was installed with. */
  readonly isOfVersion: boolean;
}

type Reading = readonly [file: string, read: (text: string) => readonly NativePackage[]];

const node: readonly Reading[] = (
  ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock'] as const
).map((file) => [
  file,
  memoize(
    (text) =>
      readNodePackages(text, file).flatMap((one): NativePackage[] => {
        const known = nodePackages[one.name];
        const isOld = known?.below === undefined || compareVersions(one.version, known.below) < 0;
        const isNative = known === undefined ? one.libc.length > 0 : isOld;
        return one.isDevelopment || !isNative
          ? []
          : [{ name: one.name, isOfVersion: known !== undefined && isOfNodeVersion(known, one.version) }];
      }),
    4,
  ),
]);

const python: readonly Reading[] = (['uv.lock', 'poetry.lock', 'pdm.lock', 'requirements.txt'] as const).map(
  (file) => [
    file,
    memoize(
      (text) =>
        readPythonPackages(text, file).flatMap((one): NativePackage[] => {
          const isOfPlatform =
            one.wheels !== undefined &&
            one.wheels.length > 0 &&
            !one.wheels.some((wheel) => wheel.endsWith('-any.whl'));
          const isNative = one.wheels === undefined ? pythonPackages.has(one.name) : isOfPlatform;
          return isNative ? [{ name: one.name, isOfVersion: !stableInterface.has(one.name) }] : [];
        }),
      4,
    ),
  ],
);

const ruby: readonly Reading[] = [
  [
    'Gemfile.lock',
    (text) => [...text.matchAll(gems)].map((match) => ({ name: match[1] ?? '', isOfVersion: true })),
  ],
];

const readings = { node, python, ruby };

/**
 * The packages of a project that bring a binary; empty where its lock file names none, undefined where there is no file
 * to read.
 */
export function nativePackages(
  language: keyof typeof readings,
  project: Project,
  directory: ContextPath,
): readonly NativePackage[] | undefined {
  for (const [file, read] of readings[language]) {
    const text = project.reader.read(joinPath(directory, file));
    if (text !== undefined) {
      const found = read(text);
      return found.filter((one, i) => found.findIndex((other) => other.name === one.name) === i);
    }
  }
  return language === 'node' ? namedInManifest(project, directory) : undefined;
}

/** Without a lock file the manifest names what the project itself depends on, which tells less. */
function namedInManifest(project: Project, directory: ContextPath): readonly NativePackage[] | undefined {
  const dependencies = readNodePackage(project, directory)?.dependencies;
  return dependencies === undefined
    ? undefined
    : Object.entries(dependencies).flatMap(([name, range]): NativePackage[] => {
        const known = nodePackages[name];
        // `^12.2.0` stays below 13; of `>=5` or `*` it is not known.
        const version = /^[\^~]?(\d[\w.]*)$/.exec(range)?.[1];
        const isOld =
          known?.below === undefined || (version !== undefined && compareVersions(version, known.below) < 0);
        return known === undefined || !isOld
          ? []
          : [{ name, isOfVersion: isOfNodeVersion(known, version ?? '0') }];
      });
}
