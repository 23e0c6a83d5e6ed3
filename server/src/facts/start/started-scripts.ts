import { commandsOfStep, pathOf } from '../../model/commands.ts';
import type { Stage, Step } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { type StartInstruction, startCommand } from '../../model/start-command.ts';
import { argumentText } from '../../syntax/tree.ts';
import type { Span } from '../../text/span.ts';
import type { AnalysisContext } from '../context.ts';
import { baseTraits } from '../stage.ts';
import { type ContextFile, contextFile, copiedMode } from './context-file.ts';

/** A script of the project that a container starts by its name, so that the kernel has to find out what runs it. */
export interface StartedScript {
  /** As the start command names it. */
  readonly word: string;
  readonly span: Span;
  readonly step: Step;
  /** Path in the image. */
  readonly path: string;
  readonly file: ContextFile;
  /** True where a shell starts it, which runs a script without `#!` by itself. */
  readonly isFromShell: boolean;
}

/** A program that a start command names, whatever it is. */
export interface StartedWord {
  readonly word: string;
  readonly span: Span;
  readonly step: Step;
  readonly isFromShell: boolean;
}

/** Programs that start the one behind them. */
const wrappers = ['tini', 'dumb-init', 'gosu', 'su-exec', 'env', 'nice', 'catatonit'];
/** Of these, those that take a user first. */
const userWrappers = ['gosu', 'su-exec'];

const searchPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The scripts of the project that the container of a stage starts by their names. */
export function startedScripts(context: AnalysisContext, stage: Stage): StartedScript[] {
  const { entrypoint, cmd } = startCommand(stage);
  const first = startedPrograms(context, stage)[0];
  const own = first === undefined ? undefined : scriptNamed(context, stage, givenToShell(context, first));
  // An entry script hands over to CMD with `exec "$@"`.
  const second =
    entrypoint?.form === 'json' && cmd?.form === 'json' && /\bexec\b[^\n]*"\$@"/.test(own?.file.text ?? '')
      ? startedWord(context, cmd)
      : undefined;
  const handed = second === undefined ? undefined : scriptNamed(context, stage, second);
  const direct = [own, handed].filter((one) => one !== undefined);
  const inner = [...direct, ...shellScripts(context, stage)].flatMap((one) => calledBy(context, stage, one));
  return [...direct, ...inner];
}

/** The scripts of the project that the container has a shell read: `sh start.sh`. They need no executable bit. */
export function shellScripts(context: AnalysisContext, stage: Stage): StartedScript[] {
  return startedPrograms(context, stage).flatMap((started) => {
    const words = started.step.instruction.words.map((one) => one.value);
    const rest = words.slice(words.indexOf(started.word) + 1);
    const script = rest.find((word) => !word.startsWith('-'));
    const isPlain = rest.every(
      (word, i) => !word.startsWith('-') || i > rest.indexOf(script ?? '') || !word.includes('c'),
    );
    const isShell = /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh$/.test(started.word) && !started.isFromShell;
    const word = script === undefined || script.includes('/') ? script : `./${script}`;
    const found =
      isShell && isPlain && word !== undefined
        ? scriptNamed(context, stage, { ...started, word })
        : undefined;
    return found === undefined ? [] : [found];
  });
}

/** The scripts that a script runs in any case and by their paths, so that the kernel starts them. */
function calledBy(
  context: AnalysisContext,
  stage: Stage,
  { file, step, span }: StartedScript,
): StartedScript[] {
  const { text } = file;
  // What changes modes or the folder by itself is not followed.
  if (!/^#![^\n]*\b(?:ba|da|a)?sh\b/.test(text) || /\b(?:chmod|cd|pushd)\b/.test(text)) {
    return [];
  }
  const script = context.shell.parse(text.replaceAll('\r\n', '\n'));
  return (script.isUnderstood ? script.commands : [])
    .filter((one) => one.isUnconditional && one.isTopLevel && one.nameWord.value?.includes('/') === true)
    .flatMap(({ nameWord }) => {
      const word = nameWord.value ?? '';
      const found = scriptNamed(context, stage, { word, step, span, isFromShell: true });
      return found === undefined ? [] : [found];
    });
}

/** The programs that the container starts by a name, scripts or not. */
export function startedPrograms(context: AnalysisContext, stage: Stage): readonly StartedWord[] {
  const { entrypoint, cmd } = startCommand(stage);
  const word =
    entrypoint === undefined && isReadByBase(context, stage)
      ? undefined
      : startedWord(context, entrypoint ?? cmd);
  return word === undefined ? [] : [word];
}

/** True where the ENTRYPOINT of the base image is an interpreter: it reads what CMD names, and the kernel starts nothing of it. */
function isReadByBase(context: AnalysisContext, stage: Stage): boolean {
  const [program] = baseTraits(stage, context.images)?.entrypoint ?? [];
  // Entry scripts hand over to the words of CMD.
  return program !== undefined && !/entrypoint/.test(program);
}

