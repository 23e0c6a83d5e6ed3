import {
  type CodeLens,
  CodeLensRefreshRequest,
  type Connection,
  type ExecuteCommandParams,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { formatShortSize } from '../engine/estimate/describe.ts';
import { countDone } from '../engine/report.ts';
import { plainWords } from '../ide/actions.ts';
import { rulePage } from '../ide/rule-page.ts';
import { ruleById } from '../rules/index.ts';
import { asFix, changesOf, hasFixes, nameFix, previewOf } from './changes.ts';
import type { ClientSupport } from './client-support.ts';
import { toRange } from './convert.ts';
import {
  applyRequest,
  type ChangePreview,
  type ChangeRequest,
  type ChecklistView,
  type ChosenStage,
  checklistRequest,
  chooseStageNotification,
  commands,
  type FileSummary,
  previewRequest,
  rulePageRequest,
  type StagesView,
  type SummaryRequest,
  stagesRequest,
  summaryRequest,
  type WeightRequest,
  type WeightView,
  weightRequest,
} from './messages.ts';
import type { Run } from './runner.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';
import { stagesOf } from './stages.ts';
import { summaryOf } from './summary.ts';
import { weightView } from './weight.ts';
import { type OpenText, toWorkspaceEdit } from './workspace-edit.ts';

export interface ViewsOptions {
  readonly connection: Connection;
  readonly support: ClientSupport;
  readonly snapshots: Snapshots;
  readonly run: Run;
  readonly openText: (uri: string) => OpenText | undefined;
  /** Has the editor ask again for everything that is shown. */
  readonly showAnew: () => void;
  /** False where nobody outside of this machine may be asked. */
  readonly asksOthers: (snapshot: Snapshot) => boolean;
}

/** What is seen of a whole file: the code lens, the checklist, and changes before they are made. */
export interface Views {
  readonly capabilities: ServerCapabilities;
  /** What the lenses say may no longer hold. */
  refresh(): void;
}

/**
 * Serves lenses to every editor. One with views of its own asks for the checklist and for previews; the others run the
 * commands of the lenses here: the checklist is a message, and the changes are made at once.
 */
export function createViews({
  connection,
  support,
  snapshots,
  run,
  openText,
  showAnew,
  asksOthers,
}: ViewsOptions): Views {
  connection.onCodeLens(({ textDocument }, token) =>
    run<CodeLens[]>('Code lenses', token, [], async () => {
      const snapshot = await snapshots.of(textDocument.uri);
      return snapshot === undefined ? [] : codeLenses(snapshot, support);
    }),
  );
  connection.onRequest(checklistRequest, ({ uri }: { uri: string }, token) =>
    run<ChecklistView | null>('Checklist', token, null, async () => {
      const snapshot = await snapshots.of(uri);
      return snapshot === undefined ? null : checklistOf(snapshot);
    }),
  );
  connection.onRequest(previewRequest, (request: ChangeRequest, token) =>
    run<ChangePreview | null>('Preview', token, null, async () => {
      const snapshot = await snapshots.of(request.uri);
      return snapshot === undefined ? null : previewOf(snapshot, request);
    }),
  );
  connection.onRequest<FileSummary | null, never>(summaryRequest, ({ uri, text }: SummaryRequest, token) =>
    run<FileSummary | null>('Summary', token, null, async () => {
      const snapshot =
        (await snapshots.of(uri)) ?? (text === undefined ? undefined : await snapshots.ofText(uri, text));
      return snapshot === undefined ? null : summaryOf(snapshot, asksOthers(snapshot));
    }),
  );
  connection.onRequest<WeightView | null, never>(weightRequest, ({ uri, name }: WeightRequest, token) =>
    run<WeightView | null>('Weight', token, null, async () => {
      const snapshot = await snapshots.of(uri);
      return snapshot?.settings.editor.enable === true ? weightView(snapshot, name) : null;
    }),
  );
  connection.onRequest<StagesView | null, never>(stagesRequest, ({ uri }: { uri: string }, token) =>
    run<StagesView | null>('Stages', token, null, async () => {
      const snapshot = await snapshots.of(uri);
      return snapshot === undefined ? null : stagesOf(snapshot);
    }),
  );
  connection.onNotification(chooseStageNotification, ({ uri, choice }: ChosenStage) => {
    snapshots.choose(uri, choice === undefined ? undefined : { target: choice.name });
    showAnew();
  });
  connection.onRequest(rulePageRequest, ({ rule }: { rule: string }) => {
    const meta = ruleById(rule)?.meta;
    return meta === undefined ? null : rulePage(meta);
  });
  connection.onRequest<boolean, never>(
    applyRequest,
    (request: ChangeRequest & { readonly version: number }, token) =>
      run<boolean>('Changes', token, false, async () => {
        const snapshot = await snapshots.of(request.uri);
        return snapshot?.version === request.version && make(snapshot, request);
      }),
  );
  connection.onExecuteCommand((params, token) => run('Command', token, null, () => execute(params)));

  async function execute({ command, arguments: [uri] = [] }: ExecuteCommandParams): Promise<null> {
    const snapshot = typeof uri === 'string' ? await snapshots.of(uri) : undefined;
    if (snapshot === undefined) {
      return null;
    }
    if (command === commands.slim) {
      await make(snapshot, { uri: snapshot.uri });
    } else if (command === commands.showChecklist) {
      connection.window.showInformationMessage(checklistText(checklistOf(snapshot)));
    }
    return null;
  }

  /** Makes changes that somebody has seen, or asked for as a whole. */
  async function make(snapshot: Snapshot, request: ChangeRequest): Promise<boolean> {
    const changes = changesOf(snapshot, request);
    const edit =
      changes === undefined
        ? undefined
        : toWorkspaceEdit(asFix(snapshot, changes), snapshot, support, openText);
    if (edit === undefined) {
      return false;
    }
    const { applied } = await connection.workspace.applyEdit({
      label: 'Slim this Dockerfile',
      edit,
      // As a refactoring, the files are saved where the editor is set to do so: the findings read them from the disk. One
      // with views of its own saves them itself, and leaves those alone that somebody has edited.
      ...(support.views ? {} : { metadata: { isRefactoring: true } }),
    });
    return applied;
  }

  return {
    capabilities: {
      codeLensProvider: {},
      ...(support.views
        ? {}
        : { executeCommandProvider: { commands: [commands.slim, commands.showChecklist] } }),
    },
    refresh() {
      if (support.refreshCodeLenses) {
        connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {});
      }
    },
  };
}

