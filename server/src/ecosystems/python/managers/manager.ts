import type { Project } from '../../../project/project.ts';
import type { ShellCommand } from '../../../syntax/shell/script.ts';
import type { ContextPath } from '../../../text/path-types.ts';
import type { Development, Download, Manifests, PackageManager, ProjectInstall } from '../../toolchain.ts';

/** A package manager of Python. */
export interface PythonManager extends PackageManager {
  /** The files that an install reads, before it is asked which of them the ignore file leaves out. */
  manifests(install: ProjectInstall, project: Project, directory: ContextPath): Manifests;
  /** Where an install also installs the project itself: how to fetch what it depends on first. */
  download?(command: ShellCommand, project: Project, directory: ContextPath): Download | undefined;
  /** What an install brings for development only, by the pyproject.toml. */
  development?(manifest: string): Development | undefined;
  /** The variable whose value 1 or true leaves development dependencies out. */
  readonly omitVariable?: string;
}
