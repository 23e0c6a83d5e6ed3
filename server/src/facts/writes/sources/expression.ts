import type { Variables } from '../../../model/expansion.ts';
import { argumentsAt, callAt } from './arguments.ts';

/** What an expression in a source file names. */
export interface NamedPlace {
  /** As written, without what changes from call to call. */
  readonly path: string;
  /** What a relative path counts from: the working directory, or the folder of the source file. */
  readonly base: 'working directory' | 'source file';
  /** True where a name that changes from call to call stands below. */
  readonly isBelow: boolean;
}

/** What the names of an expression stand for. */
export interface Scope {
  readonly environment: Variables;
  /** The expression that a name is set to in the file, or elsewhere in the project; undefined where nothing tells. */
  readonly valueOf: (name: string) => string | undefined;
}

const mostSteps = 6;

const temporary =
  /^(?:os\.tmpdir\(\)|tmpdir\(\)|tempfile\.|Dir\.(?:mk)?tmpdir|sys_get_temp_dir\(\)|os\.TempDir\(\)|os\.MkdirTemp|(?:System\.IO\.)?Path\.GetTemp\w+\(\)|(?:std::)?env::temp_dir\(\)|tempdir\(|System\.getProperty\("java\.io\.tmpdir"\)|File\.createTempFile|Files\.createTemp\w+)/;

/** What stands for the project's own folder, which is where it is started. */
const projectFolder =
  /^(?:process\.cwd\(\)|cwd\(\)|os\.getcwd\(\)|Path\.cwd\(\)|(?:\w+\.)?(?:BASE_DIR|PROJECT_ROOT|PROJECT_DIR|ROOT_DIR|ROOT_PATH|ROOT|APP_ROOT|basedir|base_dir|rootDir|projectRoot)|Rails\.root|Dir\.pwd|getcwd\(\)|(?:\w+\.)*(?:ContentRootPath|BaseDirectory)|Directory\.GetCurrentDirectory\(\)|System\.getProperty\("user\.dir"\)|APPPATH|FCPATH|base_path\(\)|appRoot(?:\.path)?)(?![\w(])/;

const sourceFolder =
  /^(?:__dirname|import\.meta\.dirname|__DIR__|__dir__|dirname\(__FILE__\)|Path\(__file__\)(?:\.(?:resolve|absolute)\(\))?\.parent(?!\.parent)|(?:os\.path\.)?dirname\((?:os\.path\.)?(?:(?:abspath|realpath)\()?__file__\)?\)|path\.dirname\(fileURLToPath\(import\.meta\.url\)\)|app\.root_path)(?![\w(])/;

/** Calls that put a path together. */
const joins =
  /^(?:(?:path|os\.path|filepath|Path|File|Paths|FileSystems|posix|path\.posix)\.)?(?:join|resolve|Join|Combine|get|of|joinPath)\s*\(/;

/** Calls that hand a path on. */
const wrappers =
  /^\(?(?:(?:new\s+)?(?:\w+(?:\.|::))*(?:Path|PathBuf::from|Path::new|File|FileInfo|DirectoryInfo|URL|Uri|str|String|abspath|realpath|normpath|expand_path|fileURLToPath|absolutePath|path|from|format!?))\s*\(\s*/;

/** A value of the environment, with another in its place. */
const settings: readonly RegExp[] = [
  /^process\.env\.(\w+)\s*(?:(?:\|\||\?\?)\s*([\s\S]+))?/,
  /^process\.env\[["'](\w+)["']\]\s*(?:(?:\|\||\?\?)\s*([\s\S]+))?/,
  /^os\.(?:environ\.get|getenv)\(\s*["'](\w+)["']\s*(?:,\s*([\s\S]+))?/,
  /^os\.environ\[["'](\w+)["']\]()/,
  /^(?:config|env|decouple\.config)\(\s*["'](\w+)["']\s*(?:,\s*(?:default\s*=\s*)?([\s\S]+))?/,
  /^ENV\.fetch\(\s*["'](\w+)["']\s*(?:,\s*([\s\S]+)|\)\s*\{\s*([\s\S]+))?/,
  /^ENV\[["'](\w+)["']\]\s*(?:\|\|\s*([\s\S]+))?/,
  /^\$_(?:ENV|SERVER)\[["'](\w+)["']\]\s*(?:\?\?\s*([\s\S]+))?/,
  /^getenv\(\s*["'](\w+)["']\s*\)\s*(?:\?:\s*([\s\S]+))?/,
  /^os\.Getenv\(\s*"(\w+)"\s*\)()/,
  /^Environment\.GetEnvironmentVariable\(\s*"(\w+)"\s*\)\s*(?:\?\?\s*([\s\S]+))?/,
  /^(?:std::)?env::var\(\s*"(\w+)"\s*\)\s*\.unwrap_or(?:_else)?\(\s*(?:\|_\|\s*)?([\s\S]+)/,
];

/** What an expression at the start of a text names; undefined where that is not plain to see. */
export function placeNamed(written: string, scope: Scope, depth = 0): NamedPlace | undefined {
  const expression = written.trim().replace(/^\((?=[\w"'])/, '');
  if (depth > mostSteps || expression === '') {
    return undefined;
  }
  if (temporary.test(expression)) {
    return { path: '/tmp', base: 'working directory', isBelow: true };
  }
  const again = (text: string): NamedPlace | undefined => placeNamed(text, scope, depth + 1);
  for (const setting of settings) {
    const match = setting.exec(expression);
    if (match !== null) {
      const set = scope.environment.get(match[1] ?? '');
      return set === undefined ? again(match[2] ?? match[3] ?? '') : fixed(set);
    }
  }
  const literal = quoted(expression);
  if (literal !== undefined) {
    return followed(readLiteral(literal, again), expression.slice(literal.length), again);
  }
  for (const [pattern, base] of [
    [projectFolder, 'working directory'],
    [sourceFolder, 'source file'],
  ] as const) {
    const folder = pattern.exec(expression)?.[0];
    if (folder !== undefined) {
      return followed({ path: '', base, isBelow: false }, expression.slice(folder.length), again);
    }
  }
  const ownFolder = /^(?:\w+\.)*(WebRootPath|instance_path)\b/.exec(expression);
  if (ownFolder !== null) {
    const place = fixed(ownFolder[1] === 'WebRootPath' ? 'wwwroot' : 'instance');
    return followed(place, expression.slice(ownFolder[0].length), again);
  }
  const joined = joins.exec(expression)?.[0];
  if (joined !== undefined) {
    const { args, end } = callAt(expression, joined.length);
    return followed(joinedPlace(args, again), expression.slice(end), again);
  }
  const wrapped = wrappers.exec(expression)?.[0];
  if (wrapped !== undefined) {
    const args = argumentsAt(expression, wrapped.length);
    const isBased = /^(?:__dir__|import\.meta\.url|__FILE__)/.test(args[1] ?? '');
    const inner = again(args[0] ?? '');
    const rest = expression.slice(wrapped.length + (args[0]?.length ?? 0) + 1);
    return inner === undefined
      ? undefined
      : followed(isBased ? { ...inner, base: 'source file' } : inner, rest, again);
  }
  const entry = /^[\w.]+\[["'](\w+)["']\]/.exec(expression);
  const name =
    entry ??
    /^(?:(?:\w+(?:\.|->|::))*)([A-Za-z_]\w*)(?=\.(?:resolve|joinpath|join|child)\()/.exec(expression) ??
    /^(?:&|\$|(?:\w+(?:\.|->|::))*)([A-Za-z_]\w*)/.exec(expression);
  const isCall = /^\s*\(/.test(expression.slice(name?.[0].length ?? 0));
  const value = name === null || isCall ? undefined : scope.valueOf(name[1] ?? '');
  const place = value === undefined || value.trim() === expression ? undefined : again(value);
  return place === undefined ? undefined : followed(place, expression.slice(name?.[0].length ?? 0), again);
}

function fixed(path: string): NamedPlace {
  return { path, base: 'working directory', isBelow: false };
}

/** What is put behind a place: `+ name`, `. '/x'`, `/ "x"`, `.join("x")`. */
function followed(
  place: NamedPlace | undefined,
  rest: string,
  evaluate: (text: string) => NamedPlace | undefined,
): NamedPlace | undefined {
  if (place === undefined) {
    return undefined;
  }
  const text = rest.trimStart();
  const parent = /^\.parent(?![\w(])/.exec(text)?.[0];
  if (parent !== undefined && !place.isBelow) {
    const folder = place.path.slice(0, Math.max(0, place.path.lastIndexOf('/')));
    return followed({ ...place, path: folder }, text.slice(parent.length), evaluate);
  }
  const operator = /^(?:\+|\.(?=\s*["'$])|\/(?=\s*[\w"'(f])|\.(?:join|joinpath|resolve|child)\()\s*/.exec(
    text,
  )?.[0];
  if (operator === undefined || place.isBelow) {
    return place;
  }
  const isPath = operator.startsWith('/') || operator.includes('(');
  const more = evaluate(text.slice(operator.length));
  if (more === undefined) {
    return below(place, isPath);
  }
  const path = isPath ? `${place.path}/${more.path}` : place.path + more.path;
  return {
    path: place.path === '' ? path.replace(/^\//, '') : path,
    base: place.path === '' && more.base === 'source file' ? more.base : place.base,
    isBelow: more.isBelow,
  };
}

/** The folder of a place behind which something stands that changes. */
function below(place: NamedPlace, isPath: boolean): NamedPlace {
  const folder = isPath ? place.path : place.path.slice(0, Math.max(0, place.path.lastIndexOf('/')));
  return { ...place, path: folder, isBelow: true };
}

function joinedPlace(
  parts: readonly string[],
  evaluate: (text: string) => NamedPlace | undefined,
): NamedPlace | undefined {
  let place: NamedPlace | undefined;
  for (const part of parts) {
    const next = /^\*|^\.\.\./.test(part) ? undefined : evaluate(part);
    if (next === undefined) {
      return place === undefined ? undefined : { ...place, isBelow: true };
    }
    place =
      place === undefined || next.path.startsWith('/')
        ? next
        : {
            path: place.path === '' ? next.path : `${place.path}/${next.path}`,
            base: place.base,
            isBelow: next.isBelow,
          };
    if (next.isBelow) {
      return place;
    }
  }
  return place;
}

/** The quoted text at the start of an expression, prefix and quotes included. */
function quoted(expression: string): string | undefined {
  return /^[frbuFRBU$@]{0,2}(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)/.exec(expression)?.[0];
}

/** The folders at the start of a template that stand for the project or for the source file. */
const templateFolder =
  /^(?:\$\{(?:process\.cwd\(\)|__dirname)\}|#\{Rails\.root\}|#\{Dir\.pwd\}|%kernel\.project_dir%)\/?/;

function readLiteral(
  literal: string,
  evaluate: (text: string) => NamedPlace | undefined,
): NamedPlace | undefined {
  const quote = literal.search(/["'`]/);
  const prefix = literal.slice(0, quote);
  const text = literal.slice(quote + 1, -1).replace(/^(?:sqlite(?:\+\w+)?|file):(?:\/\/\/?(?!\/))?/, '');
  const folder = templateFolder.exec(text)?.[0] ?? '';
  const base = folder.includes('__dirname') ? 'source file' : 'working directory';
  const value = text.slice(folder.length).replace(/\?.*/s, '');
  const variable = value.search(/[fF$]/.test(prefix) ? /\{/ : /\$\{|#\{|%[sdDYmHMijtu({]|\$\w|\{[^{}"]*\}/);
  if (variable < 0) {
    return { path: value, base, isBelow: false };
  }
  const start = variable === 0 && folder === '' ? placeholder(value, prefix) : undefined;
  const place = start === undefined ? undefined : evaluate(start.inside);
  if (start !== undefined && place !== undefined) {
    return place.isBelow ? place : prolonged(place, `${prefix}"${start.rest}"`, evaluate);
  }
  const slash = value.lastIndexOf('/', variable);
  // A name that changes as a whole may lie anywhere.
  const isPlain = slash >= 0 || folder !== '' || variable > 0;
  return isPlain ? { path: value.slice(0, Math.max(0, slash)), base, isBelow: true } : undefined;
}

/** The expression that a template begins with, and the text behind it: `${process.env.CACHE}/page`. */
function placeholder(value: string, prefix: string): { inside: string; rest: string } | undefined {
  const match = (/[fF$]/.test(prefix) ? /^\{([^{}"'`]+)\}/ : /^[$#]\{([^{}"'`]+)\}/).exec(value);
  return match === null ? undefined : { inside: match[1] ?? '', rest: value.slice(match[0].length) };
}

/** A place with the rest of a template behind it. */
function prolonged(
  place: NamedPlace,
  literal: string,
  evaluate: (text: string) => NamedPlace | undefined,
): NamedPlace {
  const rest = readLiteral(literal, evaluate);
  return rest === undefined || (rest.isBelow && !/^[^{]*\//.test(literal))
    ? below(place, false)
    : { ...place, path: place.path + rest.path, isBelow: rest.isBelow };
}
