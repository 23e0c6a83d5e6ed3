import type { Fix } from '../fixes/fix.ts';
import { readCopy } from '../model/copy.ts';
import { lineage, type Step } from '../model/dockerfile.ts';
import type { Word } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

export const copyToRelativePath: Rule = {
  meta: {
    id: 'copy-to-relative-path',
    aliases: ['DL3045'],
    summary: 'COPY goes to a relative path, and no WORKDIR says relative to what.',
    category: 'correctness',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Where the base image starts is not known; a WORKDIR says it.',
    needs: [],
    docs: {
      what: '`COPY` or `ADD` to a relative path in a stage that has no `WORKDIR` above it.',
      why: 'The base image decides where the files land: in most at `/`, among the folders of the system, and elsewhere once the base image sets another folder.',
      silent:
        'The stage, or one that it goes on from, has a `WORKDIR`; the base is `scratch`, which is empty; a variable stands at the head of the path.',
      fix: 'Writes the path in full, where the base image is known to start at `/`. For review.',
      bad: { dockerfile: 'FROM debian:13-slim\nCOPY app.conf etc/app.conf\n' },
      good: { dockerfile: 'FROM debian:13-slim\nCOPY app.conf /etc/app.conf\n' },
      switchOff: 'Where a base image of your own sets the folder, and everybody knows.',
      references: ['https://docs.docker.com/reference/dockerfile/#workdir'],
    },
  },

  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      if (lineage(stage).at(-1)?.base.kind === 'scratch') {
        continue;
      }
      let hasFolder = lineage(stage)
        .slice(1)
        .some(({ steps }) => steps.some(setsFolder));
      for (const step of stage.steps) {
        hasFolder ||= setsFolder(step);
        const copy = readCopy(step, dockerfile);
        const written = step.instruction.words.at(-1);
        if (copy === undefined || written === undefined || hasFolder || !isRelative(written)) {
          continue;
        }
        const { workdir } = step.before;
        yield {
          message:
            workdir === undefined
              ? 'No WORKDIR says where this goes: the base image decides.'
              : `No WORKDIR says where this goes: the base image has it go to ${copy.target ?? workdir}.`,
          span: copy.destination.span,
          aliases: step.instruction.keyword === 'COPY' ? ['DL3045'] : [],
          fixes: workdir === '/' ? fixFor(step, written) : [],
        };
      }
    }
  },
};

function setsFolder({ instruction }: Step): boolean {
  return instruction.keyword === 'WORKDIR';
}

function isRelative({ value }: Word): boolean {
  return !/^["']?(?:[/\\$%]|[a-z]:)/i.test(value);
}

function fixFor({ instruction }: Step, { value, span }: Word): Fix[] {
  const path = `/${value.replace(/^(?:\.\/)+/, '').replace(/^\.$/, '')}`;
  // Quotes and the brackets of a list are left to whoever wrote them.
  const isPlain =
    span.end - span.start === value.length && /^[\w./@+-]+$/.test(value) && !path.includes('/../');
  return isPlain && instruction.form !== 'json'
    ? [{ title: `Copy to ${path}`, applicability: 'review', edits: [{ span, text: path }] }]
    : [];
}
