import { movedFiles } from '../../ecosystems/built-files.ts';
import { binaryOf, cgoModules, cgoSetting } from '../../ecosystems/go/plan.ts';
import { hasAlpineRust } from '../../ecosystems/rust/alpine.ts';
import { readSources } from '../../ecosystems/source-text.ts';
import {
  type DistrolessKind,
  distrolessImage,
  distrolessRelease,
} from '../../images/families/runtime-bases.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import { installsPackage } from '../../model/installed-packages.ts';
import { normalizePath } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption } from '../../syntax/shell/script.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import { compiledBy } from './compilers.ts';

/** The build of a program, and what the program is linked to. */
export interface DynamicBuild {
  readonly language: string;
  readonly at: CommandStep;
  /** True when the program is linked to libraries that it looks for when it starts. */
  readonly isDynamic: boolean;
  /** What they are: `the C library of Debian (glibc)`. */
  readonly libraries: string;
  /** How the program comes to need none of them. */
  readonly remedy: 'no cgo' | 'static' | undefined;
  /** The image without a shell that has them. */
  readonly image: string | undefined;
}

/**
 * The command in a stage that builds what lies at a path, with what the result is linked to. Undefined where no command
 * is known to, or where it is not certain how it links.
 */
export function dynamicBuild(
  stage: Stage,
  path: string,
  project: Project,
  directory: ContextPath | undefined,
  traits: ImageTraits | undefined,
): DynamicBuild | undefined {
  const source = normalizePath(`/${path}`);
  const steps = lineage(stage)
    .reverse()
    .flatMap((one) => commandSteps(one));
  const moved = movedFiles(steps).findLast((file) => file.to === source)?.from;
  for (const at of steps.toReversed()) {
    const found =
      (directory === undefined
        ? undefined
        : (goBuild(at, stage, source, project, directory, traits) ??
          cargoBuild(at, stage, steps, source, project, directory, traits))) ??
      compilerRun(at, source, traits) ??
      (moved === undefined ? undefined : compilerRun(at, moved, traits)) ??
      (directory === undefined ? undefined : otherBuild(at, moved ?? source, project, directory, traits));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** A program of a language whose compiler is only known by its command and its output. */
function otherBuild(
  at: CommandStep,
  source: string,
  project: Project,
  directory: ContextPath,
  traits: ImageTraits | undefined,
): DynamicBuild | undefined {
  const found = traits?.libc === undefined ? undefined : compiledBy(at, source, project, directory);
  return found === undefined
    ? undefined
    : { ...found, at, libraries: libraryOf(traits), remedy: undefined, image: undefined };
}

/** Packages of Go that use C code of their own where they can, and modules that use those. */
const usesNetwork =
  /"(?:net|net\/\w+|os\/user)"|gin-gonic\/gin|labstack\/echo|gofiber\/fiber|go-chi\/chi|gorilla\/mux|google\.golang\.org\/grpc|go-redis|lib\/pq|jackc\/pgx|mongo-driver|aws-sdk-go|go-sql-driver|nats-io/;

function goBuild(
  at: CommandStep,
  stage: Stage,
  source: string,
  project: Project,
  directory: ContextPath,
  traits: ImageTraits | undefined,
): DynamicBuild | undefined {
  const { command } = at;
  const verb = command.args[0]?.value;
  if (command.name !== 'go' || (verb !== 'build' && verb !== 'install')) {
    return undefined;
  }
  const modules = project.reader.read(joinPath(directory, 'go.mod')) ?? '';
  const sources = readSources(project, directory, /\.go$/);
  const output = modules === '' ? undefined : binaryOf(at, modules);
  if (output === undefined || sources === '' || !isAtOrBelow(output, source)) {
    return undefined;
  }
  const hasCompiler =
    traits?.tools?.includes('gcc') === true ||
    ['gcc', 'build-base', 'build-essential', 'clang'].some((name) => installsPackage(stage, name));
  const usesC = /^[ \t]*import\s+"C"/m.test(sources) || cgoModules.test(modules);
  const flags = command.args.map((word) => word.text).join(' ');
  const setting = cgoSetting(at);
  const isHidden = at.step.before.variables.has('CGO_ENABLED') && setting === undefined;
  const isStatic =
    setting === '0' ||
    /-static\b|netgo/.test(flags) ||
    !hasCompiler ||
    !(usesC || usesNetwork.test(sources + modules));
  return isHidden
    ? undefined
    : {
        language: 'Go',
        at,
        isDynamic: !isStatic,
        libraries: libraryOf(traits),
        remedy: usesC || setting === '1' ? undefined : 'no cgo',
        image: distroless('base', traits),
      };
}

function cargoBuild(
  at: CommandStep,
  stage: Stage,
  steps: readonly CommandStep[],
  source: string,
  project: Project,
  directory: ContextPath,
  traits: ImageTraits | undefined,
): DynamicBuild | undefined {
  const { command } = at;
  const verb = command.args.find((word) => !/^[-+]/.test(word.text))?.value;
  if (command.name !== 'cargo' || !['build', 'install', 'rustc', 'b'].includes(verb ?? '')) {
    return undefined;
  }
  const folder = /\/target\/(?:([\w.-][\w.]*-[\w.-]+)\/)?\w+\/[\w-]+$/;
  const moved = steps.find(
    ({ command: one, directory: where }) =>
      ['cp', 'mv', 'install'].includes(one.name ?? '') &&
      one.args.some((word) => /(?:^|\/)target\//.test(word.text)) &&
      isAtOrBelow(absolute(one.args.at(-1)?.value, where), source),
  );
  const from = moved?.command.args.find((word) => /(?:^|\/)target\//.test(word.text))?.text;
  const built = folder.exec(from === undefined ? source : `/${from}`);
  const isInstalled = verb === 'install' && /\/bin\/[\w-]+$/.test(source);
  if (built === null && !isInstalled) {
    return undefined;
  }
  const settings = ['.cargo/config.toml', '.cargo/config']
    .map((name) => project.reader.read(joinPath(directory, name)) ?? '')
    .join('\n');
  const { variables } = at.step.before;
  const said = [
    settings,
    built?.[1] ?? '',
    variables.get('RUSTFLAGS') ?? '',
    ...command.assignments.map((one) => one.value ?? ''),
    ...command.args.map((word) => word.text),
  ].join(' ');
  const isUnknown = ['RUSTFLAGS', 'CARGO_BUILD_TARGET', 'CARGO_ENCODED_RUSTFLAGS'].some(
    (name) => variables.has(name) && (name !== 'RUSTFLAGS' || variables.get(name) === undefined),
  );
  // Rust for musl links everything in, but for the package of Alpine.
  const isDynamicOnMusl = traits?.libc === 'musl' && hasAlpineRust(stage);
  if (isUnknown || /\$/.test(said) || (traits?.libc !== 'glibc' && !isDynamicOnMusl)) {
    return undefined;
  }
  return {
    language: 'Rust',
    at,
    isDynamic: !/musl|crt-static/.test(said),
    libraries: libraryOf(traits),
    remedy: undefined,
    image: distroless('cc', traits),
  };
}

function compilerRun(
  at: CommandStep,
  source: string,
  traits: ImageTraits | undefined,
): DynamicBuild | undefined {
  const { command } = at;
  const isCompiler = ['gcc', 'g++', 'cc', 'c++', 'clang', 'clang++'].includes(command.name ?? '');
  const out = command.args.findIndex((word) => word.text === '-o');
  const output = absolute(out < 0 ? undefined : command.args[out + 1]?.value, at.directory);
  const isHidden = command.args.some((word) => word.text.includes('$'));
  if (
    !isCompiler ||
    isHidden ||
    !isAtOrBelow(output, source) ||
    hasOption(command, '-c', '-shared', '-E', '-S') ||
    traits?.libc === undefined
  ) {
    return undefined;
  }
  const isPlus = command.name?.endsWith('++') === true;
  const linksOther = command.args.some((word) => /^-l(?!m$|pthread$|rt$|dl$|c$)/.test(word.text));
  return {
    language: 'C',
    at,
    isDynamic: !hasOption(command, '-static', '--static', '-static-pie'),
    libraries: libraryOf(traits),
    remedy: linksOther ? undefined : 'static',
    image: linksOther ? undefined : distroless(isPlus ? 'cc' : 'base', traits),
  };
}

function absolute(path: string | undefined, directory: ImagePath | undefined): ImagePath | undefined {
  if (path === undefined || (!path.startsWith('/') && directory === undefined)) {
    return undefined;
  }
  return normalizePath(path.startsWith('/') ? path : `${directory}/${path}`);
}

/** True for the path itself, and for a file below the folder that the path names. */
function isAtOrBelow(file: string | undefined, path: string): boolean {
  return file !== undefined && (file === path || file.startsWith(`${path === '/' ? '' : path}/`));
}

function libraryOf(traits: ImageTraits | undefined): string {
  return traits?.libc === 'musl' ? 'the C library of Alpine (musl)' : 'the C library of its builder (glibc)';
}

/** The distroless image with the libraries of the same Debian release. */
function distroless(kind: DistrolessKind, traits: ImageTraits | undefined): string | undefined {
  const release = distrolessRelease(traits);
  return release === undefined ? undefined : distrolessImage(kind, release);
}

/** True when the sources show that a program calls HTTPS addresses, and that it brings no authorities of its own. */
export function needsCertificates(build: DynamicBuild, project: Project, directory: ContextPath): boolean {
  if (build.language === 'Go') {
    const sources = readSources(project, directory, /\.go$/);
    const modules = project.reader.read(joinPath(directory, 'go.mod')) ?? '';
    const calls =
      /"https:\/\//.test(sources) &&
      /\bhttp\.(?:Get|Post|PostForm|Head|NewRequest\w*|DefaultClient|Client\{)/.test(sources);
    const isClient =
      /aws-sdk-go|stripe-go|google\.golang\.org\/api|cloud\.google\.com\/go|slack-go|sendgrid|oauth2/.test(
        modules,
      );
    return (calls || isClient) && !/x509roots|gocertifi|InsecureSkipVerify:\s*true/.test(sources + modules);
  }
  const manifest = project.reader.read(joinPath(directory, 'Cargo.toml')) ?? '';
  return build.language === 'Rust' && /rustls-native-certs|rustls-tls-native-roots|native-tls/.test(manifest);
}

/** True when a stage has the file of certificate authorities. */
export function hasCertificates(stage: Stage, traits: ImageTraits | undefined): boolean {
  return (
    ['golang', 'rust', 'buildpack-deps', 'alpine', 'gcc'].includes(traits?.family ?? '') ||
    traits?.distribution?.id === 'alpine' ||
    installsPackage(stage, 'ca-certificates')
  );
}
