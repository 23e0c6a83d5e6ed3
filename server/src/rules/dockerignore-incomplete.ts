import { contextUses, wholeCopies } from '../facts/siblings/context-use.ts';
import { bytesOf, heavyKinds, listNames, savingOf } from '../facts/siblings/entry-words.ts';
import { needlessEntries } from '../facts/siblings/needless-entries.ts';
import { isDevContainer } from '../facts/stage.ts';
import { excludeEntries } from '../fixes/ignore-entry.ts';
import { readIgnoreFile } from '../project/ignore-file.ts';
import { formatBytes } from '../sizes/size.ts';
import type { Rule } from './rule.ts';

/** Less is not worth a change, in bytes. */
const leastBytes = 100_000;

export const dockerignoreIncomplete: Rule = {
  meta: {
    id: 'dockerignore-incomplete',
    aliases: [],
    summary: '.dockerignore lets through what the build does not need.',
    category: 'context',
    severity: 'warning',
    enabled: true,
    fix: 'always',
    needs: ['project'],
    docs: {
      what: 'A `COPY` or `ADD` takes the whole build context, and the ignore file lets through installed packages, version control, output, caches, coverage or logs that are there.',
      why: 'They are sent with every build and get into a layer, and any change to them rebuilds it. Installed packages of another platform overlay those that the build installs.',
      silent:
        'The folder of the build is not known; only named paths are copied; the Dockerfile names the entry, or needs it (packages where it installs none, output where it builds none, `.git` where a command, a script or the configuration of a build asks Git); Git tracks what builds or programs mostly make; a script that is called cannot be read, for `.git`; what is let through weighs less than 100 kB and holds neither packages nor a repository.',
      fix: 'Puts the patterns at the end of the ignore file. Where another build of the folder (a Dockerfile beside it, a Compose service, a Bake target, a pipeline) needs an entry, they go to an ignore file of the Dockerfile’s own name, which BuildKit reads in place of the shared one. For review, because a build may read a file in ways that the Dockerfile does not show.',
      bad: {
        dockerfile:
          'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["node", "server.js"]\n',
        files: { 'package.json': '{}', '.dockerignore': '.git\n', 'node_modules/a/index.js': '' },
      },
      good: {
        dockerfile:
          'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["node", "server.js"]\n',
        files: {
          'package.json': '{}',
          '.dockerignore': '.git\nnode_modules\n',
          'node_modules/a/index.js': '',
        },
      },
      switchOff: 'Where the build is only ever run on a clean checkout of its own.',
      references: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
    },
  },

  *check(context) {
    const { project } = context;
    const use = wholeCopies(contextUses(context.dockerfile)).at(-1);
    const file = readIgnoreFile(project);
    if (!project.isKnown || use === undefined || file === undefined || isDevContainer(context)) {
      return;
    }
    const entries = needlessEntries(context).filter((entry) => heavyKinds.includes(entry.kind));
    const bytes = bytesOf(entries);
    const isHeavy =
      bytes === undefined ||
      bytes >= leastBytes ||
      entries.some(({ kind }) => kind === 'dependencies' || kind === 'version-control');
    if (entries.length === 0 || !isHeavy) {
      return;
    }
    const measured = project.context;
    const names = listNames(entries);
    const saving = savingOf(context, use, entries);
    const fix = excludeEntries(project, entries);
    yield {
      message:
        measured === undefined || bytes === undefined
          ? `${file.path} lets ${names} through, which the build does not need.`
          : `${file.path} lets ${names} through: ${formatBytes(bytes)} of ${measured.isComplete ? 'the ' : 'at least '}${formatBytes(measured.sent.bytes)} that are sent.`,
      span: use.span,
      ...(saving === undefined ? {} : { saving }),
      fixes: fix === undefined ? [] : [fix],
    };
  },
};
