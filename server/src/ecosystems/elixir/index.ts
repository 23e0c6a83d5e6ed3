import type { Ecosystem } from '../ecosystem.ts';
import { planElixir } from './plan.ts';
import { elixirToolchain } from './toolchain.ts';

export const elixir: Ecosystem = { ...elixirToolchain, plan: planElixir };
