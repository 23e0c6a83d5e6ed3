import type { Fix } from '../fixes/fix.ts';
import { type Dockerfile, type Script, type Step, withTriggered } from '../model/dockerfile.ts';
import type { Problem, Severity } from '../rules/rule.ts';
import { editsOverlap, type TextEdit } from '../text/edits.ts';
import { type Span, span } from '../text/span.ts';
import type { Config } from './config.ts';

/** Id under which ShellCheck's findings are reported. It is no rule of Ballast; its codes (`SC2086`) are the aliases. */
export const shellCheckId = 'shellcheck';

/** True for what may stand in settings and ignore comments for ShellCheck or one of its codes. */
export function isShellCheckName(name: string): boolean {
  return name === shellCheckId || isShellCode(name);
}

/** True for one of ShellCheck's codes. */
export function isShellCode(name: string): boolean {
  return /^SC\d{4}$/.test(name);
}

/** Shell text as ShellCheck is given it. */
export interface ShellQuestion {
  readonly shell: 'sh' | 'bash' | 'dash' | 'ksh';
  readonly text: string;
}

/** One thing that ShellCheck says of a text. Offsets count in it. */
export interface ShellAnswer {
  /** Such as `SC2086`. */
  readonly code: string;
  readonly level: 'error' | 'warning' | 'info' | 'style';
  readonly message: string;
  readonly span: Span;
  /** What ShellCheck would change. */
  readonly edits: readonly TextEdit[];
}

/** What ShellCheck has said so far; undefined for a text that it has not been asked for, or where it is not there. */
export interface ShellChecks {
  peek(question: ShellQuestion): readonly ShellAnswer[] | undefined;
}

/** A RUN with the text that stands for it. */
interface Asked {
  readonly script: Script;
  readonly question: ShellQuestion;
  /** Characters of the question in front of the script. */
  readonly head: number;
}

const shells: ReadonlyMap<string, ShellQuestion['shell']> = new Map([
  ['sh', 'sh'],
  ['ash', 'dash'],
  ['dash', 'dash'],
  ['bash', 'bash'],
  ['ksh', 'ksh'],
]);

/** Longer scripts, and more of them, are no part of a Dockerfile that somebody wrote. */
const longestScript = 50_000;
const mostScripts = 300;

/** Variables that the build sets by itself. */
const given = ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'];

/** The texts to ask ShellCheck for, so that everything it can say of a Dockerfile is known. */
export function shellQuestions(dockerfile: Dockerfile): ShellQuestion[] {
  return askedOf(dockerfile).map(({ question }) => question);
}

/** What ShellCheck has said of the RUNs of a Dockerfile, placed in the document. */
export function shellProblems(dockerfile: Dockerfile, checks: ShellChecks, config: Config): Problem[] {
  if (isOff(config)) {
    return [];
  }
  return askedOf(dockerfile).flatMap((asked) =>
    (checks.peek(asked.question) ?? []).flatMap((answer) => problemOf(dockerfile, asked, answer, config)),
  );
}

/** True where nobody wants to hear of ShellCheck. */
export function isOff({ rules }: Config): boolean {
  return rules[shellCheckId] === 'off';
}

function askedOf({ stages }: Dockerfile): Asked[] {
  return withTriggered(stages)
    .flatMap((stage) => stage.steps.flatMap((step) => askedOfStep(step) ?? []))
    .slice(0, mostScripts);
}

function askedOfStep(step: Step): Asked | undefined {
  const { script, instruction, before } = step;
  // The exec form has no shell text but what stands in quotes, which cannot be found again to the character.
  if (script === undefined || instruction.form === 'json' || script.text.length > longestScript) {
    return undefined;
  }
  const shell = shells.get((before.shell[0] ?? '').replace(/^.*\//, ''));
  if (shell === undefined) {
    return undefined;
  }
  const names = new Set([...given, ...[...before.variables.entries()].map(([name]) => name)]);
  const exports = [...names].filter((name) => /^[A-Za-z_]\w*$/.test(name)).map((name) => `${name}=1`);
  const head = `${firstLine(before.shell, shell)}\nexport ${exports.join(' ')}\n`;
  return { script, question: { shell, text: head + script.text }, head: head.length };
}

/** Tells ShellCheck the shell, and whether SHELL has it stop at the first failure, which makes some findings go away. */
function firstLine(words: readonly string[], shell: ShellQuestion['shell']): string {
  const stops = words.some((word) => word === 'errexit' || (/^-[a-z]+$/.test(word) && word.includes('e')));
  return `${stops ? `#!/bin/${shell} -e\n` : ''}# shellcheck shell=${shell}`;
}

const severities: Readonly<Record<ShellAnswer['level'], Severity>> = {
  error: 'error',
  warning: 'warning',
  info: 'information',
  style: 'hint',
};

/** What only files that are not here could answer, and what is said of ash being read as dash. */
const leftOut = ['SC1090', 'SC1091', 'SC2187'];

function problemOf(
  dockerfile: Dockerfile,
  { script, head }: Asked,
  { code, level, message, span: at, edits }: ShellAnswer,
  { rules }: Config,
): Problem[] {
  const set = rules[code] ?? rules[shellCheckId];
  if (set === 'off' || at.start < head || leftOut.includes(code)) {
    return [];
  }
  const inScript = ({ start, end }: Span): Span => span(start - head, end - head);
  const place = script.sourceSpan(inScript(at));
  const fix = fixOf(
    dockerfile,
    script,
    edits.map((edit) => ({ ...edit, span: inScript(edit.span) })),
  );
  return [
    {
      rule: shellCheckId,
      aliases: [code],
      severity: set ?? severities[level],
      message: `${message} (${code})`,
      span: place,
      related: [],
      fixes: fix === undefined ? [] : [fix],
    },
  ];
}

/**
 * What ShellCheck would change, in the document. Never applied in bulk: a variable without quotes may be meant to become
 * several words. Undefined where the script's text does not stand in the document as it is, such as around a `\`.
 */
function fixOf({ text }: Dockerfile, script: Script, edits: readonly TextEdit[]): Fix | undefined {
  const placed = edits.map((edit) => ({ span: script.sourceSpan(edit.span), text: edit.text }));
  const isFaithful = edits.every((edit, i) => slice(text, placed[i]?.span) === slice(script.text, edit.span));
  if (edits.length === 0 || !isFaithful || editsOverlap(placed)) {
    return undefined;
  }
  return { title: 'Change as ShellCheck says', applicability: 'manual', edits: placed };
}

function slice(text: string, at: Span | undefined): string | undefined {
  return at === undefined ? undefined : text.slice(at.start, at.end);
}
