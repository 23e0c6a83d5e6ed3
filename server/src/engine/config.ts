import * as z from 'zod';
import { labelTypes } from '../model/labels.ts';
import { once } from '../text/memoize.ts';

const severities = ['off', 'hint', 'information', 'warning', 'error'] as const;

/**
 * Everything that can be configured, for VS Code's settings (under `ballast.`) and for the project file
 * `.ballast.json` alike. Types, validation, JSON schema, settings and their documentation all come from here. Made when
 * first asked for: most runs have nothing to validate.
 */
export const configSchema = once(() =>
  z.strictObject({
    rules: z
      .record(z.string(), z.enum(severities))
      .default({})
      .describe(
        'Severity per rule, or `off`. Rules that are not named keep their own severity. In `.ballast.json`, what hadolint or BuildKit calls a finding (`DL3042`) may stand in place of the rule, and counts before it.',
      ),
    buildContexts: z
      .record(z.string(), z.string())
      .default({})
      .describe(
        'Folder in which a Dockerfile is built, by the path of the Dockerfile or a pattern such as `docker/*.Dockerfile`. Both are relative to the folder of `.ballast.json`; in the settings of an editor, to the workspace folder. Only needed where no Compose or Bake file says it.',
      ),
    trustedRegistries: z
      .array(z.string())
      .default([])
      .describe(
        'Registries that images may come from, for the rule `untrusted-registry`, such as `docker.io`, `*.example.com` or `ghcr.*`.',
      ),
    labelSchema: z
      .record(z.string(), z.enum(labelTypes))
      .default({})
      .describe(
        'Labels that images are to have, each with what its value has to be, for the rule `label-breaks-schema`: `{ "org.opencontainers.image.licenses": "spdx" }`.',
      ),
    strictLabels: z
      .boolean()
      .default(false)
      .describe('Whether the rule `label-breaks-schema` speaks of labels that `labelSchema` does not name.'),
  }),
);

const bytes = once(() =>
  z
    .union([z.number().min(0), z.string().regex(/^\d+(?:\.\d+)?\s?(?:B|kB|MB|GB)$/i)])
    .describe('Bytes, or a figure such as `250 MB` in decimal units.'),
);

/** What the command line looks for in a project file beside what editors use. */
export const projectFileSchema = once(() =>
  z.strictObject({
    ...configSchema().shape,
    budgets: z
      .array(
        z.strictObject({
          files: z
            .string()
            .default('**')
            .describe(
              'Dockerfiles it holds for: a path or a pattern, relative to the folder of `.ballast.json`.',
            ),
          maxSize: bytes().optional().describe('What the image may take on disk.'),
          maxLayer: bytes().optional().describe('What one layer may take on disk, the base image left out.'),
          maxContext: bytes().optional().describe('What the build context may send.'),
        }),
      )
      .default([])
      .describe(
        'Limits that fail `ballast check`. They are compared with the lower end of the estimate: what is certain to be over.',
      ),
  }),
);

/** Everything that a project file says. */
export type ProjectConfig = z.infer<ReturnType<typeof projectFileSchema>>;

/** Limits in bytes for some Dockerfiles. */
export type Budget = ProjectConfig['budgets'][number];

/** What an analysis has to know of it. */
export type Config = Pick<ProjectConfig, 'rules'> &
  Partial<Pick<ProjectConfig, 'trustedRegistries' | 'labelSchema' | 'strictLabels'>>;

/** What holds where nothing is configured: what the schema makes of an empty file. */
export const defaultConfig: ProjectConfig = {
  rules: {},
  buildContexts: {},
  trustedRegistries: [],
  labelSchema: {},
  strictLabels: false,
  budgets: [],
};
