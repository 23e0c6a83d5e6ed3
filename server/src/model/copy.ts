import { findFlag, type Word } from '../syntax/tree.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { ImagePath } from '../text/path-types.ts';
import type { Dockerfile, Stage, Step } from './dockerfile.ts';
import { normalizePath } from './paths.ts';
import { expand } from './variables.ts';

/** A parsed COPY or ADD. */
export interface Copy {
  readonly step: Step;
  /** Values with variables replaced; as written where one is not known. Heredocs are left out. */
  readonly sources: readonly Word[];
  readonly destination: Word;
  /** Absolute path in the image; undefined where a variable or an unknown working directory hides it. */
  readonly target: ImagePath | undefined;
  /** True when the destination is a folder for certain: it ends in a slash or is `.`, the source is the whole context, or there are several. */
  readonly intoFolder: boolean;
  /** Where the files come from: the build context, an earlier stage, or something else (an image, a named context). */
  readonly from: 'context' | 'other' | Stage;
}

/** Reads a step of a file as COPY or ADD; undefined for other instructions and for half-typed ones. */
export function readCopy(step: Step, dockerfile: Dockerfile): Copy | undefined {
  return copiesIn(dockerfile)(step);
}

/** Every rule asks for the copies of a file. */
const copiesIn = memoizeFor((dockerfile: Dockerfile) =>
  memoizeFor((step: Step): Copy | undefined => readCopyIn(step, dockerfile)),
);

function readCopyIn(step: Step, dockerfile: Dockerfile): Copy | undefined {
  const { instruction, before } = step;
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') {
    return undefined;
  }
  const announced = new Set(instruction.heredocs.map((heredoc) => heredoc.span.start));
  const escapeChar = dockerfile.syntax.escape;
  const words = instruction.words
    .filter((word) => !announced.has(word.span.start))
    .map((word) => ({ ...word, value: expand(word.value, before.variables, escapeChar) ?? word.value }));
  const destination = words.at(-1);
  if (destination === undefined || instruction.words.length < 2) {
    return undefined;
  }
  const sources = words.slice(0, -1);
  const path = destination.value;
  const isHidden = expand(instruction.words.at(-1)?.value ?? '', before.variables, escapeChar) === undefined;
  const base = before.workdir;
  const target =
    isHidden || (!path.startsWith('/') && base === undefined)
      ? undefined
      : normalizePath(path.startsWith('/') ? path : `${base ?? ''}/${path}`);
  return {
    step,
    sources,
    destination,
    target,
    intoFolder:
      /(^|\/)\.{0,2}\/?$/.test(path) ||
      path.endsWith('/') ||
      sources.length > 1 ||
      isWholeContext(sources[0]?.value ?? ''),
    from: copySource(step, dockerfile),
  };
}

function copySource(step: Step, dockerfile: Dockerfile): Copy['from'] {
  const flag = findFlag(step.instruction, 'from')?.value;
  const stage = flag === undefined ? undefined : findStage(flag, dockerfile, step);
  return flag === undefined ? 'context' : (stage ?? 'other');
}

/**
 * The stage that `--from` means: by name, or by number. For a step, only the stages above its own: BuildKit takes nothing
 * from a stage that has not ended, and whoever follows copies from stage to stage comes to an end.
 */
export function findStage(name: string, dockerfile: Dockerfile, step?: Step): Stage | undefined {
  const stages = step === undefined ? dockerfile.stages : stagesAbove(dockerfile, step);
  const byName = stages.findLast((stage) => stage.name?.toLowerCase() === name.toLowerCase());
  return byName ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined);
}

function stagesAbove({ stages }: Dockerfile, { instruction }: Step): readonly Stage[] {
  const own = stages.findLastIndex((stage) => stage.from.span.start < instruction.span.start);
  return stages.slice(0, Math.max(0, own));
}

/** True for a source that names the whole build context: `.`, `./`, `/`, `*`, `./*`. */
export function isWholeContext(source: string): boolean {
  return /^(?:\.?\/?|\.?\/?\*|\.\/\.)$/.test(source) && source !== '';
}
