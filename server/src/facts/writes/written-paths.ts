import type { SourceFile } from '../../ecosystems/source-text.ts';
import type { Variables } from '../../model/expansion.ts';
import { normalizePath } from '../../model/paths.ts';
import { wordPlaces } from '../../text/mentions.ts';
import { rememberFor } from '../../text/remember.ts';

/** A place that a program writes to while it runs. */
export interface WrittenPath {
  /** Absolute path in the image. */
  readonly path: string;
  /** False for a folder in which the program makes files. */
  readonly isFile: boolean;
}

/** Endings of files whose text tells where the program writes. */
export const writingSource = /\.(?:[cm]?[jt]sx?|py|rb|php|go|rs|cs|java|kt)$/;

/** Files that run in the build or while developing. */
const notRunning =
  /(?:^|\/)(?:scripts|tools|bench|e2e|cypress|__tests__|__mocks__|migrations)\/|\.(?:test|spec|config|stories)\.\w+$|_test\.\w+$|(?:^|\/)(?:gulpfile|Gruntfile|setup|conftest|noxfile)\.\w+$/;

/** Calls that make a folder; what follows is its name. */
const makesFolder =
  /\b(?:mkdirSync|mkdir|mkdirp|ensureDirSync|ensureDir|os\.makedirs|os\.MkdirAll|os\.Mkdir|mkdir_p|create_dir_all|CreateDirectory|createDirectories)\s*\(?\s*(?=["'`\w])(?!(?:parents|exist_ok|mode)=)/g;

/** Python's `Path.mkdir`, which is said behind the name. */
const makesOwnFolder = /([\w.]+(?:\([^()\n]*\))?|\([^()\n]*\))\.mkdir\((?:parents|exist_ok|mode|\))/g;

/** Calls that write a file; what follows is its name. */
const writesFile =
  /\b(?:writeFileSync|writeFile|appendFileSync|appendFile|createWriteStream|outputFile(?:Sync)?|outputJson(?:Sync)?|new (?:Database|DatabaseSync|BetterSqlite3|sqlite3\.Database)|sqlite3\.connect|aiosqlite\.connect|FileHandler|os\.Create|WriteFile|bolt\.Open|file_put_contents|File::create|Connection::open|SQLite3::Database\.new|WriteAllText|AppendAllText|sql\.Open\(\s*["'`]sqlite3?["'`]\s*,)\s*\(?\s*(?=["'`\w])/g;

/** Python's and Ruby's `open` for writing: the name stands in front of the mode. */
const opensForWriting = /\bopen\(\s*([^,()\n]+(?:\([^()\n]*\))?[^,()\n]*),\s*(?:mode=)?["'][wax]b?\+?["']/g;

/** Settings of winston and of Python's logging that name a file, or the form of its name. */
const namesLog =
  /\bnew (?:\w+\.)*(?:File|\w*Rotate\w*)\(\s*\{[^{}]*?\b(?:filename|dirname):\s*([^,}\n]+)|["']filename["']\s*:\s*([^,}\n]+)/gi;

/** Settings of libraries that name a folder for what comes in. */
const namesFolder = /\b(?:dest|uploadDir|UPLOAD_FOLDER|MEDIA_ROOT)\b["'\]]*\s*[:=]\s*(?=["'`\w(])/g;

/** The name of a database file, wherever it stands. */
const namesDatabase =
  /(?=["'`](?:(?:sqlite(?:\+\w+)?|file):\/{0,3})?(?:\.{0,2}\/)?[\w./-]+\.(?:db|sqlite3?)["'`?])/g;

/** An expression that names a place. */
interface Mention {
  readonly expression: string;
  readonly isFile: boolean;
}

/** Files beyond this size were generated. */
const largest = 300_000;

/**
 * The places that a program writes to, as its sources tell. A relative one counts from `workdir`. Where a place is not
 * understood it is taken to be the working directory itself.
 */
export function writtenPaths(
  files: readonly SourceFile[],
  workdir: string,
  environment: Variables,
): WrittenPath[] {
  return files
    .filter(({ path, text }) => !notRunning.test(path) && text.length < largest)
    .flatMap((file) =>
      mentionsIn(file).flatMap(({ expression, isFile }): WrittenPath[] => {
        const place = placeOf(expression, file.text, environment, 0);
        if (place === undefined) {
          return [{ path: workdir, isFile: false }];
        }
        if (/[*?<>|{}$%\s]|:\/\/|^:memory:$|^$/.test(place)) {
          return [];
        }
        const isBelow = place.endsWith(changing);
        const path = absolute(isBelow ? place.slice(0, -changing.length) : place, workdir);
        return [{ path, isFile: isFile && !isBelow }];
      }),
    );
}

const mentionsIn = rememberFor(({ text }: SourceFile): readonly Mention[] => {
  const behind = (calls: RegExp, isFile: boolean): Mention[] =>
    [...text.matchAll(calls)].map((match) => {
      const start = match.index + match[0].length;
      return { expression: text.slice(start, start + 200), isFile };
    });
  const inside = (calls: RegExp, isFile: boolean): Mention[] =>
    [...text.matchAll(calls)].map((match) => ({ expression: match[1] ?? match[2] ?? '', isFile }));
  return [
    ...behind(makesFolder, false),
    ...inside(makesOwnFolder, false),
    ...behind(namesFolder, false),
    ...behind(writesFile, true),
    ...inside(opensForWriting, true),
    ...inside(namesLog, true),
    ...behind(namesDatabase, true),
  ];
});

function absolute(place: string, workdir: string): string {
  // `../data` is said from the folder of a source file, mostly one below the project's own.
  const inside = place.replace(/^(?:\.\.?\/)+/, '');
  return normalizePath(place.startsWith('/') ? place : `${workdir}/${inside}`);
}

/** Stands for a name that changes from call to call, below a folder that does not. */
const changing = '/\u0000';

const quoted = /^["'`](?:(?:sqlite(?:\+\w+)?|file):\/{0,3})?([^"'`?\n]*)["'`?]/;

/** Calls that put a path together; their last literal is what counts below the project. */
const joins =
  /^(?:path\.|os\.path\.|filepath\.|Path\.)?(?:join|resolve|Join|Combine)\(([^()]*(?:\([^()]*\)[^()]*)*)\)/;

/** A value of the environment with another in its place: the name, and the other. */
const settings = [
  /^process\.env\.(\w+)\s*(?:\|\||\?\?)\s*(.+)/s,
  /^process\.env\[["'](\w+)["']\]\s*(?:\|\||\?\?)\s*(.+)/s,
  /^os\.(?:environ\.get|getenv)\(\s*["'](\w+)["']\s*,\s*(.+)/s,
];

/** What an expression at the start of a text names; undefined where that is not plain to see. */
function placeOf(
  expression: string,
  text: string,
  environment: Variables,
  depth: number,
): string | undefined {
  const literal = quoted.exec(expression);
  if (literal !== null) {
    const value = literal[1] ?? '';
    const variable = value.search(/\$\{|%/);
    const folder = value.slice(0, Math.max(0, value.lastIndexOf('/', variable)));
    return variable < 0 ? value : folder === '' ? undefined : folder + changing;
  }
  if (depth > 3) {
    return undefined;
  }
  for (const setting of settings) {
    const match = setting.exec(expression);
    if (match !== null) {
      return environment.get(match[1] ?? '') ?? placeOf(match[2] ?? '', text, environment, depth + 1);
    }
  }
  const joined = joins.exec(expression);
  if (joined !== null) {
    return joinedParts(joined[1] ?? '', text, environment, depth);
  }
  // Python's `BASE_DIR / "media"`, and `Path("media")`.
  const divided = /^\(?\w+(?:\([^()]*\))?\s*\/\s*(.+)/s.exec(expression);
  const wrapped = /^\(?(?:\w+\.)*(?:Path|PathBuf::from|str)\(\s*(.+)/s.exec(expression);
  const inner = divided?.[1] ?? wrapped?.[1];
  if (inner !== undefined) {
    return placeOf(inner, text, environment, depth + 1);
  }
  const name = /^(?:\w+\.)?([A-Za-z_]\w*)\b(?!\s*[.(])/.exec(expression)?.[1];
  const value = name === undefined ? undefined : assignedTo(name, text);
  return value === undefined ? undefined : placeOf(value, text, environment, depth + 1);
}

/** What is assigned to a name where it is first assigned: `name = …`, `name: Type = …`, `name := …`. */
function assignedTo(name: string, text: string): string | undefined {
  for (const at of wordPlaces(text, name)) {
    const rest = text.slice(at + name.length, at + name.length + longestAssignment);
    const value = /^\s*(?::\s*[\w.]+\s*)?:?=\s*([^\n;]+)/.exec(rest)?.[1];
    if (value !== undefined) {
      return value;
    }
  }
  return undefined;
}

/** What stands behind a name is not looked at any further. */
const longestAssignment = 500;

/** The literal parts of a join, what stands for the project's own folder left out. */
function joinedParts(list: string, text: string, environment: Variables, depth: number): string | undefined {
  const parts = list.split(',').map((part) => part.trim());
  const names: string[] = [];
  for (const [i, part] of parts.entries()) {
    const isRoot =
      /^(?:__dirname|process\.cwd\(\)|import\.meta\.dirname|BASE_DIR|ROOT\w*|basedir|os\.getcwd\(\))$/.test(
        part,
      );
    if (isRoot && i === 0) {
      continue;
    }
    const value = placeOf(part, text, environment, depth + 1);
    if (value === undefined) {
      // What comes behind is a file or folder that changes from call to call.
      return names.length === 0 ? undefined : names.join('/') + changing;
    }
    names.push(value);
  }
  return names.length === 0 ? undefined : names.join('/');
}
