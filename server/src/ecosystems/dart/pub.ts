import { objectOf, valueAt } from '../../project/formats/values.ts';
import { readYaml } from '../../project/formats/yaml.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption, knownArgs, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { withoutIgnored } from '../sent-manifests.ts';
import type { Manifests, PackageManager } from '../toolchain.ts';

/** Pub, which comes with Dart. */
export const pub: PackageManager = {
  id: 'pub',
  programs: ['dart'],
  lockFiles: ['pubspec.lock'],
  settings: ['pubspec.yaml', 'pubspec_overrides.yaml'],
  ownVerbs: /^pub$/,

  parseInstall(command) {
    const [first, second] = knownArgs(command);
    return command.name === 'dart' &&
      first === 'pub' &&
      second === 'get' &&
      !hasOption(command, '-C', '--directory')
      ? {
          tool: 'pub',
          isFrozen: hasOption(command, '--enforce-lockfile'),
          omitsDev: true,
          directory: undefined,
        }
      : undefined;
  },

  // Every later command reads the packages: a mount for the install alone would leave them nothing.
  caches: () => [],
};

/** The files that `dart pub get` reads. */
export function pubManifests(project: Project, directory: ContextPath): Manifests {
  if (!project.isKnown) {
    const files = ['pubspec.yaml', 'pubspec.lock'];
    return { files, doubts: ['The project’s files are not known.'] };
  }
  const read = (name: string): string | undefined => project.reader.read(joinPath(directory, name));
  const text = read('pubspec.yaml');
  const found = text === undefined ? undefined : readYaml(text);
  if (found === undefined) {
    return { files: [], doubts: [], blocker: 'There is no readable pubspec.yaml where the install runs.' };
  }
  const overrides = readYaml(read('pubspec_overrides.yaml') ?? '');
  const named = [found, overrides].flatMap((one) =>
    ['dependencies', 'dev_dependencies', 'dependency_overrides'].flatMap((name) =>
      Object.values(objectOf(valueAt(one, name))),
    ),
  );
  if (named.some((one) => valueAt(one, 'path') !== undefined) || valueAt(found, 'workspace') !== undefined) {
    return { files: [], doubts: [], blocker: 'pubspec.yaml names folders of the project as packages.' };
  }
  const files = ['pubspec.yaml', 'pubspec.lock', 'pubspec_overrides.yaml'].filter(
    (name) => read(name) !== undefined,
  );
  const doubts = files.includes('pubspec.lock')
    ? []
    : ['There is no pubspec.lock, so that the install may choose other versions.'];
  return withoutIgnored({ files, doubts }, project, directory);
}

/** True for a command of Dart that compiles. */
export function isDartBuild(command: ShellCommand): boolean {
  const [first, second] = knownArgs(command);
  return (
    (command.name === 'dart' && (first === 'compile' || (first === 'build' && second !== undefined))) ||
    command.name === 'dart2native'
  );
}
