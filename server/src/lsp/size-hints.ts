import type { InlayHint, Range } from 'vscode-languageserver';
import { modelOf } from '../engine/analyze.ts';
import { layerHints } from '../ide/layer-sizes.ts';
import { sizeHints } from '../ide/size-hints.ts';
import { toSpan } from './convert.ts';
import type { Snapshot } from './snapshots.ts';

/**
 * Inlay hints of a part of a document: what the images of its FROMs weigh, and what each instruction adds. Asks nobody.
 */
export function inlayHints({ input, lines, settings, report }: Snapshot, range: Range): InlayHint[] {
  const { enable, sizeHints: isWanted } = settings.editor;
  if (!enable || !isWanted) {
    return [];
  }
  const place = toSpan(lines, range);
  return [
    ...sizeHints(modelOf(input), input.project, input.images, place),
    ...layerHints(report.image, lines, place),
  ].map(({ offset, label, tooltip }) => ({
    position: lines.positionAt(offset),
    label,
    paddingLeft: true,
    tooltip: tooltip.kind === 'markdown' ? { kind: tooltip.kind, value: tooltip.value } : tooltip.value,
  }));
}
