import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { mutate } from './mutate.ts';
import { below, type Random } from './random.ts';

/** What an editor sends in one message. */
export interface Message {
  readonly changes: readonly TextDocumentContentChangeEvent[];
  /** True where the editor then asks for what it shows, and does not go on typing at once. */
  readonly isLookedAt: boolean;
}

/** What somebody does to a text: pastes and removals, letters typed one by one, steps back, the whole text anew. */
export function editsOf(text: string, other: string, random: Random): Message[] {
  const messages: Message[] = [];
  const texts = [text];
  for (let count = 1 + below(4, random); count > 0; count--) {
    const before = texts.at(-1) ?? '';
    const next = random() < 0.2 ? (texts.at(-2) ?? text) : mutate(before, other, random);
    texts.push(next);
    messages.push(...messagesFor(before, next, random));
  }
  return messages.map((message, i) =>
    i === messages.length - 1 ? { ...message, isLookedAt: true } : message,
  );
}

/** Ways from one text to the next. */
function messagesFor(before: string, after: string, random: Random): Message[] {
  const isLookedAt = random() < 0.7;
  if (random() < 0.1) {
    return [{ changes: [{ text: after }], isLookedAt }];
  }
  const { start, end, text } = differenceOf(before, after);
  const at = (offset: number, of: string) => TextDocument.create('', '', 0, of).positionAt(offset);
  const from = at(start, before);
  const to =
    end === before.length && random() < 0.3 ? { line: 1_000_000, character: 1_000_000 } : at(end, before);
  const removal = { range: { start: from, end: to }, text: '' };
  if (random() < 0.3 && text.length > 1) {
    // Typed: the old text goes, then letters come.
    const cut = before.slice(0, start) + before.slice(end);
    const half = below(text.length, random);
    const rest = cut.slice(0, start) + text.slice(0, half) + cut.slice(start);
    const range = { start: at(start + half, rest), end: at(start + half, rest) };
    const first = { range: { start: from, end: from }, text: text.slice(0, half) };
    const second = { range, text: text.slice(half) };
    return random() < 0.5
      ? [{ changes: [removal, first, second], isLookedAt }]
      : [removal, first, second].map((change) => ({ changes: [change], isLookedAt: random() < 0.7 }));
  }
  return [{ changes: [{ ...removal, text }], isLookedAt }];
}

/** The smallest replacement that makes one text of the other; it parts no surrogates and no CR LF. */
function differenceOf(before: string, after: string): { start: number; end: number; text: string } {
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) {
    start++;
  }
  while (start > 0 && /[\r\ud800-\udbff]/.test(before[start - 1] ?? '')) {
    start--;
  }
  let same = 0;
  const most = Math.min(before.length, after.length) - start;
  while (same < most && before.at(-1 - same) === after.at(-1 - same)) {
    same++;
  }
  while (same > 0 && /[\n\udc00-\udfff]/.test(before[before.length - same] ?? '')) {
    same--;
  }
  return { start, end: before.length - same, text: after.slice(start, after.length - same) };
}
