import type { Ecosystem } from '../ecosystem.ts';
import { planDotnet } from './plan.ts';
import { dotnetToolchain } from './toolchain.ts';

export const dotnet: Ecosystem = { ...dotnetToolchain, plan: planDotnet };
