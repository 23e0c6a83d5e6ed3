import type { Ecosystem } from '../ecosystem.ts';
import { planClojure } from './plan.ts';
import { clojureToolchain } from './toolchain.ts';

export const clojure: Ecosystem = { ...clojureToolchain, plan: planClojure };
