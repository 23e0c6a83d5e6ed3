import { objectOf, textsOf, valueAt } from '../../project/formats/values.ts';
import type { Development } from '../toolchain.ts';
import { type PyProject, readPyProject } from './pyproject.ts';

/** Names of groups that nobody runs in production. */
const developmentGroup = /^(?:dev|test|tests|testing|lint|linting|docs?|typing|ci|style|format)$/;

/** What `uv sync` installs for development. */
export function uvDevelopment(manifest: string): Development | undefined {
  const found = readPyProject(manifest);
  const old = textsOf(found?.uv['dev-dependencies']);
  return developmentOf(found, [...(found?.groups['dev'] ?? []), ...old].map(requirementName), '--no-dev');
}

/** What `poetry install` installs for development, where all groups are by their names. */
export function poetryDevelopment(manifest: string): Development | undefined {
  const found = readPyProject(manifest);
  const own = objectOf(found?.poetry['group']);
  const groups = found?.groups ?? {};
  const names = [
    ...Object.keys(objectOf(found?.poetry['dev-dependencies'])),
    ...Object.values(own).flatMap((group) => Object.keys(objectOf(valueAt(group, 'dependencies')))),
    ...Object.values(groups).flat().map(requirementName),
  ];
  const isAll = [...Object.keys(own), ...Object.keys(groups)].every((name) => developmentGroup.test(name));
  return isAll ? developmentOf(found, names, '--only main') : undefined;
}

/** What `pdm install` installs for development: all groups that are no extras of the package. */
export function pdmDevelopment(manifest: string): Development | undefined {
  const found = readPyProject(manifest);
  const old = Object.values(objectOf(found?.pdm['dev-dependencies'])).flatMap(textsOf);
  const names = [...old, ...Object.values(found?.groups ?? {}).flat()].map(requirementName);
  return developmentOf(found, names, '--prod');
}

/** What is named for development and not for production as well; undefined where nothing is left. */
function developmentOf(
  found: PyProject | undefined,
  names: readonly string[],
  option: string,
): Development | undefined {
  const production = [
    ...(found?.dependencies ?? []).map(requirementName),
    ...Object.keys(objectOf(found?.poetry['dependencies'])),
  ];
  const extra = names.filter((name) => !production.includes(name));
  return extra.length === 0 ? undefined : { names: extra, option };
}

function requirementName(text: string): string {
  return /^[\w.-]+/.exec(text)?.[0] ?? text;
}
