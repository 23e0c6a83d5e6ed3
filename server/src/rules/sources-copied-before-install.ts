import { findReordering } from '../facts/installs/install-order.ts';
import { isDevContainer, isWindows } from '../facts/stage.ts';
import { reorderCopy, reorderingRefusal } from '../fixes/reorder-copy.ts';
import type { CommandStep } from '../model/commands.ts';
import type { Rule } from './rule.ts';

export const sourcesCopiedBeforeInstall: Rule = {
  meta: {
    id: 'sources-copied-before-install',
    aliases: [],
    summary: 'Sources are copied before the dependencies are installed.',
    category: 'cache',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'What the install reads of the sources is not known.',
    needs: [],
    docs: {
      what: 'A `COPY` brings the sources, and a `RUN` behind it installs the dependencies, although the install reads only the manifest and the lock file.',
      why: 'A layer is rebuilt when anything above it changed. With the sources above the install, every changed line of code downloads and installs all dependencies again.',
      silent:
        'What is copied is no more than manifests; the install needs the project itself; the build context is known and holds no manifest where the install runs; the shell text was not understood.',
      fix: 'Copies the manifests and the lock file first, keeps the install, and copies the sources behind it; a `RUN` that goes on to build is parted. Safe when the install provably reads nothing else: the lock file is there and is not rewritten, no lifecycle script, no workspace, no local dependency, nothing between that reads the sources, and the ignore file keeps `node_modules` out. Otherwise for review.',
      bad: {
        dockerfile:
          'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\nCMD ["node", "server.js"]\n',
      },
      good: {
        dockerfile:
          'FROM node:22-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nUSER node\nCMD ["node", "server.js"]\n',
      },
      switchOff: 'Where images are always built without a cache.',
      references: ['https://docs.docker.com/build/cache/optimize/#order-your-layers'],
    },
  },

  *check(context) {
    const { dockerfile, project } = context;
    if (isDevContainer(context)) {
      return;
    }
    for (const stage of dockerfile.stages) {
      if (isWindows(stage)) {
        continue;
      }
      const found = findReordering(dockerfile, project, stage);
      if (found === undefined) {
        continue;
      }
      const { copy, at, download } = found;
      const name = commandText(at);
      const { instruction } = copy.step;
      const refusal = reorderingRefusal(dockerfile, found);
      const reason = refusal === undefined ? '' : ` ${refusal}`;
      yield {
        message:
          download === undefined
            ? `Any changed file runs \`${name}\` again: the sources are copied before the install.${reason}`
            : `Any changed file fetches all dependencies again: nothing runs \`${download.command}\` before the sources are copied.${reason}`,
        span: copy.sources[0]?.span ?? instruction.keywordSpan,
        related: [
          {
            span: at.script.sourceSpan(at.command.nameWord.span),
            message:
              download === undefined
                ? 'The install that could come first.'
                : 'The build that fetches the dependencies.',
          },
        ],
        fixes: () => [reorderCopy(dockerfile, project, found)].filter((fix) => fix !== undefined),
      };
    }
  },
};

function commandText(at: CommandStep): string {
  const text = [at.command.name ?? '', ...at.command.args.map((word) => word.text)].join(' ');
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
