import * as z from 'zod';

/*
 * The shape of `--format json`. The printer uses the types alone, so that zod is not loaded for it; the schema serves
 * the generated schema/report.schema.json and the test that holds the printer to it.
 */

const position = z.strictObject({
  offset: z
    .int()
    .min(0)
    .describe('UTF-16 units from the start of the text; a byte order mark is not counted.'),
  line: z.int().min(1).describe('Line, from 1.'),
  column: z.int().min(1).describe('UTF-16 units in the line, from 1.'),
});

export const span = z.strictObject({ start: position, end: position }).describe('The end is not included.');

export const size = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('known'),
    low: z.number().describe('Bytes; equal to `high` for a plain figure.'),
    high: z.number().describe('Bytes.'),
    atLeast: z.boolean().describe('True when something of unknown size comes on top.'),
    measure: z.enum(['pull', 'disk']).describe('Compressed as pulled, or unpacked on disk.'),
    basis: z.enum(['measured', 'catalogue', 'estimated']),
    source: z.string(),
    date: z.string(),
    platform: z.string().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('unknown'), reason: z.string() }),
  z.strictObject({ kind: z.literal('pending') }),
]);

const fix = z.strictObject({
  title: z.string(),
  applicability: z
    .enum(['safe', 'review', 'manual'])
    .describe(
      '`safe`: the container behaves the same. `review`: look at it first. `manual`: a value is not known.',
    ),
  edits: z.array(z.strictObject({ span, text: z.string() })).describe('Sorted, not overlapping.'),
  files: z
    .array(
      z.strictObject({
        path: z.string().describe('Relative to the build context.'),
        before: z.string().nullable().describe('Text before; null where the file is created.'),
        after: z.string(),
      }),
    )
    .describe('Whole files beside the Dockerfile that the fix creates or rewrites.'),
  assumptions: z.array(z.string()),
});

const finding = z.strictObject({
  rule: z.string().describe('Rule id; `syntax` for text that BuildKit refuses.'),
  aliases: z.array(z.string()).describe('Names of the same check in hadolint and BuildKit.'),
  category: z.enum(['size', 'cache', 'context', 'hardening', 'correctness']),
  url: z.string().nullable().describe('Page of the rule.'),
  severity: z.enum(['error', 'warning', 'information', 'hint']),
  message: z.string(),
  span,
  related: z.array(z.strictObject({ message: z.string(), span })),
  saving: size.nullable().describe('What fixing it saves; null where it is not about size.'),
  fixes: z.array(fix).describe('In order of preference.'),
  unfixed: z
    .strictObject({
      code: z.string().describe('Kind of the reason; it never changes its meaning.'),
      reason: z.string(),
      lifts: z
        .string()
        .nullable()
        .describe('What would bring a fix; null where nothing is known that would.'),
    })
    .nullable()
    .describe('Why there is no fix; null where there is one.'),
});

const checklistItem = z.strictObject({
  id: z.string(),
  title: z.string(),
  state: z.enum(['done', 'open', 'unknown', 'not-applicable']),
  evidence: z.string(),
  span: span.nullable(),
  rules: z.array(z.string()),
});

export const formatVersion = z
  .literal(1)
  .describe('Version of this format; it changes when a field changes its meaning or goes.');

export const filePath = z
  .string()
  .describe('Relative to the working directory; `<stdin>` for standard input.');

/** What all reports over files have in common, around what each says of a file. */
export function reportOf<File extends z.ZodType>(file: File, failures = 'Files that could not be read.') {
  return z.strictObject({
    ballast: z.string().describe('Version of Ballast.'),
    format: formatVersion,
    files: z.array(file),
    failures: z.array(z.strictObject({ path: z.string(), message: z.string() })).describe(failures),
  });
}

export const jsonReportSchema = reportOf(
  z.strictObject({
    path: filePath,
    context: z
      .string()
      .nullable()
      .describe('Build context, relative to the working directory; null where it is not known.'),
    size: size.describe('What the image takes on disk, estimated without a build.'),
    sizeAfter: size.nullable().describe('What it takes after `ballast slim`; null without `--slimmed`.'),
    findings: z.array(finding).describe('Sorted by position.'),
    suppressed: z.array(finding).describe('Findings that a comment in the file silences.'),
    checklist: z.array(checklistItem),
  }),
);

export type JsonReport = z.infer<typeof jsonReportSchema>;
export type JsonFinding = z.infer<typeof finding>;
export type JsonFix = z.infer<typeof fix>;
export type JsonSpan = z.infer<typeof span>;
