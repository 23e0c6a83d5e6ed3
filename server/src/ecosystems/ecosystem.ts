import type { PlanInput, Refusal, RuntimePlan } from './runtime-plan.ts';
import type { ProjectInstall, Toolchain } from './toolchain.ts';

/** What Ballast knows about one family of languages and package managers. One folder each. */
export interface Ecosystem extends Toolchain {
  /** Says what the final stage of a project of this ecosystem consists of, or why that is not known. */
  plan(input: PlanInput): RuntimePlan | Refusal;
  /** Set where no project of this ecosystem is converted, whatever it looks like. */
  readonly refusal?: Refusal;
}

/** The install of a project's dependencies, and the ecosystem that knows its package manager. */
export interface InstallCommand extends ProjectInstall {
  readonly ecosystem: Ecosystem;
}
