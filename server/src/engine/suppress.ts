import { Layout } from '../fixes/layout.ts';
import { ruleById } from '../rules/index.ts';
import type { Problem } from '../rules/rule.ts';
import type { Comment, DockerfileSyntax, Instruction } from '../syntax/tree.ts';
import type { TextEdit } from '../text/edits.ts';
import { touches } from '../text/span.ts';

/** `# ballast ignore=a,b` or `# hadolint ignore=DL3002`: silences the instruction below it. */
const ignoreComment = /^(ballast|hadolint)\s+ignore\s*=\s*([\w\s,-]*)/i;
const globalIgnoreComment = /^(ballast|hadolint)\s+global\s+ignore\s*=\s*([\w\s,-]*)/i;
/** BuildKit's own directive: `# check=skip=Name,Name;error=true`. */
const checkSkip = /(?:^|;)\s*skip\s*=\s*([^;]*)/i;

/**
 * Tells problems that a comment in the file silences from the others. Comments that count: Ballast's and hadolint's
 * ignore comments right above an instruction (other comments may stand between), their global form anywhere, and
 * BuildKit's `check=skip=` directive.
 */
export function splitSuppressed(
  syntax: DockerfileSyntax,
  problems: readonly Problem[],
): { active: Problem[]; suppressed: Problem[] } {
  const everywhere = new Set<string>();
  for (const directive of syntax.directives) {
    if (directive.name === 'check') {
      addNames(everywhere, checkSkip.exec(directive.value)?.[1]);
    }
  }
  for (const comment of syntax.comments) {
    addNames(everywhere, globalIgnoreComment.exec(comment.text)?.[2]);
  }
  const isSuppressed = (problem: Problem): boolean => {
    if (matches(everywhere, problem.rule)) {
      return true;
    }
    const instruction = instructionAt(syntax, problem.span.start);
    const comment = instruction === undefined ? undefined : ignoreCommentAbove(syntax, instruction);
    return comment !== undefined && matches(namesOf(comment), problem.rule);
  };
  const suppressed = problems.filter(isSuppressed);
  const silenced = new Set(suppressed);
  return { active: problems.filter((problem) => !silenced.has(problem)), suppressed };
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
  const existing = ignoreCommentAbove(syntax, instruction);
  if (existing !== undefined && /^ballast/i.test(existing.text)) {
    return { span: { start: existing.span.end, end: existing.span.end }, text: `,${problem.rule}` };
  }
  const layout = new Layout(syntax);
  const start = layout.lineStart(instruction.keywordSpan.start);
  const indent = syntax.text.slice(start, instruction.keywordSpan.start);
  return {
    span: { start, end: start },
    text: `${indent}# ballast ignore=${problem.rule}${layout.lineBreak}`,
  };
}

function instructionAt(syntax: DockerfileSyntax, offset: number): Instruction | undefined {
  const { instructions } = syntax;
  let low = 0;
  let high = instructions.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((instructions[middle]?.span.start ?? 0) <= offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  const found = instructions[low];
  return found !== undefined && touches(found.span, offset) ? found : undefined;
}

function ignoreCommentAbove(syntax: DockerfileSyntax, instruction: Instruction): Comment | undefined {
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
    if (ignoreComment.test(comment.text)) {
      found = comment;
      break;
    }
    below = comment.span.start;
  }
  return found;
}

/** Index of the last comment that starts before an offset; -1 where there is none. */
function lastCommentBefore(syntax: DockerfileSyntax, offset: number): number {
  let low = 0;
  let high = syntax.comments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((syntax.comments[middle]?.span.start ?? 0) < offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
}

function namesOf(comment: Comment): Set<string> {
  const names = new Set<string>();
  addNames(names, ignoreComment.exec(comment.text)?.[2]);
  return names;
}

function addNames(names: Set<string>, list: string | undefined): void {
  for (const name of (list ?? '').split(/[\s,]+/)) {
    if (name !== '') {
      names.add(name.toLowerCase());
    }
  }
}

function matches(names: ReadonlySet<string>, rule: string): boolean {
  if (names.size === 0) {
    return false;
  }
  const aliases = ruleById(rule)?.meta.aliases ?? [];
  return names.has('all') || [rule, ...aliases].some((name) => names.has(name.toLowerCase()));
}
