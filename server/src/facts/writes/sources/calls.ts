import type { Language } from '../../start/programs.ts';
import { keyword } from './arguments.ts';

/** A call that writes to a place which one of its arguments names. */
export interface WritingCall {
  /** Up to the opening bracket of the call. */
  readonly call: RegExp;
  /** The expression that names the place; undefined where this call writes nothing. */
  readonly place: (args: readonly string[]) => string | undefined;
  readonly isFile: boolean;
}

/** A setting whose value names a place: `filename: 'app.log'`. */
export interface WritingSetting {
  /** Up to the value. */
  readonly setting: RegExp;
  readonly isFile: boolean;
}

const first = (args: readonly string[]): string | undefined => args[0];
const second = (args: readonly string[]): string | undefined => args[1];

/** A named argument, else the first one where it has no name. */
const named =
  (...names: readonly string[]) =>
  (args: readonly string[]): string | undefined =>
    names.map((name) => keyword(args, name)).find((one) => one !== undefined) ??
    (/^\w+\s*[=:](?![=:])/.test(args[0] ?? '') ? undefined : args[0]);

/** The first argument, where another one opens for writing. */
const openedFor =
  (mode: RegExp) =>
  (args: readonly string[]): string | undefined =>
    args.slice(1).some((one) => mode.test(one.replace(/^mode\s*=\s*/, ''))) ? args[0] : undefined;

const file = (call: RegExp, place: WritingCall['place'] = first): WritingCall => ({
  call,
  place,
  isFile: true,
});
const folder = (call: RegExp, place: WritingCall['place'] = first): WritingCall => ({
  call,
  place,
  isFile: false,
});

