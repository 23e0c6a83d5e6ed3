import { l10n, window } from 'vscode';
import {
  type ChosenStage,
  chooseStageNotification,
  type StagesView,
  stagesRequest,
} from '../../server/src/lsp/messages.ts';
import type { BallastClient } from './client.ts';

/** Lets somebody choose the stage that the size, the checklist and the findings of a Dockerfile are about. */
export async function chooseStage(client: BallastClient, uri: string): Promise<void> {
  const view = await client.ask<StagesView>(stagesRequest, { uri });
  if (view === undefined || view.stages.length < 2) {
    void window.showInformationMessage(l10n.t('There is one stage alone to build.'));
    return;
  }
  const rows = view.stages.map(({ name, line, size, isChosen, isDefault, isNamedByBuild }) => ({
    label: `${isChosen ? '$(check) ' : ''}${name ?? l10n.t('the last stage')}`,
    description: size,
    detail: [
      l10n.t('Line {0}', line + 1),
      ...(isNamedByBuild
        ? [l10n.t('what Compose or Bake builds')]
        : isDefault
          ? [l10n.t('what is built where nothing is said')]
          : []),
    ].join(', '),
    // The default is no choice: it follows the file, and what builds it.
    choice: isDefault ? undefined : name === undefined ? {} : { name },
  }));
  const chosen = await window.showQuickPick(rows, {
    title: l10n.t('Ballast: Choose Stage'),
    placeHolder: l10n.t('Size, checklist and findings are about this stage until the window is closed'),
  });
  if (chosen !== undefined) {
    const choice: ChosenStage = { uri, ...(chosen.choice === undefined ? {} : { choice: chosen.choice }) };
    client.tell(chooseStageNotification, choice);
  }
}
