import type { Grammar } from './grammar.ts';

/**
 * Patterns in files of VS Code's language `ignore`, whose grammar knows comments only. `.dockerignore` belongs to that
 * language because Microsoft's Container Tools puts it there too; .gitignore has the same signs with the same meaning.
 */
export const ignore: Grammar = {
  scopeName: 'ballast.ignore.injection',
  injectionSelector: 'L:source.ignore - comment',
  patterns: [
    { match: '^[ \\t]*(!)', captures: { 1: { name: 'keyword.operator.negation.ignore' } } },
    { match: '\\\\.', name: 'constant.character.escape.ignore' },
    { match: '\\*\\*', name: 'keyword.operator.glob.double-star.ignore' },
    { match: '[*?]', name: 'keyword.operator.glob.ignore' },
    {
      match: '(\\[)([!^]?)((?:[^\\]\\\\\\n]|\\\\.)+)(\\])',
      captures: {
        0: { name: 'constant.other.character-class.ignore' },
        1: { name: 'punctuation.definition.character-class.begin.ignore' },
        2: { name: 'keyword.operator.negation.ignore' },
        4: { name: 'punctuation.definition.character-class.end.ignore' },
      },
    },
    { match: '/', name: 'punctuation.separator.path.ignore' },
  ],
};
