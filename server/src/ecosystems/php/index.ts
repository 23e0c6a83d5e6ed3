import type { Ecosystem } from '../ecosystem.ts';
import { planPhp } from './plan.ts';
import { phpToolchain } from './toolchain.ts';

export const php: Ecosystem = { ...phpToolchain, plan: planPhp };
