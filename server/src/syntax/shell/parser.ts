import treeSitter, { type Parser, type Tree } from '@vscode/tree-sitter-wasm';
import { memoize } from '../../text/memoize.ts';
import { readScript } from './read.ts';
import type { ShellScript } from './script.ts';

/** Turns the text of a RUN into commands. Made once by the host, because the grammar is loaded asynchronously. */
export interface ShellParser {
  parse(text: string): ShellScript;
}

/** How many scripts are memoized: typing changes one RUN of a file at a time, so that the others cost nothing. */
const memorySize = 2000;

/** Steps of the grammar beyond those that the length of a text allows for. */
const leastSteps = 1000;

/** A longer RUN is not looked into: no person reads it, and the grammar's memory is bounded. */
const longestScript = 200_000;

/**
 * Loads the bash grammar from the bytes of its two WebAssembly files (`tree-sitter.wasm` and `tree-sitter-bash.wasm` of
 * `@vscode/tree-sitter-wasm`). Takes about 40 ms.
 */
export async function createShellParser(wasm: {
  readonly runtime: Uint8Array;
  readonly bash: Uint8Array;
}): Promise<ShellParser> {
  const options = { wasmBinary: wasm.runtime, locateFile: (file: string) => file };
  await treeSitter.Parser.init(options);
  const language = await treeSitter.Language.load(wasm.bash);
  const newParser = (): Parser => {
    const parser = new treeSitter.Parser();
    parser.setLanguage(language);
    return parser;
  };
  let parser = newParser();
  let isParsing = false;
  const parseTree = (text: string): Tree | null => {
    if (isParsing) {
      // The last parse was ended from outside, and left the parser in no state to go on.
      parser = newParser();
    }
    isParsing = true;
    let steps = 0;
    const most = leastSteps + text.length;
    const tree = parser.parse(text, null, { progressCallback: () => ++steps > most });
    if (tree === null) {
      parser.reset();
    }
    isParsing = false;
    return tree;
  };
  const parseText = (text: string): ShellScript => {
    const tree = text.length > longestScript ? null : parseTree(text);
    if (tree === null) {
      return {
        text,
        commands: [],
        variables: [],
        setVariables: new Set(),
        hasComments: false,
        isUnderstood: false,
      };
    }
    try {
      return readScript(text, tree.rootNode, parseText);
    } finally {
      tree.delete();
    }
  };
  return { parse: memoize(parseText, memorySize) };
}
