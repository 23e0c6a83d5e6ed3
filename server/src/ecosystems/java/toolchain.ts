import type { CommandStep } from '../../model/commands.ts';
import { hasOption, type ShellCommand } from '../../syntax/shell/script.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { CacheTarget, Toolchain } from '../toolchain.ts';
import { gradleDownload, javaManifests, mavenDownload } from './manifests.ts';

const mavenBuilds = ['compile', 'process-classes', 'package', 'verify', 'install', 'deploy'];

/** Tasks of Gradle that leave a program; the part behind the last colon of a task's path. */
const gradleBuilds =
  /^(?:build|assemble|jar|fatJar|uberJar|shadowJar|bootJar|bootWar|war|classes|install|installDist|installBootDist|installShadowDist|distTar|distZip|buildFatJar|quarkusBuild|stage)$/;

export const javaToolchain: Toolchain = {
  id: 'java',
  title: 'Java',
  managers: [],
  projectFiles: ['pom.xml', '*.gradle', '*.gradle.kts', 'gradle.lockfile'],

  readInstall(command) {
    const goals = goalsOf(command);
    const isMaven =
      isMavenCommand(command) &&
      goals.length > 0 &&
      goals.every((goal) =>
        /^(?:dependency|de\.qaware\.maven:go-offline-maven-plugin[^:]*)(?::[\d.]+)?:(?:go-offline|resolve|resolve-plugins|resolve-dependencies)$/.test(
          goal,
        ),
      );
    const isGradle =
      isGradleCommand(command) && goals.length > 0 && goals.every((goal) => goal === 'dependencies');
    return isMaven || isGradle
      ? { tool: command.name ?? 'mvn', isFrozen: true, omitsDev: true, directory: undefined }
      : undefined;
  },

  manifests: (install, project, directory) => javaManifests(install.command, project, directory),

  download(command, project, directory) {
    if (!isBuild(command) || isOffline(command)) {
      return undefined;
    }
    if (isMavenCommand(command)) {
      return mavenDownload(command, project, directory);
    }
    return isGradleCommand(command) ? gradleDownload(command, project, directory) : undefined;
  },

  isBuild: (command) => isBuild(command),

  isProjectCommand: (command) =>
    isMavenCommand(command) ||
    isGradleCommand(command) ||
    ['javac', 'jar', 'kotlinc'].includes(command.name ?? ''),

  caches(at, traits) {
    const { command } = at;
    if (isOffline(command) || goalsOf(command).length === 0) {
      return [];
    }
    if (isMavenCommand(command)) {
      return mavenCaches(at);
    }
    if (!isGradleCommand(command)) {
      return [];
    }
    // The official image keeps Gradle's files in the home of its own user, also for root.
    const usual = traits?.family === 'gradle' ? '/home/gradle/.gradle' : '/root/.gradle';
    const set = at.step.before.variables;
    const path = set.has('GRADLE_USER_HOME') ? set.get('GRADLE_USER_HOME') : usual;
    return path?.startsWith('/') === true ? [{ path, sharing: 'locked' }] : [];
  },

  buildVariables: /^(?:MAVEN_|GRADLE_)/,
};

/** The repository alone: beside it lies settings.xml, which a mount would hide. */
function mavenCaches({ step, command }: CommandStep): CacheTarget[] {
  const options = `${step.before.variables.get('MAVEN_OPTS') ?? ''} ${command.args.map((word) => word.text).join(' ')}`;
  if (/maven\.repo\.local/.test(options) || step.before.variables.has('MAVEN_USER_HOME')) {
    return [];
  }
  const repository = { path: '/root/.m2/repository' };
  return command.name === 'mvnw' ? [repository, { path: '/root/.m2/wrapper' }] : [repository];
}

export function isMavenCommand(command: ShellCommand): boolean {
  return command.name === 'mvn' || command.name === 'mvnw';
}

export function isGradleCommand(command: ShellCommand): boolean {
  return command.name === 'gradle' || command.name === 'gradlew';
}

/** True where a command may fetch nothing: it relies on what an earlier layer holds. */
export function isOffline(command: ShellCommand): boolean {
  return hasOption(command, '-o', '--offline');
}

function isBuild(command: ShellCommand): boolean {
  const goals = goalsOf(command);
  return (
    (isMavenCommand(command) && goals.some((goal) => mavenBuilds.includes(goal))) ||
    (isGradleCommand(command) && goals.some((goal) => gradleBuilds.test(goal.replace(/^.*:/, '')))) ||
    (command.name === 'javac' && command.args.some((word) => word.text.includes('.java')))
  );
}

const valued = [
  '-f',
  '--file',
  '-s',
  '--settings',
  '-P',
  '-pl',
  '--projects',
  '-T',
  '--threads',
  '-p',
  '-b',
  '-x',
  '--exclude-task',
  '-t',
  '-gs',
];

/** The goals or tasks of a command: its words that are neither options nor their values. */
export const goalsOf = memoizeFor((command: ShellCommand): readonly string[] =>
  command.args
    .filter((word, i) => !word.text.startsWith('-') && !valued.includes(command.args[i - 1]?.text ?? ''))
    .flatMap((word) => (word.value === undefined ? [] : [word.value])),
);
