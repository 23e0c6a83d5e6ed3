/** What a `# check=…` line tells BuildKit's own checks. Names are BuildKit's, in its case. */
export interface CheckOptions {
  readonly skip: readonly string[] | 'all';
  /** Checks that run only where they are asked for. */
  readonly experimental: readonly string[] | 'all';
  /** True where every finding fails the build. */
  readonly isError: boolean;
}

const truths = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const untruths = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

/** Reads the value of a `check` line: `skip=A,B;experimental=C;error=true`. Undefined where BuildKit refuses it. */
export function readCheckOptions(value: string): CheckOptions | undefined {
  // BuildKit reads as far as the first space, and takes three parts; more belong to the third.
  const [first = '', second, ...rest] = (value.split(' ', 1)[0] ?? '').split(';');
  const parts = [
    first,
    ...(second === undefined ? [] : [second]),
    ...(rest.length === 0 ? [] : [rest.join(';')]),
  ];
  const options: { -readonly [key in keyof CheckOptions]: CheckOptions[key] } = {
    skip: [],
    experimental: [],
    isError: false,
  };
  for (const part of parts) {
    const [key = '', argument] = split(part);
    if (argument === undefined) {
      return undefined;
    }
    if (key === 'skip' || key === 'experimental') {
      options[key] = argument === 'all' ? 'all' : argument.split(',').map((name) => name.trim());
    } else if (key === 'error' && [...truths, ...untruths].includes(argument)) {
      options.isError = truths.includes(argument);
    } else {
      return undefined;
    }
  }
  return options;
}

function split(part: string): [string, string?] {
  const equals = part.indexOf('=');
  return equals < 0 ? [part] : [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
}

/** The value of a comment that is written like a directive of the name `check`; undefined for other comments. */
export function checkComment(text: string): string | undefined {
  return /^check\s*=\s*(\S.*)$/i.exec(text)?.[1]?.trimEnd();
}
