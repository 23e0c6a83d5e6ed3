import * as z from 'zod';
import { filePath, reportOf, size, span } from './json-schema.ts';

/** The shape of `ballast slim --format json`. */
export const slimSchema = reportOf(
  z.strictObject({
    path: filePath,
    size: size.describe('What the image takes on disk.'),
    sizeAfter: size.describe('What it takes after the changes.'),
    changes: z
      .array(
        z.strictObject({
          rule: z.string(),
          titles: z.array(z.string()),
          reason: z.string(),
          assumptions: z.array(z.string()),
        }),
      )
      .describe('What is changed, by rule.'),
    left: z
      .array(z.strictObject({ rule: z.string(), message: z.string(), span }))
      .describe('Warnings that are left, with their places in the text after the changes.'),
    files: z
      .array(
        z.strictObject({
          path: z.string(),
          before: z.string().nullable().describe('Text before; null where the file is created.'),
          after: z.string(),
        }),
      )
      .describe('The files that are changed, the Dockerfile last.'),
  }),
  'Files that could not be used.',
);

export type SlimJson = z.infer<typeof slimSchema>;