/** Modes of `open` that write: `w`, `ab`, `r+`, `x`. */
const mode = /^["'](?:[wax]\w*(?:\+\w*)?|r\w*\+\w*|c\+?)["']/;

/** Calls that write, by language. What follows a name is taken as it stands: comments and tests are left out by who asks. */
export const writingCalls: Readonly<Record<Language, readonly WritingCall[]>> = {
  node: [
    file(
      /\b(?:writeFileSync|writeFile|appendFileSync|appendFile|createWriteStream|outputFileSync|outputFile|outputJsonSync|outputJson|writeJsonSync|writeJson|writeTextFileSync|writeTextFile|Bun\.write)\s*\(/g,
      // An object is no path: a stream into a bucket takes its settings here.
      (args) => (args[0]?.startsWith('{') === true ? undefined : args[0]),
    ),
    folder(
      /\b(?:mkdirSync|mkdir|mkdirp|mkdirpSync|ensureDirSync|ensureDir|emptyDir|emptyDirSync|mkdtempSync|mkdtemp)\s*\(/g,
    ),
    file(/\b(?:copyFileSync|copyFile|renameSync|rename|moveSync)\s*\(/g, second),
    file(/\bfs\.(?:promises\.)?(?:openSync|open)\s*\(/g, openedFor(mode)),
    file(
      /\bnew\s+(?:Database|DatabaseSync|BetterSqlite3|sqlite3\.Database|JSONFile|JSONFileSync|FileSync|FileAsync|JsonDB)\s*\(/g,
    ),
    file(
      /\b(?:pino\.destination|pino\.final|JSONFilePreset)\s*\(/g,
      (args) => keyword(stripBraces(args), 'dest') ?? args[0],
    ),
    folder(/\b(?:useMultiFileAuthState|new\s+LocalStorage|new\s+PouchDB|new\s+Level|level)\s*\(/g, (args) =>
      /^["'`]/.test(args[0] ?? '') ? args[0] : undefined,
    ),
    file(/\.(?:toFile|mv|saveAs)\s*\(/g),
    folder(/\bcreateStream\s*\(/g, (args) => keyword(stripBraces(args.slice(1)), 'path')),
    folder(
      /\bdestination\s*(?::\s*)?(?:async\s+)?(?:function\s*(?:\w+\s*)?)?\([^()\n]*\)\s*(?:=>\s*)?(?:\{\s*)?(?:return\s+)?(?:cb|callback|done|next)\s*\(/g,
      second,
    ),
  ],
  python: [
    file(/(?<![\w.])(?:io\.|codecs\.|gzip\.|bz2\.|aiofiles\.)?open\s*\(/g, openedFor(mode)),
    file(
      /\b(?:FileHandler|RotatingFileHandler|TimedRotatingFileHandler|WatchedFileHandler|ConcurrentRotatingFileHandler)\s*\(/g,
      named('filename'),
    ),
    file(/\bbasicConfig\s*\(/g, (args) => keyword(args, 'filename')),
    file(/\blogger\.add\s*\(/g, (args) =>
      /^(?:[frb]?["']|\w*(?:path|file|log)\w*$)/i.test(args[0] ?? '') ? args[0] : undefined,
    ),
    file(/\b(?:sqlite3|aiosqlite|duckdb)\.connect\s*\(/g, named('database')),
    folder(/\bos\.(?:makedirs|mkdir)\s*\(/g),
    file(/\b(?:shutil\.(?:copy|copy2|copyfile|move|copytree)|os\.(?:rename|replace))\s*\(/g, second),
    file(
      /\b(?:torch\.save|joblib\.dump|pickle\.dump_to|np\.savez?|numpy\.save)\s*\(/g,
      (args) => args.find((one) => /^[frb]?["']/.test(one)) ?? args[1],
    ),
    file(
      /\.(?:to_csv|to_json|to_parquet|to_excel|to_pickle|savefig|save_pretrained|write_html|write_image)\s*\(/g,
      (args) => (args.length === 0 || /^\w+\s*=/.test(args[0] ?? '') ? undefined : args[0]),
    ),
    file(/\.save\s*\(/g, (args) =>
      /^(?:[frb]?["'][^"']*[./]|os\.path\.join|str\()/.test(args[0] ?? '') ? args[0] : undefined,
    ),
    file(/\b(?:TinyDB|shelve\.open|dbm\.open|PickleDB)\s*\(/g),
    folder(/\bPersistentClient\s*\(/g, (args) => keyword(args, 'path') ?? args[0] ?? '"chroma"'),
    folder(
      /\b(?:FileSystemStorage|FileSystemCache|Cache)\s*\(/g,
      (args) => keyword(args, 'location') ?? (/^["']/.test(args[0] ?? '') ? args[0] : undefined),
    ),
    folder(
      /\b(?:extractall|unpack_archive)\s*\(/g,
      (args) => keyword(args, 'path') ?? keyword(args, 'extract_dir') ?? args.at(-1) ?? '""',
    ),
  ],
  ruby: [
    file(/\b(?:File|IO)\.(?:open|new)\s*\(/g, openedFor(mode)),
    file(/\b(?:File|IO)\.(?:write|binwrite)\s*\(/g),
    folder(/\b(?:FileUtils\.mkdir_p|FileUtils\.mkdir|Dir\.mkdir|FileUtils\.makedirs)\s*\(/g),
    file(/\bFileUtils\.(?:cp|mv|cp_r|copy|move)\s*\(/g, second),
    file(/\bLogger\.new\s*\(/g, (args) =>
      /^(?:\$?STD|\$std|nil|IO)/i.test(args[0] ?? '') ? undefined : args[0],
    ),
    file(/\b(?:SQLite3::Database\.new|YAML::Store\.new|PStore\.new)\s*\(/g),
  ],
  php: [
    file(/\b(?:file_put_contents|touch|imagepng|imagejpeg)\s*\(/g, (args) =>
      args.length > 1 || args[0]?.startsWith('$') === false
        ? args.find((one) => !/^\$(?:im|img|image)\b/.test(one))
        : undefined,
    ),
    file(/\bfopen\s*\(/g, openedFor(mode)),
    folder(/(?<![\w>:])mkdir\s*\(/g),
    file(/\b(?:move_uploaded_file|copy|rename)\s*\(/g, second),
    file(/\bnew\s+(?:StreamHandler|RotatingFileHandler|SQLite3|\\?Monolog\\Handler\\\w+)\s*\(/g, (args) =>
      /^["']php:/.test(args[0] ?? '') ? undefined : args[0],
    ),
  ],
  java: [
    file(/\bnew\s+(?:FileWriter|FileOutputStream|PrintWriter|RandomAccessFile|FileHandler)\s*\(/g, (args) =>
      /^System\.|^new\s+(?:OutputStreamWriter|StringWriter|BufferedWriter)|^(?:out|sw|writer|stringWriter|response)\b/.test(
        args[0] ?? '',
      )
        ? undefined
        : args[0],
    ),
    file(/\bFiles\.(?:write|writeString|newBufferedWriter|newOutputStream|createFile)\s*\(/g),
    folder(/\bFiles\.createDirector(?:y|ies)\s*\(/g),
    file(/\bFiles\.(?:copy|move)\s*\(/g, second),
    file(/\.transferTo\s*\(/g, (args) =>
      /^(?:out|os|outputStream|response)/i.test(args[0] ?? '') ? undefined : args[0],
    ),
  ],
  dotnet: [
    file(/\bFile\.(?:WriteAll\w+|AppendAll\w+|AppendText|Create|CreateText|OpenWrite)\s*\(/g),
    file(/\bFile\.(?:Copy|Move)\s*\(/g, second),
    file(
      /\bFile\.Open\s*\(/g,
      openedFor(/FileMode\.(?:Create|Append|OpenOrCreate|CreateNew|Truncate)|FileAccess\.\w*Write/),
    ),
    file(
      /\bnew\s+FileStream\s*\(/g,
      openedFor(/FileMode\.(?:Create|Append|OpenOrCreate|CreateNew|Truncate)|FileAccess\.\w*Write/),
    ),
    file(/\bnew\s+StreamWriter\s*\(/g, (args) =>
      /^(?:[$@]*"|Path\.|\w*[pP]ath\b|\w*[fF]ile\w*\b)/.test(args[0] ?? '') ? args[0] : undefined,
    ),
    folder(/\bDirectory\.CreateDirectory\s*\(/g),
    file(
      /\bWriteTo\.(?:Async\s*\(\s*\w+\s*=>\s*\w+\.)?(?:Rolling)?File\s*\(/g,
      (args) =>
        args.find((one) => /^(?:path\s*:\s*)?[$@]*"/.test(one))?.replace(/^path\s*:\s*/, '') ?? args[0],
    ),
    file(/\bUseSqlite\s*\(\s*(?=[$@]*")/g, (args) =>
      /Data Source=([^;"]+)/i.exec(args[0] ?? '')?.[1]?.replace(/^.*$/, (one) => `"${one}"`),
    ),
  ],
  go: [
    file(/\bos\.(?:Create|WriteFile)\s*\(/g),
    file(/\bioutil\.WriteFile\s*\(/g),
    file(/\bos\.OpenFile\s*\(/g, openedFor(/O_(?:CREATE|WRONLY|RDWR|APPEND|TRUNC)/)),
    folder(/\bos\.Mkdir(?:All)?\s*\(/g),
    file(/\bos\.Rename\s*\(/g, second),
    file(/\b(?:bolt|bbolt|sqlite)\.Open\s*\(/g, (args) =>
      /memory/.test(args[0] ?? '') ? undefined : args[0],
    ),
    file(/\bsql\.Open\s*\(\s*"sqlite3?"\s*,/g),
    folder(/\bbadger\.(?:DefaultOptions|Open)\s*\(/g, (args) =>
      /^["`\w]/.test(args[0] ?? '') && !/^badger\./.test(args[0] ?? '') ? args[0] : undefined,
    ),
    file(/\.SaveUploadedFile\s*\(/g, second),
    file(/\.SaveFile\s*\(/g, second),
    folder(/\bpocketbase\.New\s*\(/g, () => '"pb_data"'),
  ],
  rust: [
    file(/\bFile::(?:create|create_new)\s*\(/g),
    file(/\bfs::write\s*\(/g),
    folder(/\bfs::create_dir(?:_all)?\s*\(/g),
    file(/\bfs::(?:rename|copy)\s*\(/g, second),
    file(/\bOpenOptions::new\(\)(?:\s*\.\w+\(\w*\))*\s*\.open\s*\(/g),
    file(/\bConnection::open\s*\(/g),
    folder(/\brolling::(?:daily|hourly|minutely|never)\s*\(/g),
    folder(/\bsled::open\s*\(/g),
  ],
  elixir: [
    file(/\bFile\.(?:write|touch|rename|cp)!?\s*\(/g),
    folder(/\bFile\.(?:mkdir|mkdir_p)!?\s*\(/g),
    file(/\bFile\.(?:open|stream)!?\s*\(/g, openedFor(/:(?:write|append|exclusive)\b/)),
    file(/\b(?:DETS|:dets)\.open_file\s*\(/g),
  ],
  c: [
    file(/\bfopen\s*\(/g, openedFor(mode)),
    file(/\b(?:std::)?ofstream\s+\w+\s*\(/g),
    file(/\bsqlite3_open(?:_v2)?\s*\(/g),
    file(/(?<![\w.>])open\s*\(/g, openedFor(/O_(?:CREAT|WRONLY|RDWR|APPEND)/)),
    folder(/(?<![\w.>])mkdir\s*\(/g),
  ],
};

/** Settings in sources that name what is written, by language. */
export const writingSettings: Readonly<Partial<Record<Language, readonly WritingSetting[]>>> = {
  node: [
    {
      setting: /\bnew\s+(?:\w+\.)*(?:File|\w*Rotate\w*|Datastore|NeDB)\s*\(\s*\{[^{}]*?\bfilename\s*:\s*/g,
      isFile: true,
    },
    { setting: /\bnew\s+(?:\w+\.)*\w*Rotate\w*\s*\(\s*\{[^{}]*?\bdirname\s*:\s*/g, isFile: false },
    {
      setting: /\btype\s*:\s*["'](?:file|dateFile|multiFile|fileSync)["']\s*,\s*(?:filename|base)\s*:\s*/g,
      isFile: true,
    },
    { setting: /\btarget\s*:\s*["']pino\/file["'][^{}]*\{\s*destination\s*:\s*/g, isFile: true },
    { setting: /\btarget\s*:\s*["']pino-roll["'][^{}]*\{\s*file\s*:\s*/g, isFile: true },
    { setting: /\bmulter\s*\(\s*\{[^{}]*?\bdest\s*:\s*/g, isFile: false },
    { setting: /\b(?:uploadDir|dataPath|tempFileDir|userDataDir)\s*:\s*/g, isFile: false },
    { setting: /\bstorage\s*:\s*(?=["'`][^"'`\n]*\.(?:db|sqlite3?)["'`])/g, isFile: true },
  ],
  python: [
    { setting: /["']filename["']\s*:\s*/g, isFile: true },
    {
      setting:
        /\b(?:UPLOAD_FOLDER|MEDIA_ROOT|UPLOADS_DEFAULT_DEST|SESSION_FILE_DIR|CACHE_DIR)\b["'\]]*\s*[:=]\s*/g,
      isFile: false,
    },
  ],
  java: [{ setting: /\bnew\s+File\s*\(\s*(?=[^)\s][^)\n]*\)\.mkdirs?\()/g, isFile: false }],
  go: [{ setting: /\b(?:lumberjack\.Logger\s*\{[^{}]*?Filename|rotatelogs\.New)\s*[:(]\s*/g, isFile: true }],
};

/** A method that writes to the place that its receiver stands for. */
export interface ReceiverCall {
  /** From the dot up to the opening bracket of the call. */
  readonly call: RegExp;
  /** False where these arguments only read. */
  readonly writes: (args: readonly string[]) => boolean;
  readonly isFile: boolean;
}

/** Python's `Path.mkdir`, `.write_text`, `.touch` and `.open("w")`, which are said behind the name. */
export const receiverCalls: readonly ReceiverCall[] = [
  { call: /\.mkdir\(/g, writes: () => true, isFile: false },
  { call: /\.(?:write_text|write_bytes|touch)\(/g, writes: () => true, isFile: true },
  {
    call: /\.open\(/g,
    writes: (args) =>
      /^["'](?:[wax][bt]{0,2}\+?[bt]?|r[bt]?\+[bt]?)["']$/.test(keyword(args, 'mode') ?? args[0] ?? ''),
    isFile: true,
  },
];

function stripBraces(args: readonly string[]): string[] {
  return args.flatMap((one) => one.replace(/^\{|\}$/g, '').split(',')).map((one) => one.trim());
}
