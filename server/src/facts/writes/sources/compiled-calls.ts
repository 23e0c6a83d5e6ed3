import {
  file,
  first,
  folder,
  openedFor,
  pathLike,
  removal,
  second,
  third,
  type WritingCall,
  writingMode,
} from './writing-call.ts';

export const javaCalls: readonly WritingCall[] = [
  file(/\bnew\s+(?:FileWriter|FileOutputStream|PrintWriter|RandomAccessFile|FileHandler)\s*\(/g, (args) =>
    /^System\.|^new\s+(?:OutputStreamWriter|StringWriter|BufferedWriter)|^(?:out|sw|writer|stringWriter|response)\b/.test(
      args[0] ?? '',
    )
      ? undefined
      : args[0],
  ),
  // Kotlin makes an object without `new`.
  file(/(?<!new |\w)(?:FileWriter|FileOutputStream)\s*\(/g),
  file(/\bFiles\.(?:write|writeString|newBufferedWriter|newOutputStream|createFile)\s*\(/g),
  folder(/\bFiles\.createDirector(?:y|ies)\s*\(/g),
  file(/\bFiles\.(?:copy|move)\s*\(/g, second),
  removal(/\bFiles\.(?:delete|deleteIfExists)\s*\(/g),
  file(/\.transferTo\s*\(/g, (args) =>
    /^(?:out|os|outputStream|response)/i.test(args[0] ?? '') ? undefined : args[0],
  ),
  file(/\.writeValue\s*\(/g, (args) =>
    /^(?:new\s+File|Paths?\.|\w*[fF]ile\b)/.test(args[0] ?? '') ? args[0] : undefined,
  ),
  file(/\bImageIO\.write\s*\(/g, (args) =>
    /^(?:new\s+)?File\b|^\w*[fF]ile\b/.test(args[2] ?? '') ? third(args) : undefined,
  ),
  file(
    /\bFileUtils\.(?:writeStringToFile|write|writeLines|writeByteArrayToFile|touch|openOutputStream)\s*\(/g,
  ),
  file(/\bFileUtils\.(?:copyFile|copyURLToFile|copyInputStreamToFile|moveFile)\s*\(/g, second),
  folder(/\bFileUtils\.(?:forceMkdir|cleanDirectory)\s*\(/g),
  folder(/\b(?:FSDirectory|MMapDirectory|NIOFSDirectory)(?:\.open)?\s*\(/g),
  folder(/\bRocksDB\.open\s*\(/g, (args) => args.find((one) => /^"/.test(one)) ?? args[1]),
  folder(/\bChronicleQueue\.single(?:Builder)?\s*\(/g),
];

/** Modes with which .NET opens a file for writing. */
const fileMode = /FileMode\.(?:Create|Append|OpenOrCreate|CreateNew|Truncate)|FileAccess\.\w*Write/;

export const dotnetCalls: readonly WritingCall[] = [
  file(/\bFile\.(?:WriteAll\w+|AppendAll\w+|AppendText|Create|CreateText|OpenWrite)\s*\(/g),
  file(/\bFile\.(?:Copy|Move)\s*\(/g, second),
  removal(/\b(?:File|Directory)\.Delete\s*\(/g),
  file(/\bFile\.Open\s*\(/g, openedFor(fileMode)),
  file(/\bnew\s+FileStream\s*\(/g, openedFor(fileMode)),
  file(/\bnew\s+StreamWriter\s*\(/g, (args) =>
    /^(?:[$@]*"|Path\.|\w*[pP]ath\b|\w*[fF]ile\w*\b)/.test(args[0] ?? '') ? args[0] : undefined,
  ),
  file(/\.Save\s*\(\s*(?=[$@]*"|Path\.)/g),
  folder(/\bDirectory\.CreateDirectory\s*\(/g),
  folder(/\bZipFile\.ExtractToDirectory\s*\(/g, second),
  folder(/\bPersistKeysToFileSystem\s*\(/g),
  file(/\.AddFile\s*\(/g, pathLike(first)),
  file(
    /\bWriteTo\.(?:Async\s*\(\s*\w+\s*=>\s*\w+\.)?(?:Rolling)?File\s*\(/g,
    (args) => args.find((one) => /^(?:path\s*:\s*)?[$@]*"/.test(one))?.replace(/^path\s*:\s*/, '') ?? args[0],
  ),
  file(/\bUseSqlite\s*\(\s*(?=[$@]*")/g, (args) =>
    /Data Source=([^;"]+)/i.exec(args[0] ?? '')?.[1]?.replace(/^.*$/, (one) => `"${one}"`),
  ),
];

/** A folder that Go makes below another, or below the temporary one where none is named. */
const namedFolder = (args: readonly string[]): string | undefined =>
  args[0] === '""' || args[0] === 'os.TempDir()' ? undefined : args[0];

export const goCalls: readonly WritingCall[] = [
  file(/\bos\.(?:Create|WriteFile)\s*\(/g),
  file(/\bioutil\.WriteFile\s*\(/g),
  file(/\bos\.OpenFile\s*\(/g, openedFor(/O_(?:CREATE|WRONLY|RDWR|APPEND|TRUNC)/)),
  folder(/\bos\.Mkdir(?:All)?\s*\(/g),
  folder(/\b(?:os\.(?:CreateTemp|MkdirTemp)|ioutil\.Temp(?:File|Dir))\s*\(/g, namedFolder),
  folder(/\bos\.CopyFS\s*\(/g),
  file(/\bos\.(?:Rename|Symlink|Link)\s*\(/g, second),
  removal(/\bos\.(?:Remove|RemoveAll|Truncate)\s*\(/g),
  file(/\b(?:bolt|bbolt|sqlite)\.Open\s*\(/g, (args) => (/memory/.test(args[0] ?? '') ? undefined : args[0])),
  file(/\b(?:sql|sqlx)\.(?:Must)?(?:Open|Connect)\s*\(\s*"sqlite3?"\s*,/g),
  folder(/\bbadger\.(?:DefaultOptions|Open)\s*\(/g, (args) =>
    /^["`\w]/.test(args[0] ?? '') && !/^badger\./.test(args[0] ?? '') ? args[0] : undefined,
  ),
  folder(/\b(?:pebble\.Open|leveldb\.OpenFile|git\.PlainClone)\s*\(/g),
  // A new index of bleve refuses a folder that is there.
  file(/\bbleve\.New\s*\(/g),
  folder(/\bautocert\.DirCache\s*\(/g),
  file(/\bviper\.(?:Safe)?WriteConfigAs\s*\(/g),
  file(/\.SaveUploadedFile\s*\(/g, second),
  file(/\.SaveFile\s*\(/g, second),
  file(/\.SaveAs\s*\(/g),
  folder(/\bpocketbase\.New\s*\(/g, () => '"pb_data"'),
];

export const rustCalls: readonly WritingCall[] = [
  file(/\bFile::(?:create|create_new)\s*\(/g),
  file(/\bfs::write\s*\(/g),
  folder(/\bfs::create_dir(?:_all)?\s*\(/g),
  file(/\bfs::(?:rename|copy)\s*\(/g, second),
  removal(/\bfs::remove_(?:file|dir|dir_all)\s*\(/g),
  file(
    /\bOpenOptions::new\(\)(?=[^;]{0,300}?\.(?:write|append|create|create_new|truncate)\(true\))(?:\s*\.\w+\(\w*\))*\s*\.open\s*\(/g,
  ),
  file(/\bConnection::open\s*\(/g),
  file(/\bfern::log_file\s*\(/g),
  file(/\b(?:Rolling)?FileAppender::builder\(\)[^;]{0,300}?\.build\s*\(/g),
  folder(/\bRollingFileAppender::new\s*\(/g, second),
  folder(/\brolling::(?:daily|hourly|minutely|never)\s*\(/g),
  folder(/\.log_to_file\s*\(/g, ([spec = '']) =>
    /^FileSpec::default\(\)/.test(spec) ? (/\.directory\(([^()]+)\)/.exec(spec)?.[1] ?? '"."') : spec,
  ),
  file(/\b(?:redb::)?Database::create\s*\(/g),
  folder(/\b(?:sled::open|DB::open_default)\s*\(/g),
  folder(/\bDB::open\s*\(/g, second),
  file(/\.save\s*\(\s*(?=")/g),
];

export const cCalls: readonly WritingCall[] = [
  file(/\bfopen\s*\(/g, openedFor(writingMode)),
  file(/\bfreopen\s*\(/g, openedFor(writingMode)),
  file(/\b(?:std::)?ofstream\s+\w+\s*[({]/g),
  file(/\b(?:basic|rotating|daily)_logger_(?:mt|st)\s*\(/g, second),
  file(/\bsqlite3_open(?:_v2)?\s*\(/g),
  file(/(?<![\w.>])open\s*\(/g, openedFor(/O_(?:CREAT|WRONLY|RDWR|APPEND)/)),
  folder(/(?<![\w.>])mkdir\s*\(/g),
];
