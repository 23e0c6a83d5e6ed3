import { isInComment, type SourceFile } from '../../../ecosystems/source-text.ts';
import type { Variables } from '../../../model/expansion.ts';
import { joinImage, normalizePath } from '../../../model/paths.ts';
import { directoryOf, pathBelow } from '../../../project/paths.ts';
import { memoizeFor } from '../../../text/memoize.ts';
import type { ContextPath, ImagePath } from '../../../text/path-types.ts';
import type { Evidence } from '../../known.ts';
import type { Language } from '../../start/programs.ts';
import { argumentsAt, receiverBefore } from './arguments.ts';
import { receiverCalls, writingCalls, writingSettings } from './calls.ts';
import { type NamedPlace, placeNamed, type Scope } from './expression.ts';
import { namedFiles } from './named-files.ts';
import { scopesOf } from './scope.ts';

/** A place that a program writes to, with where it says so. */
export interface FoundWrite {
  /** Absolute path in the image; undefined where the source does not say plainly. */
  readonly path: string | undefined;
  /** False for a folder in which the program makes files. */
  readonly isFile: boolean;
  readonly evidence: Evidence;
}

/** What the sources of a program are and where they lie. */
export interface ProgramSources {
  readonly files: readonly SourceFile[];
  readonly language: Language;
  /** Folder of the build context that lands in `workdir`. */
  readonly directory: ContextPath;
  readonly workdir: ImagePath;
  /** The folder of the image that the program runs in. */
  readonly folder: ImagePath;
  readonly environment: Variables;
}

/** Files that run in the build, in tests or while developing. */
const notRunning =
  /(?:^|\/)(?:scripts|tools|bench|benchmarks|e2e|cypress|__tests__|__mocks__|migrations|seeds|seeders|fixtures)\/|\.(?:test|spec|config|stories)\.\w+$|_test\.\w+$|(?:^|\/)(?:test_[^/]*|gulpfile|Gruntfile|setup|conftest|noxfile|fabfile)\.\w+$|(?:^|\/)src\/test\//;

/** Files beyond this size were generated. */
const largest = 300_000;

/** True for a file whose code runs in the container. */
export function runsInContainer({ path, text }: SourceFile): boolean {
  // `tasks.py` holds the tasks of Celery as well as those of Invoke, which people run by hand.
  const isByHand = /(?:^|\/)tasks\.py$/.test(path) && /^(?:from|import) invoke\b/m.test(text);
  return !isByHand && !notRunning.test(path) && text.length < largest;
}

/** Every place that sources write to. */
export function sourceWrites(sources: ProgramSources): FoundWrite[] {
  const files = sources.files.filter(runsInContainer);
  const scopeOf = scopesOf(files, sources.environment);
  return files
    .flatMap((file) => {
      const scope = scopeOf(file);
      return mentionsIn(file, sources.language).flatMap((mention) => {
        if (isInMemory(mention.expression, scope)) {
          return [];
        }
        const found = foundWrite(mention, file, scope, sources);
        return found.path === undefined && mention.isOnlyPlain ? [] : [found];
      });
    })
    .filter((one) => one.path === undefined || !isNoPlace(one.path));
}

