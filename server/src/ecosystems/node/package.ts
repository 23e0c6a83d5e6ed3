import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoize } from '../../text/memoize.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { table } from '../../text/table.ts';

/** What Ballast reads of a package.json; a field of another type than it should have counts as missing. */
export interface NodePackage {
  readonly name: string | undefined;
  readonly isModule: boolean;
  readonly main: string | undefined;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  /** Names of what it leaves to whoever installs it. */
  readonly peers: readonly string[];
  readonly hasWorkspaces: boolean;
  /** The patterns of its workspaces; undefined where there are none, or they are not a list of texts. */
  readonly workspaces: readonly string[] | undefined;
  /** Paths that `main` and `exports` name, what runs first. */
  readonly entries: readonly string[];
  readonly packageManager: string | undefined;
  readonly engine: string | undefined;
  /** Names of the top-level fields, for those that are only looked for. */
  readonly fields: readonly string[];
}

/** Reads the package.json of a folder of the build context; undefined when it is missing or is no JSON object. */
export function readNodePackage(project: Project, directory: ContextPath): NodePackage | undefined {
  const text = project.reader.read(joinPath(directory, 'package.json'));
  return text === undefined ? undefined : parsePackage(text);
}

const parsePackage = memoize((text): NodePackage | undefined => {
  const json = parseObject(text);
  if (json === undefined) {
    return undefined;
  }
  return {
    name: asString(json['name']),
    isModule: json['type'] === 'module',
    main: asString(json['main']),
    scripts: asStrings(json['scripts']),
    dependencies: asStrings(json['dependencies']),
    devDependencies: asStrings(json['devDependencies']),
    optionalDependencies: asStrings(json['optionalDependencies']),
    peers: Object.keys(asStrings(json['peerDependencies'])),
    hasWorkspaces: json['workspaces'] !== undefined,
    workspaces: workspacePatterns(json['workspaces']),
    entries: [...new Set([...textsIn(json['exports']), ...textsIn(json['main'])])].filter(
      (path) => !/\.d\.[cm]?ts$|\*/.test(path),
    ),
    packageManager: asString(json['packageManager']),
    engine: asStrings(json['engines'])['node'],
    fields: Object.keys(json),
  };
}, 50);

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function workspacePatterns(value: unknown): string[] | undefined {
  const list = isObject(value) ? value['packages'] : value;
  return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined;
}

/** All texts in a value of JSON, at any depth. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function asStrings(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) {
    return table({});
  }
  return table(
    Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  );
}
