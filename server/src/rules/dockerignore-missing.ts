import type { AnalysisContext } from '../facts/context.ts';
import { type ContextUse, contextUses, wholeCopies } from '../facts/siblings/context-use.ts';
import {
  bytesOf,
  heavyKinds,
  leastBytes,
  lessSent,
  listNames,
  savingOf,
} from '../facts/siblings/entry-words.ts';
import { expectedEntries, needlessEntries } from '../facts/siblings/needless-entries.ts';
import { isDevContainer } from '../facts/stage.ts';
import type { FileChange } from '../fixes/fix.ts';
import { addIgnoreEntries, addOwnIgnoreEntries } from '../fixes/ignore-entry.ts';
import type { ClutterKind } from '../project/clutter.ts';
import { isClosedIgnoreFile, readIgnoreFile } from '../project/ignore-file.ts';
import { directoryOf, joinPath } from '../project/paths.ts';
import { formatBytes } from '../sizes/size.ts';
import type { Rule } from './rule.ts';

/** What stands above the patterns in a new file, in its order. */
const groups: readonly (readonly [heading: string, kinds: readonly ClutterKind[]])[] = [
  ['Installed by the build', ['dependencies']],
  ['Version control', ['version-control']],
  ['Output, caches and logs', ['output', 'cache', 'coverage', 'logs']],
  ['Large files that nothing reads', ['large']],
  ['Settings and secrets of one machine', ['environment', 'secret']],
  ['Not part of the program', ['editor', 'continuous-integration', 'tests', 'documentation', 'docker']],
];

export const dockerignoreMissing: Rule = {
  meta: {
    id: 'dockerignore-missing',
    aliases: [],
    summary: 'The whole build context is copied, and no .dockerignore keeps anything out.',
    category: 'context',
    severity: 'warning',
    enabled: true,
    fix: 'always',
    needs: ['project'],
    docs: {
      what: 'A `COPY` or `ADD` takes the whole build context, and there is neither a `.dockerignore` nor a `<Dockerfile>.dockerignore`.',
      why: 'Everything that lies in the folder gets into a layer: the repository with its history, installed packages of another platform, output, local settings. The build sends it all, and any change to it rebuilds the layer.',
      silent:
        'The folder of the build is not known; only named paths are copied; the file is a development container’s.',
      fix: 'Creates `.dockerignore` from what lies in the folder, and from what will come to lie there (`.git`, `node_modules`, `.env`). Leaves in what a build of the folder names or needs, be it this one, that of another Dockerfile, of a Compose service, a Bake target or a pipeline: installed packages where it installs none, output where it builds none, `.git` where a command, a script or the configuration of a build asks Git, tests where something runs them, a README that the manifest names, whatever Git tracks of what builds mostly make. Where another build needs what this one does not, `<Dockerfile>.dockerignore` is created as well, which BuildKit reads in place of the shared file. For review, because a build may read a file in ways that the Dockerfile does not show.',
      bad: {
        dockerfile:
          'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["node", "server.js"]\n',
        files: { 'package.json': '{}', 'node_modules/a/index.js': '' },
      },
      good: {
        dockerfile:
          'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["node", "server.js"]\n',
        files: { 'package.json': '{}', '.dockerignore': '.git\nnode_modules\n' },
      },
      switchOff: 'Where the build is only ever run on a clean checkout of its own.',
      references: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
    },
  },

  *check(context) {
    const { project } = context;
    const use = wholeCopies(contextUses(context.dockerfile)).at(-1);
    if (
      !project.isKnown ||
      use === undefined ||
      isDevContainer(context) ||
      readIgnoreFile(project) !== undefined
    ) {
      return;
    }
    const entries = needlessEntries(context);
    const bytes = bytesOf(entries);
    const saving = savingOf(context, use, entries);
    // Editor settings and the like are worth a line in the file, but no word here.
    const heavy = entries.filter(({ kind }) => heavyKinds.includes(kind) || secretKinds.includes(kind));
    const names = listNames(heavy);
    const weight = bytesOf(heavy);
    const command = commandText(use);
    const measured = project.context;
    const sent =
      measured === undefined || measured.sent.bytes < leastBytes
        ? ''
        : `${measured.isComplete ? '' : 'at least '}${formatBytes(measured.sent.bytes)}`;
    const message =
      names === ''
        ? `No .dockerignore: ${command} takes everything in this folder${sent === '' ? '' : `, ${sent}`}.`
        : measured === undefined || weight === undefined || weight < leastBytes
          ? `No .dockerignore: ${command} takes in ${names} too.`
          : `No .dockerignore: ${command} sends ${sent}, ${formatBytes(weight)} of it ${names}.`;
    const files = ignoreFiles(context, [...entries, ...expectedEntries(context)]);
    const isClosed = isClosedIgnoreFile(project);
    const [first] = files;
    const own = files.find(({ path }) => path !== first?.path);
    const unread = unreadIgnoreFile(context);
    const isSilent = names === '' && unread === undefined;
    const reason = isClosed
      ? ' .dockerignore is a link that leads out of the folder of the build, where BuildKit reads nothing.'
      : unread === undefined
        ? ''
        : ` ${unread} is not read: it does not lie in the folder of the build.`;
    yield {
      message: message + reason,
      span: use.span,
      ...(isSilent ? { severity: 'information' as const } : {}),
      ...(saving === undefined ? {} : { saving }),
      fixes: [
        {
          title: `Create ${first?.path ?? '.dockerignore'}${own === undefined ? '' : ` and ${own.path}`}${lessSent(bytes)}`,
          applicability: 'review',
          edits: [],
          files,
          ...(entries.some(({ kind }) => kind === 'environment')
            ? {
                assumptions: [
                  'The program gets the values of the .env files when the container starts, not from the files.',
                ],
              }
            : {}),
        },
      ],
    };
  },
};

