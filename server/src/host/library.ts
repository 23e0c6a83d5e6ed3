import { toAnalysis } from '../cli/format/json.ts';
import { type AnalysisInput, analyze as analyzeText } from '../engine/analyze.ts';
import { fixAll } from '../engine/apply.ts';
import { createCatalogueKnowledge } from '../images/catalogue-knowledge.ts';
import { type Project, unknownProject } from '../project/project.ts';
import { memoryReader } from '../project/reader.ts';
import { rules } from '../rules/index.ts';
import { createShellParser, type ShellParser } from '../syntax/shell/parser.ts';
import { LineIndex } from '../text/lines.ts';
import { readGrammars } from './grammars.ts';
import type { Analysis, ContextFiles, Options, Slimmed } from './library-types.ts';
import { today } from './today.ts';

export type * from './library-types.ts';

let shellParser: Promise<ShellParser> | undefined;

/**
 * Reports what is wrong with a Dockerfile. Reads no files and asks nobody: `files` are those of the build context that are
 * known; without them nothing is said that needs them. Sizes come from the bundled catalogue.
 */
export async function analyze(text: string, files?: ContextFiles, options: Options = {}): Promise<Analysis> {
  const report = analyzeText(await inputOf(text, files, options));
  return toAnalysis(new Map(rules.map((rule) => [rule.meta.id, rule.meta])), new LineIndex(text), report);
}

/** Applies everything that is safe or for review, as `ballast slim` does, and returns the new texts. */
export async function slim(text: string, files?: ContextFiles, options: Options = {}): Promise<Slimmed> {
  const result = fixAll(await inputOf(text, files, options), 'review');
  return {
    text: result.text,
    files: Object.fromEntries(result.files.map((file) => [file.path, file.after])),
    applied: result.applied.map(({ fix }) => fix.title),
  };
}

async function inputOf(
  text: string,
  files: ContextFiles | undefined,
  options: Options,
): Promise<AnalysisInput> {
  shellParser ??= readGrammars().then(createShellParser);
  const project: Project =
    files === undefined
      ? unknownProject
      : { reader: memoryReader(files), isKnown: true, dockerfile: 'Dockerfile' };
  return {
    text,
    project,
    images: createCatalogueKnowledge(),
    shell: await shellParser,
    config: { rules: { ...options.rules } },
    today: today(),
  };
}
