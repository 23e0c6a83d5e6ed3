import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import { readCopy } from '../model/copy.ts';
import type { Step } from '../model/dockerfile.ts';
import type { Project } from '../project/project.ts';
import type { Rule } from './rule.ts';

/** Names of archives that ADD unpacks. */
const archive = /\.(?:tar|tgz|tbz2?|txz|tzst|tar\.\w+|gz|bz2|xz|zst|zstd)$/i;
/** What ADD fetches, and COPY does not. */
const remote = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/i;

export const addWhereCopyDoes: Rule = {
  meta: {
    id: 'add-where-copy-does',
    aliases: ['DL3020'],
    summary: 'ADD is used where COPY does the same.',
    category: 'correctness',
    severity: 'information',
    enabled: true,
    fix: 'always',
    needs: [],
    docs: {
      what: '`ADD` copies plain files or folders of the build context.',
      why: '`ADD` also fetches and unpacks. Who reads it has to find out whether it does; a file that happens to be an archive is unpacked unasked.',
      silent:
        'A source is an address, a git repository or an archive by its name; a flag that only `ADD` has is used; a variable hides the source.',
      fix: 'Writes `COPY`. Safe where the sources are folders of the known build context; otherwise for review, because `ADD` tells archives by their content.',
      bad: { dockerfile: 'FROM debian:13-slim\nADD server.conf /etc/\n' },
      good: { dockerfile: 'FROM debian:13-slim\nCOPY server.conf /etc/\n' },
      switchOff: 'Where a house rule wants ADD.',
      references: ['https://docs.docker.com/build/building/best-practices/#add-or-copy'],
    },
  },

  *check(context) {
    const layout = new Layout(context.dockerfile.syntax);
    for (const step of context.dockerfile.stages.flatMap((stage) => stage.steps)) {
      const copy = step.instruction.keyword === 'ADD' ? readCopy(step, context.dockerfile) : undefined;
      const names = copy?.sources.map((source) => source.value) ?? [];
      if (
        copy === undefined ||
        names.some((name) => remote.test(name) || archive.test(name) || name.includes('$'))
      ) {
        continue;
      }
      if (step.instruction.flags.some((flag) => ['checksum', 'keep-git-dir', 'unpack'].includes(flag.name))) {
        continue;
      }
      const fix: Fix = {
        title: 'Write COPY',
        applicability: areFolders(step, names, context.project) ? 'safe' : 'review',
        edits: [{ span: step.instruction.keywordSpan, text: layout.keyword('COPY') }],
      };
      yield {
        message: 'COPY does the same, and says that nothing is fetched or unpacked.',
        span: step.instruction.keywordSpan,
        fixes: [fix],
      };
    }
  },
};

function areFolders(step: Step, names: readonly string[], project: Project): boolean {
  return (
    project.isKnown &&
    step.instruction.heredocs.length === 0 &&
    names.every(
      (name) =>
        project.reader.list(name.replace(/^\.?\/+|(?<!\/)\/+$|^\.$/g, '')) !== undefined &&
        !/[*?[]/.test(name),
    )
  );
}
