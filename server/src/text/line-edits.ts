import { diffLines } from 'diff';
import type { TextEdit } from './edits.ts';
import { span } from './span.ts';

/** The edits that turn one text into another, line by line, so that the cursor and folded parts stay where they are. */
export function lineEdits(before: string, after: string): TextEdit[] {
  const edits: TextEdit[] = [];
  let at = 0;
  let last: { start: number; text: string } | undefined;
  const finish = (): void => {
    if (last !== undefined) {
      edits.push({ span: span(last.start, at), text: last.text });
      last = undefined;
    }
  };
  for (const { value, added, removed } of diffLines(before, after)) {
    if (!added && !removed) {
      finish();
    } else {
      last ??= { start: at, text: '' };
    }
    if (added && last !== undefined) {
      last.text += value;
    } else {
      at += value.length;
    }
  }
  finish();
  return edits;
}
