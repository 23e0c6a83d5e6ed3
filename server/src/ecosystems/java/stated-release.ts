import { gradleCode } from '../../project/formats/gradle.ts';
import { readPom } from '../../project/formats/pom.ts';

/** The properties that say which release Maven compiles for, the most binding first. */
const properties = [
  'maven.compiler.release',
  'java.version',
  'maven.compiler.target',
  'maven.compiler.source',
];

/**
 * The release of Java that a pom.xml or a build script of Gradle compiles for. Undefined below 17: what is compiled for an
 * older one is often built with, and run on, a newer one that nothing states.
 */
export function statedRelease(text: string): number | undefined {
  const release = Number(mavenRelease(text) ?? gradleRelease(text));
  return release >= 17 ? release : undefined;
}

function mavenRelease(text: string): string | undefined {
  const pom = readPom(text);
  return (
    properties.map((name) => pom?.properties[name]).find((value) => /^\d/.test(value ?? '')) ??
    pom?.textsOf('release').find((value) => /^\d/.test(value))
  );
}

function gradleRelease(text: string): string | undefined {
  const found =
    /languageVersion\D{1,60}?(\d+)|VERSION_(\d+)|jvmToolchain\((\d+)|(?:source|target)Compatibility[^\n\d]{1,20}(\d+)/.exec(
      gradleCode(text),
    );
  return found?.slice(1).find((one) => one !== undefined);
}
