import { joinImage } from '../../model/paths.ts';
import { gradleCode } from '../../project/formats/gradle.ts';
import { type Pom, readPom } from '../../project/formats/pom.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import type { Refusal } from '../runtime-plan.ts';

/** What the build files of a Java project say of what is built. */
export interface JavaProject {
  readonly isSpringBoot: boolean;
  /** True where the jar can be extracted into layers without more ado: Spring Boot 3.3 or later with its own settings. */
  readonly hasLayers: boolean;
  /** Absolute path in the image of the jar that the build leaves; undefined where it is not known. */
  readonly jar: string | undefined;
  /** The same with a star for the version, which changes; undefined where it would match more files. */
  readonly jarOfAnyVersion: string | undefined;
  /** The name of that jar without its version. */
  readonly jarName: string;
  /** Folder that Gradle's `installDist` writes, with the script in it. */
  readonly distribution: string | undefined;
  readonly script: string | undefined;
  /** The files beside a jar that it needs, relative to its folder; empty where it holds everything itself. */
  besideJar(path: string): readonly string[] | Refusal;
}

/** Plugins that put all dependencies into one jar. */
const fatJar =
  /spring-boot-maven-plugin|maven-shade-plugin|maven-assembly-plugin|onejar|quarkus-maven-plugin|micronaut-maven-plugin|helidon|org\.springframework\.boot|springBoot|\bshadow\b|shadowJar|johnrengelman|runtimeClasspath|configurations\.compile|io\.ktor\.plugin|libs\.plugins\.(?:ktor|spring|shadow)|io\.quarkus|io\.micronaut|dropwizard/;

