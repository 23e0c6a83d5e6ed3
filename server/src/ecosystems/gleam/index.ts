import type { Ecosystem } from '../ecosystem.ts';
import { planGleam } from './plan.ts';
import { gleamToolchain } from './toolchain.ts';

export const gleam: Ecosystem = { ...gleamToolchain, plan: planGleam };
