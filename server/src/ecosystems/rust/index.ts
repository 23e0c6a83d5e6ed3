import type { Ecosystem } from '../ecosystem.ts';
import { planRust } from './plan.ts';
import { rustToolchain } from './toolchain.ts';

export const rust: Ecosystem = { ...rustToolchain, plan: planRust };
