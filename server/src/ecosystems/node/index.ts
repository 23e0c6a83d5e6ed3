import type { Ecosystem } from '../ecosystem.ts';
import { planNode } from './plan.ts';
import { nodeToolchain } from './toolchain.ts';

export const node: Ecosystem = { ...nodeToolchain, plan: planNode };
