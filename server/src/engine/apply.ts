import type { Applicability, FileChange, Fix } from '../fixes/fix.ts';
import type { Project } from '../project/project.ts';
import { memoryReader, type ProjectReader } from '../project/reader.ts';
import { ruleById } from '../rules/index.ts';
import type { Problem } from '../rules/rule.ts';
import { applyEdits, editsOverlap, offsetAfter, sortEdits } from '../text/edits.ts';
import { type AnalysisInput, analyze } from './analyze.ts';
import { emptyReport, type Report, type RuleFailure } from './report.ts';
import { AnalysisEnded, fixSeconds, unwatched } from './watch.ts';

/** A fix that was applied, with what it resolved in the text as it then was. */
export interface AppliedFix {
  readonly problem: Problem;
  readonly fix: Fix;
  /** Where in the text after all fixes it begins; undefined for one that changes other files alone. */
  readonly at?: number;
}

export interface FixAllResult {
  readonly text: string;
  /** Files that the applied fixes create or change, each once, as they are after all of them. */
  readonly files: readonly FileChange[];
  readonly applied: readonly AppliedFix[];
  /** What is still found in the text after the fixes. */
  readonly left: readonly Problem[];
  /** The project with the files that the fixes create or change. */
  readonly project: Project;
  /** Rules that failed, and work that was ended: there may be more to fix. */
  readonly failures: readonly RuleFailure[];
}

/** More rounds than any real file needs; a pair of fixes that undo each other stops here. */
const mostRounds = 60;

const levels: readonly Applicability[] = ['manual', 'review', 'safe'];

/**
 * Applies every fix that is at least as trustworthy as `level`, round by round and each computed for the text at hand,
 * until none is left. Problems that `accepts` turns down stay.
 */
export function fixAll(
  input: AnalysisInput,
  level: Applicability,
  accepts: (problem: Problem) => boolean = () => true,
): FixAllResult {
  let done: Progress = {
    applied: [],
    files: new Map(),
    current: { text: input.text, problems: [], failures: [], atOnce: emptyReport.atOnce },
  };
  const isComplete = (input.watch ?? unwatched)(() => {
    if (done.applied.length === 0) {
      done = { ...done, current: roundOf(input) };
    }
    for (let round = 0; round < mostRounds; round++) {
      const { current, files } = done;
      const next = nextFix({ ...input, text: current.text }, current, files, level, accepts);
      if (next === undefined) {
        break;
      }
      const changed = new Map(files);
      for (const change of next.applied.flatMap(({ fix }) => fix.files ?? [])) {
        changed.set(change.path, firstBefore(change, files));
      }
      done = { current: next.round, files: changed, applied: placed(done.applied, next.applied) };
    }
  }, fixSeconds);
  const { files, applied } = done;
  const project = withFiles(input.project, files);
  // Where it was ended, the report may have been in the middle of something: what is left comes from a new one.
  const current = isComplete ? done.current : roundOf({ ...input, text: done.current.text, project });
  return {
    text: current.text,
    files: [...files.values()],
    applied,
    left: current.problems,
    project,
    failures: isComplete
      ? current.failures
      : [...current.failures, { rule: 'the search for fixes', error: new AnalysisEnded(fixSeconds) }],
  };
}

/** Fixes with their places after those of one more round. */
export function placed(before: readonly AppliedFix[], round: readonly AppliedFix[]): AppliedFix[] {
  const edits = round.flatMap(({ fix }) => fix.edits);
  return [
    ...before.map((one) => (one.at === undefined ? one : { ...one, at: offsetAfter(one.at, edits) })),
    ...round.map((one) => {
      const [first] = sortEdits(one.fix.edits);
      // What is put in behind a line starts with a line break.
      const blank = first === undefined ? 0 : first.text.length - first.text.trimStart().length;
      return first === undefined ? one : { ...one, at: offsetAfter(first.span.start, edits) + blank };
    }),
  ];
}

/** How far the fixes have come. Replaced as a whole, so that it holds together wherever the work is ended. */
interface Progress {
  readonly applied: readonly AppliedFix[];
  readonly files: ReadonlyMap<string, FileChange>;
  readonly current: Round;
}

