import { Layout } from '../fixes/layout.ts';
import { buildCheckNames, includesCheck } from '../rules/build-checks.ts';
import { ruleById } from '../rules/index.ts';
import type { Problem } from '../rules/rule.ts';
import { type CheckOptions, checkComment, readCheckOptions } from '../syntax/check-options.ts';
import { lastCommentBefore, precedingComments } from '../syntax/comments.ts';
import type { Comment, DockerfileSyntax, Instruction } from '../syntax/tree.ts';
import type { TextEdit } from '../text/edits.ts';
import { firstIndex } from '../text/first-index.ts';
import { memoizeFor } from '../text/memoize.ts';
import { touches } from '../text/span.ts';

/** `# ballast ignore=a,b` or `# hadolint ignore=DL3002`: silences the instruction below it. */
const ignoreComment = /^(ballast|hadolint)\s+ignore\s*=\s*([\w\s,-]*)/i;
/** `# hadolint stage ignore=DL3059` above a FROM: silences the whole stage. */
const stageIgnoreComment = /^(ballast|hadolint)\s+stage\s+ignore\s*=\s*([\w\s,-]*)/i;
const globalIgnoreComment = /^(ballast|hadolint)\s+global\s+ignore\s*=\s*([\w\s,-]*)/i;

/**
 * Tells problems that a comment in the file silences from the others. Comments that count: Ballast's and hadolint's
 * ignore comments right above an instruction (other comments may stand between), their form for a stage above its FROM,
 * their global form anywhere, and BuildKit's `# check=skip=…`, at the head of the file for all of it, elsewhere for the instruction below.
 */
export function splitSuppressed(
  syntax: DockerfileSyntax,
  problems: readonly Problem[],
): { active: Problem[]; suppressed: Problem[] } {
  const everywhere = new Set<string>();
  for (const comment of syntax.comments) {
    addNames(everywhere, globalIgnoreComment.exec(comment.text)?.[2]);
  }
  const { skip } = fileCheckOptions(syntax);
  const isSuppressed = (problem: Problem): boolean => {
    if (matches(everywhere, problem) || skips(skip, problem)) {
      return true;
    }
    const instruction = instructionAt(syntax, problem.span.start);
    if (instruction === undefined) {
      return false;
    }
    const comment = commentAbove(syntax, instruction, ignoreComment);
    return (
      matches(namesOf(comment, ignoreComment), problem) ||
      matches(stageNames(syntax, problem.span.start), problem) ||
      skips(skippedAbove(syntax, instruction), problem)
    );
  };
  const suppressed = problems.filter(isSuppressed);
  const silenced = new Set(suppressed);
  return { active: problems.filter((problem) => !silenced.has(problem)), suppressed };
}

const noOptions: CheckOptions = { skip: [], experimental: [], isError: false };

/** What the `# check=…` directive at the head of a file says. */
export function fileCheckOptions(syntax: DockerfileSyntax): CheckOptions {
  const directive = syntax.directives.find((one) => one.name === 'check');
  const options = directive === undefined ? undefined : readCheckOptions(directive.value);
  return options ?? noOptions;
}

/** The names that the first `# check=skip=…` comment above an instruction lists. */
function skippedAbove(syntax: DockerfileSyntax, instruction: Instruction): CheckOptions['skip'] {
  const comment = checkCommentAbove(syntax, instruction);
  return readCheckOptions(checkComment(comment?.text ?? '') ?? '')?.skip ?? [];
}

function checkCommentAbove(syntax: DockerfileSyntax, instruction: Instruction): Comment | undefined {
  return precedingComments(syntax, instruction).find((comment) => checkComment(comment.text) !== undefined);
}

function skips(names: CheckOptions['skip'], problem: Problem): boolean {
  const meta = ruleById(problem.rule)?.meta;
  return meta !== undefined && problem.isBeyondCheck !== true && includesCheck(names, meta);
}

/**
 * The edit that silences a problem from now on: the rule joins the ignore comment that the instruction already has, or a
 * comment is put above it. Undefined where the problem belongs to no instruction.
 */
export function ignoreEdit(syntax: DockerfileSyntax, problem: Problem): TextEdit | undefined {
  const instruction = instructionAt(syntax, problem.span.start);
  if (instruction === undefined) {
    return undefined;
  }
  const joined = joinedIgnore(syntax, instruction, problem);
  if (joined !== undefined) {
    return joined;
  }
  const layout = new Layout(syntax);
  const start = layout.lineStart(instruction.keywordSpan.start);
  const indent = syntax.text.slice(start, instruction.keywordSpan.start);
  return {
    span: { start, end: start },
    text: `${indent}# ballast ignore=${problem.rule}${layout.lineBreak}`,
  };
}

/**
 * The edit that silences a rule in a whole file: it joins the comment that does so for others, or a comment is put at the
 * head of the file, below the parser directives, which have to come first.
 */
