import { getAsset } from 'node:sea';
import type { GrammarBytes } from './grammars.ts';
import { leaveWebAssemblyUnoptimized } from './tuning.ts';

/** The shell grammar out of the single executable, which the build puts in place of `grammars.ts`. */
export async function readGrammars(): Promise<GrammarBytes> {
  leaveWebAssemblyUnoptimized();
  return {
    runtime: new Uint8Array(getAsset('tree-sitter.wasm')),
    bash: new Uint8Array(getAsset('tree-sitter-bash.wasm')),
  };
}
