import type { Refusal } from '../../runtime-plan.ts';
import type { WorkspaceInput } from './manager.ts';

/** Verbs of Yarn, pnpm and Bun; every other first word is the name of a script. */
const ownCommands = [
  'install',
  'i',
  'ci',
  'add',
  'remove',
  'global',
  'config',
  'cache',
  'dlx',
  'exec',
  'set',
  'x',
  'prune',
  'store',
];

/** The script that a first word names which is no verb of the manager itself. */
export function scriptByName([first]: readonly string[]): string | undefined {
  return first === undefined || ownCommands.includes(first) ? undefined : first;
}

/** The packages of a project that have dependencies, and with them a folder of modules of their own. */
export function ownFolders({ closure }: WorkspaceInput): Set<string> {
  const dependent = closure.filter((one) => Object.keys(one.found.dependencies).length > 0);
  return new Set(dependent.map((one) => one.directory));
}

export const unnamedPackage: Refusal = {
  code: 'workspace-layout-unknown',
  reason: 'The package that the container starts has no name.',
};
