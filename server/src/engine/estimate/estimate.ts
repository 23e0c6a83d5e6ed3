import type { ImageKnowledge } from '../../images/knowledge.ts';
import { readCopy } from '../../model/copy.ts';
import type { Dockerfile, Stage, Step } from '../../model/dockerfile.ts';
import type { Project } from '../../project/project.ts';
import { type SizeAnswer, unknownSize, withDoubt } from '../../sizes/size.ts';
import { contextParts, takenParts } from './copy-layer.ts';
import { Held } from './held.ts';
import {
  type HiddenPart,
  type LayerEstimate,
  type Part,
  type StageEstimate,
  sumOfParts,
  unknownPart,
} from './parts.ts';
import { type RunContext, type RunResult, readRun } from './run-layer.ts';

export interface EstimateInput {
  readonly dockerfile: Dockerfile;
  /** Where its `context` is missing, nothing that comes from the build context has a size. */
  readonly project: Project;
  readonly images: ImageKnowledge;
}

/** What a Dockerfile makes of an image, as far as it can be told without building it. All sizes are on disk. */
export interface ImageEstimate {
  readonly stages: readonly StageEstimate[];
  /** The stage that ships; undefined for a file without a stage. */
  readonly final: StageEstimate | undefined;
}

/**
 * Estimates the image of a Dockerfile: what each layer brings, and the sum of what ships. What cannot be known before a
 * build makes the sums "at least". Pure and linear in the file.
 */
export function estimateImage(input: EstimateInput): ImageEstimate {
  const working = new Map<Stage, Working>();
  for (const stage of input.dockerfile.stages) {
    working.set(stage, estimateStage(stage, working, input));
  }
  const stages = [...working].map(([stage, { layers, hidden }]): StageEstimate => {
    const parts = layers.flatMap((layer) => layer.parts);
    return { stage, layers, hidden, size: stageSize(parts) };
  });
  return { stages, final: stages.find((one) => one.stage === input.dockerfile.final) };
}

/** What a stage takes. Without its base image, the rest would pass for a size that no image has. */
function stageSize(parts: readonly Part[]): SizeAnswer {
  const base = parts.find((part) => part.kind === 'base');
  return base?.size.kind === 'unknown'
    ? unknownSize(`what ${base.what} weighs is not known`)
    : sumOfParts(parts);
}

/** A stage while its instructions are gone through. */
interface Working {
  readonly layers: LayerEstimate[];
  readonly hidden: HiddenPart[];
  /** The last layer that brings a part, by the name of the part. */
  readonly lastLayers: Map<string, LayerEstimate>;
  /** What a container of the stage sees. */
  readonly held: Held;
}

function estimateStage(stage: Stage, known: ReadonlyMap<Stage, Working>, input: EstimateInput): Working {
  const working = startOf(stage, known, input);
  for (const step of stage.steps) {
    const result = partsOf(step, { ...input, stage, held: working.held }, known);
    if (result === undefined) {
      continue;
    }
    for (const { part, at } of result.removed) {
      const layer = working.lastLayers.get(nameOf(part));
      if (layer !== undefined) {
        const removedAt = at.script.sourceSpan(at.command.nameWord.span);
        working.hidden.push({ part, layer, removedAt });
      }
    }
    working.held.add(result.parts);
    addLayer(working, layerOf(stage, step, result.parts));
  }
  return working;
}

function addLayer({ layers, lastLayers }: Working, layer: LayerEstimate): void {
  layers.push(layer);
  for (const part of layer.parts) {
    lastLayers.set(nameOf(part), layer);
  }
}

/** What tells parts apart that are removed. */
function nameOf({ kind, path }: Part): string {
  return `${kind} ${path ?? ''}`;
}

function startOf(stage: Stage, known: ReadonlyMap<Stage, Working>, { images }: EstimateInput): Working {
  if (stage.base.kind === 'stage') {
    const base = known.get(stage.base.stage);
    return {
      layers: [...(base?.layers ?? [])],
      hidden: [...(base?.hidden ?? [])],
      lastLayers: new Map(base?.lastLayers),
      held: base?.held.copy() ?? new Held(),
    };
  }
  const parts = stage.base.kind === 'scratch' ? [] : [basePart(stage, images)];
  const working = { layers: [], hidden: [], lastLayers: new Map(), held: new Held() };
  working.held.add(parts);
  addLayer(working, layerOf(stage, undefined, parts));
  return working;
}

function basePart(stage: Stage, images: ImageKnowledge): Part {
  const { base } = stage;
  if (base.kind !== 'image') {
    return { kind: 'base', what: 'base image', size: unknownSize('the name of the base image is not known') };
  }
  const { disk } = images.peek(base.reference, stage.platform);
  return { kind: 'base', what: base.name, size: withDoubt(disk) };
}

/** What an instruction writes; undefined for one that makes no layer with files. */
function partsOf(step: Step, context: RunContext, known: ReadonlyMap<Stage, Working>): RunResult | undefined {
  const { dockerfile, project } = context;
  switch (step.instruction.keyword) {
    case 'RUN':
      return readRun(context, step);
    case 'COPY':
    case 'ADD': {
      const copy = readCopy(step, dockerfile);
      if (copy === undefined) {
        return undefined;
      }
      const parts =
        copy.from === 'context'
          ? contextParts(copy, project)
          : copy.from === 'other'
            ? [unknownPart('other', 'what comes from another image', copy.target)]
            : takenParts(copy, known.get(copy.from)?.held ?? new Held(), project);
      return { parts, removed: [] };
    }
    default:
      return undefined;
  }
}

function layerOf(stage: Stage, step: Step | undefined, parts: readonly Part[]): LayerEstimate {
  const { keywordSpan } = step?.instruction ?? stage.from;
  return { step, stage, span: keywordSpan, parts, size: sumOfParts(parts) };
}

/** What the image takes on disk; unknown for a file without a stage, and where not a byte of it is known. */
export function imageSize(estimate: ImageEstimate): SizeAnswer {
  return estimate.final?.size ?? unknownSize('there is no stage');
}
