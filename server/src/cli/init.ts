import { exitCodes } from './exit.ts';
import type { CliHost } from './host.ts';
import { createFile } from './output.ts';
import { projectFileName } from './project-file.ts';

/** Everything is as it is without a file, and every line says what could be changed. */
const template = `{
  // https://github.com/ballast-dev/ballast/blob/main/docs/settings.md

  // "off", "hint", "information", "warning" or "error" for each rule; \`ballast explain\` lists them.
  "rules": {
    // "healthcheck-missing": "off"
  },

  // Folders in which Dockerfiles are built, where no Compose or Bake file says it.
  "buildContexts": {
    // "docker/api.Dockerfile": "services/api"
  },

  // Limits that fail \`ballast check\`.
  "budgets": [
    // { "files": "**", "maxSize": "500 MB", "maxContext": "50 MB" }
  ]
}
`;

/**
 * Writes a project file into the working directory.
 * @throws UsageError where there is one, or it cannot be written.
 */
export function init(host: CliHost): number {
  createFile(host, projectFileName, template);
  host.stdout.write(`Wrote ${projectFileName}. Settings: ballast explain lists the rules.\n`);
  return exitCodes.ok;
}
