import { weightPage } from '../ide/weight/page.ts';
import { weightStyles } from '../ide/weight/styles.ts';
import { LineIndex } from '../text/lines.ts';
import type { WeightView } from './messages.ts';
import type { Snapshot } from './snapshots.ts';
import { slimmedOf } from './summary.ts';

/** What makes up the image of a Dockerfile, now and slimmed, as a page for the editor to show. */
export async function weightView(snapshot: Snapshot, name: string): Promise<WeightView> {
  const { lines, input, report } = snapshot;
  const slimmed = await slimmedOf(snapshot);
  const page = weightPage(
    { image: report.image, lines, project: input.project },
    { image: slimmed.report.image, lines: new LineIndex(slimmed.text), project: slimmed.project },
    { name, hrefOf: () => '#' },
  );
  return { ...page, styles: weightStyles };
}
