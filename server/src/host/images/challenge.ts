/** What a registry demands in a `WWW-Authenticate` header. */
export interface Challenge {
  /** In lower case: `basic`, `bearer`. */
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const parameter = new RegExp(`^\\s*(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))\\s*,?`);
const scheme = new RegExp(`^[\\s,]*(${token})(?=\\s|,|$)(?!\\s*=)`);

/** Reads the header, which may hold several challenges; what cannot be read ends it. */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: Challenge[] = [];
  let rest = header;
  for (let start = scheme.exec(rest); start !== null; start = scheme.exec(rest)) {
    rest = rest.slice(start[0].length);
    const parameters = new Map<string, string>();
    for (let found = parameter.exec(rest); found !== null; found = parameter.exec(rest)) {
      const value = found[2]?.replace(/\\(.)/g, '$1') ?? found[3] ?? '';
      parameters.set((found[1] ?? '').toLowerCase(), value);
      rest = rest.slice(found[0].length);
    }
    challenges.push({ scheme: (start[1] ?? '').toLowerCase(), parameters });
  }
  return challenges;
}
