import {
  type Comment,
  CommentMode,
  type CommentThread,
  CommentThreadCollapsibleState,
  comments,
  type Disposable,
  l10n,
  MarkdownString,
  Range,
  Uri,
} from 'vscode';
import { type ChangeItem, type ChangePreview, commands } from '../../server/src/lsp/messages.ts';

/**
 * Comments in the diff editor, one for each change at the line where it begins: what is done, why, and what was taken for
 * granted. They are read by keyboard with VS Code's own commands for comments.
 */
export class ChangeComments implements Disposable {
  private readonly controller = comments.createCommentController('ballast.changes', 'Ballast');
  private threads: { readonly thread: CommentThread; readonly rule: string }[] = [];

  dispose(): void {
    this.controller.dispose();
  }

  /** Puts comments to what a preview shows; `shownAs` names the text that is shown for a file. */
  show({ items }: ChangePreview, shownAs: (uri: string) => Uri | undefined): void {
    this.clear();
    for (const item of items) {
      const uri = item.place === undefined ? undefined : shownAs(item.place.uri);
      if (uri !== undefined && item.place !== undefined) {
        const { line } = item.place;
        const place = new Range(line, 0, line, 0);
        const thread = this.controller.createCommentThread(uri, place, [commentOf(item)]);
        thread.label = item.title;
        thread.canReply = false;
        // A change that can be left out has a button for that; where there is one change alone, that is "Discard".
        thread.contextValue = items.length > 1 ? 'change' : 'onlyChange';
        // No state: VS Code opens its panel of comments for those that are to be resolved.
        thread.collapsibleState = CommentThreadCollapsibleState.Expanded;
        this.threads.push({ thread, rule: item.rule });
      }
    }
  }

  /** The rule whose change a comment is about. */
  ruleOf(thread: CommentThread): string | undefined {
    return this.threads.find((one) => one.thread === thread)?.rule;
  }

  clear(): void {
    for (const { thread } of this.threads) {
      thread.dispose();
    }
    this.threads = [];
  }
}

function commentOf({ rule, reason, assumptions }: ChangeItem): Comment {
  const body = new MarkdownString(undefined, true);
  body.isTrusted = { enabledCommands: [commands.explain] };
  body.appendMarkdown(escaped(reason));
  for (const assumption of assumptions) {
    body.appendMarkdown(`\n\n$(info) ${l10n.t('Assumed: {0}', escaped(assumption))}`);
  }
  const address = Uri.from({
    scheme: 'command',
    path: commands.explain,
    query: JSON.stringify([rule]),
  });
  body.appendMarkdown(`\n\n[${l10n.t('Explain {0}', rule)}](${address.toString()})`);
  return { body, mode: CommentMode.Preview, author: { name: 'Ballast' } };
}

/** Plain text as markdown. `appendText` would do the same, but keeps lines from breaking. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!~<>|$&]/g, '\\$&');
}
