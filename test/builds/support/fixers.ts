import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FixAllResult } from '../../../server/src/engine/apply.ts';
import { defaultConfig } from '../../../server/src/engine/config.ts';
import { createCliHost } from '../../../server/src/host/cli-host.ts';
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
  return async (_proof, context) => {
    const { text, files, applied } = await ballastFixes(context, level);
    context.write('Dockerfile', text);
    for (const file of files) context.write(file.path, file.after);
    return applied.map(({ problem, fix }) => `${problem.rule}: ${fix.title}`);
  };
}

async function ballastFixes(context: BuildContext, level: 'safe' | 'review'): Promise<FixAllResult> {
  const host = createCliHost();
  const engine = await host.loadEngine({ offline: true });
  const dockerfile = join(context.folder, 'Dockerfile');
  const { project } = host.openProject(dockerfile);
  return engine.fixAll(readFileSync(dockerfile, 'utf8'), project, defaultConfig, level);
}