/** An ignore file beside a Dockerfile whose build has another folder: Docker reads that of the build's folder alone. */
function unreadIgnoreFile({ project: { dockerfile = '', reader } }: AnalysisContext): string | undefined {
  const path = joinPath(directoryOf(dockerfile), '.dockerignore');
  return directoryOf(dockerfile) !== '' && reader.read(path) !== undefined ? path : undefined;
}

type Wanted = { readonly kind: ClutterKind; readonly pattern: string; readonly neededBy?: string };

/**
 * The shared ignore file with what no build of the folder needs; and, where another one needs something heavy or secret that
 * this one can do without, an ignore file of the Dockerfile's own beside it.
 */
function ignoreFiles({ project }: AnalysisContext, wanted: readonly Wanted[]): FileChange[] {
  const shared = fileLines(wanted.filter(({ neededBy }) => neededBy === undefined));
  const parted = wanted.find(
    ({ kind, neededBy }) =>
      neededBy !== undefined && (heavyKinds.includes(kind) || secretKinds.includes(kind)),
  );
  const own =
    parted === undefined || isClosedIgnoreFile(project)
      ? undefined
      : addOwnIgnoreEntries(project, [
          `# In place of .dockerignore for this Dockerfile: ${parted.neededBy} needs more.`,
          '',
          ...fileLines(wanted),
        ]);
  return [addIgnoreEntries(project, shared), ...(own === undefined ? [] : [own])];
}

const secretKinds: readonly ClutterKind[] = ['environment', 'secret'];

function fileLines(wanted: readonly Wanted[]): string[] {
  const lines: string[] = [];
  for (const [heading, kinds] of groups) {
    const patterns = wanted.filter(({ kind }) => kinds.includes(kind)).map(({ pattern }) => pattern);
    if (patterns.length > 0) {
      lines.push(...(lines.length === 0 ? [] : ['']), `# ${heading}`, ...[...new Set(patterns)].sort());
    }
  }
  return lines;
}

/** The instruction as a message quotes it. */
function commandText(use: ContextUse): string {
  const { keyword, words } = use.step.instruction;
  return `\`${[keyword, ...words.map((word) => word.value)].join(' ')}\``;
}
