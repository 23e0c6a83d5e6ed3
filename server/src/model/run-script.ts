import type { ShellParser } from '../syntax/shell/parser.ts';
import type { ShellScript } from '../syntax/shell/script.ts';
import { argumentText, type Heredoc, type Instruction } from '../syntax/tree.ts';
import { type Span, span } from '../text/span.ts';
import type { Script, State } from './dockerfile.ts';

const posixShells = ['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh'];

/**
 * The commands of a RUN: of its shell form, of its JSON form (one command), or of the heredoc that is its script.
 * Undefined where the text is no POSIX shell's (PowerShell, another interpreter), or for other instructions.
 */
export function readRunScript(
  instruction: Instruction,
  state: State,
  shell: ShellParser,
): Script | undefined {
  if (instruction.keyword !== 'RUN') {
    return undefined;
  }
  if (instruction.form === 'json') {
    return readJsonRun(instruction, shell);
  }
  if (!posixShells.includes(programName(state.shell[0] ?? ''))) {
    return undefined;
  }
  const heredoc = instruction.heredocs[0];
  if (heredoc?.terminator !== undefined) {
    return readHeredocRun(instruction, heredoc, shell);
  }
  const { line, argumentsStart } = instruction;
  return toScript(shell.parse(argumentText(instruction)), false, (at) =>
    line.sourceSpan(argumentsStart + at.start, argumentsStart + at.end),
  );
}

function readHeredocRun(instruction: Instruction, heredoc: Heredoc, shell: ShellParser): Script | undefined {
  const { line, argumentsStart, argumentsEnd } = instruction;
  const body = instruction.line.text.slice(argumentsStart, argumentsEnd);
  const text = documentText(instruction, heredoc);
  // `RUN <<EOF` runs the body; `RUN bash <<EOF` feeds it to a shell. Anything else only reads it as data.
  const command = body.replace(/<<.*/s, '').trim();
  const isScript =
    command === '' ? isShellBody(text) : /^(?:\S*\/)?(?:ba|da|a)?sh(?:\s+-\w+)*$/.test(command);
  if (isScript) {
    return toScript(shell.parse(text), true, (at) =>
      span(heredoc.body.start + at.start, heredoc.body.start + at.end),
    );
  }
  if (command === '') {
    return undefined;
  }
  return toScript(shell.parse(command), false, (at) =>
    line.sourceSpan(argumentsStart + at.start, argumentsStart + at.end),
  );
}

function isShellBody(text: string): boolean {
  const shebang = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(text);
  if (shebang === null) {
    return true;
  }
  const program = programName(shebang[1] ?? '');
  return posixShells.includes(program === 'env' ? programName(shebang[2] ?? '') : program);
}

/** The heredoc's lines. The logical line does not hold them, so they come from the document they were read from. */
function documentText(instruction: Instruction, heredoc: Heredoc): string {
  return instruction.documentText.slice(heredoc.body.start, heredoc.body.end);
}

/** A word that a shell takes as it stands. */
const plainWord = /^[\w@%+=:,./-]+$/;
/** What means something else to a shell where a command begins. */
const shellWord =
  /=|^(?:if|then|else|elif|fi|for|while|until|do|done|case|esac|in|function|select|time|coproc)$/;

function readJsonRun(instruction: Instruction, shell: ShellParser): Script | undefined {
  const words = instruction.words;
  // Read as the shell text that would do the same, so that `["sh", "-c", "…"]` is looked into.
  const quoted = words.map(({ value }, i) =>
    plainWord.test(value) && (i > 0 || !shellWord.test(value))
      ? value
      : `'${value.replaceAll("'", "'\\''")}'`,
  );
  const text = quoted.join(' ');
  const whole = instruction.line.sourceSpan(instruction.argumentsStart, instruction.argumentsEnd);
  return toScript(shell.parse(text), false, () => whole);
}

function toScript(script: ShellScript, isHeredoc: boolean, sourceSpan: (at: Span) => Span): Script {
  return { ...script, isHeredoc, sourceSpan };
}

function programName(path: string): string {
  return path
    .replace(/^.*[\\/]/, '')
    .replace(/\.exe$/i, '')
    .toLowerCase();
}
