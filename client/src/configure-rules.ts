import {
  ConfigurationTarget,
  commands,
  l10n,
  QuickInputButtons,
  type QuickPickItem,
  Uri,
  window,
  workspace,
} from 'vscode';
import {
  type ConfigureRuleRequest,
  configureRuleRequest,
  commands as names,
  type RulesView,
  rulesRequest,
} from '../../server/src/lsp/messages.ts';
import type { BallastClient } from './client.ts';

const severities = ['error', 'warning', 'information', 'hint', 'off'] as const;

type Rule = RulesView['rules'][number];
type Place = 'user' | 'workspace' | 'project';

/** Lets somebody choose a rule, its severity, and where that is to hold: three lists, with a way back. */
export async function configureRules(client: BallastClient): Promise<void> {
  const uri = aboutWhat();
  const view = uri === undefined ? undefined : await client.ask<RulesView>(rulesRequest, { uri });
  if (uri === undefined || view === undefined) {
    void window.showInformationMessage(l10n.t('Open a folder or a Dockerfile first.'));
    return;
  }
  let rule: Rule | 'back' | undefined;
  let severity: string | undefined;
  for (let step = 1; ; ) {
    if (step === 1) {
      rule = await pick(1, l10n.t('Which rule?'), ruleRows(view));
      step = 2;
    }
    if (rule === undefined || rule === 'back') {
      return;
    }
    if (step === 2) {
      severity = await pick(2, l10n.t('How is {0} to be reported?', rule.id), severityRows(rule));
      step = 3;
    }
    if (severity === undefined) {
      return;
    }
    if (severity === 'back') {
      step = 1;
      continue;
    }
    const place = await pick(3, l10n.t('Where is that to hold?'), placeRows(view, rule));
    if (place === 'back') {
      step = 2;
      continue;
    }
    if (place !== undefined) {
      await set(client, { uri, rule: rule.id, ...(severity === 'own' ? {} : { severity }) }, place);
    }
    return;
  }
}

/** The Dockerfile in the editor, or else one that could lie in the first folder. */
function aboutWhat(): string | undefined {
  const document = window.activeTextEditor?.document;
  if (document?.languageId === 'dockerfile') {
    return document.uri.toString();
  }
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return folder === undefined ? undefined : Uri.joinPath(folder, 'Dockerfile').toString();
}

interface Row<T> extends QuickPickItem {
  readonly value: T;
}

function ruleRows({ rules }: RulesView): Row<Rule>[] {
  return rules.map((rule) => ({
    label: rule.id,
    description: rule.now === rule.own ? rule.now : l10n.t('{0}, set', rule.now),
    detail: rule.summary,
    value: rule,
  }));
}

function severityRows({ own, now }: Rule): Row<string>[] {
  const rows = severities.map((severity) => ({
    label: severity,
    ...(severity === now ? { description: l10n.t('as it is now') } : {}),
    value: severity as string,
  }));
  return [...rows, { label: l10n.t('as the rule says'), description: own, value: 'own' }];
}

function placeRows({ projectFile }: RulesView, { isInProjectFile }: Rule): Row<Place>[] {
  const wins = isInProjectFile ? { detail: l10n.t('The project file names this rule, and wins.') } : {};
  const project: Row<Place> = {
    label: l10n.t('Project file'),
    description:
      projectFile === undefined
        ? l10n.t('creates .ballast.json, for everybody and for the command line')
        : workspace.asRelativePath(projectFile),
    value: 'project',
  };
  const settings: Row<Place>[] = [
    { label: l10n.t('Workspace settings'), ...wins, value: 'workspace' },
    { label: l10n.t('User settings'), ...wins, value: 'user' },
  ];
  return workspace.workspaceFolders === undefined ? settings.slice(1) : [project, ...settings];
}

/** One of three lists; `back` where its button is pressed, undefined where it is left. */
function pick<T>(
  step: number,
  placeholder: string,
  items: readonly Row<T>[],
): Promise<T | 'back' | undefined> {
  const list = window.createQuickPick<Row<T>>();
  list.title = l10n.t('Ballast: Configure Rules');
  list.placeholder = placeholder;
  list.step = step;
  list.totalSteps = 3;
  list.matchOnDetail = true;
  list.items = items;
  list.buttons = step > 1 ? [QuickInputButtons.Back] : [];
  return new Promise((resolve) => {
    list.onDidTriggerButton(() => {
      resolve('back');
      list.hide();
    });
    list.onDidAccept(() => {
      resolve(list.selectedItems[0]?.value);
      list.hide();
    });
    list.onDidHide(() => {
      resolve(undefined);
      list.dispose();
    });
    list.show();
  });
}

async function set(client: BallastClient, change: ConfigureRuleRequest, place: Place): Promise<void> {
  const { uri, rule, severity } = change;
  if (place === 'project') {
    const folder = workspace.getWorkspaceFolder(Uri.parse(uri)) ?? workspace.workspaceFolders?.[0];
    const newFile =
      folder === undefined ? {} : { newFile: Uri.joinPath(folder.uri, '.ballast.json').toString() };
    if ((await client.ask<boolean>(configureRuleRequest, { ...change, ...newFile })) !== true) {
      void window.showWarningMessage(l10n.t('The project file could not be changed: nothing was done.'));
    }
    return;
  }
  const settings = workspace.getConfiguration('ballast', Uri.parse(uri));
  const values = settings.inspect<Record<string, string>>('rules');
  const [target, set] =
    place === 'user'
      ? [ConfigurationTarget.Global, values?.globalValue]
      : [ConfigurationTarget.Workspace, values?.workspaceValue];
  const { [rule]: _, ...others } = set ?? {};
  const after = severity === undefined ? others : { ...others, [rule]: severity };
  await settings.update('rules', Object.keys(after).length === 0 ? undefined : after, target);
  const explain = l10n.t('Explain');
  const chosen = await window.showInformationMessage(
    severity === undefined
      ? l10n.t('{0} is reported as the rule says.', rule)
      : l10n.t('{0}: {1}.', rule, severity),
    explain,
  );
  if (chosen === explain) {
    await commands.executeCommand(names.explain, rule);
  }
}
