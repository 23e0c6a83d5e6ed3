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
  buildContexts: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Folder in which a Dockerfile is built, by the path of the Dockerfile or a pattern such as `docker/*.Dockerfile`. Both are relative to the folder of `.ballast.json`; in the settings of an editor, to the workspace folder. Only needed where no Compose or Bake file says it.',
    ),
});

/** Everything that a project file says. */
export type ProjectConfig = z.infer<typeof configSchema>;

/** What an analysis has to know of it. */
export type Config = Pick<ProjectConfig, 'rules'>;

export const defaultConfig: ProjectConfig = configSchema.parse({});
