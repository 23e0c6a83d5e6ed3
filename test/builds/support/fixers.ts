import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, defaultConfig } from '../../../server/src/engine/config.ts';
import { createCliHost } from '../../../server/src/host/cli-host.ts';
import type { Rule } from '../../../server/src/rules/rule.ts';
import type { ProofCase } from './cases.ts';
import { addExpectedFiles, type BuildContext } from './context.ts';

/** Changes a build context in place, from what people wrote to what is to be proven. Returns what was done, in words. */
export type Fixer = (proof: ProofCase, context: BuildContext) => Promise<readonly string[]>;

/** The Dockerfile that a person who knows the ecosystem well wrote for the project. */
export const byHand: Fixer = async (proof, context) => {
  addExpectedFiles(context, proof.expectations);
  context.write('Dockerfile', readFileSync(join(proof.expectations, 'expected.Dockerfile'), 'utf8'));
  return ['written by hand'];
};

/** Every fix of Ballast that is at least as trustworthy as `level`. */
export function byBallast(level: 'safe' | 'review'): Fixer {
  return (_proof, context) => applyFixes(context, level);
}

/** Applies Ballast's fixes to a build context, those of one rule or of all; returns what was done, in words. */
export async function applyFixes(
  context: BuildContext,
  level: 'safe' | 'review',
  rule?: string,
): Promise<readonly string[]> {
  const host = createCliHost();
  const engine = await host.loadEngine({ offline: true });
  const dockerfile = join(context.folder, 'Dockerfile');
  const opened = host.openProject(dockerfile);
  const project = (await opened.measured?.(opened.project, () => {})) ?? opened.project;
  const config = rule === undefined ? defaultConfig : onlyRule(rule, engine.rules);
  const text = readFileSync(dockerfile, 'utf8');
  const result = engine.fixAll(text, project, config, level);
  context.write('Dockerfile', result.text);
  for (const file of result.files) context.write(file.path, file.after);
  return result.applied.map(({ problem, fix }) => `${problem.rule}: ${fix.title}`);
}

/** Switches one rule on, even where it is off by default, and all others off. */
function onlyRule(id: string, rules: readonly Rule[]): Config {
  const choose = (rule: Rule) => [rule.meta.id, rule.meta.id === id ? 'warning' : 'off'] as const;
  return { ...defaultConfig, rules: Object.fromEntries(rules.map(choose)) };
}
