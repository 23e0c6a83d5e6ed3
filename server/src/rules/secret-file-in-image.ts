import type { AnalysisContext } from '../facts/context.ts';
import { secretFiles } from '../facts/secrets/secret-files.ts';
import { type SecretReader, secretReader } from '../facts/secrets/secret-readers.ts';
import type { ContextEntry } from '../facts/siblings/context-entries.ts';
import { type ContextUse, contextUses, ships } from '../facts/siblings/context-use.ts';
import { isDevContainer } from '../facts/stage.ts';
import { addIgnoreEntries, addOwnIgnoreEntries } from '../fixes/ignore-entry.ts';
import { readIgnoreFile } from '../project/ignore-file.ts';
import { compilePattern, literalPattern } from '../project/ignore-pattern.ts';
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
    unfixed: 'The COPY names the file itself, or the build or the sources read it.',
    needs: ['project'],
    docs: {
      what: 'A `COPY` or `ADD` brings a file that holds secrets into a layer that ships: `.env` with passwords or keys, private keys, service accounts, key stores, tokens of package registries, logins of clouds and clusters, Terraform state; private keys and tokens by their text, whatever the file is called.',
      why: 'Whoever can pull the image can read the file, and deleting it in a later layer does not take it out.',
      silent:
        'The folder of the build is not known; the ignore file keeps the file out; the stage that holds it does not ship; the file lies among tests or examples; its text shows nothing secret (settings with public values, a certificate without its key, a `.npmrc` that reads its token from a variable).',
      fix: 'Adds the files to the ignore file. For review: a program that reads its settings from the file has to get them when the container starts, for instance with `--env-file`. Where another build of the folder needs them, they go to an ignore file of the Dockerfile’s own name. A file that the COPY names itself, or that the sources, a command of the build or an install read, has no fix.',
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
        yield* findings(context, use, files);
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

/** One finding for the files that can be excluded, one for each that something reads. */
function findings(context: AnalysisContext, use: ContextUse, entries: readonly ContextEntry[]): Finding[] {
  const judged = entries.map((entry) => {
    const kind = entry.clutter.kind === 'environment' ? 'environment' : 'secret';
    return { entry, reader: secretReader(context, entry.path, kind) };
  });
  const free = judged.filter(({ reader }) => reader === undefined || reader.build !== undefined);
  const read = judged.filter((one) => !free.includes(one));
  return [
    ...(free.length === 0 ? [] : [excludable(context, use, free)]),
    ...read.map(({ entry, reader }) => {
      const isNamed = !use.isGlob && entry.path === use.path;
      const reason = isNamed ? '' : ` No fix is offered: ${reader?.says}.`;
      return { message: `${exposure([entry])}${reason} ${insteadOf(entry.path)}`, span: use.span };
    }),
  ];
}

function excludable(
  context: AnalysisContext,
  use: ContextUse,
  judged: readonly { readonly entry: ContextEntry; readonly reader: SecretReader | undefined }[],
): Finding {
  const { project } = context;
  const files = judged.map(({ entry }) => entry.path);
  const patterns = files.map(literalPattern);
  const shared = readIgnoreFile(project)?.path ?? '.dockerignore';
  const other = judged.find(({ reader }) => reader !== undefined)?.reader?.build;
  const isShared = shared !== `${project.dockerfile}.dockerignore`;
  const change =
    other !== undefined && isShared
      ? addOwnIgnoreEntries(project, patterns)
      : addIgnoreEntries(project, patterns);
  return {
    message: exposure(judged.map(({ entry }) => entry)),
    span: use.span,
    fixes:
      change === undefined
        ? []
        : [
            {
              title: `Exclude ${namesOf(files)} in ${change.path}`,
              applicability: 'review',
              edits: [],
              files: [change],
              assumptions: [assumption(files)],
            },
          ],
  };
}

function exposure(entries: readonly ContextEntry[]): string {
  const isOne = entries.length === 1;
  return `${namesOf(entries.map(({ path }) => path))}${weightOf(entries)} ${isOne ? 'gets' : 'get'} into the image, where everyone who pulls it can read ${isOne ? 'it' : 'them'}.`;
}

function namesOf(files: readonly string[]): string {
  return files.length > 3 ? `${files.slice(0, 2).join(', ')} and ${files.length - 2} more` : joined(files);
}

/** What to do with a file that something reads. */
function insteadOf(path: string): string {
  return isInstallSetting(path)
    ? 'Give it to that RUN as a secret mount (`RUN --mount=type=secret`).'
    : 'Mount it when the container starts.';
}

function isInstallSetting(path: string): boolean {
  return /(?:^|\/)(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.netrc|\.git-credentials|pip\.conf|nuget\.config|auth\.json)$/i.test(
    path,
  );
}

/** What the files weigh, in brackets; empty until the context has been measured. */
function weightOf(entries: readonly ContextEntry[]): string {
  const bytes = entries.reduce((sum, { totals }) => sum + (totals?.bytes ?? 0), 0);
  return bytes === 0 ? '' : ` (${formatBytes(bytes)})`;
}

/** What has to hold for the image to work without the files. */
function assumption(files: readonly string[]): string {
  return files.some(isInstallSetting)
    ? 'The install gets its token from elsewhere, such as a secret mount (`RUN --mount=type=secret`).'
    : 'The program gets these values when the container starts, not from the file.';
}

function joined(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? '');
}
