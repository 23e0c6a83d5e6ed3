import type { Applicability, FileChange, Fix } from '../fixes/fix.ts';
import { memoryReader, type ProjectReader } from '../project/reader.ts';
import { applyEdits } from '../text/edits.ts';
import { type AnalysisInput, analyze } from './analyze.ts';

/** A fix that was applied, with the rule it belongs to. */
export interface AppliedFix {
  readonly rule: string;
  readonly fix: Fix;
}

export interface FixAllResult {
  readonly text: string;
  /** Files that the applied fixes create or change, each once, as they are after all of them. */
  readonly files: readonly FileChange[];
  readonly applied: readonly AppliedFix[];
}

/** More rounds than any real file needs; a pair of fixes that undo each other stops here. */
const mostRounds = 60;

const levels: readonly Applicability[] = ['manual', 'review', 'safe'];

/**
 * Applies every fix that is at least as trustworthy as `level`, one at a time and each computed for the text at hand,
 * until none is left. `rules` limits it to the problems of those rules.
 */
export function fixAll(
  input: AnalysisInput,
  level: 'safe' | 'review',
  rules?: readonly string[],
): FixAllResult {
  const applied: AppliedFix[] = [];
  const files = new Map<string, FileChange>();
  const seen = new Set<string>();
  let text = input.text;
  for (let round = 0; round < mostRounds; round++) {
    seen.add(text);
    const project = { ...input.project, reader: overlay(input.project.reader, files) };
    const next = nextFix({ ...input, text, project }, level, rules, seen);
    if (next === undefined) {
      break;
    }
    text = next.text;
    for (const change of next.applied.fix.files ?? []) {
      const before = files.has(change.path) ? files.get(change.path)?.before : change.before;
      files.set(change.path, {
        path: change.path,
        after: change.after,
        ...(before === undefined ? {} : { before }),
      });
    }
    applied.push(next.applied);
  }
  return { text, files: [...files.values()], applied };
}

function nextFix(
  input: AnalysisInput,
  level: 'safe' | 'review',
  rules: readonly string[] | undefined,
  seen: ReadonlySet<string>,
): { text: string; applied: AppliedFix } | undefined {
  for (const problem of analyze(input).problems) {
    const fix = problem.fixes[0];
    if (fix === undefined || levels.indexOf(fix.applicability) < levels.indexOf(level)) {
      continue;
    }
    if (rules !== undefined && !rules.includes(problem.rule)) {
      continue;
    }
    const text = applyEdits(input.text, fix.edits);
    // A text that was there before means that two fixes undo each other, unless a file beside it changes.
    const changesFiles = (fix.files ?? []).some(
      (file) => input.project.reader.read(file.path) !== file.after,
    );
    if (!seen.has(text) || changesFiles) {
      return { text, applied: { rule: problem.rule, fix } };
    }
  }
  return undefined;
}

/** The project as it is once the changed files are written. */
function overlay(reader: ProjectReader, files: ReadonlyMap<string, FileChange>): ProjectReader {
  if (files.size === 0) {
    return reader;
  }
  const changed = memoryReader(
    Object.fromEntries([...files.values()].map((file) => [file.path, file.after])),
  );
  return {
    read: (path) => changed.read(path) ?? reader.read(path),
    list(path) {
      const below = reader.list(path);
      const added = changed.list(path) ?? [];
      if (below === undefined) {
        return added.length > 0 ? added : undefined;
      }
      const names = new Set(below.map((entry) => entry.name));
      return [...below, ...added.filter((entry) => !names.has(entry.name))];
    },
  };
}
