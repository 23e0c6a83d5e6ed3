import { commands, l10n, type TextDocumentContentProvider, Uri } from 'vscode';
import { rulePageRequest } from '../../server/src/lsp/messages.ts';
import type { BallastClient } from './client.ts';

/** Scheme of the pages of rules, which come with the extension. */
export const rulePageScheme = 'ballast-rule';

/** Shows the pages of rules inside the editor. */
export class RulePages implements TextDocumentContentProvider {
  private readonly client: BallastClient;

  constructor(client: BallastClient) {
    this.client = client;
  }

  async provideTextDocumentContent({ path }: Uri): Promise<string> {
    const rule = path.replace(/^\/|\.md$/g, '');
    const page = await this.client.ask<string>(rulePageRequest, { rule });
    return page ?? l10n.t('There is no rule {0}.', rule);
  }

  async show(rule: string): Promise<void> {
    await commands.executeCommand(
      'markdown.showPreview',
      Uri.from({ scheme: rulePageScheme, path: `/${rule}.md` }),
    );
  }
}
