import type { Ecosystem } from '../ecosystem.ts';
import { planPython } from './plan.ts';
import { pythonToolchain } from './toolchain.ts';

export const python: Ecosystem = { ...pythonToolchain, plan: planPython };
