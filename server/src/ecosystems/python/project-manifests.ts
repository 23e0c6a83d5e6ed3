import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Download, Manifests } from '../toolchain.ts';
import { namesFolders, type PyProject, readPyProject } from './pyproject.ts';

/** Options with which a manager leaves the project itself out. */
const withoutProject = ['--no-root', '--no-install-project', '--no-self'];

/** The files that the install of a pyproject.toml reads. */
export function projectManifests(
  command: ShellCommand,
  project: Project,
  directory: ContextPath,
  { lock, isPackage }: { readonly lock: string; readonly isPackage: (found: PyProject) => boolean },
): Manifests {
  if (!project.isKnown) {
    return { files: ['pyproject.toml', lock], doubts: ['The project’s files are not known.'] };
  }
  const text = project.reader.read(joinPath(directory, 'pyproject.toml'));
  const found = text === undefined ? undefined : readPyProject(text);
  if (found === undefined) {
    return { files: [], doubts: [], blocker: 'There is no readable pyproject.toml where the install runs.' };
  }
  if (isPackage(found) && !hasOption(command, ...withoutProject)) {
    return { files: [], doubts: [], blocker: 'The install builds the project itself.' };
  }
  if (namesFolders(found)) {
    return { files: [], doubts: [], blocker: 'pyproject.toml names folders of the project as dependencies.' };
  }
  const names = ['pyproject.toml', lock, '.python-version', 'poetry.toml', 'pdm.toml'];
  const files = names.filter((name) => project.reader.read(joinPath(directory, name)) !== undefined);
  const doubts = files.includes(lock)
    ? []
    : ['There is no lock file, so that the install may choose other versions.'];
  return { files, doubts };
}

/** How to fetch what a project depends on before the project itself is installed; undefined where the command says that already. */
export function projectDownload(
  command: ShellCommand,
  project: Project,
  directory: ContextPath,
  { lock, flag }: { readonly lock: string; readonly flag: string },
): Download | undefined {
  if (hasOption(command, ...withoutProject)) {
    return undefined;
  }
  const files = ['pyproject.toml', lock];
  const isComplete =
    !project.isKnown || files.every((name) => project.reader.read(joinPath(directory, name)) !== undefined);
  return {
    command: `${[command.nameWord, ...command.args].map((word) => word.text).join(' ')} ${flag}`,
    files,
    doubts: ['The project itself is installed behind the copy of its sources, as before.'],
    ...(isComplete ? {} : { blocker: `There is no readable ${lock} where the install runs.` }),
  };
}
