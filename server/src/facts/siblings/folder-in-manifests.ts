import { parse as parseToml } from 'smol-toml';
import { isRecord } from '../../project/build-file.ts';
import { readJsonc } from '../../project/formats/jsonc.ts';
import { memoize } from '../../text/memoize.ts';
import type { ProjectScripts } from './project-scripts.ts';

/** Where a manifest may name folders that have to be there when it is built or installed. */
const places: readonly (readonly [file: RegExp, keys: readonly (readonly string[])[]])[] = [
  [/^package\.json$/, [['workspaces'], ['files'], ['main'], ['bin'], ['prisma']]],
  [/^tsconfig[\w.-]*\.json$/, [['references'], ['files']]],
  [
    /^composer\.json$/,
    [
      ['autoload', 'classmap'],
      ['autoload', 'files'],
      ['autoload-dev', 'classmap'],
      ['autoload-dev', 'files'],
    ],
  ],
  [/^lerna\.json$/, [['packages']]],
  [
    /^(?:pyproject|Cargo)\.toml$/,
    [
      ['project'],
      ['workspace', 'members'],
      ['tool', 'setuptools'],
      ['tool', 'poetry', 'packages'],
      ['tool', 'poetry', 'include'],
      ['tool', 'poetry', 'dependencies'],
      ['tool', 'hatch', 'build'],
      ['tool', 'pdm', 'build'],
      ['tool', 'flit'],
      ['tool', 'uv', 'workspace'],
      ['test'],
    ],
  ],
];

/** The manifest at the root of the context that names a folder, in words; undefined where none does. */
export function folderInManifests(scripts: ProjectScripts, path: string): string | undefined {
  for (const [file, keys] of places) {
    for (const name of scripts.named(file)) {
      const content = contentOf(`${name}\0${scripts.read(name) ?? ''}`);
      if (keys.some((way) => strings(at(content, way)).some((text) => isBelow(text, path)))) {
        return `${name} names ${path}`;
      }
    }
  }
  if (path === 'tests' && hasTestTargets(scripts)) {
    return 'Cargo.toml names tests, which Cargo looks for in tests';
  }
  return movesOutput(scripts, path)
    ? `tsconfig.json compiles ${path} too, which decides where its output lies`
    : undefined;
}

/** True where the manifest of a crate names tests: each has to be there whatever is built, in `tests` where it has no path. */
function hasTestTargets(scripts: ProjectScripts): boolean {
  const targets = at(contentOf(`Cargo.toml\0${scripts.read('Cargo.toml') ?? ''}`), ['test']);
  return Array.isArray(targets) && targets.some((one) => isRecord(one) && one['path'] === undefined);
}

/** Without `rootDir` the compiler's output starts at the folder that holds all sources, tests included. */
function movesOutput(scripts: ProjectScripts, path: string): boolean {
  const content = contentOf(`tsconfig.json\0${scripts.read('tsconfig.json') ?? ''}`);
  const options = at(content, ['compilerOptions']);
  if (
    !isRecord(content) ||
    !isRecord(options) ||
    options['rootDir'] !== undefined ||
    options['noEmit'] === true
  ) {
    return false;
  }
  const included = strings(content['include']);
  const isIncluded =
    content['include'] === undefined
      ? content['files'] === undefined
      : included.some((text) => isBelow(text, path) || /^(?:\.\/)?\*\*/.test(text));
  const isExcluded = strings(content['exclude']).some((text) => isBelow(text, path));
  const holdsTypeScript = scripts.named(/\.[cm]?tsx?$/).some((file) => file.startsWith(`${path}/`));
  return isIncluded && !isExcluded && holdsTypeScript;
}

/** `name` and text, parted by NUL, as plain data; undefined where it is malformed. */
const contentOf = memoize((nameAndText: string): unknown => {
  const at = nameAndText.indexOf('\0');
  const text = nameAndText.slice(at + 1);
  try {
    return nameAndText.slice(0, at).endsWith('.toml') ? parseToml(text) : readJsonc(text);
  } catch {
    return undefined;
  }
}, 60);

function at(content: unknown, way: readonly string[]): unknown {
  return way.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), content);
}

/** Every text in a value, but for what it excludes. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  if (Array.isArray(value)) {
    return value.flatMap(strings);
  }
  return isRecord(value)
    ? Object.entries(value).flatMap(([key, one]) => (/exclude|omit|ignore/.test(key) ? [] : strings(one)))
    : [];
}

function isBelow(text: string, path: string): boolean {
  const clean = text.replace(/^(?:\.?\/)+/, '').replace(/(?<!\/)\/+$/, '');
  return clean === path || clean.startsWith(`${path}/`) || clean.startsWith(`${path}.`);
}
