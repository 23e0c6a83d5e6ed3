import { getAsset } from 'node:sea';
import { setFlagsFromString } from 'node:v8';
import type { GrammarBytes } from './grammars.ts';

/** The shell grammar out of the single executable, which the build puts in place of `grammars.ts`. */
export async function readGrammars(): Promise<GrammarBytes> {
  // As in grammars.ts.
  setFlagsFromString('--liftoff-only');
  return {
    runtime: new Uint8Array(getAsset('tree-sitter.wasm')),
    bash: new Uint8Array(getAsset('tree-sitter-bash.wasm')),
  };
}
