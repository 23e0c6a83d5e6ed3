import type { Stage } from '../../model/dockerfile.ts';
import { joinImage } from '../../model/paths.ts';
import type { ImagePath } from '../../text/path-types.ts';
import { table } from '../../text/table.ts';
import { baseName } from '../stage.ts';
import type { StartedCommand } from './commands.ts';
import { imageFile, type Surroundings } from './image-file.ts';

/** Options and settings with which a server gives root away by itself. */
interface UserSettings {
  readonly options: readonly string[];
  /** Options that name a file of settings. */
  readonly files: readonly string[];
  /** Files that are read without being named. */
  readonly ownFiles: readonly string[];
  /** A line of such a file; its first group is the value. */
  readonly line: RegExp;
  /** Variables of the environment that say the same. */
  readonly variables: readonly string[];
}

const pm2: UserSettings = {
  options: ['--uid', '--gid'],
  files: [],
  ownFiles: [],
  line: /(?:^|[\s{,])["']?(?:uid|gid)["']?\s*:\s*["']?([\w.-]+)/,
  variables: [],
};

const servers: Readonly<Record<string, UserSettings>> = table({
  gunicorn: {
    options: ['-u', '--user', '-g', '--group'],
    files: ['-c', '--config'],
    ownFiles: ['gunicorn.conf.py'],
    line: /^[ \t]*(?:user|group)[ \t]*=[ \t]*([^ \t].*)$/,
    variables: ['GUNICORN_CMD_ARGS'],
  },
  uwsgi: {
    options: ['--uid', '--gid'],
    files: ['--ini', '-y', '--yaml', '-x', '--xml', '-j', '--json', '-i', '--yml'],
    ownFiles: [],
    line: /^[ \t]*["<]?(?:uid|gid)["]?[ \t]*[=:>][ \t]*["]?([^"<,]+)/,
    variables: ['UWSGI_UID', 'UWSGI_GID'],
  },
  hypercorn: {
    options: ['-u', '--user', '-g', '--group'],
    files: ['-c', '--config'],
    ownFiles: [],
    line: /^[ \t]*(?:user|group)[ \t]*=[ \t]*([^ \t].*)$/,
    variables: [],
  },
  celery: { options: ['--uid', '--gid'], files: [], ownFiles: [], line: /^$/, variables: ['CELERYD_USER'] },
  pm2,
  'pm2-runtime': pm2,
  'pm2-docker': pm2,
  unicorn: {
    options: [],
    files: ['-c', '--config-file'],
    ownFiles: [],
    line: /^[ \t]*user[ \t(]+["']([\w.-]+)/,
    variables: [],
  },
  mosquitto: {
    options: [],
    files: ['-c'],
    ownFiles: [],
    line: /^user[ \t]+(\S+)/,
    variables: [],
  },
});

/** Values that name no other user. */
const noUser = /^["']?(?:root|0|None|null|)["']?$/;

/**
 * How a command drops root by itself, in one sentence without a stop: `pay.ini sets uid`. Such a server has to start as
 * root. Undefined where nothing says so.
 */
export function dropsRoot(around: Surroundings, stage: Stage, command: StartedCommand): string | undefined {
  const isModule = command.words[1] === '-m';
  const words = isModule ? command.words.slice(2) : command.words;
  const program = baseName(words[0] ?? '');
  const settings = Object.hasOwn(servers, program) ? servers[program] : undefined;
  if (settings === undefined) {
    return undefined;
  }
  const option = settings.options.find((name) => !noUser.test(optionValue(words, name) ?? ''));
  if (option !== undefined) {
    return `${program} is started with ${option}`;
  }
  const variable = settings.variables.find((name) => {
    const value = stage.end.environment.get(name) ?? '';
    return name.endsWith('ARGS') ? /--(?:user|group)\b|(?:^|\s)-[ug]\b/.test(value) : !noUser.test(value);
  });
  if (variable !== undefined) {
    return `${variable} gives ${program} another user`;
  }
  const named = settings.files.flatMap((name) => optionValue(words, name) ?? []);
  const positional = positionalSettings(program, words);
  for (const name of [...named, ...positional, ...settings.ownFiles]) {
    const path = name.replace(/^(?:python|file):/, '');
    const text = imageFile(around, stage, joinPlace(command.directory, path))?.text ?? '';
    const line = text.split('\n').find((one) => {
      const value = settings.line.exec(one)?.[1]?.trim();
      return value !== undefined && !noUser.test(value);
    });
    if (line !== undefined) {
      return `${path} sets \`${line.trim()}\``;
    }
  }
  return undefined;
}

/** The files of settings that a server is given without an option. */
export function positionalSettings(program: string, words: readonly string[]): string[] {
  const pattern =
    program === 'uwsgi'
      ? /\.(?:ini|ya?ml|xml|json)$/
      : program.startsWith('pm2')
        ? /\.config\.[cm]?js$|\.(?:json5?|ya?ml)$/
        : undefined;
  return pattern === undefined ? [] : words.slice(1).filter((word) => pattern.test(word));
}

/** The value of an option, written behind it or with `=`. */
export function optionValue(words: readonly string[], name: string): string | undefined {
  for (const [i, word] of words.entries()) {
    if (word === name) {
      return words[i + 1];
    }
    if (word.startsWith(`${name}=`)) {
      return word.slice(name.length + 1);
    }
  }
  return undefined;
}

function joinPlace(directory: ImagePath | undefined, path: string): string {
  return path.startsWith('/') ? path : joinImage(directory ?? '/', path);
}
