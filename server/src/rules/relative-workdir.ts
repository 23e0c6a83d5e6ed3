import { isWindows } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { type Dockerfile, lineage, rootBase, type Stage, type Step } from '../model/dockerfile.ts';
import { expandText } from '../model/expansion.ts';
import { normalizePath } from '../model/paths.ts';
import { argumentSpan, argumentText } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

export const relativeWorkdir: Rule = {
  meta: {
    id: 'relative-workdir',
    aliases: ['WorkdirRelativePath', 'DL3000'],
    isBuildCheck: true,
    summary: 'The first WORKDIR of a stage is relative.',
    category: 'correctness',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Where the base image starts is not known.',
    needs: [],
    docs: {
      what: 'A relative `WORKDIR`, with none in front of it that says where from.',
      why: 'It starts at the folder that the base image sets, which another version of the image may change.',
      silent:
        'A `WORKDIR` above it, or in the stage that this one starts from, said where from; a Windows image.',
      fix: 'Writes the absolute path: below the folder that the base image sets (`/go` for golang), where that is known. Safe from `scratch`; for review elsewhere, because another version of the image may set another folder.',
      bad: { dockerfile: 'FROM debian:13-slim\nWORKDIR app\n' },
      good: { dockerfile: 'FROM debian:13-slim\nWORKDIR /app\n' },
      switchOff: 'Where base images of your own set the folder on purpose.',
      references: ['https://docs.docker.com/reference/build-checks/workdir-relative-path/'],
    },
  },

  *check({ dockerfile }) {
    for (const stage of dockerfile.stages) {
      const step = firstWorkdir(stage);
      if (step === undefined || isWindows(stage) || !isRelative(step, dockerfile)) {
        continue;
      }
      const fix = absolute(stage, step);
      yield {
        message: messageFor(stage, step),
        span: step.instruction.keywordSpan,
        fixes: fix === undefined ? [] : [fix],
      };
    }
  },
};

/** The first WORKDIR of a stage; undefined where the stage it starts from has one. */
function firstWorkdir(stage: Stage): Step | undefined {
  const [own, ...below] = lineage(stage).map((one) =>
    one.steps.find((step) => step.instruction.keyword === 'WORKDIR'),
  );
  return below.every((step) => step === undefined) ? own : undefined;
}

/** A variable that nothing sets is empty; one whose value only the build knows may hold anything. */
function isRelative({ instruction, before }: Step, { syntax }: Dockerfile): boolean {
  const { value } = expandText(argumentText(instruction), before.variables, { escape: syntax.escape });
  return value !== undefined && argumentText(instruction) !== '' && !value.startsWith('/');
}

function messageFor(stage: Stage, { before }: Step): string {
  const base = rootBase(stage);
  if (before.workdir === undefined) {
    const name = base.kind === 'image' ? base.name : 'the base image';
    return `This folder is relative to whatever folder the base image sets, and which one ${name} sets is not known.`;
  }
  return before.workdir === '/' || base.kind !== 'image'
    ? 'This folder is relative to whatever folder the base image sets.'
    : `This folder is relative to ${before.workdir}, the folder that ${base.name} sets.`;
}

function absolute(stage: Stage, { instruction, before }: Step): Fix | undefined {
  const text = argumentText(instruction);
  const at = argumentSpan(instruction);
  const isPlain = /^[\w./@+-]+$/.test(text) && instruction.documentText.slice(at.start, at.end) === text;
  if (!isPlain || before.workdir === undefined) {
    return undefined;
  }
  const path = normalizePath(`${before.workdir}/${text}`);
  return {
    title: `Write ${path}`,
    applicability: rootBase(stage).kind === 'scratch' ? 'safe' : 'review',
    edits: [{ span: at, text: path }],
  };
}
