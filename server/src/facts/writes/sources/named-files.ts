/** The name of a database, a log or a PID file, wherever it stands. */
const fileName =
  /["'`]((?:(?:sqlite(?:\+\w+)?|file):\/{0,3})?(?:\.{0,2}\/)?[\w./-]+\.(?:db|sqlite3?|db3|mdb|log|pid))(?:\?[^"'`\n]*)?["'`]/g;

/** An address of a database in a file. */
const databaseAddress =
  /\bsqlite(?:\+\w+)?:\/\/\/?([^"'`\s?]+)|\bjdbc:(?:sqlite|h2|hsqldb|derby):([^"'`\s;?]+)|\b(?:Data Source|DataSource|Filename)\s*=\s*([^"'`;\s][^"'`;]*\.\w+)/gi;

/** The call that puts a path together whose last piece comes next, up to that piece. */
const joinBefore =
  /(?<![\w.:])(?:\w+(?:\.|::))*(?:join|Join|Combine|resolve|of|get|joinPath|joinpath)\s*\((?:[^()\n]|\([^()\n]*\)){1,100},\s*$/;

/** What a text is put behind: `__DIR__ . `, `dir + `, `BASE_DIR / `. */
const operandBefore =
  /(?:(?<![\w$.:>-])[\w$][\w$.:>-]*(?:\([^()\n]{0,40}\))?|["'][^"'\n]{0,60}["'])[ \t]*(?:[+/]|\.(?!\w))[ \t]*$/;

/** Names that are no file: a method, the module of a framework. */
const isNoFile = /^(?:console|Math|np|math|tf|torch)\.log$|\.backends\./;

const bareLog = /^[^/]+\.(?:log|pid)$/;

/** Options behind a name that say in which folder it lies. */
const optionsBehind = /^\s*,\s*\{[^{}]*\bpath\s*:/;

/** A file that a source names, and where. */
export interface NamedFile {
  /** The name as an expression, with what is joined in front of it. */
  readonly expression: string;
  readonly at: number;
  /** True where an expression that is not understood says nothing: a log is read as often as written. */
  readonly isOnlyPlain: boolean;
}

/** The databases, logs and PID files that a source names, whatever is called with them. */
export function namedFiles(text: string): NamedFile[] {
  return [fileName, databaseAddress].flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match): NamedFile[] => {
      const name = match.slice(1).find((one) => one !== undefined) ?? '';
      const at = match.index + match[0].length;
      const before = text.slice(Math.max(0, match.index - 160), match.index);
      const piece = (joinBefore.exec(before) ?? operandBefore.exec(before))?.[0];
      // The name behind a folder or a prefix, which the call itself puts together.
      const isBehind = /["'`]\s*,\s*$/.test(before) || optionsBehind.test(text.slice(at, at + 200));
      if (isNoFile.test(name) || (isBehind && bareLog.test(name) && piece === undefined)) {
        return [];
      }
      return piece === undefined
        ? [{ expression: `"${databasePath(name)}"`, at: match.index, isOnlyPlain: true }]
        : [{ expression: piece + match[0], at: match.index, isOnlyPlain: /\.(?:log|pid)$/.test(name) }];
    }),
  );
}

/** The path in the address of a database: H2 puts its own ending behind it, and `~` is the home folder. */
export function databasePath(address: string): string {
  const path = address.replace(/^(?:file:|tcp:.*|\/\/(?=\/))/, '').trim();
  return /^(?:mem|memory)\b|^~|^:memory:/.test(path) ? '/tmp' : path;
}
