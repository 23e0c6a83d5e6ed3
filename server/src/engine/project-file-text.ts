import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { LineIndex } from '../text/lines.ts';

/** What a project file holds; or why it cannot be read, with the place. */
export type ProjectFileText = { readonly value: unknown } | { readonly error: string };

/** Reads JSON that may hold comments and commas behind the last entry. */
export function readProjectFileText(text: string): ProjectFileText {
  const errors: ParseError[] = [];
  const value: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) {
    return { value };
  }
  const words = printParseErrorCode(first.error)
    .replace(/(?<!^)[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .toLowerCase();
  return { error: `not valid JSON: line ${new LineIndex(text).lineAt(first.offset) + 1}: ${words}` };
}