export function ignoreInFileEdit(syntax: DockerfileSyntax, rule: string): TextEdit {
  for (const comment of syntax.comments) {
    const list = globalIgnoreComment.exec(comment.text);
    if (list !== null && /^ballast/i.test(list[0])) {
      const isEmpty = (list[2] ?? '').trim() === '';
      return insertion(comment, list[0].trimEnd().length, isEmpty ? rule : `,${rule}`);
    }
  }
  const { lineBreak } = new Layout(syntax);
  const text = `# ballast global ignore=${rule}`;
  const last = syntax.directives.at(-1);
  if (last !== undefined) {
    return { span: { start: last.span.end, end: last.span.end }, text: `${lineBreak}${text}` };
  }
  // A byte order mark has to stay in front.
  const start = syntax.text.startsWith('\uFEFF') ? 1 : 0;
  return { span: { start, end: start }, text: `${text}${lineBreak}` };
}

/** The edit that adds a rule to a comment above the instruction that silences others already, in that comment's words. */
function joinedIgnore(
  syntax: DockerfileSyntax,
  instruction: Instruction,
  problem: Problem,
): TextEdit | undefined {
  const meta = ruleById(problem.rule)?.meta;
  const ignore = commentAbove(syntax, instruction, ignoreComment);
  const list = ignore === undefined ? null : ignoreComment.exec(ignore.text);
  if (ignore !== undefined && list !== null) {
    const name = /^ballast/i.test(list[0])
      ? problem.rule
      : aliasesOf(problem).find((alias) => /^DL\d+$/.test(alias));
    if (name !== undefined) {
      const names = list[2] ?? '';
      return insertion(ignore, list[0].trimEnd().length, names.trim() === '' ? name : `,${name}`);
    }
  }
  const check = checkCommentAbove(syntax, instruction);
  const [name] = meta === undefined ? [] : buildCheckNames(meta);
  const skip = /skip\s*=\s*[^;\s]+/i.exec(check?.text ?? '');
  return check === undefined || name === undefined || skip === null
    ? undefined
    : insertion(check, skip.index + skip[0].length, `,${name}`);
}

/** Puts text into a comment, at an offset of its text. */
function insertion(comment: Comment, offset: number, text: string): TextEdit {
  const start = comment.textStart + offset;
  return { span: { start, end: start }, text };
}

function instructionAt(syntax: DockerfileSyntax, offset: number): Instruction | undefined {
  const found = lastBefore(syntax.instructions, offset);
  return found !== undefined && touches(found.span, offset) ? found : undefined;
}

/** The last instruction that starts at an offset or before it; the first one where none does. */
function lastBefore(instructions: readonly Instruction[], offset: number): Instruction | undefined {
  const behind = firstIndex(instructions.length, (i) => (instructions[i]?.span.start ?? 0) > offset);
  return instructions[Math.max(0, behind - 1)];
}

/** The instructions that start a stage. */
const fromsOf = memoizeFor(({ instructions }: DockerfileSyntax) =>
  instructions.filter((one) => one.keyword === 'FROM'),
);

/** What a comment above the FROM of the stage around an offset silences in it. */
function stageNames(syntax: DockerfileSyntax, offset: number): ReadonlySet<string> {
  const from = lastBefore(fromsOf(syntax), offset);
  return namesOf(
    from === undefined || from.span.start > offset
      ? undefined
      : commentAbove(syntax, from, stageIgnoreComment),
    stageIgnoreComment,
  );
}

/** The nearest comment of a form above an instruction, with nothing but comments between. */
function commentAbove(syntax: DockerfileSyntax, instruction: Instruction, form: RegExp): Comment | undefined {
  let below = instruction.keywordSpan.start;
  let found: Comment | undefined;
  for (let i = lastCommentBefore(syntax, below); i >= 0; i--) {
    const comment = syntax.comments[i];
    if (comment === undefined) {
      break;
    }
    if (comment.inside || syntax.text.slice(comment.span.end, below).trim() !== '') {
      break;
    }
    if (form.test(comment.text)) {
      found = comment;
      break;
    }
    below = comment.span.start;
  }
  return found;
}

function namesOf(comment: Comment | undefined, form: RegExp): Set<string> {
  const names = new Set<string>();
  addNames(names, form.exec(comment?.text ?? '')?.[2]);
  return names;
}

function addNames(names: Set<string>, list: string | undefined): void {
  for (const name of (list ?? '').split(/[\s,]+/)) {
    if (name !== '') {
      names.add(name.toLowerCase());
    }
  }
}

function matches(names: ReadonlySet<string>, problem: Problem): boolean {
  return (
    names.size > 0 &&
    (names.has('all') || [problem.rule, ...aliasesOf(problem)].some((name) => names.has(name.toLowerCase())))
  );
}

/** What other tools call a problem. */
function aliasesOf(problem: Problem): readonly string[] {
  return problem.aliases ?? ruleById(problem.rule)?.meta.aliases ?? [];
}
