import type { Ecosystem } from '../ecosystems/ecosystem.ts';
import { ecosystems, readInstall } from '../ecosystems/index.ts';
import type { Refusal } from '../ecosystems/runtime-plan.ts';
import { convertToBuilder } from '../fixes/convert/convert-to-builder.ts';
import type { Fix } from '../fixes/fix.ts';
import { reorderCopy } from '../fixes/reorder-copy.ts';
import type { ImageKnowledge } from '../images/knowledge.ts';
import { parseImageReference } from '../images/reference.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { type Dockerfile, rootBase, type Stage } from '../model/dockerfile.ts';
import { formatBytes, type SizeAnswer, unknownSize } from '../sizes/size.ts';
import { findFlag } from '../syntax/tree.ts';
import { applyEdits } from '../text/edits.ts';
import { lineEdits } from '../text/line-edits.ts';
import { buildFolderOf, findReordering } from './install-order.ts';
import type { Rule, RuleContext } from './rule.ts';
import { runningStage } from './shipped.ts';

export const singleStageBuild: Rule = {
  meta: {
    id: 'single-stage-build',
    aliases: [],
    summary: 'The stage that ships is the stage that builds.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    needs: ['project'],
    docs: {
      what: 'One stage compiles or bundles the program and is also what ships, so that the image carries everything the build needed: the full base image, compilers and bundlers, development dependencies, package caches, sources.',
      why: 'None of that is used when the program runs. It has to be stored, pulled and scanned, and it is at hand for whoever breaks in.',
      silent:
        'Another stage already builds; the stage has no start command of its own, has `ONBUILD` or belongs to a development container; no build command was recognized.',
      fix: 'Moves the build into a stage named `builder` and starts the final stage on a smaller variant of the same image, which takes over what was built and the production dependencies. Instructions and comments are kept where they belong, the dependencies are installed before the sources are copied, the start command of a plain script is written in exec form, and the container ends as a user without privileges. What had to be assumed is listed. For review, always. Nothing is offered where something is not understood; the message then says what.',
      bad: {
        dockerfile:
          'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nUSER node\nCMD ["node", "dist/server.js"]\n',
      },
      good: {
        dockerfile:
          'FROM node:22 AS builder\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build && npm prune --omit=dev\n\nFROM node:22-slim\nWORKDIR /app\nCOPY --from=builder /app/package.json ./\nCOPY --from=builder /app/node_modules ./node_modules\nCOPY --from=builder /app/dist ./dist\nUSER node\nCMD ["node", "dist/server.js"]\n',
      },
      switchOff: 'Where the image is meant for development.',
      references: ['https://docs.docker.com/build/building/multi-stage/'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    if (stage === undefined || takesFromOtherStage(context.dockerfile, stage)) {
      return;
    }
    const build = findBuild(context, stage);
    if (build === undefined) {
      return;
    }
    const fix = convert(context, stage);
    const saving = 'reason' in fix ? undefined : fix.saving;
    const base = rootBase(stage);
    const weight =
      base.kind === 'image' ? context.images.peek(base.reference, stage.platform).disk : undefined;
    const figure = weight?.kind === 'known' ? ` (${formatBytes(weight.low)})` : '';
    const refusal = 'reason' in fix ? ` No fix is offered: ${lowerFirst(fix.reason)}` : '';
    yield {
      message: `This image ships what built it: ${base.kind === 'image' ? base.name : 'the base image'}${figure}, build tools, development dependencies, sources.${refusal}`,
      span: stage.imageSpan,
      related: [{ span: build.at.script.sourceSpan(build.at.command.span), message: 'The build runs here.' }],
      ...(saving === undefined ? {} : { saving }),
      fixes: 'reason' in fix ? [] : [fix.fix],
    };
  },
};

interface Build {
  readonly ecosystem: Ecosystem;
  readonly at: CommandStep;
}

function takesFromOtherStage(dockerfile: Dockerfile, stage: Stage): boolean {
  return (
    dockerfile.stages.length > 1 &&
    stage.steps.some(
      (step) =>
        ['COPY', 'ADD'].includes(step.instruction.keyword) &&
        findFlag(step.instruction, 'from') !== undefined,
    )
  );
}

/** The last build command of a stage, with its ecosystem. */
function findBuild(context: RuleContext, stage: Stage): Build | undefined {
  for (const at of commandSteps(stage).reverse()) {
    const ecosystem = at.command.isUnconditional
      ? ecosystems.find((one) => one.isBuild(at.command, context.project, ''))
      : undefined;
    if (ecosystem !== undefined) {
      return { ecosystem, at };
    }
  }
  return undefined;
}

function convert(
  context: RuleContext,
  stage: Stage,
  _build: Build,
): { fix: Fix; saving?: SizeAnswer } | Refusal {
  if (!context.project.isKnown) {
    return { reason: 'The files of the project are not known.' };
  }
  if (stage.base.kind === 'stage') {
    return { reason: 'The stage starts from another stage of this file.' };
  }
  // Dependencies come before the sources in the result, so that order is mended first.
  const reordering = findReordering(context.dockerfile, context.project, stage);
  const reorder =
    reordering === undefined ? undefined : reorderCopy(context.dockerfile, context.project, reordering);
  const text =
    reorder === undefined ? context.dockerfile.text : applyEdits(context.dockerfile.text, reorder.edits);
  const dockerfile = reorder === undefined ? context.dockerfile : context.reread(text);
  const target = dockerfile.stages[stage.index];
  const again = target === undefined ? undefined : findBuild(context, target);
  if (target === undefined || again === undefined) {
    return { reason: 'The order of the instructions could not be mended.' };
  }
  const workdir = again.at.directory;
  const directory = workdir === undefined ? undefined : buildFolderOf(dockerfile, target, workdir);
  if (workdir === undefined || directory === undefined) {
    return { reason: 'It is not known which folder of the build context is built.' };
  }
  const installs = commandSteps(target).map((at) => readInstall(at.command));
  const converted = convertToBuilder(dockerfile, context.project, context.images, {
    stage: target,
    ecosystem: again.ecosystem,
    install: installs.find((install) => install?.ecosystem === again.ecosystem),
    lastBuild: again.at.step,
    directory,
    workdir,
  });
  if ('reason' in converted) {
    return converted;
  }
  const saving = baseSaving(context.images, stage, converted.plan.base);
  const gain = saving.kind === 'known' ? ` (saves at least ${formatBytes(saving.low)})` : '';
  return {
    fix: {
      title: `Move the build to its own stage${gain}`,
      applicability: 'review',
      edits: lineEdits(context.dockerfile.text, converted.text),
      ...(reorder?.files === undefined ? {} : { files: reorder.files }),
      assumptions: [...converted.plan.assumptions, ...(reorder?.assumptions ?? [])],
    },
    ...(saving.kind === 'known' ? { saving } : {}),
  };
}

/** What the change of the base image alone saves on disk. */
function baseSaving(images: ImageKnowledge, stage: Stage, base: string): SizeAnswer {
  const before = rootBase(stage);
  const reference = parseImageReference(base);
  if (before.kind !== 'image' || reference === undefined) {
    return unknownSize('the base images are not known');
  }
  const from = images.peek(before.reference, stage.platform).disk;
  const to = images.peek(reference, stage.platform).disk;
  if (from.kind !== 'known' || to.kind !== 'known' || from.low <= to.high) {
    return unknownSize('the sizes of the base images are not known');
  }
  return {
    ...from,
    low: from.low - to.high,
    high: from.high - to.low,
    atLeast: true,
    basis: from.basis === 'estimated' || to.basis === 'estimated' ? 'estimated' : from.basis,
    source: `${from.source}; ${to.source}`,
    date: [from.date, to.date].sort()[0] ?? from.date,
  };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
