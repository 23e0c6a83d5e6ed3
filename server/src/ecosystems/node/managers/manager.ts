import type { ImageTraits } from '../../../images/knowledge.ts';
import type { Project } from '../../../project/project.ts';
import type { ShellCommand } from '../../../syntax/shell/script.ts';
import type { ContextPath } from '../../../text/path-types.ts';
import type { Refusal } from '../../runtime-plan.ts';
import type { PackageManager } from '../../toolchain.ts';
import type { NodePackage } from '../package.ts';
import type { Workspace } from '../workspaces.ts';

/** What is known where modules for development are to be taken away. */
export interface PruneInput {
  readonly found: NodePackage;
  readonly project: Project;
  readonly directory: ContextPath;
  readonly install: ShellCommand | undefined;
  readonly traits: ImageTraits | undefined;
}

/** A program that is one package of several, the packages it depends on, and all of the project. */
export interface WorkspaceInput {
  readonly project: Project;
  readonly directory: ContextPath;
  /** The package that is started comes first. */
  readonly closure: readonly Workspace[];
  readonly all: readonly Workspace[];
  readonly traits: ImageTraits | undefined;
}

/** Where a package manager keeps the modules of a program that is one package of several. */
export interface WorkspaceModules {
  /** The packages with a folder of modules of their own, beside the common one in the root. */
  readonly folders: ReadonlySet<string>;
  /** Commands that make those folders where the package manager may have left them out. */
  readonly make: readonly string[];
  /** The commands that leave only the modules that run in production, or why they are not known. */
  prune(root: NodePackage, install: ShellCommand | undefined): string[] | Refusal;
}

/** A package manager of Node.js: it also runs the scripts of package.json, and fills node_modules. */
export interface NodeManager extends PackageManager {
  /** Options that name the package of a project with several that a script belongs to. */
  readonly workspaceOptions: readonly string[];
  /** Set where the program comes with the official images: always, or in the version that the project has to ask for. */
  readonly isInImage: (project: Project, directory: ContextPath) => boolean;
  /** The script that the operands of a call run, `run` left aside; undefined for the manager's own verbs. */
  scriptOf(words: readonly string[]): string | undefined;
  /** The folders of the project that an install reads whole, with a slash at the end. */
  folders?(project: Project, directory: ContextPath): readonly string[];
  /** True where it keeps the generated Prisma client while it takes development dependencies away. */
  readonly keepsGenerated: boolean;
  /** The commands that leave only production dependencies, or why they are not known. */
  prune(input: PruneInput): string[] | Refusal;
  /** Where the modules of one package of several lie, or why that is not known. */
  workspaceModules(input: WorkspaceInput): WorkspaceModules | Refusal;
}
