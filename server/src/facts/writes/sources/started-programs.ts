import { isInComment, type SourceFile } from '../../../ecosystems/source-text.ts';
import { memoizeFor } from '../../../text/memoize.ts';
import type { Language } from '../../start/programs.ts';
import { argumentsAt } from './arguments.ts';

/** How a call is given what it starts. */
type Form =
  /** One text for the shell, or a list of words. */
  | 'text or words'
  /** The program, then a list of its words: `spawn('ffmpeg', ['-i', name])`. */
  | 'program and list'
  /** The program, then its words one by one: `exec.Command("ffmpeg", "-i", name)`. */
  | 'separate words'
  /** The program, then one text with all that stands behind it: `Process.Start("ffmpeg", "-i a.avi")`. */
  | 'program and text'
  /** The text itself, up to the closing quote. */
  | 'quoted text';

interface StartingCall {
  /** Up to the opening bracket or quote of the call. */
  readonly call: RegExp;
  readonly form: Form;
  /** What a file has to hold for the name to mean this. */
  readonly where?: RegExp;
  /** How many arguments stand in front of the program. */
  readonly skips?: number;
}

const childProcess = /\bchild_process\b/;
const fromSubprocess = /\bfrom\s+subprocess\s+import\b/;

/** Calls that start another program, by language. */
const startingCalls: Readonly<Partial<Record<Language, readonly StartingCall[]>>> = {
  node: [
    {
      call: /(?<![\w$.]|function )(?:exec|execSync|execAsync|execPromise)\s*\(/g,
      form: 'text or words',
      where: childProcess,
    },
    {
      call: /\b(?:child_process|childProcess|child|cp)(?:["']\))?\.(?:exec|execSync)\s*\(/g,
      form: 'text or words',
      where: childProcess,
    },
    {
      call: /(?<![\w$.]|function )(?:execFile|execFileSync|execFileAsync|spawn|spawnSync)\s*\(/g,
      form: 'program and list',
      where: /\bchild_process\b|\bcross-spawn\b/,
    },
    {
      call: /\b(?:child_process|childProcess|child|cp)(?:["']\))?\.(?:execFile|execFileSync|spawn|spawnSync)\s*\(/g,
      form: 'program and list',
      where: childProcess,
    },
    { call: /\bexeca(?:Sync)?\s*\(/g, form: 'program and list', where: /["']execa["']/ },
    { call: /\bexecaCommand(?:Sync)?\s*\(/g, form: 'text or words', where: /["']execa["']/ },
    { call: /(?<![\w$])\$`/g, form: 'quoted text', where: /["'](?:zx|execa|bun)["']/ },
    { call: /\b(?:shell|sh|shelljs)\.exec\s*\(/g, form: 'text or words', where: /["']shelljs["']/ },
    { call: /\bBun\.spawn(?:Sync)?\s*\(/g, form: 'text or words' },
    { call: /\bnew\s+Deno\.Command\s*\(/g, form: 'program and list' },
  ],
  python: [
    {
      call: /\bsubprocess\.(?:run|call|check_call|check_output|Popen|getoutput|getstatusoutput)\s*\(/g,
      form: 'text or words',
    },
    {
      call: /(?<![\w.]|def )(?:Popen|run|call|check_call|check_output|getoutput)\s*\(/g,
      form: 'text or words',
      where: fromSubprocess,
    },
    { call: /\bos\.(?:system|popen)\s*\(/g, form: 'text or words' },
    { call: /\bos\.exec[lv]p?e?\s*\(/g, form: 'program and list' },
    { call: /\bcreate_subprocess_exec\s*\(/g, form: 'separate words' },
    { call: /\bcreate_subprocess_shell\s*\(/g, form: 'text or words' },
    { call: /\bpexpect\.(?:spawn|run)\s*\(/g, form: 'text or words' },
  ],
  ruby: [
    { call: /(?<![\w.:"'])(?:Kernel\.)?(?:system|spawn)[ \t]*\(\s*/g, form: 'separate words' },
    { call: /(?<![\w.:"'])system[ \t]+(?=["'])/g, form: 'separate words' },
    { call: /\bOpen3\.(?:capture\w*|popen\w*|pipeline\w*)[ \t(]\s*/g, form: 'separate words' },
    { call: /\bIO\.popen[ \t(]\s*/g, form: 'text or words' },
    { call: /(?<=[=(,{;][ \t]{0,9}|^[ \t]{0,40}|\breturn[ \t]{1,9})`/gm, form: 'quoted text' },
    { call: /%x[({[]/g, form: 'quoted text' },
  ],
  php: [
    {
      call: /(?<![\w>:$]|function )(?:exec|shell_exec|system|passthru|popen|proc_open)\s*\(/g,
      form: 'text or words',
    },
    {
      call: /\bnew\s+\\?(?:\w+\\)*Process\s*\(/g,
      form: 'text or words',
      where: /Symfony\\Component\\Process/,
    },
    { call: /\bProcess::(?:run|start|pipe|fromShellCommandline)\s*\(/g, form: 'text or words' },
    { call: /(?<=[=(,][ \t]{0,9}|\breturn[ \t]{1,9})`/g, form: 'quoted text' },
  ],
  java: [
    { call: /(?:\bnew\s+|(?<![\w.]))ProcessBuilder\s*\(/g, form: 'separate words' },
    { call: /\bgetRuntime\(\)\s*\.exec\s*\(/g, form: 'text or words' },
  ],
  dotnet: [
    { call: /\bProcess\.Start\s*\(\s*(?!new\b)/g, form: 'program and text' },
    { call: /\bnew\s+ProcessStartInfo\s*\(\s*(?!\))/g, form: 'program and text' },
    { call: /\bCli\.Wrap\s*\(/g, form: 'program and text' },
  ],
  go: [
    { call: /\bexec\.Command\s*\(/g, form: 'separate words' },
    { call: /\bexec\.CommandContext\s*\(/g, form: 'separate words', skips: 1 },
    { call: /\bsyscall\.Exec\s*\(/g, form: 'program and list' },
  ],
  c: [{ call: /(?<![\w.>:]|std::)(?:std::)?(?:system|popen)\s*\(/g, form: 'text or words' }],
  elixir: [
    { call: /\bSystem\.cmd\s*\(/g, form: 'program and list' },
    { call: /\bSystem\.shell\s*\(/g, form: 'text or words' },
    { call: /:os\.cmd\s*\(\s*~?c?/g, form: 'text or words' },
  ],
};

/** Libraries that start programs in ways that are not read. */
const starters: Readonly<Partial<Record<Language, RegExp>>> = {
  python: /^(?:from|import)[ \t]+(?:sh|plumbum|fabric|invoke|delegator|sarge)\b/m,
  rust: /\b(?:duct|xshell|cmd_lib|subprocess)::/,
  java: /\borg\.(?:apache\.commons\.exec|zeroturnaround\.exec)\b|\bscala\.sys\.process\b|\bsys\.process\._/,
  go: /"github\.com\/(?:bitfield\/script|go-cmd\/cmd|codeskyblue\/go-sh)"/,
};

/** A name that a file gives to `exec` or `execFile` as a promise. */
const promised =
  /\b(?:const|let|var)\s+(\w+)\s*=\s*(?:\w+\.)?promisify\(\s*(?:require\([^()\n]{1,40}\)\.|\w+\.)?(exec|execFile)\s*\)/g;
const anyCall = /(?<![\w$.])(\w+)\s*\(/g;

/** Fields of .NET that hold the program and its words. */
const startInfo = /\bFileName\s*=\s*(?=([^\n;]{1,300}))/g;
const startArguments = /\bArguments\s*=\s*/;

/** A builder of Rust's standard library or of Tokio; that of clap has the same name. */
const rustCommand = /(?<!\bclap::)\b(?:process::)?Command::new\s*\(/g;
const rustProcess = /\bprocess::(?:\{[^{}]*\bCommand\b|Command\b)/;

/** What says in which folder a program runs. */
const elsewhere =
  /\bcwd\b|\.Dir\s*=|\bcurrent_dir\s*\(|\.directory\s*\(|\bWorkingDirectory\b|\bchdir\s*:|\bcd:\s/;

/** How far behind a call the folder may be named that its program runs in. */
const farthest = 300;

/** A program that a source starts. */
export interface StartedProgram {
  /** The text for a shell, as an expression; undefined where the words are told one by one. */
  readonly text: string | undefined;
  /** The words as expressions, the program first; one that is empty stands for any number of words that are not known. */
  readonly words: readonly string[];
  readonly at: number;
  /** True where it runs in a folder of its own. */
  readonly isElsewhere: boolean;
}

const byLanguage = new Map<Language, (file: SourceFile) => readonly StartedProgram[]>();

/** The programs that a source starts. */
export function startedPrograms(file: SourceFile, language: Language): readonly StartedProgram[] {
  const known = byLanguage.get(language) ?? memoizeFor((one: SourceFile) => findPrograms(one, language));
  byLanguage.set(language, known);
  return known(file);
}

function findPrograms(file: SourceFile, language: Language): StartedProgram[] {
  const { text } = file;
  const found: StartedProgram[] = [];
  const put = (at: number, end: number, program: Pick<StartedProgram, 'text' | 'words'>): void => {
    if (!isInComment(text, at)) {
      found.push({ ...program, at, isElsewhere: elsewhere.test(text.slice(at, end + farthest)) });
    }
  };
  for (const { call, form, where, skips = 0 } of startingCalls[language] ?? []) {
    if (where?.test(text) === false) {
      continue;
    }
    for (const match of text.matchAll(call)) {
      const start = match.index + match[0].length;
      if (form === 'quoted text') {
        const closing = text.indexOf(closingOf(match[0]), start);
        const inner = closing < 0 ? '' : text.slice(start, closing);
        if (inner !== '' && !inner.includes('\n')) {
          put(match.index, closing, { text: `\`${inner}\``, words: [] });
        }
      } else {
        put(match.index, start, readCall(argumentsAt(text, start).slice(skips), form));
      }
    }
  }
  const starter = starters[language]?.exec(text);
  if (starter !== null && starter !== undefined) {
    put(starter.index, starter.index, { text: undefined, words: [] });
  }
  const names = new Map([...text.matchAll(promised)].map(([, name = '', what]) => [name, what]));
  for (const match of language === 'node' && names.size > 0 ? text.matchAll(anyCall) : []) {
    const what = names.get(match[1] ?? '');
    const isFound = what === undefined || /^exec(?:File|Async|Promise|FileAsync)?$/.test(match[1] ?? '');
    const start = match.index + match[0].length;
    if (!isFound) {
      const form = what === 'exec' ? 'text or words' : 'program and list';
      put(match.index, start, readCall(argumentsAt(text, start), form));
    }
  }
  if (language === 'dotnet') {
    for (const match of text.matchAll(startInfo)) {
      const behind = text.slice(match.index, match.index + farthest);
      const given = startArguments.exec(behind);
      const rest = given === null ? [] : argumentsAt(behind, given.index + given[0].length).slice(0, 1);
      const [program = ''] = argumentsAt(text, match.index + match[0].length);
      put(match.index, match.index, readCall([program, ...rest], 'program and text'));
    }
  }
  if (language === 'rust' && rustProcess.test(text)) {
    for (const match of text.matchAll(rustCommand)) {
      const start = match.index + match[0].length;
      put(match.index, start, { text: undefined, words: rustWords(text, start) });
    }
  }
  return found;
}

function closingOf(opening: string): string {
  return { '(': ')', '{': '}', '[': ']' }[opening.at(-1) ?? ''] ?? '`';
}

function readCall(args: readonly string[], form: Form): Pick<StartedProgram, 'text' | 'words'> {
  const [first = '', ...rest] = args;
  const list = elements(first);
  // Java's lists and arrays of words, and the arrays of others.
  if (list !== undefined) {
    return { text: undefined, words: list };
  }
  if (form === 'text or words') {
    return { text: first, words: [] };
  }
  if (form === 'program and text') {
    return { text: rest.length > 0 ? joinTexts(first, rest[0] ?? '') : first, words: [] };
  }
  if (form === 'program and list') {
    const [words] = rest;
    const inner = words === undefined || /^\{/.test(words) ? [] : elements(words);
    const own =
      inner?.length === 0 && words !== undefined && /\bargs\s*:/.test(words) ? [''] : (inner ?? ['']);
    return { text: undefined, words: [first, ...own] };
  }
  const words = args.filter((one) => !/^\w+\s*=[^=]/.test(one));
  // One text of Ruby's is read by the shell.
  const isText = words.length === 1 && /^["'][^"']*\s/.test(first);
  return isText
    ? { text: first, words: [] }
    : { text: undefined, words: words.map((one) => (/^(?:\*|\.\.\.)|\.\.\.$/.test(one) ? '' : one)) };
}

/** The elements of a list that is written out; undefined for anything else. */
function elements(expression: string): string[] | undefined {
  const open =
    /^(?:\[|new\s+(?:String|string)?\[\]\s*\{|(?:List|Arrays|java\.util\.List|listOf|arrayOf)\.?(?:of|asList)?\s*\(|\[\]string\s*\{)/.exec(
      expression,
    )?.[0];
  return open === undefined
    ? undefined
    : argumentsAt(expression, open.length).map((one) => (/^(?:\*|\.\.\.)|\.\.\.$/.test(one) ? '' : one));
}

/** Two expressions of texts as one, with a blank between them; empty where either is no plain text. */
function joinTexts(program: string, rest: string): string {
  const name = /^@?"([^"]*)"$/.exec(program)?.[1];
  const words = /^([$@]{0,2})"([\s\S]*)"$/.exec(rest);
  return name === undefined ? '' : words === null ? `"${name} {0}"` : `${words[1]}"${name} ${words[2]}"`;
}

/** The words that a builder of Rust collects: `Command::new("git").arg("clone").args([…])`. */
function rustWords(text: string, start: number): string[] {
  const [program = ''] = argumentsAt(text, start);
  const words = [program];
  const chain = text.slice(start, start + 800).split(';')[0] ?? '';
  for (const match of chain.matchAll(/\.args?\s*\(\s*/g)) {
    const [given = ''] = argumentsAt(chain, match.index + match[0].length);
    const list = elements(given.replace(/^&/, '').replace(/^vec!/, ''));
    words.push(...(match[0].startsWith('.args') ? (list ?? ['']) : [given]));
  }
  // Words that are added in further statements are not seen.
  return /\.(?:spawn|status|output|exec)\s*\(/.test(chain) ? words : [...words, ''];
}
