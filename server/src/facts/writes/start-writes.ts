import type { Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import type { ImagePath } from '../../text/path-types.ts';
import { table } from '../../text/table.ts';
import { baseName } from '../stage.ts';
import type { StartedCommand } from '../start/commands.ts';
import { optionValue, positionalSettings } from '../start/drops-root.ts';
import { imageFile, type Surroundings } from '../start/image-file.ts';
import { asksRepository, programWrites } from './program-writes.ts';
import { placeNamed } from './sources/expression.ts';

/** A place that a command of the start writes to. */
export interface StartWrite {
  /** Absolute path in the image; undefined where the command does not say plainly. */
  readonly path: ImagePath | undefined;
  readonly isFile: boolean;
  /** Who says so, for people: `docker/start.sh`, `gunicorn.conf.py`. */
  readonly where: string;
}

/** Options of a start command that name what is written. */
const placeOption =
  /^--?[\w-]*(?:log|pid|data|db|database|storage|state|cache|upload|sock|bind-path)[\w-]*$|^--(?:dir|directory|home)$/i;

/** Options of single programs that do so and are too short to tell by themselves. */
const shortOptions: Readonly<Record<string, readonly string[]>> = table({
  gunicorn: ['-p'],
  celery: ['-f'],
  flower: ['-f'],
  scrapy: ['-o', '-O', '--output', '--overwrite-output'],
});

const pathValue = /^(?:\.?\/)?[\w.@-]+(?:\/[\w.@-]+)+\/?$|^[\w.-]+\.(?:log|pid|db|sqlite3?|sock)$/;

/** The places that one command of the start writes to. */
export function startWrites(around: Surroundings, stage: Stage, command: StartedCommand): StartWrite[] {
  return [
    ...command.outputs.flatMap((path) => (/^(?:\/dev\/|&)/.test(path) ? [] : [place(command, path, true)])),
    ...toolWrites(command),
    ...optionWrites(command),
    ...beatWrites(command),
    ...serverSettings(around, stage, command),
  ];
}

function place(command: StartedCommand, written: string, isFile: boolean): StartWrite {
  const { where } = command;
  // `%(id)s.mp4` is put together by the program that writes it.
  const variable = written.search(/[$%]/);
  const folder = written.slice(0, written.lastIndexOf('/', variable) + 1);
  const text = variable >= 0 ? folder : written;
  const isKnown = text.startsWith('/') || (command.directory !== undefined && text !== '');
  if (!isKnown || text === '/') {
    return { path: undefined, isFile, where };
  }
  const path = normalizePath(text.startsWith('/') ? text : `${command.directory}/${text}`);
  return { path, isFile: isFile && text === written && !text.endsWith('/'), where };
}

/** What the usual tools of a shell script write to. */
function toolWrites(command: StartedCommand): StartWrite[] {
  const [first = '', ...rest] = command.words;
  const operands = rest.filter((word) => !word.startsWith('-'));
  const last = operands.at(-1);
  const named = (words: readonly string[], isFile: boolean): StartWrite[] =>
    words.map((word) => place(command, word, isFile));
  switch (baseName(first)) {
    case 'mkdir':
      return named(
        operands.filter((word) => !/^\d+$/.test(word)),
        false,
      );
    case 'touch':
    case 'tee':
    case 'truncate':
    case 'rm':
    case 'rmdir':
      return named(operands, true);
    case 'chmod':
      return named(operands.slice(1), true);
    case 'cp':
    case 'mv':
    case 'ln':
    case 'install':
    case 'rsync':
      return last === undefined ? [] : named([last], true);
    case 'sed':
      return rest.some((word) => /^-\w*i|^--in-place/.test(word)) ? named(operands.slice(1), true) : [];
    case 'tar':
      return named(tarPlaces(rest), !tells(rest, 'x', '--extract'));
    case 'gzip':
    case 'gunzip':
    case 'bzip2':
    case 'xz':
      return named(rest.some((word) => /^-\w*c|^--stdout/.test(word)) ? [] : operands, true);
    case 'unzip':
      return named([optionValue(rest, '-d') ?? '.'], false);
    case 'curl':
    case 'wget': {
      const output = ['-o', '-O', '--output', '--output-document']
        .map((name) => optionValue(rest, name))
        .find((one) => one !== undefined);
      return output === undefined || output === '-' || /^https?:/.test(output)
        ? named(baseName(first) === 'wget' && output !== '-' ? ['.'] : [], false)
        : named([output], true);
    }
    default:
      return (programWrites(command.words) ?? []).map((word) =>
        word === undefined
          ? { path: undefined, isFile: true, where: command.where }
          : place(command, word, true),
      );
  }
}

/** True where the letters of tar's first word hold one, or its long name stands among the words: `czf`, `-x`, `--create`. */
function tells(words: readonly string[], letter: 'c' | 'x', long: string): boolean {
  const [letters = ''] = words;
  return words.includes(long) || (/^-?[a-zA-Z]+$/.test(letters) && letters.includes(letter));
}

/** The archive that tar makes, or the folder that it unpacks to. */
function tarPlaces(words: readonly string[]): string[] {
  const [letters = ''] = words;
  if (tells(words, 'x', '--extract')) {
    return [optionValue(words, '-C') ?? optionValue(words, '--directory') ?? '.'];
  }
  const archive =
    optionValue(words, '--file') ??
    optionValue(words, '-f') ??
    (letters.includes('f') ? words[1] : undefined);
  return !tells(words, 'c', '--create') || archive === undefined || archive === '-' ? [] : [archive];
}

/** True for the tools of a shell script, and for the well-known programs, whose writes are read here. */
export function isShellTool(words: readonly string[]): boolean {
  const isTool =
    /^(?:mkdir|touch|tee|truncate|rm|rmdir|chmod|cp|mv|ln|install|rsync|sed|tar|unzip|curl|wget|envsubst|gzip|gunzip|bzip2|xz)$/.test(
      baseName(words[0] ?? ''),
    );
  return isTool || (programWrites(words) !== undefined && !asksRepository(words));
}

function optionWrites(command: StartedCommand): StartWrite[] {
  const { words } = command;
  const short = shortOptions[baseName(words[0] ?? '')] ?? [];
  return words.flatMap((word, i) => {
    const spring = /^--?D?logging\.file(\.path)?(?:\.name)?=(.+)$/.exec(word);
    if (spring !== null) {
      return [place(command, spring[2] ?? '', spring[1] === undefined)];
    }
    const dump = /^-XX:HeapDumpPath=(.+)$|^-Xlog(?:gc)?:[^\s]*file=([^:]+)|^-Xloggc:(.+)$/.exec(word);
    if (dump !== null) {
      return [place(command, dump[1] ?? dump[2] ?? dump[3] ?? '', true)];
    }
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? (words[i + 1] ?? '') : word.slice(equals + 1);
    const isNamed = placeOption.test(name) && pathValue.test(value);
    const isShort = short.includes(name) && /^[\w./@%()-]+$/.test(value) && !value.startsWith('-');
    if ((!isNamed && !isShort) || /:\d+$/.test(value)) {
      return [];
    }
    return [place(command, value, /\.\w+$/.test(value) && !value.endsWith('/'))];
  });
}

/** Celery's beat keeps its schedule in a file, unless it is told to keep it elsewhere. */
function beatWrites(command: StartedCommand): StartWrite[] {
  const { words } = command;
  const isCelery = words.some((word) => baseName(word) === 'celery');
  const isBeat = words.includes('beat') || words.includes('-B') || words.includes('--beat');
  const scheduler = optionValue(words, '-S') ?? optionValue(words, '--scheduler');
  const isFile = scheduler === undefined || /PersistentScheduler/.test(scheduler);
  if (!isCelery || !isBeat || !isFile) {
    return [];
  }
  const named = optionValue(words, '-s') ?? optionValue(words, '--schedule') ?? 'celerybeat-schedule';
  return [place(command, named, true)];
}

interface ServerKeys {
  readonly options: readonly string[];
  readonly own: readonly string[];
  readonly line: RegExp;
}

const pm2: ServerKeys = {
  options: [],
  own: [],
  line: /(?:^|[\s{,])["']?(?:out|error|log|pid|out_file|error_file|log_file|pid_file)["']?\s*:\s*(["'][^"']+["'])/,
};

/** Names of settings in the files of servers whose value is written to. */
const serverKeys: Readonly<Record<string, ServerKeys>> = table({
  gunicorn: {
    options: ['-c', '--config'],
    own: ['gunicorn.conf.py'],
    line: /^[ \t]*(?:pidfile|accesslog|errorlog|logfile|tmp_upload_dir|worker_tmp_dir)[ \t]*=[ \t]*([^ \t].*)$/,
  },
  uwsgi: {
    options: ['--ini', '--yaml', '-y', '--xml', '-x', '--json', '-j'],
    own: [],
    line: /^[ \t]*["<]?(?:logto2?|pidfile2?|safe-pidfile|daemonize2?|socket|uwsgi-socket|http-socket|stats|spooler|cache2)["]?[ \t]*[=:>][ \t]*["]?([^"<,\s]+)/,
  },
  pm2,
  'pm2-runtime': pm2,
  'pm2-docker': pm2,
  puma: {
    options: ['-C', '--config'],
    own: ['config/puma.rb'],
    line: /^[ \t]*(?:pidfile|state_path|bind)[ \t(]+([^ \t(].*)$/,
  },
  unicorn: {
    options: ['-c', '--config-file'],
    own: ['config/unicorn.rb'],
    line: /^[ \t]*(?:pid|stderr_path|stdout_path|listen)[ \t(]+([^ \t(].*)$/,
  },
  hypercorn: {
    options: ['-c', '--config'],
    own: [],
    line: /^[ \t]*(?:pid_path|accesslog|errorlog)[ \t]*=[ \t]*([^ \t].*)$/,
  },
});

/** The PID files, logs and sockets that the settings of a server name. */
function serverSettings(around: Surroundings, stage: Stage, command: StartedCommand): StartWrite[] {
  const words = command.words[1] === '-m' ? command.words.slice(2) : command.words;
  const program = baseName(words[0] ?? '');
  const keys = Object.hasOwn(serverKeys, program) ? serverKeys[program] : undefined;
  if (keys === undefined) {
    return [];
  }
  const named = keys.options.flatMap((name) => optionValue(words, name) ?? []);
  const positional = positionalSettings(program, words);
  const files = named.length + positional.length > 0 ? [...named, ...positional] : keys.own;
  return files.flatMap((name) => {
    const path = name.replace(/^(?:python|file):/, '');
    const absolute = path.startsWith('/') ? path : `${command.directory ?? ''}/${path}`;
    const text = imageFile(around, stage, absolute)?.text;
    if (text === undefined) {
      return keys.own.includes(name) ? [] : [{ path: undefined, isFile: true, where: path }];
    }
    return text.split('\n').flatMap((line) => {
      const value = keys.line.exec(line)?.[1]?.trim();
      return value === undefined ? [] : settingValue({ ...command, where: path }, value, stage);
    });
  });
}

function settingValue(command: StartedCommand, value: string, stage: Stage): StartWrite[] {
  const text = value.replace(/["']/g, '').replace(/^unix:(?:\/\/)?/, '');
  // `-` is the output; an address is a host and a port.
  if (/^(?:-|None|nil|null|false|tcp:.*|ssl:.*|[\w.*[\]-]*:\d.*|\d+|\/dev\/.*|%\(.*)$/.test(text)) {
    return [];
  }
  const plain = /^[\w./@-]+$/.test(text) ? text : undefined;
  const named =
    plain ?? placeNamed(value, { environment: stage.end.environment, valueOf: () => undefined })?.path;
  return named === undefined
    ? [{ path: undefined, isFile: true, where: command.where }]
    : [place(command, named, true)];
}