/** True for a buffer or an answer that stands in for a file: `io.BytesIO()`, `HttpResponse(…)`. */
function isInMemory(expression: string, scope: Scope): boolean {
  const made = /^(?:\w+\.)*(?:BytesIO|StringIO|HttpResponse|StreamingHttpResponse|SpooledTemporaryFile)\s*\(/;
  const value = /^\w+$/.test(expression) ? scope.valueOf(expression) : undefined;
  return made.test(expression) || (value !== undefined && made.test(value));
}

/** An expression that names a place. */
interface Mention {
  readonly expression: string;
  readonly isFile: boolean;
  readonly at: number;
  /** True where an expression that is not understood names no place of its own. */
  readonly isOnlyPlain: boolean;
}

function foundWrite(mention: Mention, file: SourceFile, scope: Scope, sources: ProgramSources): FoundWrite {
  const place = placeNamed(mention.expression, scope);
  const line = file.text.slice(0, mention.at).split('\n').length;
  const at = { kind: 'file' as const, path: file.path, line };
  const path = place === undefined ? undefined : imagePlace(place, file, sources);
  const says =
    path === undefined
      ? `${file.path}:${line} writes to a place that is not plain to see`
      : `${file.path}:${line} writes to ${path}`;
  return { path, isFile: mention.isFile && place?.isBelow !== true, evidence: { says, at } };
}

/** The absolute path in the image; undefined where a file that is compiled elsewhere counts from its own folder. */
export function imagePlace(
  { path, base }: NamedPlace,
  file: SourceFile,
  { directory, workdir, folder, language }: ProgramSources,
): string | undefined {
  if (path.startsWith('/')) {
    return normalizePath(path);
  }
  if (base === 'working directory') {
    return normalizePath(`${folder}/${path}`);
  }
  const own = directoryOf(pathBelow(directory, file.path) ?? file.path);
  const isCompiled = language === 'node' && /\.[cm]?tsx?$/.test(file.path);
  if (isCompiled && !path.startsWith('..')) {
    return undefined;
  }
  return normalizePath(joinImage(joinImage(workdir, own), path));
}

/** Names that are no place of a disk. */
function isNoPlace(path: string): boolean {
  // `django.db.backends.sqlite3` is a module.
  return /[*?<>|{}]|:\/\/|:memory:|^\/dev\/|\.backends\./.test(path);
}

const mentionsByLanguage = new Map<Language, (file: SourceFile) => readonly Mention[]>();

function mentionsIn(file: SourceFile, language: Language): readonly Mention[] {
  const known =
    mentionsByLanguage.get(language) ?? memoizeFor((one: SourceFile) => findMentions(one, language));
  mentionsByLanguage.set(language, known);
  return known(file);
}

/** Modules whose functions are called like methods of a path, and what has such methods of its own. */
const moduleName = /^(?:os|io|aiofiles|codecs|gzip|self)$/;

function findMentions({ text }: SourceFile, language: Language): Mention[] {
  const calls = writingCalls[language].flatMap(({ call, place, isFile, isOnlyPlain = false }) =>
    [...text.matchAll(call)].flatMap((match): Mention[] => {
      // `def open(…)` and `function mkdir(…)` declare a function of that name.
      const isDeclared = /(?:\bdef|\bfunction|\bfunc|\bfn|\bfun)\s+[\w.]*$/.test(
        text.slice(Math.max(0, match.index - 40), match.index),
      );
      const expression = isDeclared ? undefined : place(argumentsAt(text, match.index + match[0].length));
      return expression === undefined || expression === '' || isNoFile.test(expression)
        ? []
        : [{ expression, isFile, at: match.index, isOnlyPlain }];
    }),
  );
  const settings = (writingSettings[language] ?? []).flatMap(({ setting, isFile }) =>
    [...text.matchAll(setting)].flatMap((match): Mention[] => {
      const [expression = ''] = argumentsAt(text, match.index + match[0].length);
      return expression === '' || isNoFile.test(expression)
        ? []
        : [{ expression, isFile, at: match.index, isOnlyPlain: false }];
    }),
  );
  const receivers = (receiverCalls[language] ?? []).flatMap(({ call, writes, isFile, isOnlyPlain = false }) =>
    [...text.matchAll(call)].flatMap((match): Mention[] => {
      const expression = receiverBefore(text, match.index);
      return moduleName.test(expression) || !writes(argumentsAt(text, match.index + match[0].length))
        ? []
        : [{ expression, isFile, at: match.index, isOnlyPlain }];
    }),
  );
  const names = namedFiles(text).map((one): Mention => ({ ...one, isFile: true }));
  return [...calls, ...settings, ...receivers, ...names].filter(({ at }) => !isInComment(text, at));
}

/** What stands in the place of a path and is none: a descriptor, an output of the process. */
const isNoFile = /^(?:\d+|process\.std\w+|sys\.std\w+|os\.Std\w+|None|null|nil|undefined)\b(?!["'.(])/;
