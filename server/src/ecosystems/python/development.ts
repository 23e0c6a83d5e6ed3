import { parse as parseToml } from 'smol-toml';
import type { Development } from '../toolchain.ts';

/** Names of groups that nobody runs in production. */
const developmentGroup = /^(?:dev|test|tests|testing|lint|linting|docs?|typing|ci|style|format)$/;

/** What Poetry or uv would install for development, by the pyproject.toml, and the option that leaves it out. */
export function pythonDevelopment(tool: string, manifest: string): Development | undefined {
  const toml = readToml(manifest);
  const groups = objectOf(toml['dependency-groups']);
  const production = [
    ...textsOf(objectOf(toml['project'])['dependencies']).map(requirementName),
    ...Object.keys(objectOf(objectOf(objectOf(toml['tool'])['poetry'])['dependencies'])),
  ];
  const isExtra = (name: string): boolean => !production.includes(name);
  if (tool === 'uv') {
    const old = objectOf(objectOf(toml['tool'])['uv'])['dev-dependencies'];
    const names = [...textsOf(groups['dev']), ...textsOf(old)].map(requirementName).filter(isExtra);
    return names.length === 0 ? undefined : { names, option: '--no-dev' };
  }
  if (tool !== 'poetry') {
    return undefined;
  }
  const poetry = objectOf(objectOf(toml['tool'])['poetry']);
  const own = objectOf(poetry['group']);
  const isAllDevelopment = [...Object.keys(own), ...Object.keys(groups)].every((name) =>
    developmentGroup.test(name),
  );
  const names = [
    ...Object.keys(objectOf(poetry['dev-dependencies'])),
    ...Object.values(own).flatMap((group) => Object.keys(objectOf(objectOf(group)['dependencies']))),
    ...Object.values(groups).flatMap(textsOf).map(requirementName),
  ].filter(isExtra);
  return names.length === 0 || !isAllDevelopment ? undefined : { names, option: '--only main' };
}

function requirementName(text: string): string {
  return /^[\w.-]+/.exec(text)?.[0] ?? text;
}

function readToml(text: string): Record<string, unknown> {
  try {
    return parseToml(text);
  } catch {
    return {};
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}
