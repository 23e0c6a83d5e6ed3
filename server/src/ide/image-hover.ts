import type { ImageFacts } from '../images/knowledge.ts';
import { imageSheet, type SheetOptions } from './image-sheet.ts';

/**
 * What is known of an image, as markdown. The sizes and the smaller images come first, because an editor shows ten lines
 * or so, and its own findings stand above them.
 */
export function describeImage(
  facts: ImageFacts,
  variants: readonly ImageFacts[],
  options: SheetOptions,
): string {
  const sheet = imageSheet(facts, variants, options);
  const rows = sheet.smaller.map(({ name, pull, disk, saves, differences }) => [
    // Not as code: the wider letters would break the long names of distroless images in two.
    name,
    ...[pull, disk, saves].map(unbroken),
    differences,
  ]);
  const head = ['smaller', 'pull', 'on disk', 'saves', 'differences'];
  const align = ['---', '--:', '--:', '--:', '---'];
  const parts = [
    [`**${sheet.name}**`, sheet.platform, ...sheet.sizes].join(' · '),
    rows.length === 0 ? '' : [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    sheet.facts.join(' · '),
    ...sheet.notes,
    sheet.problem ?? '',
    sheet.sources.length === 0 ? '' : `_${sheet.sources.join(' · ')}_`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** A cell that breaks between number and unit makes its row twice as high. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}
