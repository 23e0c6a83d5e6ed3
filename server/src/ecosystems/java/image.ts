import { jreImage, systemBase } from '../../images/families/runtime-bases.ts';
import { parseImageReference } from '../../images/reference.ts';
import { joinPath } from '../../project/paths.ts';
import { knownArgs } from '../../syntax/shell/script.ts';
import type { PlanInput, Refusal } from '../runtime-plan.ts';
import { statedRelease } from './stated-release.ts';

/** Versions of Java that Eclipse Temurin has images without the compiler for. Source: the list of tags, 2026-11. */
const runtimes = [8, 11, 17, 18, 19, 20, 21, 22, 23, 24, 25];

/** Repositories whose tag or name says which version of OpenJDK they hold. */
const javaImage =
  /^(?:library\/(?:openjdk|java|maven|gradle|eclipse-temurin|amazoncorretto|sapmachine|clojure)|adoptopenjdk(?:\/openjdk\d+)?|bellsoft\/liberica-open\w+-\w+|azul\/zulu-openjdk(?:-\w+)?|(?:sbtscala|hseeberger)\/scala-sbt|mozilla\/sbt)$/;

/** The image that a Java program runs on: a JRE of the same version. */
export function javaRuntime(input: PlanInput): string | Refusal {
  const { traits, baseName } = input;
  const reference = parseImageReference(baseName);
  const isDistribution = ['debian', 'ubuntu', 'alpine'].includes(traits?.family ?? '');
  if (isDistribution) {
    const hasJava = input.packages.some((name) => /^(?:openjdk|default-jre|java-\d+)/.test(name));
    const base = systemBase(traits);
    return hasJava && base !== undefined
      ? base
      : { code: 'base-image-unknown', reason: 'Where the Java of the stage comes from is not known.' };
  }
  if (
    reference === undefined ||
    reference.registry !== 'docker.io' ||
    !javaImage.test(reference.repository)
  ) {
    return { code: 'base-image-unknown', reason: `Which Java ${baseName} has is not known.` };
  }
  const version = versionOf(input, `${reference.repository}:${reference.tag ?? ''}`);
  if (version === undefined) {
    return {
      code: 'base-image-unknown',
      reason: `Which version of Java ${baseName} has is not known; its tag does not say.`,
    };
  }
  if (!runtimes.includes(version)) {
    return { code: 'no-smaller-image', reason: `There is no image of Java ${version} without the compiler.` };
  }
  const isMusl = traits?.libc === 'musl' || /alpine/.test(reference.tag ?? reference.repository);
  const manager = isMusl ? 'apk' : 'apt';
  if (input.packages.length > 0 && traits?.packageManager !== manager) {
    return {
      code: 'no-smaller-image',
      reason: `The system packages of ${baseName} are not those of an image with a JRE.`,
    };
  }
  const release =
    reference.repository === 'library/eclipse-temurin'
      ? /-(focal|jammy|noble|resolute)$/.exec(reference.tag ?? '')?.[1]
      : undefined;
  return jreImage(version, isMusl, release);
}

function versionOf(input: PlanInput, image: string): number | undefined {
  const named =
    /(?:jdk-?|openjdk\/?|temurin-|corretto-|sapmachine-|java:|openjdk:|temurin:|corretto:|sapmachine:|liberica-[\w-]+:|zulu-openjdk[\w-]*:|graalvm-(?:jdk-)?community-|-java|scala-sbt:|mozilla\/sbt:|temurin-alpine-|corretto-al\d+-)(\d+)/g;
  const found = [...image.matchAll(named)].map((match) => Number(match[1]));
  return found.at(-1) ?? statedVersion(input);
}

/** What the project says it is compiled for. */
function statedVersion({ project, directory }: PlanInput): number | undefined {
  return ['pom.xml', 'build.gradle', 'build.gradle.kts']
    .map((name) => statedRelease(project.reader.read(joinPath(directory, name)) ?? ''))
    .find((release) => release !== undefined);
}

/** True when the program compiles Java or looks into running processes, which only a JDK can. */
export function needsCompiler(sources: string): boolean {
  return /\bjavax\.tools\b|\bcom\.sun\.tools\b|\bToolProvider\b|\bjdk\.jshell\b/.test(sources);
}

/** The jar or classes that a `java` command starts from, as it names them. */
export function startedFiles(args: readonly string[]): { jar?: string; classpath?: readonly string[] } {
  for (const [i, word] of args.entries()) {
    if (word === '-jar') {
      const jar = args[i + 1];
      return jar === undefined ? {} : { jar };
    }
    if (['-cp', '-classpath', '--class-path'].includes(word)) {
      return { classpath: (args[i + 1] ?? '').split(':') };
    }
    if (!word.startsWith('-') && !word.startsWith('$')) {
      break;
    }
  }
  return { classpath: ['.'] };
}

/** The folder that `javac -d` writes to; undefined where classes land beside their sources, or it does not run. */
export function classFolder(input: PlanInput): string | undefined {
  const compiler = input.builds.findLast(({ command }) => command.name === 'javac');
  const words = compiler === undefined ? [] : knownArgs(compiler.command);
  const at = words.indexOf('-d');
  return at < 0 ? undefined : words[at + 1];
}
