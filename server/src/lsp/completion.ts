import {
  type CancellationToken,
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type CompletionList,
  type CompletionOptions,
  type Position,
} from 'vscode-languageserver';
import { modelOf } from '../engine/analyze.ts';
import { describeImage } from '../ide/image-hover.ts';
import { type TagPlace, tagPlaceAt, tagsFor } from '../ide/tags.ts';
import type { ImageFacts } from '../images/knowledge.ts';
import { formatSize } from '../sizes/size.ts';
import type { ClientSupport } from './client-support.ts';
import { toOffset, toRange } from './convert.ts';
import type { Everyday } from './everyday.ts';
import type { ServerHost } from './host.ts';
import { answerSoon } from './patience.ts';
import type { Snapshot } from './snapshots.ts';

/** Behind a colon stands a tag; the other characters are those of the everyday completion. */
export const completionOptions: CompletionOptions = {
  resolveProvider: true,
  triggerCharacters: ['=', ' ', '$', '-', ':'],
};

export interface CompletionSources {
  readonly support: ClientSupport;
  readonly host: ServerHost;
  readonly everyday: Pick<Everyday, 'complete'>;
  /** False where nobody outside of this machine may be asked. */
  readonly asksOthers: (snapshot: Snapshot) => boolean;
}

/** What may be written at a place: behind an image its tags with their sizes, everywhere else the everyday words. */
export function createCompletion({ support, host, everyday, asksOthers }: CompletionSources) {
  return async (
    snapshot: Snapshot,
    position: Position,
    token: CancellationToken,
  ): Promise<CompletionList | CompletionItem[]> => {
    const { lines, input, settings } = snapshot;
    const offset = toOffset(lines, position);
    const place = settings.editor.enable ? tagPlaceAt(modelOf(input), offset) : undefined;
    if (place === undefined || !settings.editor.tagCompletion) {
      return everyday.complete(lines.text, position);
    }
    const listed = asksOthers(snapshot) ? await listedTags(place, host, token) : [];
    const typed = lines.text.slice(place.span.start, offset);
    const { tags, isCut } = tagsFor(place, typed, host.images, listed === 'late' ? [] : listed);
    const range = toRange(lines, place.span);
    return {
      isIncomplete: isCut || listed === 'late',
      items: tags.map((facts, i) => ({
        ...tagItem(facts, host.today(), support),
        sortText: String(i).padStart(4, '0'),
        textEdit: { range, newText: facts.reference.tag ?? '' },
      })),
    };
  };
}

async function listedTags(
  { repository }: TagPlace,
  host: ServerHost,
  token: CancellationToken,
): Promise<readonly string[] | 'late'> {
  const { listTags } = host.images;
  if (listTags === undefined) {
    return [];
  }
  return (await answerSoon(host, token, (signal) => listTags(repository, signal))) ?? [];
}

function tagItem(facts: ImageFacts, today: string, support: ClientSupport): CompletionItem {
  const { reference, disk, pull, endOfLife } = facts;
  const size = disk.kind === 'known' ? disk : pull;
  const shown =
    size.kind !== 'known' ? '' : `${formatSize(size)}${size.measure === 'pull' ? ' to pull' : ''}`;
  const isOver = endOfLife !== undefined && endOfLife.date < today;
  const text = describeImage(facts, [], { today });
  return {
    label: reference.tag ?? '',
    kind: CompletionItemKind.Value,
    ...(shown === ''
      ? {}
      : support.completionLabelDetails
        ? { labelDetails: { description: shown } }
        : { detail: shown }),
    ...(isOver && support.deprecatedCompletions ? { tags: [CompletionItemTag.Deprecated] } : {}),
    documentation: support.markdownHover ? { kind: 'markdown', value: text } : text,
  };
}
