import type { Ecosystem } from '../ecosystem.ts';
import { planScala } from './plan.ts';
import { scalaToolchain } from './toolchain.ts';

export const scala: Ecosystem = { ...scalaToolchain, plan: planScala };
