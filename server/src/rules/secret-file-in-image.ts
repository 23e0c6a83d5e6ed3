import type { AnalysisContext } from '../facts/context.ts';
import { isRead, secretFiles } from '../facts/secrets/secret-files.ts';
import type { ContextEntry } from '../facts/siblings/context-entries.ts';
import { type ContextUse, contextUses, ships } from '../facts/siblings/context-use.ts';
import { isDevContainer } from '../facts/stage.ts';
import { addIgnoreEntries } from '../fixes/ignore-entry.ts';
import { readIgnoreFile } from '../project/ignore-file.ts';
import { compilePattern } from '../project/ignore-pattern.ts';
import { formatBytes } from '../sizes/size.ts';
import type { Finding, Rule } from './rule.ts';

export const secretFileInImage: Rule = {
  meta: {
    id: 'secret-file-in-image',
    aliases: [],
    summary: 'A COPY puts a file with secrets into the image.',
    category: 'context',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    needs: ['project'],
    docs: {
      what: 'A `COPY` or `ADD` brings a file that holds secrets into a layer that ships: `.env` with passwords or keys, private keys, key stores, tokens of package registries, Terraform state.',
      why: 'Whoever can pull the image can read the file, and deleting it in a later layer does not take it out.',
      silent:
        'The folder of the build is not known; the ignore file keeps the file out; the stage that holds it does not ship; the file lies among tests or examples; its text shows nothing secret (settings with public values, a certificate without its key, a `.npmrc` that reads its token from a variable).',
      fix: 'Adds the files to the ignore file. For review: a program that reads its settings from the file has to get them when the container starts, for instance with `--env-file`. A file that the COPY names itself, or that the sources name, has no fix.',
      bad: {
        dockerfile: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n',
        files: { '.env': 'DATABASE_PASSWORD=hunter2\n', 'server.js': '', '.dockerignore': '.git\n' },
      },
      good: {
        dockerfile: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n',
        files: { '.env': 'DATABASE_PASSWORD=hunter2\n', 'server.js': '', '.dockerignore': '.git\n.env\n' },
      },
      switchOff: 'Where every such file holds values for development only.',
      references: ['https://docs.docker.com/build/building/secrets/'],
    },
  },

  *check(context) {
    if (!context.project.isKnown || isDevContainer(context)) {
      return;
    }
    const secrets = secretFiles(context);
    if (secrets.length === 0) {
      return;
    }
    const told = new Set<string>();
    for (const use of contextUses(context.dockerfile)) {
      const files = secrets.filter(
        ({ path }) => !told.has(path) && takes(use, path) && ships(context.dockerfile, use, path),
      );
      for (const { path } of files) {
        told.add(path);
      }
      if (files.length > 0) {
        yield finding(context, use, files);
      }
    }
  },
};

function takes(use: ContextUse, path: string): boolean {
  if (use.isGlob) {
    const pattern = compilePattern(use.path);
    return typeof pattern === 'object' && pattern.matches(path);
  }
  return use.path === '' || path === use.path || path.startsWith(`${use.path}/`);
}

function finding(context: AnalysisContext, use: ContextUse, entries: readonly ContextEntry[]): Finding {
  const files = entries.map(({ path }) => path);
  const names =
    files.length > 3 ? `${files.slice(0, 2).join(', ')} and ${files.length - 2} more` : joined(files);
  const isNamed = !use.isGlob && files.includes(use.path);
  const read = files.find((path) => isRead(context, path));
  const file = readIgnoreFile(context.project)?.path ?? '.dockerignore';
  return {
    message: `${names}${weightOf(entries)} ${files.length > 1 ? 'get' : 'gets'} into the image, where everyone who pulls it can read ${files.length > 1 ? 'them' : 'it'}.${read === undefined ? '' : ` No fix is offered: the program reads ${read}; mount it when the container starts.`}`,
    span: use.span,
    fixes:
      isNamed || read !== undefined
        ? []
        : [
            {
              title: `Exclude ${names} in ${file}`,
              applicability: 'review',
              edits: [],
              files: [addIgnoreEntries(context.project, files)],
              assumptions: [assumption(files)],
            },
          ],
  };
}

/** What the files weigh, in brackets; empty until the context has been measured. */
function weightOf(entries: readonly ContextEntry[]): string {
  const bytes = entries.reduce((sum, { totals }) => sum + (totals?.bytes ?? 0), 0);
  return bytes === 0 ? '' : ` (${formatBytes(bytes)})`;
}

/** What has to hold for the image to work without the files. */
function assumption(files: readonly string[]): string {
  return files.some((path) => /(?:^|\/)\.(?:npmrc|pypirc|netrc|git-credentials)$/.test(path))
    ? 'The install gets its token from elsewhere, such as a secret mount (`RUN --mount=type=secret`).'
    : 'The program gets these values when the container starts, not from the file.';
}

function joined(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}
