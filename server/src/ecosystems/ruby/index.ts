import type { Ecosystem } from '../ecosystem.ts';
import { planRuby } from './plan.ts';
import { rubyToolchain } from './toolchain.ts';

export const ruby: Ecosystem = { ...rubyToolchain, plan: planRuby };
