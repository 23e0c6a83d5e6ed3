import { readFile } from 'node:fs/promises';
import { leaveWebAssemblyUnoptimized } from './tuning.ts';

/** The WebAssembly files of the shell grammar, as `createShellParser` takes them. */
export interface GrammarBytes {
  readonly runtime: Uint8Array;
  readonly bash: Uint8Array;
}

/** In a bundle the files lie beside it; in the source tree they lie in the package they come from. */
const folders = ['./', '../../../node_modules/@vscode/tree-sitter-wasm/wasm/'];

/**
 * Reads the shell grammar.
 * @throws when the files are missing, which only a broken installation can cause. */
export async function readGrammars(): Promise<GrammarBytes> {
  leaveWebAssemblyUnoptimized();
  const [runtime, bash] = await Promise.all([readOne('tree-sitter.wasm'), readOne('tree-sitter-bash.wasm')]);
  return { runtime, bash };
}

async function readOne(name: string): Promise<Uint8Array> {
  let failure: unknown;
  for (const folder of folders) {
    try {
      return await readFile(new URL(folder + name, import.meta.url));
    } catch (error) {
      failure ??= error;
    }
  }
  throw failure;
}
