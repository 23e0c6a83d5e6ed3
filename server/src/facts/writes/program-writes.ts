import { table } from '../../text/table.ts';
import { baseName } from '../stage.ts';
import { optionValue } from '../start/drops-root.ts';
import { isHarmless } from '../start/programs.ts';

/** What a well-known program writes: places as its words name them; undefined where they do not tell. */
export type ProgramWrites = readonly (string | undefined)[];

/** Stands for any number of words that are not known. */
export const furtherWords = '$values';

type Outputs = (words: readonly string[]) => ProgramWrites;

/** The last word that is no option: `ffmpeg -i a.avi b.mp4`. */
const lastOperand: Outputs = (words) => {
  const last = words.at(-1);
  return last === undefined || last === '-' || last.startsWith('pipe:')
    ? []
    : [last.startsWith('-') ? undefined : last];
};

/** The value of the first of some options; nothing is written where none is given. */
const option =
  (...names: readonly string[]): Outputs =>
  (words) => {
    const value = names.map((name) => optionValue(words, name)).find((one) => one !== undefined);
    return value === undefined || value === '-' ? [] : [value];
  };

/** The same, with the folder that is written to where none is given. */
const optionOr =
  (preset: string, ...names: readonly string[]): Outputs =>
  (words) => {
    const found = option(...names)(words);
    return found.length > 0 || words.some((word) => names.includes(word)) ? found : [preset];
  };

/** Verbs of Git that change nothing. */
const readingVerbs =
  /^(?:rev-parse|rev-list|log|status|describe|show|diff|ls-files|ls-remote|ls-tree|cat-file|blame|shortlog|merge-base|for-each-ref|symbolic-ref|name-rev|version|grep)$/;

/** The place of Git's verb among its words; -1 where there is none. */
function verbAt(words: readonly string[]): number {
  return words.findIndex((word, i) => i > 0 && !word.startsWith('-') && !/^-[cC]$/.test(words[i - 1] ?? ''));
}

/** True for a command that reads a repository of Git: one that belongs to another user is refused. */
export function asksRepository(words: readonly string[]): boolean {
  const verb = words[verbAt(words)] ?? '';
  return (
    baseName(words[0] ?? '') === 'git' && readingVerbs.test(verb) && !/^(?:ls-remote|version)$/.test(verb)
  );
}

function gitWrites(words: readonly string[]): ProgramWrites {
  const at = verbAt(words);
  const verb = words[at] ?? '';
  if (at < 0 || readingVerbs.test(verb) || words.includes('--version')) {
    return [];
  }
  if (verb !== 'clone') {
    // Everything else changes a clone that is there, whoever made it.
    return [undefined];
  }
  const valued = [
    '--depth',
    '-b',
    '--branch',
    '-c',
    '--config',
    '-o',
    '--origin',
    '--filter',
    '--reference',
    '-j',
  ];
  const operands = words
    .slice(at + 1)
    .filter((word, i, rest) => !word.startsWith('-') && !valued.includes(rest[i - 1] ?? ''));
  const [address, folder] = operands;
  const own = baseName((address ?? '').replace(/\/$/, '')).replace(/\.git$/, '');
  return [folder ?? (address?.includes('$') === true ? '.' : own)];
}

/** The programs whose writes their words tell. */
const programs: Readonly<Record<string, Outputs>> = table({
  ffmpeg: lastOperand,
  convert: lastOperand,
  magick: lastOperand,
  mogrify: lastOperand,
  wkhtmltopdf: lastOperand,
  wkhtmltoimage: lastOperand,
  sox: lastOperand,
  qpdf: lastOperand,
  pdftoppm: lastOperand,
  pdftocairo: lastOperand,
  zip: (words) =>
    words
      .slice(1)
      .filter((word) => !word.startsWith('-'))
      .slice(0, 1),
  pandoc: option('-o', '--output'),
  dot: option('-o'),
  'rsvg-convert': option('-o', '--output'),
  cwebp: option('-o'),
  pg_dump: option('-f', '--file'),
  pg_dumpall: option('-f', '--file'),
  mysqldump: option('-r', '--result-file'),
  mongodump: optionOr('dump', '-o', '--out', '--archive'),
  'yt-dlp': optionOr('.', '-o', '--output', '-P', '--paths'),
  'youtube-dl': optionOr('.', '-o', '--output'),
  git: gitWrites,
});

/** Programs that only tell of themselves, of files or of the machine. */
const telling = new Set(
  (
    'ffprobe identify mediainfo nvidia-smi lscpu lsblk lsof uptime du host traceroute arp who last dmesg vmstat iostat ' +
    'fc-list getconf locale xdpyinfo pdfinfo fping mtr whois espeak aplay'
  ).split(' '),
);

/** Words with which any program only tells of itself. */
const askingForItself = /^(?:-v|-V|-version|--version|version|-h|--help)$/;

/** True for a command that writes nothing but to its output. */
export function onlyTells(words: readonly string[]): boolean {
  const [program = '', first = ''] = words;
  return (
    isHarmless(words) || telling.has(baseName(program)) || (words.length === 2 && askingForItself.test(first))
  );
}

/** What a well-known program writes by its words; undefined for a program that is not known. */
export function programWrites(words: readonly string[]): ProgramWrites | undefined {
  const name = baseName(words[0] ?? '');
  const writes = Object.hasOwn(programs, name) ? programs[name] : undefined;
  // Among words that are not known anything may be named.
  return writes !== undefined && words.includes(furtherWords) ? [undefined] : writes?.(words);
}
