import { imageSize } from '../../engine/estimate/estimate.ts';
import type { Part } from '../../engine/estimate/parts.ts';
import type { FileFailure, ImageReport } from '../results.ts';
import type { ImageReportJson } from './image-schema.ts';
import { toSpan } from './json.ts';

/** What images consist of, for programs; described by schema/image-report.schema.json. */
export function formatImageJson(
  version: string,
  files: readonly ImageReport[],
  failures: readonly FileFailure[],
): string {
  const json: ImageReportJson = {
    ballast: version,
    format: 1,
    files: files.map(toFile),
    failures: failures.map((failure) => ({ ...failure })),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function toFile({ path, lines, before, after }: ImageReport): ImageReportJson['files'][number] {
  const { final } = before.image;
  return {
    path,
    size: { ...imageSize(before.image) },
    sizeAfter: { ...imageSize(after.image) },
    layers: (final?.layers ?? []).map(({ step, stage, span, size, parts }) => ({
      span: toSpan(lines, span),
      text: (step?.instruction ?? stage.from).line.text,
      size: { ...size },
      parts: parts.map(toPart),
    })),
    hidden: (final?.hidden ?? []).map(({ part, removedAt }) => ({
      part: toPart(part),
      removedAt: toSpan(lines, removedAt),
    })),
    checklist: before.checklist.map(({ id, title, state, evidence, span, fix }) => ({
      id,
      title,
      state,
      evidence,
      span: span === undefined ? null : toSpan(lines, span),
      fix: fix === undefined ? null : { title: fix.title, applicability: fix.applicability },
    })),
  };
}

function toPart({
  kind,
  what,
  path,
  size,
}: Part): ImageReportJson['files'][number]['hidden'][number]['part'] {
  return { kind, what, path: path ?? null, size: { ...size } };
}
