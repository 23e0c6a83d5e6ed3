import type { Ecosystem } from '../ecosystem.ts';
import { planDeno } from './plan.ts';
import { denoToolchain } from './toolchain.ts';

export const deno: Ecosystem = { ...denoToolchain, plan: planDeno };
