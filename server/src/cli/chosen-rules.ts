import type { ProjectConfig } from '../engine/config.ts';
import { rules } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { UsageError } from './exit.ts';
import { findRule, noSuchRule } from './rule-names.ts';

/** Rules that the command line names, by id or by what hadolint and BuildKit call them. */
export interface RuleFlags {
  /** Only these are looked at. */
  readonly only?: readonly string[];
  /** These are left out. */
  readonly ignore?: readonly string[];
}

/**
 * A configuration in which the rules that the command line names are on or off, whatever a project file says of them.
 * @throws UsageError when there is no rule of a name.
 */
export function withChosenRules(config: ProjectConfig, { only, ignore }: RuleFlags): ProjectConfig {
  if (only === undefined && ignore === undefined) {
    return config;
  }
  const wanted = only?.map(ruleNamed);
  const unwanted = (ignore ?? []).map(ruleNamed);
  const set = { ...config.rules };
  for (const rule of rules) {
    const { id, aliases, severity, enabled } = rule.meta;
    const isOff = unwanted.includes(rule) || wanted?.includes(rule) === false;
    if (isOff || (wanted?.includes(rule) === true && isTurnedOff(rule, set))) {
      // What other tools call a rule counts before its id.
      for (const alias of aliases) {
        delete set[alias];
      }
      set[id] = isOff ? 'off' : severity;
    } else if (wanted?.includes(rule) === true && !enabled) {
      set[id] ??= severity;
    }
  }
  return { ...config, rules: set };
}

function isTurnedOff({ meta }: Rule, set: ProjectConfig['rules']): boolean {
  return [meta.id, ...meta.aliases].some((name) => set[name] === 'off');
}

function ruleNamed(name: string): Rule {
  const rule = findRule(rules, name);
  if (rule === undefined) {
    throw new UsageError(noSuchRule(rules, name));
  }
  return rule;
}
