import { unknownProject } from '../../project/project.ts';
import type { Toolchain } from '../toolchain.ts';
import { isSbtBuild, sbt, sbtManifests, sbtTasks } from './sbt.ts';

export const scalaToolchain: Toolchain = {
  id: 'scala',
  title: 'Scala',
  managers: [sbt],
  projectFiles: [],
  helpers: ['node'],

  readInstall: (command) => sbt.parseInstall(command),

  manifests: (_install, project, directory) => sbtManifests(project, directory),

  download(command, project, directory) {
    const options = command.args.map((word) => word.text).filter((text) => /^-D|^-{1,2}batch$/.test(text));
    return isSbtBuild(command)
      ? {
          ...sbtManifests(project, directory),
          command: [command.nameWord.text, ...options, 'update'].join(' '),
        }
      : undefined;
  },

  isBuild: isSbtBuild,

  isProjectCommand: (command) =>
    sbt.programs.includes(command.name ?? '') || ['scalac', 'cs', 'coursier'].includes(command.name ?? ''),

  isBuildPackage: (name) => /^(?:sbt|scala|nodejs|npm|rpm)$/.test(name),

  caches: (at, traits, project = unknownProject) =>
    sbtTasks(at.command).length === 0 ? [] : sbt.caches(at, traits, project),

  buildVariables: /^(?:SBT_|SCALA_|COURSIER_)/,
};
