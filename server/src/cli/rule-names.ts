import { distance } from 'fastest-levenshtein';
import type { Rule } from '../rules/rule.ts';
import { printable } from './format/layout.ts';

/** Names further apart than this share of their length are not meant for each other. */
const nearEnough = 0.4;

/** The rule with that id or alias, whatever the case of its letters. */
export function findRule(rules: readonly Rule[], name: string): Rule | undefined {
  const wanted = name.toLowerCase();
  return (
    rules.find((rule) => rule.meta.id === wanted) ??
    rules.find((rule) => rule.meta.aliases.some((alias) => alias.toLowerCase() === wanted))
  );
}

/** Up to three ids that look like the name, the nearest first. */
export function nearNames(rules: readonly Rule[], name: string): string[] {
  const wanted = name.toLowerCase();
  return rules
    .map(({ meta }) => ({
      id: meta.id,
      far:
        meta.id.includes(wanted) && wanted.length > 2
          ? 0
          : distance(meta.id, wanted) / Math.max(meta.id.length, wanted.length),
    }))
    .filter(({ far }) => far <= nearEnough)
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ id }) => id);
}

/** One line for a name that belongs to no rule, with the names that may be meant. */
export function noSuchRule(rules: readonly Rule[], name: string): string {
  const near = nearNames(rules, name);
  const hint = near.length === 0 ? 'ballast explain lists them all' : `did you mean ${near.join(' or ')}?`;
  return `no rule is called ${printable(name)}; ${hint}`;
}
