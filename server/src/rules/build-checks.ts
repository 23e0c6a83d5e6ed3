import type { RuleMeta } from './rule.ts';

/** BuildKit's names for what a rule finds; empty for a rule that is Ballast's own. */
export function buildCheckNames(meta: RuleMeta): string[] {
  return meta.aliases.filter((alias) => /^[A-Z][a-z]?[A-Za-z]+$/.test(alias));
}

/** True where a list of BuildKit's check names, or `all`, takes in a rule. */
export function includesCheck(names: readonly string[] | 'all', meta: RuleMeta): boolean {
  const own = buildCheckNames(meta);
  return names === 'all' ? own.length > 0 : own.some((name) => names.includes(name));
}
