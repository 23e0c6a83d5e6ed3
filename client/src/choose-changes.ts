import { l10n, type QuickPick, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { type ChangeItem, type ChangePreview, previewRequest } from '../../server/src/lsp/messages.ts';
import type { BallastClient } from './client.ts';

/** New rows are ticked one by one in the list: what is ticked is looked at when that has come to rest. */
const pause = 100;

interface Row extends QuickPickItem {
  /** Undefined for a heading. */
  readonly rule?: string;
}

/**
 * Lets somebody tick what is to be changed; undefined where they leave. After each tick everything is worked out anew:
 * the title, the words of each row, and rows for what takes the place of what was unticked. Those start unticked, so that
 * nothing is changed that nobody has ticked. Edits of style alone stand apart, unticked.
 */
export async function chooseChanges(
  client: BallastClient,
  uri: string,
  everything: ChangePreview,
): Promise<readonly string[] | undefined> {
  const pick = window.createQuickPick<Row>();
  pick.canSelectMany = true;
  pick.ignoreFocusOut = true;
  pick.keepScrollPosition = true;
  pick.matchOnDetail = true;
  pick.placeholder = l10n.t('Tick what is to be changed; then look at the changes');
  let ticked = everything.items
    .filter(({ isTidying }) => !isTidying)
    .map(({ rule }) => rule)
    .sort();
  let asked = 0;
  let timer: NodeJS.Timeout | undefined;

  const update = async (): Promise<void> => {
    const own = ++asked;
    pick.busy = true;
    const preview = await client.ask<ChangePreview>(previewRequest, { uri, only: ticked });
    if (own === asked && preview !== undefined) {
      fill(pick, preview);
      ticked = tickedIn(pick.selectedItems);
      pick.busy = false;
    }
  };

  return new Promise((resolve) => {
    pick.onDidChangeSelection(() => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        const now = tickedIn(pick.selectedItems);
        if (now.join() !== ticked.join()) {
          ticked = now;
          void update();
        }
      }, pause);
    });
    pick.onDidAccept(() => {
      resolve(tickedIn(pick.selectedItems));
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      clearTimeout(timer);
      pick.dispose();
    });
    pick.title = everything.title;
    pick.show();
    void update();
  });
}

/** Shows a preview: what is changed is ticked, and what could be is not. */
function fill(pick: QuickPick<Row>, { title, items, offered, left }: ChangePreview): void {
  // A row that was there stays where it was; new ones come behind.
  const before = pick.items.flatMap(({ rule }) => rule ?? []);
  const placeOf = ({ rule = '' }: Row): number =>
    before.includes(rule) ? before.indexOf(rule) : before.length;
  const rowOf = ({ rule, title: label, detail }: ChangeItem): Row => ({ rule, label, detail });
  const [main, tidy] = [false, true].map((isTidying) =>
    [...items, ...offered]
      .filter((item) => item.isTidying === isTidying)
      .map(rowOf)
      .sort((a, b) => placeOf(a) - placeOf(b)),
  );
  const heading = (label: string): Row => ({ label, kind: QuickPickItemKind.Separator });
  const rules = new Set(items.map(({ rule }) => rule));
  const rows = [
    ...(main ?? []),
    ...(tidy?.length ? [heading(l10n.t('Tidy')), ...tidy] : []),
    ...left.map((line) => heading(l10n.t('Left as it is: {0}', line))),
  ];
  const focused = pick.activeItems[0]?.rule;
  pick.title = title;
  pick.items = rows;
  pick.activeItems = rows.filter(({ rule }) => rule !== undefined && rule === focused);
  pick.selectedItems = rows.filter(({ rule }) => rule !== undefined && rules.has(rule));
}

/** The rules of ticked rows, always in one order. */
function tickedIn(rows: readonly Row[]): string[] {
  return rows.flatMap(({ rule }) => rule ?? []).sort();
}
