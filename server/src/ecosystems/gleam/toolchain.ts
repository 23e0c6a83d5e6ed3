import type { ShellCommand } from '../../syntax/shell/script.ts';
import type { Toolchain } from '../toolchain.ts';

export const gleamToolchain: Toolchain = {
  id: 'gleam',
  title: 'Gleam',
  managers: [],
  projectFiles: ['gleam.toml', 'manifest.toml'],

  readInstall: () => undefined,

  manifests: () => ({ files: [], doubts: [] }),

  isBuild: (command) => command.name === 'gleam' && ['build', 'export'].includes(verbOf(command)),

  isProjectCommand: (command) => command.name === 'gleam',

  caches: () => [],
};

/** The first word behind `gleam`. */
export function verbOf(command: ShellCommand): string {
  return command.args[0]?.value ?? '';
}
