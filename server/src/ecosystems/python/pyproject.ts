import { readToml } from '../../project/formats/toml.ts';
import { objectOf, textsOf, valueAt } from '../../project/formats/values.ts';

type Table = Readonly<Record<string, unknown>>;

/** What Ballast reads of a pyproject.toml. */
export interface PyProject {
  /** Requirements of the program itself, as they are written. */
  readonly dependencies: readonly string[];
  /** Requirements of each group, as they are written. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly hasBuildSystem: boolean;
  /** The tables of the managers below `tool`. */
  readonly poetry: Table;
  readonly uv: Table;
  readonly pdm: Table;
}

/** Reads the text of a pyproject.toml; undefined where it is no TOML. */
export function readPyProject(text: string): PyProject | undefined {
  const toml = readToml(text);
  if (toml === undefined) {
    return undefined;
  }
  const tool = (name: string): Table => objectOf(valueAt(toml, 'tool', name));
  return {
    dependencies: textsOf(valueAt(toml, 'project', 'dependencies')),
    groups: Object.fromEntries(
      Object.entries(objectOf(toml['dependency-groups'])).map(([name, group]) => [name, textsOf(group)]),
    ),
    hasBuildSystem: toml['build-system'] !== undefined,
    poetry: tool('poetry'),
    uv: tool('uv'),
    pdm: tool('pdm'),
  };
}

/** True where a dependency is a folder of the project: by its path, or as a member of the same workspace. */
export function namesFolders({ dependencies, groups, poetry, uv, pdm }: PyProject): boolean {
  const written = [
    ...dependencies,
    ...Object.values(groups).flat(),
    ...textsOf(valueAt(pdm, 'dev-dependencies')),
  ];
  return (
    written.some((one) => /@\s*file:|^-e\b/.test(one)) || [poetry, objectOf(uv['sources'])].some(hasFolder)
  );
}

/** True for a value with `path = "…"` or `workspace = true` at any depth. */
function hasFolder(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(hasFolder);
  }
  const object = objectOf(value);
  return (
    typeof object['path'] === 'string' ||
    object['workspace'] === true ||
    Object.values(object).some((one) => typeof one === 'object' && hasFolder(one))
  );
}
