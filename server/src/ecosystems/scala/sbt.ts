import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { withoutIgnored } from '../sent-manifests.ts';
import type { Manifests, PackageManager } from '../toolchain.ts';

/** Tasks that leave a program or a part of it, by their names behind the project and the configuration. */
const buildTasks =
  /^(?:compile|package|packageBin|assembly|stage|dist|pack|packageZipTarball|packageXzTarball|nativeLink|fullLinkJS|fullOptJS)$/;

/** What a build says when it reads more of the project than its own files. */
const readsMore = /\bIO\.(?:read|listFiles|copy)|\bSource\.from|\bsys\.process\b|\bscala\.sys\b/;

/** sbt, which builds as well; as a manager it fetches what build.sbt names. */
export const sbt: PackageManager = {
  id: 'sbt',
  programs: ['sbt', 'sbtn'],
  lockFiles: [],
  settings: ['*.sbt', 'build.properties'],
  ownVerbs: /^(?:update|clean|reload|dependencyTree|sbtVersion|about)$/,
  quietVerbs: /^(?:sbtVersion|about|clean|--version|--script-version)$/,

  parseInstall(command) {
    const tasks = sbtTasks(command);
    return tasks.length > 0 &&
      tasks.every((task) => task === 'update' || task === 'clean') &&
      tasks.includes('update')
      ? { tool: 'sbt', isFrozen: true, omitsDev: true, directory: undefined }
      : undefined;
  },

  caches({ step }) {
    const { variables } = step.before;
    const path = variables.has('COURSIER_CACHE') ? variables.get('COURSIER_CACHE') : '/root/.cache/coursier';
    return path?.startsWith('/') === true ? [{ path }] : [];
  },
};

/** The tasks of a call of sbt, without the projects and configurations in front of them: `api/assembly` is `assembly`. */
export function sbtTasks(command: ShellCommand): string[] {
  if (!sbt.programs.includes(command.name ?? '')) {
    return [];
  }
  return command.args
    .map((word) => word.value ?? '')
    .filter((text) => !text.startsWith('-'))
    .flatMap((text) => text.split(/[;\s]+/))
    .filter((text) => text !== '')
    .map((text) => text.replace(/^.*[/:]/, ''));
}

/** True for a call of sbt that compiles or packs. */
export function isSbtBuild(command: ShellCommand): boolean {
  return sbtTasks(command).some((task) => buildTasks.test(task));
}

/** The files that `sbt update` reads: the build itself, and the plugins in the folder project. */
export function sbtManifests(project: Project, directory: ContextPath): Manifests {
  const blocked = (blocker: string): Manifests => ({ files: [], doubts: [], blocker });
  if (!project.isKnown) {
    return blocked('The files of the project are not known.');
  }
  const names = (folder: string): string[] =>
    (project.reader.list(joinPath(directory, folder)) ?? [])
      .filter((entry) => entry.kind === 'file')
      .map((entry) => entry.name);
  const files = [
    ...names('').filter((name) => name.endsWith('.sbt')),
    ...names('project')
      .filter((name) => /\.(?:sbt|scala|properties)$/.test(name))
      .map((name) => `project/${name}`),
  ];
  if (!files.some((name) => !name.includes('/'))) {
    return blocked('There is no readable build.sbt where the build runs.');
  }
  const text = files.map((name) => project.reader.read(joinPath(directory, name)) ?? '').join('\n');
  return readsMore.test(text)
    ? blocked('The build reads more files than its own.')
    : withoutIgnored({ files, doubts: [] }, project, directory);
}
