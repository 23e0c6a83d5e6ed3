import { hasOption, operands, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ImagePath } from '../../text/path-types.ts';

/** Options of the package managers of Node.js that take a value as a word of its own. */
const valuedOptions = [
  '--workspace',
  '--prefix',
  '--cwd',
  '-C',
  '--dir',
  '--registry',
  '--network-timeout',
  '--network-concurrency',
  '--loglevel',
  '--cache',
  '--cache-folder',
  '--omit',
  '--filter',
  '-F',
  '--mutex',
];

/** The operands, the values of options that take one as a word of its own left out. */
export function operandsWithoutValues(command: ShellCommand): ReturnType<typeof operands> {
  return operands(command).filter((word) => {
    const before = command.args[command.args.indexOf(word) - 1]?.text ?? '';
    return !valuedOptions.includes(before);
  });
}

/** The value of the first of these options that a command has. */
export function optionValue(command: ShellCommand, names: readonly string[]): string | undefined {
  for (const [i, word] of command.args.entries()) {
    for (const name of names) {
      if (word.text.startsWith(`${name}=`)) {
        return word.value?.slice(name.length + 1);
      }
      if (word.text === name) {
        return command.args[i + 1]?.value;
      }
    }
  }
  return undefined;
}

/** True for an option that is given, and not with the value `false`. */
export function isOn(command: ShellCommand, ...names: readonly string[]): boolean {
  return hasOption(command, ...names) && !command.args.some(({ text }) => /^--\w+=(?:false|0)$/.test(text));
}

/** A call of a package manager in its parts: the verb, the folder it is told to work in, and the other operands. */
export interface ManagerCall {
  readonly verb: string | undefined;
  readonly rest: readonly (string | undefined)[];
  readonly directory: ImagePath | undefined;
  /** True where packages are named, or words that only the shell knows. */
  readonly namesPackages: boolean;
}

/** Reads a call that works on the project; undefined for one that installs for all users, or only asks something. */
export function readCall(
  command: ShellCommand,
  folderOptions: readonly string[] = ['--prefix', '--cwd'],
): ManagerCall | undefined {
  if (hasOption(command, '-g', '--global', '--location', '--help', '--version', '-v')) {
    return undefined;
  }
  const directory = optionValue(command, folderOptions);
  const [verb, ...rest] = operandsWithoutValues(command).map((word) => word.value);
  const named = rest.filter((word) => word !== undefined && word !== directory);
  return { verb, rest, directory, namesPackages: named.length > 0 };
}
