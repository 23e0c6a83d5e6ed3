import type { Flag, Instruction } from '../syntax/tree.ts';
import type { Span } from '../text/span.ts';

/** A text in which BuildKit replaces variables. */
export interface ExpandedText {
  readonly text: string;
  readonly place: Span;
  /** True for the body of a heredoc, in which quotes stand for themselves. */
  readonly isBody?: boolean;
}

/** The texts of an instruction in which BuildKit replaces variables. Those of ARG and EXPOSE are not checked for undefined ones. */
export function expandedTexts(instruction: Instruction): ExpandedText[] {
  switch (instruction.keyword) {
    case 'ENV':
    case 'LABEL':
      return instruction.pairs.flatMap((pair) => [
        { text: pair.name, place: pair.nameSpan },
        { text: pair.value ?? '', place: pair.valueSpan ?? pair.span },
      ]);
    case 'ADD':
    case 'COPY':
      return [
        ...flagTexts(instruction.flags, instruction.keyword),
        ...instruction.words
          .filter((word) => !instruction.heredocs.some((one) => one.span.start === word.span.start))
          .map((word) => ({ text: word.value, place: word.span })),
        ...instruction.heredocs
          .filter((heredoc) => heredoc.expands)
          .map(({ body }) => ({
            text: instruction.documentText.slice(body.start, body.end),
            place: body,
            isBody: true,
          })),
      ];
    case 'RUN':
      return instruction.flags
        .filter((flag) => flag.name === 'mount')
        .flatMap((flag) =>
          (flag.value ?? '').split(',').map((field) => ({
            text: field.slice(field.indexOf('=') + 1),
            place: flag.span,
          })),
        );
    case 'STOPSIGNAL':
    case 'USER':
    case 'VOLUME':
    case 'WORKDIR':
      return instruction.words.map((word) => ({ text: word.value, place: word.span }));
    default:
      return [];
  }
}

function flagTexts(flags: readonly Flag[], keyword: string): ExpandedText[] {
  const names = keyword === 'ADD' ? ['chown', 'chmod', 'checksum'] : ['chown', 'chmod'];
  return flags
    .filter((flag) => names.includes(flag.name))
    .map((flag) => ({ text: flag.value ?? '', place: flag.valueSpan ?? flag.span }));
}
