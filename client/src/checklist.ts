import { l10n, Range, Uri, window } from 'vscode';
import { type ChecklistView, checklistRequest } from '../../server/src/lsp/messages.ts';
import type { Changes } from './changes.ts';
import type { BallastClient } from './client.ts';

/** Open items come first: they are what there is to do. */
const order = ['open', 'unknown', 'done', 'not-applicable'] as const;
const icons = { done: 'pass', open: 'error', unknown: 'question', 'not-applicable': 'dash' } as const;

/** Lists the checklist of a Dockerfile. For what is chosen the fix is shown, or else the place in the text. */
export async function showChecklist(client: BallastClient, changes: Changes, uri: string): Promise<void> {
  const view = await client.ask<ChecklistView>(checklistRequest, { uri });
  const items = view?.items
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
    .map((item) => ({
      ...item,
      label: `$(${icons[item.state]}) ${item.title}`,
      description: item.fix?.title.replaceAll('`', '') ?? '',
      detail: item.line === undefined ? item.evidence : l10n.t('Line {0}: {1}', item.line + 1, item.evidence),
    }));
  const slim = { label: `$(sparkle) ${l10n.t('Slim this Dockerfile…')}`, isSlim: true } as const;
  const hasFix = items?.some(({ fix }) => fix !== undefined) === true;
  const chosen = await window.showQuickPick(hasFix ? [...items, slim] : (items ?? []), {
    title: view?.title ?? '',
    placeHolder: l10n.t('Choose an item to fix it'),
  });
  if (chosen === undefined) {
    return;
  }
  if ('isSlim' in chosen) {
    await changes.slim(uri);
  } else if (chosen.fix !== undefined) {
    await changes.show({ uri, fix: chosen.fix });
  } else {
    const line = chosen.line ?? 0;
    await window.showTextDocument(Uri.parse(uri), { selection: new Range(line, 0, line, 0) });
  }
}
