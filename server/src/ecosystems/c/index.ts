import type { Ecosystem } from '../ecosystem.ts';
import { planC } from './plan.ts';
import { cToolchain } from './toolchain.ts';

export const c: Ecosystem = { ...cToolchain, plan: planC };
