import type { Language } from '../../start/programs.ts';
import { keyword } from './arguments.ts';
import { cCalls, dotnetCalls, goCalls, javaCalls, rustCalls } from './compiled-calls.ts';
import { elixirCalls, nodeCalls, phpCalls, pythonCalls, rubyCalls } from './script-calls.ts';
import type { ReceiverCall, WritingCall, WritingSetting } from './writing-call.ts';

/** Calls that write, by language. What follows a name is taken as it stands: comments and tests are left out by who asks. */
export const writingCalls: Readonly<Record<Language, readonly WritingCall[]>> = {
  node: nodeCalls,
  python: pythonCalls,
  ruby: rubyCalls,
  php: phpCalls,
  elixir: elixirCalls,
  java: javaCalls,
  dotnet: dotnetCalls,
  go: goCalls,
  rust: rustCalls,
  c: cCalls,
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
    { setting: /\btarget\s*:\s*["']pino\/file["'][^{}]*\{\s*destination\s*:\s*(?!\d)/g, isFile: true },
    { setting: /\btarget\s*:\s*["']pino-roll["'][^{}]*\{\s*file\s*:\s*/g, isFile: true },
    { setting: /\bstreams\s*:\s*\[[^[\]]*?\bpath\s*:\s*/g, isFile: true },
    {
      setting: /\b(?:multer|formidable|MulterModule\.register)(?:["']\s*\))?\s*\(\s*\{[^{}]*?\bdest\s*:\s*/g,
      isFile: false,
    },
    { setting: /\bdiskStorage\s*\(\s*\{[^{}]*?\bdestination\s*:\s*(?=["'`])/g, isFile: false },
    { setting: /\b(?:uploadDir|dataPath|tempFileDir|userDataDir)\s*:\s*/g, isFile: false },
    { setting: /\bstorage\s*:\s*(?=["'`][^"'`\n]*\.(?:db|sqlite3?)["'`])/g, isFile: true },
    { setting: /\bconnection\s*:\s*\{[^{}]*?\bfilename\s*:\s*/g, isFile: true },
    { setting: /\btype\s*:\s*["'](?:better-)?sqlite3?["'][^{}]*?\bdatabase\s*:\s*/g, isFile: true },
    // Schemas of GraphQL that are written when the server starts; `true` keeps them in memory.
    {
      setting:
        /\b(?:autoSchemaFile|emitSchemaFile)\s*:\s*(?:\{[^{}]*?\bpath\s*:\s*)?(?![{\s]|true\b|false\b)/g,
      isFile: true,
    },
    {
      setting: /\bdefinitions\s*:\s*\{[^{}]*?\bpath\s*:\s*(?=["'`]|join\(|resolve\(|path\.|process\.)/g,
      isFile: true,
    },
    { setting: /\.(?:pdf|screenshot)\s*\(\s*\{[^{}]*?\bpath\s*:\s*/g, isFile: true },
  ],
  python: [
    { setting: /["']filename["']\s*:\s*/g, isFile: true },
    { setting: /["']outtmpl["']\s*:\s*/g, isFile: true },
    { setting: /\bpersist_directory\s*=\s*/g, isFile: false },
    {
      setting:
        /\b(?:UPLOAD_FOLDER|MEDIA_ROOT|UPLOADS_DEFAULT_DEST|SESSION_FILE_DIR|CACHE_DIR)\b["'\]]*\s*[:=]\s*/g,
      isFile: false,
    },
  ],
  php: [{ setting: /["']cache["']\s*=>\s*(?=__DIR__|["'][^"'\n]*\/)/g, isFile: false }],
  java: [{ setting: /\bnew\s+File\s*\(\s*(?=[^)\s][^)\n]*\)\.mkdirs?\()/g, isFile: false }],
  go: [
    { setting: /\bStoreDir\s*:\s*/g, isFile: false },
    { setting: /\b(?:lumberjack\.Logger\s*\{[^{}]*?Filename|rotatelogs\.New)\s*[:(]\s*/g, isFile: true },
  ],
};

/** Methods that write to what stands in front of their dot, by language. */
export const receiverCalls: Readonly<Partial<Record<Language, readonly ReceiverCall[]>>> = {
  // Python's pathlib.
  python: [
    { call: /\.mkdir\(/g, writes: () => true, isFile: false },
    { call: /\.(?:write_text|write_bytes|touch)\(/g, writes: () => true, isFile: true },
    { call: /\.unlink\(/g, writes: () => true, isFile: true, isOnlyPlain: true },
    {
      call: /\.open\(/g,
      writes: (args) =>
        /^["'](?:[wax][bt]{0,2}\+?[bt]?|r[bt]?\+[bt]?)["']$/.test(keyword(args, 'mode') ?? args[0] ?? ''),
      isFile: true,
    },
  ],
  // Kotlin's extensions of java.io.File, and the folders of Java itself.
  java: [
    {
      call: /\.(?:writeText|appendText|writeBytes|appendBytes|printWriter|bufferedWriter|outputStream)\(/g,
      writes: () => true,
      isFile: true,
    },
    { call: /\.mkdirs?\(/g, writes: () => true, isFile: false, isOnlyPlain: true },
    { call: /\.createNewFile\(/g, writes: () => true, isFile: true, isOnlyPlain: true },
  ],
};
