import {
  type CommentThread,
  ConfigurationTarget,
  commands,
  type Disposable,
  type LogOutputChannel,
  l10n,
  Uri,
  window,
  workspace,
} from 'vscode';
import { type FixName, commands as names } from '../../server/src/lsp/messages.ts';
import type { Changes } from './changes.ts';
import { showChecklist } from './checklist.ts';
import { chooseStage } from './choose-stage.ts';
import type { BallastClient } from './client.ts';
import { configureRules } from './configure-rules.ts';
import type { Dockerfiles } from './dockerfiles.ts';
import type { RulePages } from './rule-pages.ts';
import type { UndoOffer } from './undo.ts';
import type { WeightPanel } from './weight-panel.ts';

export function registerCommands(
  client: BallastClient,
  changes: Changes,
  undoOffer: UndoOffer,
  rulePages: RulePages,
  dockerfiles: Dockerfiles,
  weight: WeightPanel,
  log: LogOutputChannel,
): Disposable[] {
  // From the palette, a command is about the document in the editor.
  const active = async (target?: string | Uri | { readonly uri: Uri }): Promise<string> => {
    const named = target instanceof Uri || typeof target === 'string' ? target : target?.uri;
    const uri = named ?? window.activeTextEditor?.document.uri;
    // From a list or a menu, the file need not be open.
    return uri === undefined ? '' : (await opened(typeof uri === 'string' ? Uri.parse(uri) : uri)).toString();
  };
  const { registerCommand } = commands;
  return [
    registerCommand('ballast.restart', () => client.restart()),
    registerCommand('ballast.showLog', () => log.show()),
    registerCommand('ballast.applyChanges', () => changes.apply()),
    registerCommand('ballast.discardChanges', () => changes.discard()),
    registerCommand('ballast.undoChanges', () => undoOffer.undo()),
    registerCommand('ballast.leaveOut', (thread: CommentThread) => changes.leaveOut(thread)),
    registerCommand(names.slim, async (target) => changes.slim(await active(target))),
    registerCommand(names.showWeight, async (target) => weight.show(await active(target))),
    registerCommand(names.chooseStage, async (target) => chooseStage(client, await active(target))),
    registerCommand('ballast.checkAll', () => dockerfiles.checkAll()),
    registerCommand('ballast.configureRules', () => configureRules(client)),
    registerCommand('ballast.refresh', () => dockerfiles.refresh()),
    registerCommand(names.showChecklist, async (target) =>
      showChecklist(client, changes, await active(target)),
    ),
    registerCommand(names.showFix, (uri: string, fix: FixName) => changes.show({ uri, fix })),
    registerCommand(names.fixRule, (uri: string, onlyRule: string) => changes.show({ uri, onlyRule })),
    registerCommand(names.exclude, (uri: string, exclude: string) => changes.show({ uri, exclude })),
    registerCommand(names.explain, (rule: string) => rulePages.show(rule)),
    registerCommand(names.turnOff, turnOff),
  ];
}

/** Opens a file without showing it, so that the server knows its text. */
async function opened(uri: Uri): Promise<Uri> {
  await workspace.openTextDocument(uri);
  return uri;
}

/** Switches a rule off in the settings of the workspace, or of the user where no folder is open. */
async function turnOff(uri: string, rule: string): Promise<void> {
  const settings = workspace.getConfiguration('ballast', Uri.parse(uri));
  const [target, level] =
    workspace.workspaceFolders === undefined
      ? ([ConfigurationTarget.Global, 'globalValue'] as const)
      : ([ConfigurationTarget.Workspace, 'workspaceValue'] as const);
  const rules = settings.inspect<Record<string, string>>('rules')?.[level];
  await settings.update('rules', { ...rules, [rule]: 'off' }, target);
  const undo = l10n.t('Undo');
  const chosen = await window.showInformationMessage(l10n.t('{0} is switched off.', rule), undo);
  if (chosen === undo) {
    await settings.update('rules', rules, target);
  }
}
