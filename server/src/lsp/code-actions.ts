import { type CodeAction, CodeActionKind, type CodeActionParams } from 'vscode-languageserver';
import { modelOf } from '../engine/analyze.ts';
import { fixAll } from '../engine/apply.ts';
import type { Fix } from '../fixes/fix.ts';
import { actionsAt } from '../ide/actions.ts';
import { lineEdits } from '../text/line-edits.ts';
import { nameFix } from './changes.ts';
import type { ClientSupport } from './client-support.ts';
import { toSpan } from './convert.ts';
import { toDiagnostic } from './diagnostics.ts';
import { commands } from './messages.ts';
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

function quickFixes(
  range: CodeActionParams['range'],
  snapshot: Snapshot,
  support: ClientSupport,
  openText: (uri: string) => OpenText | undefined,
): CodeAction[] {
  const { report, lines } = snapshot;
  const actions = actionsAt(modelOf(snapshot.input).syntax, report, toSpan(lines, range));
  return actions.flatMap(({ problem, fix, isPreferred }): CodeAction[] => {
    const action = {
      title: fix.title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(snapshot, problem, support)],
      ...(isPreferred ? { isPreferred } : {}),
    };
    if (support.views && needsLook(fix, lines)) {
      const name = nameFix({ problem, fix });
      return [
        {
          ...action,
          command: { title: fix.title, command: commands.showFix, arguments: [snapshot.uri, name] },
        },
      ];
    }
    const edit = toWorkspaceEdit(fix, snapshot, support, openText);
    return edit === undefined ? [] : [{ ...action, edit }];
  });
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
