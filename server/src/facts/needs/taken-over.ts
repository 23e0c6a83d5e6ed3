import type { ImageTraits } from '../../images/knowledge.ts';
import { commandSteps } from '../../model/commands.ts';
import { type Copy, readCopy } from '../../model/copy.ts';
import { allSteps, lineage, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import type { Project } from '../../project/project.ts';
import type { Word } from '../../syntax/tree.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { AnalysisContext } from '../context.ts';
import { folderOfModules, modulesIn } from '../installs/copied-modules.ts';
import { buildFolderOf } from '../installs/install-order.ts';
import { environmentAt, isWheelFolder } from './environments.ts';
import type { Interpreter } from './interpreters.ts';
import { type DynamicBuild, dynamicBuild } from './linking.ts';
import { type NativePackage, nativePackages } from './native-packages.ts';
import { type Origin, originOf } from './origin.ts';

/** Something that a stage takes over from another, and that only runs on some systems. */
export interface TakenOver {
  readonly copy: Copy;
  /** The source of the copy that brings it. */
  readonly source: Word;
  readonly origin: Origin;
  /** As it reads within a sentence: `the program`, `node_modules`. */
  readonly what: string;
  /** `program` where it is linked to the C library for certain; `packages` where packages in it may be. */
  readonly kind: 'program' | 'packages';
  /** True for an interpreter that its image brings, together with libraries that stay behind (`libstdc++`). */
  readonly needsLibraries?: true;
  /** The build of a program, where a command of the project makes it. */
  readonly build?: DynamicBuild;
  /** The packages in it that hold binaries; undefined for a program, and where no file tells. */
  readonly packages?: readonly NativePackage[];
  /** The interpreter that it was installed for. */
  readonly interpreter?: Interpreter;
  /** True where paths in it name the version of the interpreter: with another one nothing in it is found. */
  readonly isOfVersion?: boolean;
  /** True where programs in it start the interpreter by its path. */
  readonly namesInterpreter?: boolean;
  /** True for wheels, which an install of the stage that takes them looks through. */
  readonly isInstalled?: true;
}

/** What a stage takes over from other stages and images and that was made for one system. What is not understood is left out. */
export function takenOver(context: AnalysisContext, stage: Stage): readonly TakenOver[] {
  const { dockerfile, images } = context;
  return allSteps(stage).flatMap((step) => {
    const copy = readCopy(step, dockerfile);
    return copy === undefined || copy.from === 'context'
      ? []
      : copy.sources.flatMap((source) => {
          const origin = originOf(dockerfile, images, copy, source.value);
          const found = origin === undefined ? undefined : whatIs(context, origin);
          return origin === undefined || found === undefined ? [] : [{ copy, source, origin, ...found }];
        });
  });
}

type Found = Omit<TakenOver, 'copy' | 'source' | 'origin'>;

function whatIs(context: AnalysisContext, origin: Origin): Found | undefined {
  const { project } = context;
  const { stage, path, traits } = origin;
  const ready = readyProgram(path, traits);
  if (ready !== undefined) {
    // A Java runtime has its libraries within its own folder.
    return {
      what: ready,
      kind: 'program',
      ...(ready === 'the Java runtime' ? {} : { needsLibraries: true as const }),
    };
  }
  if (stage === undefined || !project.isKnown) {
    return undefined;
  }
  const runtime = javaRuntime(stage, path);
  if (runtime) {
    return { what: 'the Java runtime that jlink makes', kind: 'program' };
  }
  const environment = environmentAt(stage, path);
  if (environment !== undefined) {
    const packages = packagesOf(project, 'python', folderOf(context, stage));
    return {
      ...environment,
      kind: 'packages',
      interpreter: 'python',
      ...(packages === undefined ? {} : { packages }),
    };
  }
  const folder = folderOfModules(path);
  const modules = folder === undefined ? undefined : modulesFrom(context, stage, folder);
  if (modules !== undefined) {
    return modules;
  }
  if (isGemFolder(path)) {
    const packages = packagesOf(project, 'ruby', folderOf(context, stage));
    const isOfVersion = path.includes('/vendor/bundle');
    return {
      what: `the gems in ${path}`,
      kind: 'packages',
      interpreter: 'ruby',
      isOfVersion,
      ...(packages === undefined ? {} : { packages }),
    };
  }
  if (isWheelFolder(stage, path)) {
    const packages = packagesOf(project, 'python', folderOf(context, stage));
    return {
      what: `the wheels of ${path}`,
      kind: 'packages',
      interpreter: 'python',
      isInstalled: true,
      ...(packages === undefined ? {} : { packages }),
    };
  }
  if (traits?.family === 'php' && /^\/usr\/local\/lib\/php(?:\/extensions(?:\/|$)|$)/.test(path)) {
    return { what: `the extensions in ${path}`, kind: 'packages', interpreter: 'php', isOfVersion: true };
  }
  const build = dynamicBuild(stage, path, project, folderOf(context, stage), traits);
  return build?.isDynamic === true
    ? { what: `\`${path.slice(path.lastIndexOf('/') + 1)}\``, kind: 'program', build }
    : undefined;
}

/** Programs that images bring ready, and that are linked to their C library. */
const readyPrograms: readonly { readonly family: string; readonly path: RegExp; readonly what: string }[] = [
  { family: 'node', path: /^\/usr\/local(?:\/bin(?:\/node)?)?$/, what: 'Node.js' },
  { family: 'python', path: /^\/usr\/local(?:\/bin(?:\/python[\d.]*)?)?$/, what: 'Python' },
  { family: 'ruby', path: /^\/usr\/local(?:\/bin(?:\/ruby)?)?$/, what: 'Ruby' },
  { family: 'bun', path: /^\/usr\/local\/bin(?:\/bun)?$/, what: 'Bun' },
  { family: 'deno', path: /^\/(?:usr\/(?:local\/)?bin\/)?deno$/, what: 'Deno' },
  { family: 'eclipse-temurin', path: /^\/opt\/java(?:\/openjdk)?$/, what: 'the Java runtime' },
  { family: 'amazoncorretto', path: /^\/usr\/lib\/jvm(?:\/|$)/, what: 'the Java runtime' },
  { family: 'openjdk', path: /^\/usr\/(?:local\/openjdk-|java\/openjdk-)\d+$/, what: 'the Java runtime' },
];

function readyProgram(path: string, traits: ImageTraits | undefined): string | undefined {
  return readyPrograms.find((one) => one.family === traits?.family && one.path.test(path))?.what;
}

function javaRuntime(stage: Stage, path: string): boolean {
  return lineage(stage)
    .flatMap((one) => commandSteps(one))
    .some(({ command, directory }) => {
      const words = command.args.map((word) => word.value ?? '');
      const at = words.indexOf('--output');
      const named = at < 0 ? words.find((word) => word.startsWith('--output='))?.slice(9) : words[at + 1];
      return (
        command.name === 'jlink' &&
        named !== undefined &&
        (named.startsWith('/') || directory !== undefined) &&
        normalizePath(named.startsWith('/') ? named : `${directory}/${named}`) === path
      );
    });
}

/** The folder of the build context that a stage works on, or the stage that it starts from. */
function folderOf({ dockerfile }: AnalysisContext, stage: Stage): string | undefined {
  return lineage(stage)
    .map((one) => buildFolderOf(dockerfile, one, one.end.workdir ?? '/'))
    .find((one) => one !== undefined);
}

function packagesOf(
  project: Project,
  language: Exclude<Interpreter, 'php'>,
  directory: ContextPath | undefined,
): readonly NativePackage[] | undefined {
  return directory === undefined ? undefined : nativePackages(language, project, directory);
}

function modulesFrom(context: AnalysisContext, stage: Stage, folder: string): Found | undefined {
  const found = modulesIn(context.dockerfile, stage, folder) ?? prunedIn(stage, folder);
  const packages =
    found === undefined
      ? undefined
      : packagesOf(context.project, 'node', folderOf(context, found.stage))?.filter(
          ({ name }) => name !== '@prisma/client' || generatesEngine(context, found.stage, stage),
        );
  if (packages === undefined || packages.length === 0) {
    return undefined;
  }
  return { what: 'node_modules', kind: 'packages', interpreter: 'node', packages };
}

/** True where a stage generates the client of Prisma for its own system alone. */
function generatesEngine({ project }: AnalysisContext, ...stages: readonly Stage[]): boolean {
  const generates = stages
    .flatMap(lineage)
    .flatMap(commandSteps)
    .some(({ command }) => {
      const words = [command.name, ...command.args.map((word) => word.value)];
      return words.includes('prisma') && words.includes('generate');
    });
  const schema = project.reader.read('prisma/schema.prisma') ?? '';
  return generates && schema !== '' && !/\bbinaryTargets\b|\bengineType\b/.test(schema);
}

/** The stage of modules whose development dependencies were taken away: what stays was installed there all the same. */
function prunedIn(stage: Stage, folder: string): { readonly stage: Stage } | undefined {
  const isInstalled = commandSteps(stage).some(
    ({ command, directory }) =>
      directory === folder &&
      ['npm', 'yarn', 'pnpm'].includes(command.name ?? '') &&
      ['ci', 'install', 'i', undefined].includes(command.args[0]?.value),
  );
  return isInstalled ? { stage } : undefined;
}

function isGemFolder(path: string): boolean {
  return (
    path === '/usr/local/bundle' ||
    path.startsWith('/usr/local/bundle/') ||
    /\/vendor\/bundle(?:\/|$)/.test(path)
  );
}
