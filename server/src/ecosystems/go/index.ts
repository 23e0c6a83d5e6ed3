import type { Ecosystem } from '../ecosystem.ts';
import { planGo } from './plan.ts';
import { goToolchain } from './toolchain.ts';

export const go: Ecosystem = { ...goToolchain, plan: planGo };
