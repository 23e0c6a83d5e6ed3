import { sourceFiles } from '../../ecosystems/source-text.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import { versionNumbers } from '../../images/tag.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, lineage, type Stage } from '../../model/dockerfile.ts';
import { gradleCode } from '../../project/formats/gradle.ts';
import { readDotnetProject } from '../../project/formats/msbuild.ts';
import { readPom } from '../../project/formats/pom.ts';
import { joinPath } from '../../project/paths.ts';
import type { Word } from '../../syntax/tree.ts';
import type { AnalysisContext } from '../context.ts';
import { buildFolderOf } from '../installs/install-order.ts';
import { baseTraits } from '../stage.ts';
import { originOf } from './origin.ts';

/** A program that another stage compiled for a version of its runtime that the stage does not have. */
export interface OtherRuntime {
  readonly title: 'Java' | '.NET';
  /** The copy that brings the program. */
  readonly source: Word;
  /** What the stage has, as in the tag of its image: `17`, `8.0`. */
  readonly has: string;
  readonly needs: string;
  /** Where the project says so: a file, or the image that compiles. */
  readonly saidBy: string;
}

/**
 * What a stage takes over that needs another version of Java or .NET than it has; undefined where the versions fit, and
 * where one of the two is not known.
 */
export function otherRuntime(context: AnalysisContext, stage: Stage): OtherRuntime | undefined {
  const traits = baseTraits(stage, context.images);
  const title = titleOf(traits);
  const has = traits?.version;
  if (title === undefined || has === undefined) {
    return undefined;
  }
  for (const step of allSteps(stage)) {
    const copy = readCopy(step, context.dockerfile);
    for (const source of copy === undefined || copy.from === 'context' ? [] : copy.sources) {
      const builder =
        copy === undefined
          ? undefined
          : originOf(context.dockerfile, context.images, copy, source.value)?.stage;
      const wanted =
        builder === undefined
          ? undefined
          : title === '.NET'
            ? dotnetVersion(context, builder)
            : javaVersion(context, builder);
      const isOther = wanted !== undefined && !fits(title, has, wanted.version);
      if (isOther) {
        return { title, source, has, needs: wanted.version, saidBy: wanted.saidBy };
      }
    }
  }
  return undefined;
}

/** A newer Java runs what was compiled for an older one; .NET looks for its own major version, and no other. */
function fits(title: 'Java' | '.NET', has: string, needs: string): boolean {
  const [own = 0] = versionNumbers(has);
  const [wanted = 0] = versionNumbers(needs);
  return title === 'Java' ? own >= wanted : own === wanted;
}

function titleOf(traits: ImageTraits | undefined): 'Java' | '.NET' | undefined {
  if (traits?.family === 'dotnet') {
    return /^(?:aspnet|runtime)-/.test(traits.variant ?? '') ? '.NET' : undefined;
  }
  const isJava =
    ['eclipse-temurin', 'amazoncorretto', 'openjdk'].includes(traits?.family ?? '') ||
    (traits?.family === 'distroless' && traits.variant === 'java');
  return isJava ? 'Java' : undefined;
}

interface Wanted {
  readonly version: string;
  readonly saidBy: string;
}

/** The framework of the one project that a stage publishes. */
function dotnetVersion(context: AnalysisContext, builder: Stage): Wanted | undefined {
  const { project } = context;
  const publish = lineage(builder)
    .flatMap(commandSteps)
    .findLast(({ command }) => command.name === 'dotnet' && command.args[0]?.value === 'publish');
  const directory = folderOf(context, builder, publish);
  if (publish === undefined || directory === undefined || takesRuntimeAlong(publish)) {
    return undefined;
  }
  const named = publish.command.args
    .map((word) => word.value ?? '')
    .find((word) => /\.(?:cs|fs|vb)proj$/.test(word));
  const files = sourceFiles(project, directory, /\.(?:csproj|fsproj|vbproj)$/);
  const path = named === undefined ? undefined : joinPath(directory, named.replace(/^\.\//, ''));
  const found =
    path === undefined ? (files.length === 1 ? files[0] : undefined) : files.find((one) => one.path === path);
  const read = found === undefined ? undefined : readDotnetProject(found.text);
  const version = /^net(\d+\.\d+)$/.exec(read?.properties['targetframework'] ?? '')?.[1];
  const isFree =
    read?.properties['rollforward'] !== undefined || read?.properties['selfcontained'] !== undefined;
  return found === undefined || version === undefined || isFree ? undefined : { version, saidBy: found.path };
}

/** The folder of the build context that a command works on. */
function folderOf(
  { dockerfile }: AnalysisContext,
  builder: Stage,
  at: CommandStep | undefined,
): string | undefined {
  const { directory } = at ?? {};
  return directory === undefined
    ? undefined
    : lineage(builder)
        .map((one) => buildFolderOf(dockerfile, one, directory))
        .find((one) => one !== undefined);
}

function takesRuntimeAlong({ command, step }: CommandStep): boolean {
  return (
    step.before.variables.has('DOTNET_ROLL_FORWARD') ||
    command.args.some((word) =>
      /^(?:--self-contained|--sc|-f|--framework|[-/]p:(?:SelfContained|PublishAot|TargetFramework|RollForward)=.*)$/i.test(
        word.text,
      ),
    )
  );
}

/** The version of Java that the classes of a stage are compiled for, at least. */
function javaVersion(context: AnalysisContext, builder: Stage): Wanted | undefined {
  const { project } = context;
  const build = lineage(builder)
    .flatMap(commandSteps)
    .findLast(({ command }) => /^(?:\.\/)?(?:mvnw?|gradlew?)$/.test(command.name ?? ''));
  const directory = folderOf(context, builder, build);
  if (build === undefined || directory === undefined) {
    return undefined;
  }
  const isMaven = /mvnw?$/.test(build.command.name ?? '');
  const names = isMaven ? ['pom.xml'] : ['build.gradle', 'build.gradle.kts'];
  for (const name of names) {
    const text = project.reader.read(joinPath(directory, name));
    const version = text === undefined ? undefined : isMaven ? versionOfPom(text) : versionOfGradle(text);
    if (version !== undefined) {
      return { version, saidBy: name };
    }
  }
  return undefined;
}

function versionOfPom(text: string): string | undefined {
  const pom = readPom(text);
  const isSpring = pom?.parent.artifactId === 'spring-boot-starter-parent';
  const { properties = {} } = pom ?? {};
  const value =
    pom?.buildHas('release') === true
      ? pom.textsOf('release')[0]
      : (properties['maven.compiler.release'] ??
        properties['maven.compiler.target'] ??
        (isSpring ? properties['java.version'] : undefined));
  const named = /^\$\{([\w.]+)\}$/.exec(value ?? '')?.[1];
  const version = named === undefined ? value : properties[named];
  return /^\d+$/.test(version ?? '') ? version : undefined;
}

/** Only what stands there once is certain to count. */
function versionOfGradle(text: string): string | undefined {
  const stated = gradleCode(text).matchAll(
    /JavaLanguageVersion\.of\((\d+)\)|\bjvmToolchain\((\d+)\)|\btargetCompatibility[ =]{0,5}(?:JavaVersion\.VERSION_|["'])?(\d+)\b/g,
  );
  const versions = new Set([...stated].map((match) => match[1] ?? match[2] ?? match[3]));
  return versions.size === 1 ? [...versions][0] : undefined;
}