/** Reads pom.xml or build.gradle of a project that is built in `workdir`. */
export function readJavaProject(project: Project, directory: ContextPath, workdir: ImagePath): JavaProject {
  const read = (name: string): string => project.reader.read(joinPath(directory, name)) ?? '';
  const pom = readPom(read('pom.xml'));
  if (pom !== undefined) {
    return mavenProject(project, directory, workdir, pom);
  }
  const script = gradleCode(`${read('build.gradle')}\n${read('build.gradle.kts')}`);
  const settings = gradleCode(`${read('settings.gradle')}\n${read('settings.gradle.kts')}`);
  const properties = read('gradle.properties');
  const all = [script, ...modulesOf(project, directory, /^build\.gradle(?:\.kts)?$/)].join('\n');
  const folder = workdir.slice(workdir.lastIndexOf('/') + 1);
  const name = /rootProject\.name\s*=\s*["']([\w.-]+)["']/.exec(settings)?.[1] ?? folder;
  const version =
    /^[ \t]*version\s*(?:=\s*)?["']([\w.+-]+)["']/m.exec(script)?.[1] ??
    /^version\s*=\s*(\S+)/m.exec(properties)?.[1];
  const isSpringBoot = /org\.springframework\.boot/.test(script);
  const renames = /archive(?:FileName|BaseName|Version|Classifier)|\bbaseName\b|buildDir|buildDirectory/.test(
    script,
  );
  const hasModules = /^[ \t]*include\b/m.test(settings);
  const isApplication =
    /(?:id\s*(?:\(\s*)?["']application["']|plugin:\s*["']application["']|^[ \t]*application[ \t]*$)/m.test(
      script,
    );
  const start = /applicationName\s*=\s*["']([\w.-]+)["']/.exec(script)?.[1] ?? name;
  const hasOwnDistribution = /distributions?\s*\{|distributionBaseName/.test(script);
  return {
    isSpringBoot,
    hasLayers:
      !/\blayered\b/.test(script) &&
      isLayeredVersion(/org\.springframework\.boot["']\)?\s*version\s*\(?["']([\d.]+)/.exec(script)?.[1]),
    // Beside the jar with everything in it, `build` also leaves one without the dependencies.
    jarOfAnyVersion: undefined,
    jarName: `${name}.jar`,
    jar:
      renames || hasModules || (!isSpringBoot && /^[ \t]*version\b/m.test(script) && version === undefined)
        ? undefined
        : joinImage(workdir, `build/libs/${version === undefined ? name : `${name}-${version}`}.jar`),
    distribution:
      isApplication && !hasModules && !hasOwnDistribution
        ? joinImage(workdir, `build/install/${start}`)
        : undefined,
    script: start,
    besideJar: () => {
      if (fatJar.test(all)) {
        return [];
      }
      const isAlone = !/^[ \t]*(?:implementation|api|compile|runtime|runtimeOnly)\b/m.test(all);
      return isAlone
        ? []
        : { code: 'start-unknown', reason: 'Which files beside the jar the program needs is not known.' };
    },
  };
}

function mavenProject(project: Project, directory: ContextPath, workdir: ImagePath, pom: Pom): JavaProject {
  const all = [pom, ...modulesOf(project, directory, /^pom\.xml$/).flatMap((text) => readPom(text) ?? [])];
  const names = all.flatMap((one) => one.names);
  const { artifactId: artifact, version, finalName, packaging = 'jar' } = pom;
  const resolved = (finalName ?? `${artifact}-${version}`)
    .replace(/\$\{(?:project\.|pom\.)?artifactId\}/g, artifact ?? '$')
    .replace(/\$\{(?:project\.|pom\.)?version\}/g, version ?? '$')
    .replace(/\$\{([\w.-]+)\}/g, (whole, name: string) => pom.properties[name] ?? whole);
  const isKnown =
    !resolved.includes('$') && artifact !== undefined && version !== undefined && packaging !== 'pom';
  const isRenamed = pom.buildHas('classifier', 'outputDirectory', 'directory');
  const isSpringBoot = pom.names.includes('spring-boot-maven-plugin');
  const hasOthers =
    pom.names.some((name) => /^maven-(?:source|javadoc|assembly|shade)-plugin$/.test(name)) ||
    [...pom.textsOf('goal'), ...pom.textsOf('type')].includes('test-jar');
  return {
    isSpringBoot,
    hasLayers:
      isSpringBoot &&
      packaging === 'jar' &&
      !pom.buildHas('layers', 'layout') &&
      isLayeredVersion(
        pom.parent.artifactId === 'spring-boot-starter-parent' ? pom.parent.version : undefined,
      ),
    jarOfAnyVersion:
      isKnown && !isRenamed && !hasOthers && finalName === undefined
        ? joinImage(workdir, `target/${artifact}-*.${packaging}`)
        : undefined,
    jarName: `${finalName === undefined ? artifact : resolved}.${packaging}`,
    jar: isKnown && !isRenamed ? joinImage(workdir, `target/${resolved}.${packaging}`) : undefined,
    distribution: undefined,
    script: undefined,
    besideJar: (path) => {
      if (names.some((name) => fatJar.test(name))) {
        return [];
      }
      const prefix = all
        .flatMap((one) => one.textsOf('classpathPrefix'))
        .map((text) => text.replace(/^\.?\/|\/$/g, ''))
        .find((text) => /^[\w/-]+$/.test(text));
      if (prefix !== undefined) {
        return [prefix];
      }
      const isAlone = all.every((one) => one.runTimeDependencies === 0);
      return isAlone || /-jar-with-dependencies\.jar$/.test(path)
        ? []
        : { code: 'start-unknown', reason: 'Which files beside the jar the program needs is not known.' };
    },
  };
}

/** True for the versions of Spring Boot whose jars take themselves apart so that they need no loader. */
function isLayeredVersion(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > 3 || (major === 3 && minor >= 3);
}

/** The build files of the folders right below the project's. */
function modulesOf(project: Project, directory: ContextPath, file: RegExp): string[] {
  return (project.reader.list(directory) ?? [])
    .filter((entry) => entry.kind === 'directory' && !entry.name.startsWith('.'))
    .flatMap(({ name }) => {
      const folder = joinPath(directory, name);
      return (project.reader.list(folder) ?? [])
        .filter((entry) => file.test(entry.name))
        .map((entry) => project.reader.read(joinPath(folder, entry.name)) ?? '');
    });
}
