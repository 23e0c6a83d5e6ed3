import type { CommandStep } from '../../model/commands.ts';
import { joinImage, normalizePath } from '../../model/paths.ts';
import { readCargoManifest } from '../../project/formats/cargo.ts';
import { joinPath } from '../../project/paths.ts';
import { hasOption, knownArgs } from '../../syntax/shell/script.ts';
import { movedFiles } from '../built-files.ts';
import type { PlanInput, Refusal, StartedProgram } from '../runtime-plan.ts';
import { verbOf } from './toolchain.ts';

/** Where the final stage has programs: on the path of every image. */
export const programs = '/usr/local/bin';

/** The program that the container starts. */
export interface RustProgram {
  /** Where the build leaves it. */
  readonly built: string;
  /** Where the start command finds it. */
  readonly path: string;
  /** True when the stage itself puts it there. */
  readonly isPlaced: boolean;
  readonly name: string;
  readonly started: Pick<StartedProgram, 'word' | 'args' | 'isShell' | 'needsShell' | 'isWrapped'>;
}

/** Reads which program the container starts, and where the build leaves it. `manifest` is the text of Cargo.toml. */
export function readRustProgram(input: PlanInput, manifest: string): RustProgram | Refusal {
  const started = input.facts.startedProgram(['/usr/local/cargo/bin', '/root/.cargo/bin']);
  if (started === undefined) {
    return { code: 'start-unknown', reason: 'What the container starts is not known.' };
  }
  const { word, paths } = started;
  if (word === 'cargo') {
    return runProgram(input, manifest, started);
  }
  const name = word.slice(word.lastIndexOf('/') + 1);
  const built = paths.find((path) => isOutput(path, input));
  if (built !== undefined) {
    return { built, path: built, isPlaced: false, name, started };
  }
  const installed = input.builds.find(({ command }) => verbOf(command) === 'install');
  const root = optionOf(installed, '--root') ?? '/usr/local/cargo';
  const path =
    paths.find((one) => one === `${root}/bin/${name}`) ?? paths.find((one) => /\/\.?cargo\/bin\//.test(one));
  if (installed !== undefined && path !== undefined && binaries(input, manifest).includes(name)) {
    // The folder of Cargo's own programs is on the path of its image alone.
    const isPlaced = root !== '/usr/local/cargo';
    const own = word.includes('/') || isPlaced ? path : joinImage(programs, name);
    return { built: `${root}/bin/${name}`, path: own, isPlaced, name, started };
  }
  const moved = movedFiles(input.commands).find(
    (file) => paths.includes(file.to) && isOutput(file.from, input),
  );
  return moved === undefined
    ? {
        code: 'program-not-built',
        reason: `The container starts \`${word}\`, and the build does not write it.`,
      }
    : { built: moved.from, path: moved.to, isPlaced: true, name, started };
}

/** `cargo run` becomes the start of what it would build. */
function runProgram(input: PlanInput, manifest: string, started: StartedProgram): RustProgram | Refusal {
  const { args } = started;
  const isHidden = started.needsShell || started.isWrapped;
  const at = args.indexOf('--');
  const own = at < 0 ? args : args.slice(0, at);
  const named = own.indexOf('--bin') >= 0 ? own[own.indexOf('--bin') + 1] : undefined;
  const known = binaries(input, manifest);
  const name = named ?? (known.length === 1 ? known[0] : undefined);
  const isRelease = own.includes('--release') || own.includes('-r');
  const isInstalled = input.builds.every(({ command }) => verbOf(command) === 'install');
  const isBuilt =
    isInstalled || input.builds.some(({ command }) => hasOption(command, '--release', '-r') === isRelease);
  const isPlain = own.every((word) =>
    ['run', 'r', '--release', '-r', '--bin', name, '--locked', '-q', '--quiet'].includes(word),
  );
  return name === undefined || !isBuilt || !isPlain || isHidden
    ? {
        code: 'starts-through-build-tool',
        reason: 'The container starts through `cargo run`, which builds once more.',
      }
    : {
        built: isInstalled
          ? `/usr/local/cargo/bin/${name}`
          : joinImage(input.workdir, `target/${isRelease ? 'release' : 'debug'}/${name}`),
        path: joinImage(programs, name),
        isPlaced: false,
        name,
        started: { ...started, word: name, args: at < 0 ? [] : args.slice(at + 1) },
      };
}

/** The programs that a package builds, as its manifest and its files name them. */
function binaries({ project, directory }: PlanInput, manifest: string): string[] {
  const found = readCargoManifest(manifest);
  const named = found?.programs ?? [];
  const own = found?.name;
  const hasMain = project.reader.read(joinPath(directory, 'src/main.rs')) !== undefined;
  const others = (project.reader.list(joinPath(directory, 'src/bin')) ?? []).map((entry) =>
    entry.name.replace(/\.rs$/, ''),
  );
  const members = (found?.members ?? []).flatMap((folder) => {
    const text = project.reader.read(joinPath(directory, `${folder}/Cargo.toml`));
    const member = text === undefined ? undefined : readCargoManifest(text);
    return member === undefined
      ? []
      : [...member.programs, ...(member.name === undefined ? [] : [member.name])];
  });
  return [
    ...new Set([
      ...named,
      ...(own !== undefined && hasMain && named.length === 0 ? [own] : []),
      ...others,
      ...members,
    ]),
  ];
}

function optionOf(at: CommandStep | undefined, name: string): string | undefined {
  const words = at === undefined ? [] : knownArgs(at.command);
  const index = words.indexOf(name);
  return index < 0
    ? words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1)
    : words[index + 1];
}

/** True for paths in the folder that Cargo writes programs to. */
function isOutput(path: string, input: PlanInput): boolean {
  const folder = targetFolder(input);
  return path.startsWith(`${folder}/`) && /\/(?:release|debug)\/[\w.-]+$/.test(path);
}

/** The folder that Cargo writes to. */
export function targetFolder({ workdir, stage }: PlanInput): string {
  const set = stage.end.variables.get('CARGO_TARGET_DIR');
  return normalizePath(set?.startsWith('/') === true ? set : joinImage(workdir, set ?? 'target'));
}
