import { asNonRoot, distrolessImage, systemBase } from '../../images/families/runtime-bases.ts';
import type { CommandStep } from '../../model/commands.ts';
import { joinImage } from '../../model/paths.ts';
import { readCargoManifest } from '../../project/formats/cargo.ts';
import { joinPath } from '../../project/paths.ts';
import { knownArgs } from '../../syntax/shell/script.ts';
import { movedFiles } from '../built-files.ts';
import {
  type CommandChange,
  isChangeable,
  type PlanInput,
  type Refusal,
  type RuntimeCopy,
  type RuntimePlan,
} from '../runtime-plan.ts';
import { readSources } from '../source-text.ts';
import { hasAlpineRust } from './alpine.ts';
import { alpineHeaders, linkedLibraries, linksToNothing } from './crates.ts';
import { programs, type RustProgram, readRustProgram, targetFolder } from './program.ts';
import { isCargoBuild, rustToolchain, verbOf } from './toolchain.ts';

/** Takes a Rust project apart: the program alone, on an image with nothing but what it is linked to. */
export function planRust(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, traits } = input;
  const manifest = project.reader.read(joinPath(directory, 'Cargo.toml'));
  if (manifest === undefined) {
    return { code: 'manifest-unreadable', reason: 'There is no readable Cargo.toml where the build runs.' };
  }
  const program = readRustProgram(input, manifest);
  if ('reason' in program) {
    return program;
  }
  const lock = project.reader.read(joinPath(directory, 'Cargo.lock')) ?? '';
  const target = targetOf(input);
  const isStatic = target?.includes('musl') === true || (target === undefined && isStaticOnMusl(input));
  const libraries = linkedLibraries(lock);
  if (!isStatic && libraries.unknown !== undefined && input.packages.length === 0) {
    return {
      code: 'libraries-unknown',
      reason: `What the crate ${libraries.unknown} is linked to is not known.`,
    };
  }
  const needsLock = readCargoManifest(manifest)?.hasDependencies !== false;
  if (lock === '' && !isStatic && needsLock && !linksToNothing(project, directory)) {
    return {
      code: 'manifest-unreadable',
      reason: 'Without Cargo.lock it is not known which libraries the program is linked to.',
    };
  }
  const isDynamicOnMusl = traits?.libc === 'musl' && !isStatic;
  const headers = isStatic
    ? []
    : libraries.packages.map((name) => ({ name, own: isDynamicOnMusl ? alpineHeaders(name) : name }));
  const unnamed = headers.find(({ own }) => own === undefined);
  if (unnamed !== undefined) {
    return {
      code: 'libraries-unknown',
      reason: `Which package of Alpine has the library of ${unnamed.name} is not known.`,
    };
  }
  const needed = headers.flatMap(({ own = '' }) => input.facts.runTimeLibraries(own) ?? [own]);
  const added = [...new Set(needed)].filter((name) => !input.packages.includes(name));
  const sources = readSources(project, directory, /\.rs$/);
  const writes = input.facts.writesBeside(sources);
  const assets = input.facts.assetCopies(
    withoutEmbedded(sources),
    /\.(?:rs|lock|md|sql)$|^(?:Makefile|LICENSE|build\.rs|(?:Cargo|Cross|Trunk|Dioxus|clippy|deny|diesel|release|rust-toolchain|rustfmt|\.?taplo)\.toml)$/,
  );
  const { started } = program;
  const called = input.facts.calledPrograms(sources);
  const needsSystem =
    input.needsShell ||
    started.needsShell ||
    started.isWrapped ||
    called.length > 0 ||
    writes ||
    input.packages.length > 0 ||
    added.length > 0 ||
    isDynamicOnMusl;
  const base = needsSystem
    ? systemBase(traits, input.packages.length === 0 && libraries.packages.length === 0)
    : isStatic
      ? asNonRoot(distrolessImage('static'))
      : traits?.distribution?.id === 'debian'
        ? asNonRoot(distrolessImage('cc'))
        : undefined;
  if (base === undefined) {
    return {
      code: 'base-image-unknown',
      reason: `Which release of which system ${input.baseName} is built on is not known; a tag such as rust:1-trixie says it.`,
    };
  }
  const mountsTarget = canMountTarget(input);
  const keepsPath = program.isPlaced || started.needsShell || started.isWrapped;
  const shared = joinImage(programs, program.name);
  const from = program.isPlaced ? program.path : mountsTarget ? shared : program.built;
  const start = [keepsPath ? started.word : program.name, ...started.args];
  const present = traits?.libc === 'musl' ? ['wget', 'tar', 'gzip', 'unzip'] : ['bash', 'tar', 'gzip'];
  const workdir = input.stage.end.workdir ?? input.workdir;
  return {
    base,
    content: 'built',
    packages: needsSystem
      ? [
          ...(isDynamicOnMusl && !input.packages.includes('libgcc') ? ['libgcc'] : []),
          ...(input.packages.includes('ca-certificates') ? [] : ['ca-certificates']),
          ...added,
          ...input.facts.programPackages(called, present),
        ]
      : [],
    change: (at) => changeBuild(at, input, mountsTarget, program.isPlaced ? undefined : program),
    copies: [
      { from, to: keepsPath ? program.path : shared, isFile: true },
      ...otherPrograms(input, program.path),
      ...assets.copies,
    ],
    start: keepsPath && (!started.isShell || started.needsShell || started.isWrapped) ? undefined : start,
    ...(writes ? { writtenFolder: workdir } : {}),
    needless: ['the Rust toolchain', 'the crates', 'the sources'],
    assumptions: [
      isStatic
        ? 'The program is linked to nothing and needs no system around it.'
        : needed.length === 0
          ? `The program is linked to nothing but the C library${isDynamicOnMusl ? ' and libgcc' : ''}.`
          : `The program is linked to ${[...new Set(needed)].filter((name) => name !== 'ca-certificates').join(', ')}, as Cargo.lock tells.`,
      ...(assets.copies.length === 0
        ? []
        : [`At run time the program also reads ${assets.names.join(', ')}.`]),
    ],
  };
}

