import { type Span, span } from '../text/span.ts';
import { findHeredocs } from './heredoc.ts';
import type { LogicalLine } from './logical-line.ts';
import { endOfText, skipSpace } from './space.ts';
import type { Flag, Heredoc, Instruction, Pair, Word } from './tree.ts';
import { readFlags, readJsonWords, splitQuotedWords, splitWords, type Token } from './words.ts';

const jsonKeywords = ['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'HEALTHCHECK', 'RUN', 'SHELL', 'VOLUME'];
const pairKeywords = ['ARG', 'ENV', 'LABEL'];
const heredocKeywords = ['ADD', 'COPY', 'RUN'];
/** Keywords whose arguments are one text: nothing splits them into words. */
const textKeywords = ['MAINTAINER', 'STOPSIGNAL', 'USER', 'WORKDIR'];

/**
 * Reads one instruction from a logical line, starting at `from` (0, or behind an ONBUILD). `end` is the document offset
 * at which its last line ends. Heredocs get their bodies from the caller.
 */
export function readInstruction(
  line: LogicalLine,
  from: number,
  context: { readonly documentText: string; readonly escape: string },
  end: number,
  blankContinuations: readonly Span[],
): Instruction {
  const text = line.text;
  const { documentText, escape: escapeChar } = context;
  const keywordStart = skipSpace(text, from);
  const keywordEnd = keywordStart + (/^[^\t\v\f\r ]*/.exec(text.slice(keywordStart))?.[0].length ?? 0);
  const keyword = text.slice(keywordStart, keywordEnd).toUpperCase();
  const { flags, end: flagsEnd } = readFlags(text, keywordEnd, escapeChar);
  const argumentsStart = skipSpace(text, flagsEnd);
  const argumentsEnd = Math.max(argumentsStart, endOfText(text));
  const words = readWords(keyword, text, argumentsStart, argumentsEnd, escapeChar);
  const trigger =
    // BuildKit refuses an ONBUILD in an ONBUILD, so a trigger has none of its own.
    keyword === 'ONBUILD' && from === 0 && argumentsStart < argumentsEnd
      ? readInstruction(line, argumentsStart, context, end, [])
      : undefined;
  return {
    keyword,
    keywordSpan: line.sourceSpan(keywordStart, keywordEnd),
    span: span(line.sourceAt(from), end),
    line,
    flags: flags.map((token) => readFlag(line, token)),
    argumentsStart,
    argumentsEnd,
    form: words.form,
    words: words.tokens.map((token) => toWord(line, token)),
    pairs: pairKeywords.includes(keyword)
      ? readPairs(line, keyword, words.tokens, argumentsStart, argumentsEnd)
      : [],
    heredocs: heredocKeywords.includes(keyword) && words.form === 'shell' ? heredocsOf(line, from) : [],
    documentText,
    ...(trigger === undefined ? {} : { trigger }),
    blankContinuations,
  };
}

function readFlag(line: LogicalLine, token: Token): Flag {
  const equals = token.value.indexOf('=');
  const flagSpan = line.sourceSpan(token.start, token.end);
  if (equals < 0) {
    return { name: token.value.slice(2), span: flagSpan };
  }
  const valueStart = line.text.indexOf('=', token.start) + 1;
  return {
    name: token.value.slice(2, equals),
    value: token.value.slice(equals + 1),
    span: flagSpan,
    valueSpan: line.sourceSpan(valueStart, token.end),
  };
}

function toWord(line: LogicalLine, token: Token): Word {
  return { value: token.value, span: line.sourceSpan(token.start, token.end) };
}

function readWords(
  keyword: string,
  text: string,
  start: number,
  end: number,
  escapeChar: string,
): { form: 'shell' | 'json'; tokens: Token[] } {
  if (start >= end) {
    return { form: 'shell', tokens: [] };
  }
  if (jsonKeywords.includes(keyword)) {
    // HEALTHCHECK has a word of its own (CMD) in front of what the other instructions take.
    const jsonStart =
      keyword === 'HEALTHCHECK' ? skipSpace(text, start + firstWordLength(text, start)) : start;
    const json = readJsonWords(text, jsonStart, end);
    if (json !== 'not-json' && json !== 'not-strings') {
      return { form: 'json', tokens: json };
    }
  }
  if (pairKeywords.includes(keyword)) {
    return { form: 'shell', tokens: splitQuotedWords(text, start, end, escapeChar) };
  }
  if (textKeywords.includes(keyword)) {
    return { form: 'shell', tokens: [{ value: text.slice(start, end), start, end }] };
  }
  return { form: 'shell', tokens: splitWords(text, start, end) };
}

function firstWordLength(text: string, start: number): number {
  return /^[^\t\v\f\r ]*/.exec(text.slice(start))?.[0].length ?? 0;
}

function readPairs(
  line: LogicalLine,
  keyword: string,
  tokens: readonly Token[],
  start: number,
  end: number,
): Pair[] {
  const first = tokens[0];
  if (first !== undefined && keyword !== 'ARG' && !first.value.includes('=')) {
    return [readLegacyPair(line, start, end)];
  }
  return tokens.map((token) => {
    const equals = line.text.slice(token.start, token.end).indexOf('=');
    const wholeSpan = line.sourceSpan(token.start, token.end);
    if (equals < 0) {
      return { name: token.value, nameSpan: wholeSpan, span: wholeSpan, isLegacy: false };
    }
    return {
      name: token.value.slice(0, token.value.indexOf('=')),
      nameSpan: line.sourceSpan(token.start, token.start + equals),
      value: token.value.slice(token.value.indexOf('=') + 1),
      valueSpan: line.sourceSpan(token.start + equals + 1, token.end),
      span: wholeSpan,
      isLegacy: false,
    };
  });
}

function readLegacyPair(line: LogicalLine, start: number, end: number): Pair {
  const text = line.text.slice(start, end);
  const name = /^[^\t\v\f\r ]*/.exec(text)?.[0] ?? '';
  const white = /^[\t\v\f\r ]*/.exec(text.slice(name.length))?.[0].length ?? 0;
  const valueStart = start + name.length + white;
  return {
    name,
    nameSpan: line.sourceSpan(start, start + name.length),
    ...(white > 0
      ? { value: line.text.slice(valueStart, end), valueSpan: line.sourceSpan(valueStart, end) }
      : {}),
    span: line.sourceSpan(start, end),
    isLegacy: true,
  };
}

function heredocsOf(line: LogicalLine, from: number): Heredoc[] {
  return findHeredocs(line.text, from).map((start) => ({
    name: start.name,
    span: line.sourceSpan(start.start, start.end),
    body: span(0, 0),
    expands: start.expands,
    stripsTabs: start.stripsTabs,
  }));
}
