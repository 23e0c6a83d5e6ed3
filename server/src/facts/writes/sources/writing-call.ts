import { keyword } from './arguments.ts';

/** A call that writes to a place which one of its arguments names. */
export interface WritingCall {
  /** Up to the opening bracket of the call. */
  readonly call: RegExp;
  /** The expression that names the place; undefined where this call writes nothing. */
  readonly place: (args: readonly string[]) => string | undefined;
  readonly isFile: boolean;
  /** True where the place was made by another call, so that an expression that is not understood says nothing new. */
  readonly isOnlyPlain?: boolean;
}

/** A setting whose value names a place: `filename: 'app.log'`. */
export interface WritingSetting {
  /** Up to the value. */
  readonly setting: RegExp;
  readonly isFile: boolean;
}

/** A method that writes to the place that its receiver stands for. */
export interface ReceiverCall {
  /** From the dot up to the opening bracket of the call. */
  readonly call: RegExp;
  /** False where these arguments only read. */
  readonly writes: (args: readonly string[]) => boolean;
  readonly isFile: boolean;
  readonly isOnlyPlain?: boolean;
}

type Place = WritingCall['place'];

export const first: Place = (args) => args[0];
export const second: Place = (args) => args[1];
export const third: Place = (args) => args[2];
export const last: Place = (args) => args.at(-1);

/** A named argument, else the first one where it has no name. */
export const named =
  (...names: readonly string[]): Place =>
  (args) =>
    names.map((name) => keyword(args, name)).find((one) => one !== undefined) ??
    (/^\w+\s*[=:](?![=:])/.test(args[0] ?? '') ? undefined : args[0]);

/** A named argument alone. */
export const only =
  (name: string): Place =>
  (args) =>
    keyword(args, name);

/** The first argument, where another one opens for writing. */
export const openedFor =
  (mode: RegExp): Place =>
  (args) =>
    args.slice(1).some((one) => mode.test(one.replace(/^(?:mode|access)\s*[=:]\s*/, '')))
      ? args[0]
      : undefined;

/** An argument, where it begins like a path: a text, or a call that puts one together. */
export const pathLike =
  (place: Place): Place =>
  (args) => {
    const expression = place(args);
    return /^(?:[frbFRB$@]{0,2}["'`]|(?:os\.)?path\.|Path|Paths|File\.|filepath\.|__dirname|__DIR__)/.test(
      expression ?? '',
    ) && !/^["'`](?:php|https?|data|blob|s3):/.test(expression ?? '')
      ? expression
      : undefined;
  };

export const file = (call: RegExp, place: Place = first): WritingCall => ({ call, place, isFile: true });

export const folder = (call: RegExp, place: Place = first): WritingCall => ({ call, place, isFile: false });

/** A call that takes away what another one made. */
export const removal = (call: RegExp, place: Place = first): WritingCall => ({
  call,
  place,
  isFile: true,
  isOnlyPlain: true,
});

/** Modes of `open` that write: `w`, `ab`, `r+`, `x`. */
export const writingMode = /^["'](?:[wax]\w*(?:\+\w*)?|r\w*\+\w*|c\+?)["']/;

/** The members of an object that is an argument, a piece for each comma. */
export function members(args: readonly string[]): string[] {
  return args.flatMap((one) => one.replace(/^\{|\}$/g, '').split(',')).map((one) => one.trim());
}
