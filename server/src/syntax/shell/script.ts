import { memoizeFor } from '../../text/memoize.ts';
import type { Span } from '../../text/span.ts';

/** One word of a command. Spans count in the script's text. */
export interface ShellWord {
  /** As written, quotes included. */
  readonly text: string;
  /** What the shell makes of it; undefined where that needs a variable, a command or a glob known only at run time. */
  readonly value: string | undefined;
  readonly span: Span;
}

export interface Redirect {
  /** `>`, `>>`, `<`, `<<<`, `2>` … */
  readonly operator: string;
  readonly target: ShellWord | undefined;
}

export interface Assignment {
  readonly name: string;
  readonly value: string | undefined;
}

/** How a command is joined to what stands before it: nothing for the first of a list or body. */
export type Operator = '' | '&&' | '||' | ';' | '|';

/** One simple command, with `sudo`, `env`, `exec` and the like taken off. */
export interface ShellCommand {
  /** Name of the program without its folder; undefined where it is not known. */
  readonly name: string | undefined;
  /** The words behind the name. */
  readonly args: readonly ShellWord[];
  /** The word that holds the name. */
  readonly nameWord: ShellWord;
  /** Assignments in front of the command, `env`'s included. */
  readonly assignments: readonly Assignment[];
  readonly redirects: readonly Redirect[];
  /** From the first assignment or wrapper to the last word or redirect. */
  readonly span: Span;
  readonly operator: Operator;
  /** Set where the command runs through `sudo`, `doas`, `gosu` … */
  readonly wrapper: string | undefined;
  /**
   * False where the command may not run, or runs in its own surroundings: in a condition, a loop, a function, behind
   * `||`, in a substitution, in the background, in a nested shell.
   */
  readonly isUnconditional: boolean;
  /** True for the commands of the script itself, false inside `( )`, `{ }`, `if`, `$( )`, `sh -c` and so on. */
  readonly isTopLevel: boolean;
}

/** A place where the shell replaces a variable. */
export interface VariableUse {
  readonly name: string;
  /** The name in the text. */
  readonly span: Span;
  /** True where the text says what counts without a value: `${NAME:-value}`, `${NAME:?message}`. */
  readonly hasFallback: boolean;
}

export interface ShellScript {
  readonly text: string;
  /** In the order of the text. */
  readonly commands: readonly ShellCommand[];
  /** Variables that the shell replaces, in the order of the text. */
  readonly variables: readonly VariableUse[];
  /** Names of the variables that the script sets by itself, somewhere: assignments, loops, `read`. */
  readonly setVariables: ReadonlySet<string>;
  /** True when the text holds a comment: in a line that is joined from several it hides all that follows. */
  readonly hasComments: boolean;
  /** False where the grammar did not understand the text: rules then say nothing about it. */
  readonly isUnderstood: boolean;
}

/** The static values of a command's arguments; an argument that is not known is left out. */
export const knownArgs = memoizeFor((command: ShellCommand): readonly string[] =>
  command.args.map((word) => word.value).filter((value) => value !== undefined),
);

/** True when one of the arguments is exactly the given option, or the option with `=value`. */
export function hasOption(command: ShellCommand, ...names: readonly string[]): boolean {
  return command.args.some((word) =>
    names.some((name) => word.value === name || word.text === name || word.text.startsWith(`${name}=`)),
  );
}

/** The arguments that are not options; the value of an option that takes one as a separate word is still among them. */
export const operands = memoizeFor((command: ShellCommand): readonly ShellWord[] =>
  command.args.filter((word) => !word.text.startsWith('-')),
);