interface Round extends Pick<Report, 'problems' | 'failures' | 'atOnce'> {
  readonly text: string;
}

function roundOf(input: AnalysisInput): Round {
  const { problems, failures, atOnce } = analyze(input);
  return { text: input.text, problems, failures, atOnce };
}

/** A problem and its fix, and those that are applied in the same round. */
type Group = readonly AppliedFix[];

/**
 * The first fix that resolves its problem when it is applied; one that does not would be applied for ever. Safe fixes of
 * one rule that do not touch each other go together: a file from the old days has dozens of them.
 */
function nextFix(
  input: AnalysisInput,
  before: Round,
  files: ReadonlyMap<string, FileChange>,
  level: Applicability,
  accepts: (problem: Problem) => boolean,
): { round: Round; applied: Group } | undefined {
  let candidates: AppliedFix[] = [];
  before.atOnce(() => {
    candidates = before.problems.flatMap((problem): AppliedFix[] => {
      const fix = problem.fixes[0];
      const isWanted =
        fix !== undefined && levels.indexOf(fix.applicability) >= levels.indexOf(level) && accepts(problem);
      return isWanted ? [{ problem, fix }] : [];
    });
  });
  candidates.sort((a, b) => turnOf(a) - turnOf(b));
  const tried = new Set<string>();
  for (const candidate of candidates) {
    const { rule } = candidate.problem;
    const alike = tried.has(rule)
      ? []
      : candidates.filter(
          ({ problem, fix }) =>
            problem.rule === rule && fix.applicability === 'safe' && fix.files === undefined,
        );
    tried.add(rule);
    const together =
      alike.length > 1 && !editsOverlap(alike.flatMap(({ fix }) => fix.edits))
        ? resolved(input, before, files, alike)
        : undefined;
    const next = together ?? resolved(input, before, files, [candidate]);
    if (next !== undefined) {
      return next;
    }
  }
  return undefined;
}

/** A whole .dockerignore comes first: what other fixes leave out of the context is a line of it, not all of it. */
function turnOf({ problem, fix }: AppliedFix): number {
  return fix.edits.length === 0 ? 0 : ruleById(problem.rule)?.meta.isFixedLast === true ? 2 : 1;
}

/** What fixes of one rule lead to, when together they resolve as many of its problems as they are. */
function resolved(
  input: AnalysisInput,
  before: Round,
  files: ReadonlyMap<string, FileChange>,
  group: Group,
): { round: Round; applied: Group } | undefined {
  const text = applyEdits(
    input.text,
    group.flatMap(({ fix }) => fix.edits),
  );
  const changed = new Map(files);
  for (const change of group.flatMap(({ fix }) => fix.files ?? [])) {
    changed.set(change.path, firstBefore(change, files));
  }
  const project = withFiles(input.project, changed);
  const after = roundOf({ ...input, text, project });
  const rule = group[0]?.problem.rule;
  const count = ({ problems }: Round): number => problems.filter((one) => one.rule === rule).length;
  // A rule that failed finds nothing, which does not mean that nothing is left.
  const isSure = after.failures.every(({ rule: failed }) =>
    before.failures.some((one) => one.rule === failed),
  );
  return isSure && count(after) <= count(before) - group.length
    ? { round: after, applied: group }
    : undefined;
}

/** A change of a file, with what stood in it before the first change. */
function firstBefore(change: FileChange, files: ReadonlyMap<string, FileChange>): FileChange {
  const before = files.has(change.path) ? files.get(change.path)?.before : change.before;
  return { path: change.path, after: change.after, ...(before === undefined ? {} : { before }) };
}

/** The project as it is once the changed files are written. */
function withFiles(project: Project, files: ReadonlyMap<string, FileChange>): Project {
  return { ...project, reader: overlay(project.reader, files) };
}

function overlay(reader: ProjectReader, files: ReadonlyMap<string, FileChange>): ProjectReader {
  if (files.size === 0) {
    return reader;
  }
  const changed = memoryReader(
    Object.fromEntries([...files.values()].map((file) => [file.path, file.after])),
  );
  return {
    isExecutable: (path) => reader.isExecutable(path),
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
