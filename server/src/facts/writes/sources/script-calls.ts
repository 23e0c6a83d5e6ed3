import { keyword } from './arguments.ts';
import {
  file,
  first,
  folder,
  last,
  members,
  named,
  only,
  openedFor,
  pathLike,
  removal,
  second,
  third,
  type WritingCall,
  writingMode,
} from './writing-call.ts';

export const nodeCalls: readonly WritingCall[] = [
  file(
    /(?<!\bXLSX\.)\b(?:writeFileSync|writeFile|appendFileSync|appendFile|createWriteStream|outputFileSync|outputFile|outputJsonSync|outputJson|writeJsonSync|writeJson|writeTextFileSync|writeTextFile|Bun\.write)\s*\(/g,
    // An object is no path: a stream into a bucket takes its settings here.
    (args) => (args[0]?.startsWith('{') === true ? undefined : args[0]),
  ),
  folder(
    /\b(?:mkdirSync|mkdir|mkdirp|mkdirpSync|ensureDirSync|ensureDir|emptyDir|emptyDirSync|mkdtempSync|mkdtemp)\s*\(/g,
  ),
  file(/\b(?:copyFileSync|copyFile|renameSync|rename|moveSync|XLSX\.writeFile)\s*\(/g, second),
  folder(/\bfs\.(?:promises\.)?(?:cpSync|cp)\s*\(/g, second),
  file(/\bfs\.(?:promises\.)?(?:symlinkSync|symlink)\s*\(/g, second),
  removal(/\bfs\.(?:promises\.)?(?:unlinkSync|unlink|rmSync|rm|rmdirSync|rmdir|truncateSync|truncate)\s*\(/g),
  file(/\bfs\.(?:promises\.)?(?:openSync|open)\s*\(/g, openedFor(writingMode)),
  file(/\bDeno\.(?:openSync|open)\s*\(/g, openedFor(/\b(?:write|append|create|createNew)\s*:\s*true\b/)),
  file(/\bDeno\.openKv\s*\(/g),
  file(
    /\bnew\s+(?:Database|DatabaseSync|BetterSqlite3|sqlite3\.Database|JSONFile|JSONFileSync|FileSync|FileAsync|JsonDB)\s*\(/g,
  ),
  file(
    /\b(?:pino\.destination|pino\.final|JSONFilePreset)\s*\(/g,
    (args) => keyword(members(args), 'dest') ?? args[0],
  ),
  folder(
    /\b(?:useMultiFileAuthState|new\s+LocalStorage|new\s+PouchDB|new\s+Level|level)\s*\(/g,
    pathLike(first),
  ),
  folder(/\b(?:flatCache|fc|cache)\.(?:load|create)\s*\(/g, pathLike(second)),
  folder(/\b(?:lmdb\.)?open\s*\(\s*(?=\{\s*path\b)/g, (args) => keyword(members(args), 'path')),
  file(/\.(?:toFile|mv|saveAs)\s*\(/g),
  // An encoder or a canvas saves to a path; the record of a database takes no argument.
  file(/\.(?:save|output)\s*\(\s*(?=["'`][^"'`\n]*(?:\.\w{2,4}|\/)["'`]|path\.)/g),
  // Clients of Git.
  folder(/\b(?:simpleGit\([^()\n]*\)|[gG]it)\.(?:clone|mirror)\s*\(/g, (args) =>
    args[0]?.startsWith('{') === true
      ? (keyword(members(args), 'dir') ?? keyword(members(args), 'fs'))
      : (args[1] ?? '"."'),
  ),
  folder(/\bcreateStream\s*\(/g, (args) => keyword(members(args.slice(1)), 'path')),
  folder(
    /\bdestination\s*(?::\s*)?(?:async\s+)?(?:function\s*(?:\w+\s*)?)?\([^()\n]*\)\s*(?:=>\s*)?(?:\{\s*)?(?:return\s+)?(?:cb|callback|done|next)\s*\(/g,
    second,
  ),
];

/** A database below the folder of Flask's own data, which Flask-SQLAlchemy makes. */
const flaskDatabase = (args: readonly string[]): string | undefined =>
  /^[^\n]*\bsqlite:\/\/\/(?!\/)/.test(args[0] ?? '') ? '"instance"' : undefined;

export const pythonCalls: readonly WritingCall[] = [
  file(
    /(?<![\w.])(?:io\.|codecs\.|gzip\.|bz2\.|lzma\.|aiofiles\.|tarfile\.)?open\s*\(/g,
    openedFor(writingMode),
  ),
  file(/(?<![\w.])os\.open\s*\(/g, openedFor(/O_(?:CREAT|WRONLY|RDWR|APPEND)/)),
  file(/\b(?:ZipFile|h5py\.File|TarFile)\s*\(/g, openedFor(writingMode)),
  file(
    /\b(?:FileHandler|RotatingFileHandler|TimedRotatingFileHandler|WatchedFileHandler|ConcurrentRotatingFileHandler)\s*\(/g,
    named('filename'),
  ),
  file(/\bbasicConfig\s*\(/g, only('filename')),
  file(/\blogger\.add\s*\(/g, (args) => {
    const sink = named('sink')(args);
    return /^(?:[frb]?["']|(?:os\.path\.|Path|\w+\s*\/)|\w*(?:path|file|log|dir)\w*\b(?!\.))/i.test(
      sink ?? '',
    )
      ? sink
      : undefined;
  }),
  file(/\blogzero\.logfile\s*\(/g),
  file(/\b(?:sqlite3|aiosqlite|duckdb)\.connect\s*\(/g, named('database')),
  file(/\b(?:SqliteDatabase|SqliteExtDatabase|SqliteQueueDatabase)\s*\(/g),
  folder(/\bSQLALCHEMY_DATABASE_URI["'\]]*\s*[:=]\s*/g, flaskDatabase),
  folder(/\bos\.(?:makedirs|mkdir)\s*\(/g),
  // Django puts what is uploaded below MEDIA_ROOT, wherever that is set.
  folder(/\bmodels\.(?:File|Image)Field\s*\(/g, () => 'MEDIA_ROOT'),
  file(
    /\b(?:shutil\.(?:copy|copy2|copyfile|move|copytree)|os\.(?:rename|replace|symlink)|faiss\.write_index)\s*\(/g,
    second,
  ),
  removal(/\b(?:os\.(?:remove|unlink|rmdir)|shutil\.rmtree)\s*\(/g),
  file(/\b(?:urllib\.request\.|request\.)?urlretrieve\s*\(/g, (args) => keyword(args, 'filename') ?? args[1]),
  file(
    /\b(?:cv2\.imwrite|cv2\.VideoWriter|imageio\.imwrite|wavfile\.write|sf\.write|soundfile\.write)\s*\(/g,
  ),
  file(/\bpd\.ExcelWriter\s*\(/g, pathLike(first)),
  // Clients of Git, FFmpeg and yt-dlp.
  folder(
    /\bRepo\.(?:clone_from|init)\s*\(|\bpygit2\.clone_repository\s*\(|\bporcelain\.clone\s*\(/g,
    (args) =>
      keyword(args, 'to_path') ?? keyword(args, 'path') ?? keyword(args, 'target') ?? args[1] ?? args[0],
  ),
  file(
    /(?<!\w)ffmpeg\.output\s*\(|\.output\s*\(\s*(?=[frb]?["'][^"'\n]*\.\w{2,4}["'])/g,
    (args) => args.find((one) => /^[frb]?["']/.test(one)) ?? args.findLast((one) => !/^\w+\s*=/.test(one)),
  ),
  file(/\.export\s*\(/g, (args) =>
    keyword(args, 'format') === undefined ? undefined : named('out_f')(args),
  ),
  folder(/\bYoutubeDL\s*\(/g, ([options = '""']) =>
    /^\{/.test(options) && !/\bouttmpl\b|\bpaths\b/.test(options) ? '"."' : undefined,
  ),
  folder(/\b(?:snapshot_download|hf_hub_download)\s*\(/g, only('local_dir')),
  folder(/\bnltk\.download\s*\(/g, only('download_dir')),
  file(/\b(?:FileLock|SoftFileLock|set_key)\s*\(/g),
  file(/\bPicklePersistence\s*\(/g, named('filepath')),
  // A session that is named lies in the working directory; one that is held in a text is another class.
  file(/\bTelegramClient\s*\(/g, (args) => (/^StringSession\b/.test(args[0] ?? '') ? undefined : args[0])),
  file(/\bClient\s*\(\s*(?=["'][\w./-]+["']\s*,[^()]{0,300}\b(?:api_id|api_hash|bot_token)\s*=)/g, (args) =>
    args.some((one) => /^(?:in_memory\s*=\s*True|session_string\b)/.test(one)) ? undefined : args[0],
  ),
  file(/\bSpotifyOAuth\s*\(/g, (args) =>
    keyword(args, 'cache_handler') === undefined ? (keyword(args, 'cache_path') ?? '".cache"') : undefined,
  ),
  file(/\brequests_cache\.(?:install_cache|CachedSession)\s*\(/g, (args) =>
    args.some((one) => /^backend\s*=\s*["'](?!sqlite|filesystem)/.test(one))
      ? undefined
      : (named('cache_name')(args) ?? '"http_cache"'),
  ),
  folder(/\bSummaryWriter\s*\(/g, (args) => named('log_dir')(args) ?? '"runs"'),
  folder(/\bwandb\.init\s*\(/g, (args) => keyword(args, 'dir') ?? '"wandb"'),
  file(
    /\b(?:torch\.save|joblib\.dump|pickle\.dump_to|np\.savez?|numpy\.save)\s*\(/g,
    (args) => args.find((one) => /^[frb]?["']/.test(one)) ?? args[1],
  ),
  file(
    /\.(?:to_csv|to_json|to_parquet|to_excel|to_pickle|savefig|save_pretrained|save_local|write_html|write_image|write_videofile|write_audiofile|save_to_disk|download_to_drive)\s*\(/g,
    named('fname', 'path_or_buf', 'excel_writer', 'path', 'filename', 'custom_path', 'file', 'buf'),
  ),
  file(/\bplt\.imsave\s*\(|\b(?:np|numpy)\.savetxt\s*\(/g, named('fname')),
  // Images, workbooks, documents and uploads; a model of Django's is saved without a place.
  file(/\.save\s*\(/g, (args) =>
    /^(?:[frb]?["'][^"']*[./]|os\.path\.join|str\(|\w*(?:path|filename|file_name|fname|destination)\s*$)/i.test(
      args[0] ?? '',
    )
      ? args[0]
      : undefined,
  ),
  file(/\b(?:TinyDB|shelve\.open|dbm\.open|PickleDB)\s*\(/g),
  folder(/\bPersistentClient\s*\(/g, (args) => keyword(args, 'path') ?? args[0] ?? '"chroma"'),
  folder(
    /\b(?:FileSystemStorage|FileSystemCache|Cache|Memory)\s*\(/g,
    (args) => keyword(args, 'location') ?? (/^["']/.test(args[0] ?? '') ? args[0] : undefined),
  ),
  folder(
    /\b(?:extractall|unpack_archive)\s*\(/g,
    (args) => keyword(args, 'path') ?? keyword(args, 'extract_dir') ?? args.at(-1) ?? '""',
  ),
];

// Ruby's calls need no brackets.
export const rubyCalls: readonly WritingCall[] = [
  file(/\b(?:File|IO|CSV)\.(?:open|new)[ \t(]\s*/g, openedFor(writingMode)),
  file(/\b(?:File|IO)\.(?:write|binwrite)[ \t(]\s*/g),
  folder(/\b(?:FileUtils\.mkdir_p|FileUtils\.mkdir|Dir\.mkdir|FileUtils\.makedirs)[ \t(]\s*/g),
  file(/\b(?:FileUtils\.(?:cp|mv|cp_r|copy|move|ln_s)|IO\.copy_stream)[ \t(]\s*/g, second),
  removal(/\b(?:FileUtils\.(?:rm|rm_f|rm_r|rm_rf|touch)|File\.(?:delete|unlink))[ \t(]\s*/g),
  file(/\bLogger\.new[ \t(]\s*/g, (args) =>
    /^(?:\$?STD|\$std|nil|IO)/i.test(args[0] ?? '') ? undefined : args[0],
  ),
  file(/\b(?:SQLite3::Database\.new|YAML::Store\.new|PStore\.new|Sequel\.sqlite)[ \t(]\s*/g, pathLike(first)),
];

export const phpCalls: readonly WritingCall[] = [
  file(/\b(?:file_put_contents|touch|imagepng|imagejpeg)\s*\(/g, (args) =>
    args.length > 1 || args[0]?.startsWith('$') === false
      ? args.find((one) => !/^\$(?:im|img|image)\b/.test(one))
      : undefined,
  ),
  file(/\bfopen\s*\(/g, openedFor(writingMode)),
  file(/\berror_log\s*\(/g, third),
  folder(/(?<![\w>:])mkdir\s*\(/g),
  file(/\b(?:move_uploaded_file|copy|rename)\s*\(/g, second),
  removal(/(?<![\w>:])unlink\s*\(/g),
  file(/\bnew\s+\\?PDO\s*\(\s*(?=["']sqlite:)/g),
  folder(/\bsession_save_path\s*\(/g, pathLike(first)),
  folder(/->set(?:Compile|Cache)Dir(?:ectory)?\s*\(/g),
  folder(/\bnew\s+\\?(?:\w+\\)*(?:LocalFilesystemAdapter|Local|FilesystemAdapter)\s*\(/g, (args) =>
    pathLike(last)(args),
  ),
  folder(/\bnew\s+\\?(?:\w+\\)*(?:Blade|BladeOne)\s*\(/g, second),
  file(/->(?:save|moveTo)\s*\(\s*(?=["'](?!php:)|__DIR__)/g),
  file(/\bnew\s+(?:StreamHandler|RotatingFileHandler|SQLite3|\\?Monolog\\Handler\\\w+)\s*\(/g, (args) =>
    /^["']php:/.test(args[0] ?? '') ? undefined : args[0],
  ),
];

export const elixirCalls: readonly WritingCall[] = [
  file(/\bFile\.(?:write|touch|rename|cp)!?\s*\(/g),
  folder(/\bFile\.(?:mkdir|mkdir_p)!?\s*\(/g),
  removal(/\bFile\.(?:rm|rm_rf|rmdir)!?\s*\(/g),
  file(/\bFile\.(?:open|stream)!?\s*\(/g, openedFor(/:(?:write|append|exclusive)\b/)),
  file(/\b(?:DETS|:dets)\.open_file\s*\(/g),
];
