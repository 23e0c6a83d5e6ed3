import { analyze } from '../engine/analyze.ts';
import { fixAll } from '../engine/apply.ts';
import { formatImageSize, formatShortSize } from '../engine/estimate/describe.ts';
import { imageSize } from '../engine/estimate/estimate.ts';
import { countDone, type Report } from '../engine/report.ts';
import type { Project } from '../project/project.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { FileSummary } from './messages.ts';
import type { Snapshot } from './snapshots.ts';

/** One line about a file, with what slimming would make of it: the same sums as its preview. */
export async function summaryOf(snapshot: Snapshot, asksOthers: boolean): Promise<FileSummary> {
  const { report, settings } = snapshot;
  const size = imageSize(report.image);
  const { done, of } = countDone(report.checklist);
  const after = settings.editor.enable ? (await slimmedOf(snapshot)).report : report;
  const [long, longAfter] = [
    formatImageSize(report.image, ' on disk'),
    formatImageSize(after.image, ' on disk'),
  ];
  const [short, shortAfter] = [formatShortSize(report.image), formatShortSize(after.image)];
  const checklist = `checklist ${done} of ${of}`;
  return {
    size: short,
    ...(short === shortAfter ? {} : { slimmed: shortAfter }),
    saving: savingOf(report, after),
    weight: size.kind === 'known' ? size.low : 0,
    detail: [long === longAfter ? long : `${long} → ${longAfter}`, checklist].join(', '),
    checklist,
    findings: report.problems.length,
    ...(asksOthers || size.kind !== 'known' ? {} : { offlineSince: size.date }),
    ...(settings.projectFileProblem === undefined ? {} : { projectFileProblem: settings.projectFileProblem }),
    isOff: !settings.editor.enable,
  };
}

/** What slimming makes of a snapshot. */
export interface SlimmedSnapshot {
  readonly text: string;
  readonly project: Project;
  readonly report: Report;
}

/** Slimming runs every rule several times: once for a version of a text. */
export const slimmedOf = memoizeFor(
  async ({ input, report, project: { measured } }: Snapshot): Promise<SlimmedSnapshot> => {
    const { text, project: changed, applied } = fixAll(input, 'review');
    if (applied.length === 0) {
      return { text: input.text, project: input.project, report };
    }
    const project = (await measured?.(changed)) ?? changed;
    return { text, project, report: analyze({ ...input, text, project }) };
  },
);

/** What is saved for certain; nothing where one of the figures is not known. */
function savingOf(before: Report, after: Report): number {
  const [was, is] = [imageSize(before.image), imageSize(after.image)];
  return was.kind === 'known' && is.kind === 'known' ? Math.max(0, was.low - is.high) : 0;
}
