import { formatImageSize } from '../engine/estimate/describe.ts';
import { imageSize } from '../engine/estimate/estimate.ts';
import { emptyReport, findingsAlone, type Report, settled } from '../engine/report.ts';
import type { FileResult } from './results.ts';

/** What is kept of a report until all files are done. */
export type Kept = Pick<FileResult, 'report' | 'size' | 'sizeText'>;

/** For those who show neither fixes nor sizes nor the checklist. */
export function keepFindings(report: Report): Kept {
  return { report: findingsAlone(report), size: imageSize(emptyReport.image), sizeText: '' };
}

/** Everything but the estimate, of which only the size is shown: its layers hold on to the whole Dockerfile. */
export function keepAll(report: Report): Kept {
  const { image, ...plain } = settled(report);
  return {
    report: { ...plain, image: emptyReport.image },
    size: imageSize(image),
    sizeText: formatImageSize(image),
  };
}
