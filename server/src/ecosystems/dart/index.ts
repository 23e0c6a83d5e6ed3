import type { Ecosystem } from '../ecosystem.ts';
import { planDart } from './plan.ts';
import { dartToolchain } from './toolchain.ts';

export const dart: Ecosystem = { ...dartToolchain, plan: planDart };
