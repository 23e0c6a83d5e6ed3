import * as z from 'zod';

const severity = z.enum(['off', 'hint', 'information', 'warning', 'error']);

/**
 * Everything that can be configured, for VS Code's settings (under `ballast.`) and for the project file
 * `.ballast.json` alike. Types, validation, JSON schema, settings and their documentation all come from here.
 */
export const configSchema = z.strictObject({
  rules: z
    .record(z.string(), severity)
    .default({})
    .describe('Severity per rule, or `off`. Rules that are not named keep their own severity.'),
});

export type Config = z.infer<typeof configSchema>;

export const defaultConfig: Config = configSchema.parse({});
