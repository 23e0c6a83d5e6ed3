import type { CommandStep } from '../../model/commands.ts';
import { hasOption, type ShellCommand } from '../../syntax/shell/script.ts';
import type { CacheTarget, Toolchain } from '../toolchain.ts';

export const rustToolchain: Toolchain = {
  id: 'rust',
  title: 'Rust',
  managers: [],
  projectFiles: ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml'],

  readInstall(command) {
    const isFetch = command.name === 'cargo' && ['fetch', 'vendor'].includes(command.args[0]?.value ?? '');
    return isFetch ? { tool: 'cargo', isFrozen: true, omitsDev: true, directory: undefined } : undefined;
  },

  // Cargo reads no manifest without the sources that it names.
  manifests: () => ({ files: [], doubts: [], blocker: 'Cargo needs the sources that the manifests name.' }),

  isBuild: (command) => isCargoBuild(command),

  isProjectCommand: (command) =>
    ['cargo', 'rustup', 'rustc', 'diesel', 'sqlx', 'trunk', 'wasm-pack', 'sccache'].includes(
      command.name ?? '',
    ),

  caches(at, traits) {
    return isCargoFetch(at.command) ? cargoCaches(at, traits?.family) : [];
  },

  buildVariables: /^(?:CARGO_(?!PKG_)|RUSTFLAGS$|RUSTUP_|SQLX_OFFLINE$|OPENSSL_|PKG_CONFIG)/,
};

/** What Cargo downloads. Two builds at once would unpack the same crate, which it does not expect. */
function cargoCaches({ step }: CommandStep, family: string | undefined): CacheTarget[] {
  const { variables } = step.before;
  const home = variables.has('CARGO_HOME')
    ? variables.get('CARGO_HOME')
    : family === 'rust'
      ? '/usr/local/cargo'
      : '/root/.cargo';
  return home?.startsWith('/') === true ? [{ path: `${home}/registry`, sharing: 'locked' }] : [];
}

/** True for commands of Cargo that download crates. */
function isCargoFetch(command: ShellCommand): boolean {
  const verbs = ['build', 'b', 'install', 'fetch', 'test', 'run', 'check', 'rustc'];
  return (
    command.name === 'cargo' &&
    verbs.includes(verbOf(command)) &&
    !hasOption(command, '--offline', '--frozen')
  );
}

/** `cargo build …`, and `cargo install` of the project itself. */
export function isCargoBuild(command: ShellCommand): boolean {
  const verb = verbOf(command);
  return (
    command.name === 'cargo' &&
    (['build', 'b', 'rustc'].includes(verb) || (verb === 'install' && hasOption(command, '--path')))
  );
}

/** The verb, a toolchain (`+nightly`) in front of it left off. */
export function verbOf(command: ShellCommand): string {
  return command.args.find((word) => !word.text.startsWith('+') && !word.text.startsWith('-'))?.value ?? '';
}
