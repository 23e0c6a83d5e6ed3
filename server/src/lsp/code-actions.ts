import { type CodeAction, CodeActionKind, type CodeActionParams } from 'vscode-languageserver';
import { modelOf } from '../engine/analyze.ts';
import { fixAll } from '../engine/apply.ts';
import type { Report } from '../engine/report.ts';
import type { Fix } from '../fixes/fix.ts';
import { type Action, fixActions, problemsAt, silencingActions } from '../ide/actions.ts';
import type { Problem } from '../rules/rule.ts';
import { lineEdits } from '../text/line-edits.ts';
import { hasFixes, isFixable, nameFix } from './changes.ts';
import type { ClientSupport } from './client-support.ts';
import { toSpan } from './convert.ts';
import { toDiagnostic } from './diagnostics.ts';
import { commands } from './messages.ts';
import { ruleEdit } from './project-file-edit.ts';
import type { Snapshot } from './snapshots.ts';
import { needsLook, type OpenText, toWorkspaceEdit } from './workspace-edit.ts';

/** Every safe fix of a file at once. A kind of its own, so that it can be run on save without other extensions'. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.ballast`;

export const codeActionKinds = [CodeActionKind.QuickFix, fixAllKind];

/** The code actions for a range of the very version that the snapshot was taken of. */
export function codeActions(
  { range, context }: CodeActionParams,
  snapshot: Snapshot,
  support: ClientSupport,
  openText: (uri: string) => OpenText | undefined,
): CodeAction[] {
  return [
    ...(wants(context.only, CodeActionKind.QuickFix) ? quickFixes(range, snapshot, support, openText) : []),
    // Only when it is asked for: it runs every rule several times, and no menu shows it otherwise.
    ...(context.only !== undefined && wants(context.only, fixAllKind)
      ? fixEverything(snapshot, support, openText)
      : []),
  ];
}

/** True when a kind is one of those asked for, or lies below one of them. */
function wants(only: readonly string[] | undefined, kind: string): boolean {
  return (
    only === undefined || only.some((asked) => asked === '' || kind === asked || kind.startsWith(`${asked}.`))
  );
}

/** What can be done at a place: fixes, what is more than one fix, then words about the rules and ways to silence them. */
function quickFixes(
  range: CodeActionParams['range'],
  snapshot: Snapshot,
  support: ClientSupport,
  openText: (uri: string) => OpenText | undefined,
): CodeAction[] {
  const { report, lines, uri, input } = snapshot;
  const problems = problemsAt(report, toSpan(lines, range));
  const first = new Map(problems.map((problem) => [problem.rule, problem] as const).reverse());
  const about = (problem: Problem) => ({
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(snapshot, problem, support)],
  });
  const run = (problem: Problem, title: string, command: string, ...args: unknown[]): CodeAction[] =>
    support.views ? [{ title, ...about(problem), command: { title, command, arguments: args } }] : [];
  const edit = ({ title, problem, fix, isPreferred }: Action): CodeAction[] => {
    if (support.views && needsLook(fix, lines)) {
      return run(problem, title, commands.showFix, uri, nameFix({ problem, fix }));
    }
    const made = toWorkspaceEdit(fix, snapshot, support, openText);
    return made === undefined
      ? []
      : [{ title, ...about(problem), ...(isPreferred ? { isPreferred } : {}), edit: made }];
  };
  const { syntax } = modelOf(input);
  const rules = [...first.values()].reverse();
  const [gravest] = problems;
  return [
    ...problems.flatMap(fixActions).flatMap(edit),
    ...rules.flatMap((problem) => {
      const count = countFixable(report, problem.rule);
      const title = `Fix all ${count} of ${problem.rule}`;
      return count < 2 ? [] : run(problem, title, commands.fixRule, uri, problem.rule);
    }),
    ...(gravest === undefined || !hasFixes(report)
      ? []
      : run(gravest, 'Slim this Dockerfile…', commands.slim, uri)),
    ...rules.flatMap((problem) => run(problem, `Explain ${problem.rule}`, commands.explain, problem.rule)),
    ...problems.flatMap((problem) => silencingActions(syntax, problem)).flatMap(edit),
    ...rules.flatMap((problem) => turnOff(problem, about(problem))),
  ];

  /** In the project file where there is one, or else in the settings of the workspace. */
  function turnOff(problem: Problem, parts: Pick<CodeAction, 'kind' | 'diagnostics'>): CodeAction[] {
    const { projectFile } = snapshot.settings;
    const title = `Turn ${problem.rule} off in ${projectFile === undefined ? 'the workspace settings' : '.ballast.json'}`;
    if (projectFile === undefined) {
      return run(problem, title, commands.turnOff, uri, problem.rule);
    }
    const made = support.documentChanges ? ruleEdit(projectFile, problem.rule, 'off', openText) : undefined;
    return made === undefined ? [] : [{ title, ...parts, edit: made }];
  }
}

/** Problems of a rule that have a fix which a preview would take. */
function countFixable({ problems }: Report, rule: string): number {
  return problems.filter((problem) => problem.rule === rule && isFixable(problem)).length;
}

function fixEverything(
  snapshot: Snapshot,
  support: ClientSupport,
  openText: (uri: string) => OpenText | undefined,
): CodeAction[] {
  const { text } = snapshot.lines;
  const { text: fixed, files, applied } = fixAll(snapshot.input, 'safe');
  if (applied.length === 0) {
    return [];
  }
  const title = 'Fix everything that is safe to fix';
  const fix: Fix = { title, applicability: 'safe', edits: lineEdits(text, fixed), files };
  const edit = toWorkspaceEdit(fix, snapshot, support, openText);
  return edit === undefined ? [] : [{ title, kind: fixAllKind, edit }];
}
