import * as z from 'zod';
import { filePath, reportOf, size, span } from './json-schema.ts';

const part = z.strictObject({
  kind: z.enum([
    'base',
    'system-packages',
    'dependencies',
    'cache',
    'sources',
    'output',
    'second-copy',
    'other',
  ]),
  what: z.string(),
  path: z.string().nullable().describe('Where it lies in the image; null where that is not one place.'),
  size,
});

/** The shape of `ballast report --format json`. */
export const imageReportSchema = reportOf(
  z.strictObject({
    path: filePath,
    size: size.describe('What the image takes on disk.'),
    sizeAfter: size.describe('What it takes after `ballast slim`.'),
    layers: z
      .array(
        z.strictObject({
          span: span.describe('The keyword of the instruction.'),
          text: z.string(),
          size,
          parts: z.array(part),
        }),
      )
      .describe('The layers of what ships, those of its base first.'),
    hidden: z
      .array(z.strictObject({ part, removedAt: span }))
      .describe('What an earlier layer keeps although a later one removes it.'),
    checklist: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        state: z.enum(['done', 'open', 'unknown', 'not-applicable']),
        evidence: z.string(),
        span: span.nullable(),
        fix: z
          .strictObject({ title: z.string(), applicability: z.enum(['safe', 'review', 'manual']) })
          .nullable(),
      }),
    ),
  }),
);

export type ImageReportJson = z.infer<typeof imageReportSchema>;
