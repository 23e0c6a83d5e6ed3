import { readPom } from '../../project/formats/pom.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Download, Manifests } from '../toolchain.ts';

/** What Gradle and its scripts read before they do anything, in the order in which it is best copied. */
const gradleFiles = [
  'gradlew',
  'settings.gradle',
  'settings.gradle.kts',
  'build.gradle',
  'build.gradle.kts',
  'gradle.properties',
  'gradle.lockfile',
];

/** What a build script says when it reads more of the project than itself. */
const readsMore =
  /apply\s*(?:\(\s*)?from\b|includeBuild|\bfile\(|\bfileTree\(|\.text\b|readText\(|FileInputStream|gitVersion|palantir\.git-version|nebula\.release|axion-release|loadExtraPropertiesFrom/;

/** The files that a command which only fetches dependencies reads. */
export function javaManifests(command: ShellCommand, project: Project, directory: ContextPath): Manifests {
  return command.name === 'mvn' || command.name === 'mvnw'
    ? mavenManifests(command, project, directory)
    : gradleManifests(command, project, directory);
}

/** `mvn dependency:go-offline`, with those options of the build that decide what is fetched and how. */
export function mavenDownload(command: ShellCommand, project: Project, directory: ContextPath): Download {
  const kept = command.args
    .filter((word) =>
      /^(?:-B|--batch-mode|-q|--quiet|-ntp|--no-transfer-progress|-P\S+|--activate-profiles=\S+|-U)$/.test(
        word.text,
      ),
    )
    .map((word) => word.text);
  return {
    ...mavenManifests(command, project, directory),
    command: [command.nameWord.text, ...kept, 'dependency:go-offline'].join(' '),
  };
}

/** `gradle dependencies`, which fetches Gradle itself, its plugins and the descriptions of all dependencies. */
export function gradleDownload(command: ShellCommand, project: Project, directory: ContextPath): Download {
  const kept = command.args
    .filter((word) => /^(?:--no-daemon|-q|--quiet|--console=\S+|--warning-mode=\S+)$/.test(word.text))
    .map((word) => word.text);
  return {
    ...gradleManifests(command, project, directory),
    command: [command.nameWord.text, 'dependencies', ...kept].join(' '),
  };
}

function blocked(blocker: string): Manifests {
  return { files: [], doubts: [], blocker };
}

function mavenManifests(command: ShellCommand, project: Project, directory: ContextPath): Manifests {
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name);
  const text = project.reader.read(joinPath(directory, 'pom.xml'));
  if (!project.isKnown) {
    return blocked('The files of the project are not known.');
  }
  if (text === undefined) {
    return blocked('There is no readable pom.xml where the build runs.');
  }
  if (command.args.some((word) => /^(?:-f|--file|-pl|--projects|-s|--settings|-gs)\b/.test(word.text))) {
    return blocked('The build is told to read other files.');
  }
  const pom = readPom(text);
  if (pom === undefined) {
    return blocked('There is no readable pom.xml where the build runs.');
  }
  if (pom.hasModules) {
    return blocked('The project has several modules, which Maven looks for in each other.');
  }
  if (pom.namesFiles) {
    return blocked('pom.xml names files of the project that Maven needs as well.');
  }
  const isWrapped = command.name === 'mvnw';
  if (isWrapped && !names.includes('mvnw')) {
    return blocked('The wrapper mvnw is not among the files.');
  }
  return {
    files: [...(isWrapped ? ['mvnw'] : []), 'pom.xml', ...(names.includes('.mvn') ? ['.mvn/'] : [])],
    doubts: [],
  };
}

function gradleManifests(command: ShellCommand, project: Project, directory: ContextPath): Manifests {
  if (!project.isKnown) {
    return blocked('The files of the project are not known.');
  }
  const names = (project.reader.list(directory) ?? []).map((entry) => entry.name);
  const read = (name: string): string => project.reader.read(joinPath(directory, name)) ?? '';
  const scripts = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts']
    .map(read)
    .join('\n');
  if (!/^build\.gradle/m.test(names.join('\n'))) {
    return blocked('There is no readable build.gradle where the build runs.');
  }
  if (
    command.args.some((word) =>
      /^(?:-p|--project-dir|-b|--build-file|-c|--settings-file|-I)\b/.test(word.text),
    )
  ) {
    return blocked('The build is told to read other files.');
  }
  if (/^[ \t]*include\b/m.test(scripts)) {
    return blocked('The project has several modules.');
  }
  if (readsMore.test(scripts)) {
    return blocked('The build script reads more files than itself.');
  }
  const isWrapped = command.name === 'gradlew';
  if (isWrapped && !(names.includes('gradlew') && names.includes('gradle'))) {
    return blocked('The wrapper gradlew is not among the files.');
  }
  return {
    files: [
      ...gradleFiles.filter((name) => names.includes(name) && (name !== 'gradlew' || isWrapped)),
      ...['gradle', 'buildSrc'].filter((name) => names.includes(name)).map((name) => `${name}/`),
    ],
    doubts: [],
  };
}
