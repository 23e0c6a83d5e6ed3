import type { Ecosystem } from '../ecosystem.ts';
import { planJava } from './plan.ts';
import { javaToolchain } from './toolchain.ts';

export const java: Ecosystem = { ...javaToolchain, plan: planJava };
