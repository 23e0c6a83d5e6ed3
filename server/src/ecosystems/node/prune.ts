import type { Refusal } from '../runtime-plan.ts';
import { nodeManagers } from './managers/index.ts';
import type { PruneInput, WorkspaceInput, WorkspaceModules } from './managers/manager.ts';
import type { NodePackage } from './package.ts';

const generatedClient = '@prisma/client';

/** The commands that leave only production dependencies, or why they are not known. */
export function pruneCommand(tool: string, input: PruneInput): string[] | Refusal {
  const manager = nodeManagers.find((one) => one.id === tool);
  if (manager === undefined) {
    return {
      code: 'pruning-unknown',
      reason: `How ${tool} takes development dependencies away is not known.`,
    };
  }
  return losesClient(tool, input.found) ? lostClient(tool) : manager.prune(input);
}

/** True where taking development dependencies away takes what Prisma generated among the modules with them. */
export function losesClient(tool: string, found: NodePackage): boolean {
  const manager = nodeManagers.find((one) => one.id === tool);
  return found.dependencies[generatedClient] !== undefined && manager?.keepsGenerated === false;
}

/** Works out where the modules of a package and of those it depends on lie. */
export function workspaceModules(tool: string, input: WorkspaceInput): WorkspaceModules | Refusal {
  const manager = nodeManagers.find((one) => one.id === tool);
  if (manager === undefined) {
    return {
      code: 'workspace-layout-unknown',
      reason: `The project has workspaces, and where ${tool} keeps the modules of one is not known.`,
    };
  }
  const isLost = input.closure.some((one) => one.found.dependencies[generatedClient] !== undefined);
  return isLost && !manager.keepsGenerated ? lostClient(tool) : manager.workspaceModules(input);
}

function lostClient(tool: string): Refusal {
  return {
    code: 'pruning-unknown',
    reason: `${tool} would take the generated Prisma client away with the development dependencies.`,
  };
}
