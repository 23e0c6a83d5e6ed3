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
import { flagProposals, imageProposals, type Proposal, pathProposals } from '../ide/proposals/proposals.ts';
import { type TagPlace, tagPlaceAt, tagsFor } from '../ide/tags.ts';
import type { ImageFacts } from '../images/knowledge.ts';
import { formatSize } from '../sizes/size.ts';
import type { LineIndex } from '../text/lines.ts';
import type { ClientSupport } from './client-support.ts';
import { toOffset, toRange } from './convert.ts';
import type { ServerHost } from './host.ts';
import { answerSoon } from './patience.ts';
import type { Snapshot } from './snapshots.ts';
import type { StandardFeatures } from './standard-features.ts';

/** Behind a colon stands a tag; the other characters are those of the standard completion. */
export const completionOptions: CompletionOptions = {
  resolveProvider: true,
  triggerCharacters: ['=', ' ', '$', '-', ':'],
};

export interface CompletionSources {
  readonly support: ClientSupport;
  readonly host: ServerHost;
  readonly standard: Pick<StandardFeatures, 'complete' | 'isOffered'>;
  /** False where nobody outside of this machine may be asked. */
  readonly asksOthers: (snapshot: Snapshot) => boolean;
}

/**
 * What may be written at a place: behind an image its tags with their sizes, elsewhere names of images, flags, paths of the
 * build context, and the standard words.
 */
export function createCompletion({ support, host, standard, asksOthers }: CompletionSources) {
  return async (
    snapshot: Snapshot,
    position: Position,
    token: CancellationToken,
  ): Promise<CompletionList | CompletionItem[]> => {
    const { lines, input, settings } = snapshot;
    const offset = toOffset(lines, position);
    const place = settings.editor.enable ? tagPlaceAt(modelOf(input), offset) : undefined;
    if (place === undefined || !settings.editor.tagCompletion) {
      return others(snapshot, position, offset);
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

  function others(
    { lines, input, settings: { editor } }: Snapshot,
    position: Position,
    offset: number,
  ): CompletionItem[] {
    const words = standard.complete(lines.text, position);
    if (!editor.enable) {
      return words;
    }
    const dockerfile = modelOf(input);
    const flags = standard.isOffered() ? flagProposals(dockerfile, offset) : [];
    const proposals = editor.tagCompletion
      ? [
          ...imageProposals(dockerfile, host.images, offset),
          ...flags,
          ...pathProposals(dockerfile, input.project, offset),
        ]
      : flags;
    return [
      ...proposals.map((one, i) => itemOf(one, i, lines, support)),
      // The library knows fewer flags.
      ...words.filter(({ label }) => flags.length === 0 || !label.startsWith('--')),
    ];
  }
}

/** What stands for each kind of proposal in the list. */
const kinds: Readonly<Record<Proposal['kind'], CompletionItemKind>> = {
  image: CompletionItemKind.Module,
  flag: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
};

function itemOf(
  { kind, label, detail, text, span, goesOn }: Proposal,
  order: number,
  lines: LineIndex,
  support: ClientSupport,
): CompletionItem {
  const details = support.completionLabelDetails ? { labelDetails: { description: detail } } : { detail };
  return {
    label,
    kind: kinds[kind],
    ...(detail === '' ? {} : details),
    // Stages of the file come before images.
    sortText: `${kind === 'image' ? 'z' : ''}${String(order).padStart(4, '0')}`,
    textEdit: { range: toRange(lines, span), newText: text },
    // The editor's own command, so only for one that is known to have it.
    ...(goesOn && support.views
      ? { command: { title: 'Suggest', command: 'editor.action.triggerSuggest' } }
      : {}),
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