/** Where the last FROM stands further below than this, the first has lenses as well: it is the one that is seen. */
const farBelow = 20;

/** Above the FROM of what ships: what it weighs and how much of the checklist is done, the way to slim it, and to another stage. */
function codeLenses(snapshot: Snapshot, support: ClientSupport): CodeLens[] {
  const { uri, lines, report, settings } = snapshot;
  const { editor } = settings;
  const { final, stages } = report.image;
  if (!editor.enable || !editor.codeLens || final === undefined) {
    return [];
  }
  const places = [stages[0]?.stage ?? final.stage, final.stage].map(({ from }) =>
    toRange(lines, from.keywordSpan),
  );
  const [first, last] = places;
  const isFar =
    first !== undefined &&
    last !== undefined &&
    last.start.line > farBelow &&
    last.start.line > first.start.line;
  return places.slice(isFar ? 0 : -1).flatMap((range) => [
    { range, command: { title: headlineOf(report), command: commands.showChecklist, arguments: [uri] } },
    ...(hasFixes(report)
      ? [{ range, command: { title: 'Slim this Dockerfile…', command: commands.slim, arguments: [uri] } }]
      : []),
    // Where there is one stage alone, there is nothing to choose.
    ...(support.views && stagesOf(snapshot).stages.length > 1
      ? [
          {
            range,
            command: {
              title: `Stage: ${final.stage.name ?? 'the last'}`,
              command: commands.chooseStage,
              arguments: [uri],
            },
          },
        ]
      : []),
  ]);
}

/** `≈ 1.4 GB · checklist 3 of 8` */
function headlineOf({ image, checklist }: Snapshot['report']): string {
  const size = formatShortSize(image);
  const { done, of } = countDone(checklist);
  return [...(size === 'not known' ? [] : [size]), `checklist ${done} of ${of}`].join(' · ');
}

function checklistOf({ lines, report }: Snapshot): ChecklistView {
  return {
    title: headlineOf(report),
    items: report.checklist.map(({ title, state, evidence, span, fix }) => {
      const problem = report.problems.find(({ fixes }) => fix !== undefined && fixes.includes(fix));
      return {
        title,
        state,
        evidence: plainWords(evidence),
        ...(span === undefined ? {} : { line: lines.lineAt(span.start) }),
        ...(problem === undefined || fix === undefined ? {} : { fix: nameFix({ problem, fix }) }),
      };
    }),
  };
}

function checklistText({ title, items }: ChecklistView): string {
  const marks = { done: '✓', open: '✗', unknown: '?', 'not-applicable': '-' } as const;
  return [
    title,
    ...items.map(({ state, title: item, evidence }) => `${marks[state]} ${item}: ${evidence}`),
  ].join('\n');
}
