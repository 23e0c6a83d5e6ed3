import { readToml } from '../../../project/formats/toml.ts';
import { objectOf, valueAt } from '../../../project/formats/values.ts';
import { joinPath } from '../../../project/paths.ts';
import type { Project } from '../../../project/project.ts';
import { hasOption, operands, type ShellCommand } from '../../../syntax/shell/script.ts';
import type { ContextPath } from '../../../text/path-types.ts';
import type { Manifests } from '../../toolchain.ts';
import type { PythonManager } from './manager.ts';

/** Pipenv. */
export const pipenv: PythonManager = {
  id: 'pipenv',
  programs: ['pipenv'],
  lockFiles: ['Pipfile.lock'],
  settings: ['Pipfile'],
  ownVerbs: /^(?:install|sync|lock|requirements)$/,
  withoutLock: 'ends',

  parseInstall(command) {
    const verb = operands(command)[0]?.value;
    return (verb === 'install' || verb === 'sync') && isWholePipfile(command)
      ? {
          tool: 'pipenv',
          isFrozen: verb === 'sync' || hasOption(command, '--deploy', '--ignore-pipfile'),
          omitsDev: !hasOption(command, '--dev', '-d'),
          directory: undefined,
        }
      : undefined;
  },

  caches: () => [{ path: '/root/.cache/pipenv' }],

  manifests: (_install, project, directory) => pipfileManifests(project, directory),
};

/** True for an install without the names of packages, which would be added to the Pipfile. */
function isWholePipfile(command: ShellCommand): boolean {
  return command.args.every(
    ({ text }, i) =>
      i === 0 ||
      ['--system', '--deploy', '--ignore-pipfile', '--dev', '-d', '--clear', '--verbose', '-v'].includes(
        text,
      ),
  );
}

function pipfileManifests(project: Project, directory: ContextPath): Manifests {
  const names = ['Pipfile', 'Pipfile.lock'];
  if (!project.isKnown) {
    return { files: names, doubts: ['The project’s files are not known.'] };
  }
  const [text, lock] = names.map((name) => project.reader.read(joinPath(directory, name)));
  const pipfile = text === undefined ? undefined : readToml(text);
  if (pipfile === undefined) {
    return { files: [], doubts: [], blocker: 'There is no readable Pipfile where the install runs.' };
  }
  const wanted = ['packages', 'dev-packages'].flatMap((name) => Object.values(objectOf(pipfile[name])));
  if (wanted.some((one) => ['path', 'file'].some((field) => valueAt(one, field) !== undefined))) {
    return { files: [], doubts: [], blocker: 'The Pipfile names folders of the project as dependencies.' };
  }
  return lock === undefined
    ? {
        files: ['Pipfile'],
        doubts: ['There is no lock file, so that the install may choose other versions.'],
      }
    : { files: names, doubts: [] };
}
