import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { AnalysisInput } from '../../server/src/engine/analyze.ts';
import { defaultConfig } from '../../server/src/engine/config.ts';
import { createCatalogueKnowledge } from '../../server/src/images/catalogue-knowledge.ts';
import { type Project, unknownProject } from '../../server/src/project/project.ts';
import { memoryReader } from '../../server/src/project/reader.ts';
import { trackedFiles } from '../../server/src/project/tracked.ts';
import { createShellParser } from '../../server/src/syntax/shell/parser.ts';

const wasm = dirname(createRequire(import.meta.url).resolve('@vscode/tree-sitter-wasm'));

/** The shell parser that all tests of one process share. */
export const shell = await createShellParser({
  runtime: readFileSync(join(wasm, 'tree-sitter.wasm')),
  bash: readFileSync(join(wasm, 'tree-sitter-bash.wasm')),
});

export const images = createCatalogueKnowledge();

/** The engine's input for a text, with the files of its build context; no files mean that the project is not known. */
export function inputFor(
  text: string,
  files?: Readonly<Record<string, string>>,
  executable?: Readonly<Record<string, boolean>>,
): AnalysisInput {
  return {
    text,
    project: projectOf(files, executable),
    images,
    shell,
    config: defaultConfig,
    today: '2026-11-24',
  };
}

/** The files of a fixture; `.git/index` lists what Git tracks, a path on each line. */
export function projectOf(
  files: Readonly<Record<string, string>> | undefined,
  executable?: Readonly<Record<string, boolean>>,
): Project {
  if (files === undefined) {
    return unknownProject;
  }
  const tracked = files['.git/index']?.split('\n').filter((line) => line !== '');
  return {
    reader: memoryReader(files, executable),
    isKnown: true,
    dockerfile: 'Dockerfile',
    ...(tracked === undefined ? {} : { tracked: trackedFiles(tracked) }),
  };
}
