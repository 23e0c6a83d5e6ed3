import type { InlayHint, Range } from 'vscode-languageserver';
import { modelOf } from '../engine/analyze.ts';
import { sizeHints } from '../ide/size-hints.ts';
import { toSpan } from './convert.ts';
import type { Snapshot } from './snapshots.ts';

/** Inlay hints of a part of a document: what the images of its FROMs weigh. Asks nobody. */
export function inlayHints({ input, lines, settings }: Snapshot, range: Range): InlayHint[] {
  const { enable, sizeHints: isWanted } = settings.editor;
  if (!enable || !isWanted) {
    return [];
  }
  return sizeHints(modelOf(input), input.project, input.images, toSpan(lines, range)).map(
    ({ offset, label, tooltip }) => ({
      position: lines.positionAt(offset),
      label,
      paddingLeft: true,
      tooltip: { kind: 'markdown', value: tooltip },
    }),
  );
}