function startedWord(context: AnalysisContext, start: StartInstruction | undefined): StartedWord | undefined {
  if (start === undefined) {
    return undefined;
  }
  const { step } = start;
  if (start.form === 'json') {
    const words = step.instruction.words;
    let at = 0;
    while (at < words.length) {
      const name = words[at]?.value.replace(/^.*\//, '') ?? '';
      if (!wrappers.includes(name) && !/^-|^\w+=/.test(name)) {
        break;
      }
      at += userWrappers.includes(name) ? 2 : 1;
    }
    const word = words[at];
    return word === undefined ? undefined : { word: word.value, span: word.span, step, isFromShell: false };
  }
  const started = lastCommand(context, argumentText(step.instruction));
  return started === undefined
    ? undefined
    : { word: started, span: step.instruction.keywordSpan, step, isFromShell: true };
}

/** The program that a shell is told to start as a text, in place of the shell: `["bash", "-c", "/start.sh"]`. */
function givenToShell(context: AnalysisContext, started: StartedWord): StartedWord {
  const words = started.step.instruction.words.map((one) => one.value);
  const at = words.indexOf(started.word);
  const text = started.isFromShell || at < 0 ? undefined : shellTextOf(words.slice(at));
  const word = text === undefined ? undefined : lastCommand(context, text);
  return word === undefined ? started : { ...started, word, isFromShell: true };
}

/** The text that a shell is given as its argument. */
function shellTextOf(words: readonly string[]): string | undefined {
  const [program = '', option = '', text] = words;
  return /^(?:\/(?:usr\/)?bin\/)?(?:ba|da|a)?sh$/.test(program) && /^-\w*c$/.test(option) ? text : undefined;
}

/** The program of the last command of a shell text, which is what stays. */
function lastCommand(context: AnalysisContext, text: string): string | undefined {
  const script = context.shell.parse(text);
  const command = script.isUnderstood
    ? script.commands.findLast((one) => one.isUnconditional && one.isTopLevel)
    : undefined;
  // `exec ./start.sh` replaces the shell.
  return command?.name === 'exec' ? command.args[0]?.text : command?.nameWord.text;
}

/** The script of the project that a word of a stage starts, from the folder that it ends in; undefined for anything else. */
export function scriptNamed(
  context: AnalysisContext,
  stage: Stage,
  started: StartedWord,
): StartedScript | undefined {
  const { word } = started;
  const { workdir } = stage.end;
  if (/[$`*]/.test(word) || word === '' || (!word.startsWith('/') && workdir === undefined)) {
    return undefined;
  }
  const paths = word.startsWith('/')
    ? [normalizePath(word)]
    : word.includes('/')
      ? [normalizePath(`${workdir}/${word}`)]
      : searchPath.map((folder) => `${folder}/${word}`);
  for (const path of paths) {
    const file = contextFile(context.dockerfile, context.project, stage, path);
    if (file !== undefined) {
      return { ...started, path, file };
    }
  }
  return undefined;
}

/**
 * Whether a script may be executed in the image, as far as copies, the files of the project and later commands tell;
 * undefined where they do not.
 */
export function isExecutable(context: AnalysisContext, script: StartedScript): boolean | undefined {
  const { file } = script;
  if (file.runsBehind.some((run) => mayChangeMode(run.step, run.path))) {
    return undefined;
  }
  // The copy nearest to the container has the last word.
  const mode = file.copies.map(copiedMode).find((one) => one !== undefined);
  if (mode !== undefined) {
    return /^0?[0-7]{3}$/.test(mode) ? [...mode].some((digit) => '1357'.includes(digit)) : undefined;
  }
  // BuildKit writes heredocs with mode 0644.
  return file.path === undefined ? false : context.project.reader.isExecutable(file.path);
}

/** True for a RUN that may change the mode of a file, or puts another one in its place. */
export function mayChangeMode(step: Step, path: string): boolean {
  const { text } = step.instruction.line;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (step.script?.isUnderstood !== true) {
    return /chmod|install/.test(text) || text.includes(name) || step.instruction.heredocs.length > 0;
  }
  return commandsOfStep(step).some(({ command, directory }) => {
    const isFound = ['find', 'xargs'].includes(command.name ?? '') && /chmod/.test(text);
    const isOwn =
      command.args.some((word) => word.text.includes(name)) &&
      ['mv', 'cp', 'install', 'ln', 'tar', 'unzip'].includes(command.name ?? '');
    const isChanged =
      command.name === 'chmod' &&
      command.args.some((word) => {
        const target = pathOf(word, directory);
        return (
          /[*?$`{]/.test(word.text) ||
          target === undefined ||
          target === '/' ||
          path === target ||
          path.startsWith(`${target}/`) ||
          word.text.endsWith(name)
        );
      });
    return isFound || isOwn || isChanged;
  });
}

/** What the first line of a script asks for. */
export interface Interpreter {
  /** The path behind `#!`. */
  readonly path: string;
  /** The program in the end: behind `env`, its first word. */
  readonly program: string;
  readonly isFromEnv: boolean;
}

/** Reads the `#!` line of a script; undefined where it has none. */
export function interpreterOf(text: string): Interpreter | undefined {
  const match = /^#![ \t]*(\S+)(?:[ \t]+(\S[^\r\n]*))?/.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, path = '', rest = ''] = match;
  const isFromEnv = /(?:^|\/)env$/.test(path);
  const words = rest.split(/[ \t]+/).filter((word) => word !== '' && !/^-|^\w+=/.test(word));
  const program = isFromEnv ? (words[0] ?? '') : path;
  return { path, program: program.replace(/^.*\//, ''), isFromEnv };
}
