import { dockerfileGrammars } from './dockerfile.ts';
import type { Grammar } from './grammar.ts';
import { ignore } from './ignore.ts';

/** The grammar files, named within `syntaxes/`, that are written from the sources here. */
export const grammarFiles: ReadonlyMap<string, string> = new Map(
  [...dockerfileGrammars, ignore].map((grammar) => [`${grammar.scopeName}.tmLanguage.json`, text(grammar)]),
);

function text(grammar: Grammar): string {
  return `${JSON.stringify(grammar)}\n`;
}
