import { firstIndex } from '../text/first-index.ts';
import type { Comment, DockerfileSyntax, Instruction } from './tree.ts';

/**
 * The comments that BuildKit takes to belong to an instruction: those since the instruction above, blank lines or not,
 * and since the last comment line without text.
 */
export function precedingComments(syntax: DockerfileSyntax, instruction: Instruction): Comment[] {
  const comments: Comment[] = [];
  for (let i = lastCommentBefore(syntax, instruction.keywordSpan.start); i >= 0; i--) {
    const comment = syntax.comments[i];
    if (comment === undefined || comment.inside || comment.text === '') {
      break;
    }
    comments.unshift(comment);
    const below = comments[1]?.span.start ?? instruction.keywordSpan.start;
    if (syntax.text.slice(comment.span.end, below).trim() !== '') {
      comments.shift();
      break;
    }
  }
  return comments;
}

/** Index of the last comment that starts before an offset; -1 where there is none. */
export function lastCommentBefore(syntax: DockerfileSyntax, offset: number): number {
  const { comments } = syntax;
  return firstIndex(comments.length, (i) => (comments[i]?.span.start ?? 0) >= offset) - 1;
}
