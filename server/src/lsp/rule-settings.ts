import type { Connection } from 'vscode-languageserver';
import { readProjectFileText } from '../engine/project-file-text.ts';
import { rules } from '../rules/index.ts';
import type { ClientSupport } from './client-support.ts';
import type { ProjectFile } from './host.ts';
import {
  type ConfigureRuleRequest,
  configureRuleRequest,
  type RulesRequest,
  type RulesView,
  rulesRequest,
} from './messages.ts';
import { newProjectFile, ruleEdit } from './project-file-edit.ts';
import type { Run } from './runner.ts';
import type { Settings } from './settings.ts';
import type { OpenText } from './workspace-edit.ts';

export interface RuleSettingsOptions {
  readonly connection: Connection;
  readonly support: ClientSupport;
  readonly settings: Pick<Settings, 'of'>;
  readonly run: Run;
  readonly openText: (uri: string) => OpenText | undefined;
}

/** Serves editors that let somebody choose a rule and its severity: what holds now, and the edits of the project file. */
export function serveRuleSettings({
  connection,
  support,
  settings,
  run,
  openText,
}: RuleSettingsOptions): void {
  connection.onRequest<RulesView | null, never>(rulesRequest, ({ uri }: RulesRequest, token) =>
    run<RulesView | null>('Rules', token, null, async () => {
      const { config, projectFile } = await settings.of(uri);
      const named = projectFile === undefined ? [] : rulesIn(projectFile);
      return {
        ...(projectFile === undefined ? {} : { projectFile: projectFile.path }),
        rules: rules.map(({ meta: { id, summary, enabled, severity } }) => {
          const own = enabled ? severity : 'off';
          const now = config.rules[id] ?? own;
          return { id, summary, own, now, isInProjectFile: named.includes(id) };
        }),
      };
    }),
  );
  connection.onRequest<boolean, never>(
    configureRuleRequest,
    ({ uri, rule, severity, newFile }: ConfigureRuleRequest, token) =>
      run<boolean>('Project file', token, false, async () => {
        const { projectFile } = await settings.of(uri);
        const edit = !support.documentChanges
          ? undefined
          : projectFile !== undefined
            ? ruleEdit(projectFile, rule, severity, openText)
            : newFile !== undefined && severity !== undefined
              ? newProjectFile(newFile, rule, severity)
              : undefined;
        if (edit === undefined) {
          return false;
        }
        // As a refactoring, the file is saved where the editor is set to do so: findings are computed by what is on the disk.
        const metadata = { isRefactoring: true };
        const label = `Severity of ${rule}`;
        return (await connection.workspace.applyEdit({ label, edit, metadata })).applied;
      }),
  );
}

/** The rules that a project file names. */
function rulesIn({ text }: ProjectFile): string[] {
  const read = readProjectFileText(text);
  const value = 'value' in read ? read.value : undefined;
  const named = typeof value === 'object' && value !== null && 'rules' in value ? value.rules : undefined;
  return typeof named === 'object' && named !== null ? Object.keys(named) : [];
}