/** Other programs of the build that the stage puts somewhere: the one that starts may call them. */
function otherPrograms(input: PlanInput, own: string): RuntimeCopy[] {
  const folder = targetFolder(input);
  return movedFiles(input.commands)
    .filter(
      ({ from, to }) =>
        to !== own && from.startsWith(`${folder}/`) && /\/(?:release|debug)\/[\w.-]+$/.test(from),
    )
    .map(({ to }) => ({ from: to, to, isFile: true }));
}

/** The target that the builds name; undefined where they build for the image itself. */
function targetOf({ builds, stage }: PlanInput): string | undefined {
  const last = builds.at(-1)?.command;
  const words = last === undefined ? [] : knownArgs(last);
  const at = words.indexOf('--target');
  const named = at >= 0 ? words[at + 1] : words.find((word) => word.startsWith('--target='))?.slice(9);
  return named ?? stage.end.variables.get('CARGO_BUILD_TARGET');
}

/** On Alpine programs are linked statically unless told otherwise; the packages of Alpine itself link to musl and libgcc. */
function isStaticOnMusl({ traits, stage }: PlanInput): boolean {
  const flags = stage.end.variables.get('RUSTFLAGS') ?? '';
  return (
    traits?.libc === 'musl' &&
    (hasAlpineRust(stage) ? flags.includes('+crt-static') : !flags.includes('-crt-static'))
  );
}

/**
 * True where the folder of compiled crates may live in a cache mount: one RUN builds, and no other instruction looks
 * into that folder, which is empty without the mount.
 */
function canMountTarget(input: PlanInput): boolean {
  const { builds, commands, stage } = input;
  const step = builds[0]?.step;
  const folder = targetFolder(input);
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  const isOnce =
    builds.every((one) => one.step === step && isChangeable(one)) &&
    builds.every(({ command }) => verbOf(command) !== 'install');
  const looksIn = (text: string): boolean => text.split(/[\s/"']/).includes(name);
  return (
    isOnce &&
    !commands.some((at) => {
      const text = at.command.args.map((word) => word.text).join(' ');
      if (at.step !== step) {
        return looksIn(text);
      }
      const { name: program = '', operator } = at.command;
      const removes = ['mv', 'rsync'].includes(program)
        ? looksIn(text)
        : program === 'cargo' && verbOf(at.command) === 'clean';
      // A mounted folder cannot be removed, nor can one above it.
      const isAbove =
        program === 'rm' &&
        at.command.args.some(
          (word) => word.text.startsWith('/') || /^(?:\.{1,2}|\*)/.test(word.text) || looksIn(word.text),
        );
      return removes || isAbove || operator === '|' || operator === '||';
    }) &&
    step?.instruction.flags.length === 0 &&
    stage.steps.every((one) => one.script === undefined || one.script.isUnderstood)
  );
}

/** Caches, and the program copied out of the one that holds what was compiled. */
function changeBuild(
  at: CommandStep,
  input: PlanInput,
  mountsTarget: boolean,
  program: RustProgram | undefined,
): CommandChange | undefined {
  const caches = rustToolchain.caches(at, input.traits);
  if (caches.length === 0) {
    return undefined;
  }
  const isLast = at.command === input.builds.at(-1)?.command;
  if (!mountsTarget || !isCargoBuild(at.command)) {
    return { caches };
  }
  const folder = targetFolder(input);
  const written =
    program?.built.startsWith(`${input.workdir}/`) === true
      ? program.built.slice(input.workdir.length + 1)
      : program?.built;
  return {
    caches: [...caches, { path: folder, sharing: 'locked' }],
    ...(isLast && program !== undefined ? { followedBy: `cp ${written} ${programs}/${program.name}` } : {}),
  };
}

/** Sources without the names of what is compiled in. */
function withoutEmbedded(sources: string): string {
  return sources.replace(
    /include_(?:str|bytes|dir)!\s*\([^)]*\)|\b(?:embed_)?migrations?!\s*\([^)]*\)|#\[(?:folder|template|include)\b[^\]]*\]|\bembed!\s*\([^)]*\)/g,
    '',
  );
}
