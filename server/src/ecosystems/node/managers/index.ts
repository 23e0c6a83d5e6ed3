import { bun } from './bun.ts';
import type { NodeManager } from './manager.ts';
import { npm } from './npm.ts';
import { pnpm } from './pnpm.ts';
import { yarn } from './yarn.ts';

export const nodeManagers: readonly NodeManager[] = [npm, yarn, pnpm, bun];

/** The manager that a program is, by its name; undefined for other programs. */
export function nodeManagerOf(program: string | undefined): NodeManager | undefined {
  return nodeManagers.find((one) => one.programs.includes(program ?? ''));
}
