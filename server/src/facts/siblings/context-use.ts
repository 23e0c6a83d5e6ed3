import { isWholeContext, readCopy } from '../../model/copy.ts';
import { type Dockerfile, lineage, type Stage, type Step } from '../../model/dockerfile.ts';
import { readMounts } from '../../model/mounts.ts';
import { normalizePath } from '../../model/paths.ts';
import { findFlag } from '../../syntax/tree.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import { type Span, span } from '../../text/span.ts';

/** A place where a build reads its context: a source of COPY or ADD, or a bind mount. */
export interface ContextUse {
  readonly stage: Stage;
  readonly step: Step;
  /** Relative to the context, `''` for all of it. May hold wildcards. */
  readonly path: ContextPath;
  readonly isGlob: boolean;
  /** As written. */
  readonly text: string;
  readonly span: Span;
  /** Absolute path in the image that the content of `path` gets to; undefined where it is hidden, and for a mount, which leaves nothing. */
  readonly target: ImagePath | undefined;
  readonly isMount: boolean;
}

/** Every use of the build context, in the order of the file. Sources that hold a variable, an URL or a heredoc are left out. */
export const contextUses = memoizeFor((dockerfile: Dockerfile): readonly ContextUse[] =>
  dockerfile.stages.flatMap((stage) =>
    stage.steps.flatMap((step) => [
      ...copyUses(dockerfile, stage, step),
      ...mountUses(dockerfile, stage, step),
    ]),
  ),
);

/** What a build takes from contexts that it knows by name: `COPY --from=name`, and mounts from there. */
export function namedContextUses(dockerfile: Dockerfile, names: readonly string[]): ContextUse[] {
  return dockerfile.stages.flatMap((stage) =>
    stage.steps.flatMap((step) => {
      const copied = names.includes(findFlag(step.instruction, 'from')?.value ?? '')
        ? copyUses(dockerfile, stage, step, 'other')
        : [];
      const mounted = readMounts(step.instruction).some((mount) =>
        names.includes(mount.options.get('from') ?? ''),
      );
      return mounted ? [...copied, { ...wholeUse(stage, step), isMount: true }] : copied;
    }),
  );
}

/**
 * What a COPY takes from another stage that brought it along with a whole folder of the context: there it is looked for
 * in the context, unless the build makes it.
 */
export const passedOnUses = memoizeFor((dockerfile: Dockerfile): readonly ContextUse[] => {
  const uses = contextUses(dockerfile);
  return dockerfile.stages.flatMap((stage) =>
    stage.steps.flatMap((step) => {
      const copy = readCopy(step, dockerfile);
      const from = copy?.from;
      return copy === undefined || typeof from !== 'object'
        ? []
        : copy.sources.flatMap((source) =>
            isPath(source.value)
              ? uses
                  .filter((use) => lineage(from).includes(use.stage))
                  .flatMap((use) => passedOn(use, stage, step, source))
              : [],
          );
    }),
  );
});

function passedOn(
  use: ContextUse,
  stage: Stage,
  step: Step,
  source: { readonly value: string; readonly span: Span },
): ContextUse[] {
  const { target } = use;
  const place = normalizePath(`/${source.value}`);
  if (target === undefined || use.isGlob || place === target || !isAtOrBelow(place, target)) {
    return [];
  }
  const inside = place.slice(target === '/' ? 1 : target.length + 1);
  const path = use.path === '' ? inside : `${use.path}/${inside}`;
  return [copied(stage, step, path, source, undefined)];
}

function wholeUse(stage: Stage, step: Step): ContextUse {
  const { keywordSpan } = step.instruction;
  return {
    stage,
    step,
    path: '',
    isGlob: false,
    text: '.',
    span: keywordSpan,
    target: undefined,
    isMount: false,
  };
}

/** The uses that take in the whole context and leave it in a layer. */
export function wholeCopies(uses: readonly ContextUse[]): ContextUse[] {
  return uses.filter((use) => !use.isMount && (use.path === '' || use.path === '*'));
}

function copyUses(
  dockerfile: Dockerfile,
  stage: Stage,
  step: Step,
  from: 'context' | 'other' = 'context',
): ContextUse[] {
  const copy = readCopy(step, dockerfile);
  if (copy === undefined || copy.from !== from) {
    return [];
  }
  return copy.sources
    .filter((source) => isPath(source.value) && !textAt(dockerfile, source.span).includes('$'))
    .map((source) => {
      const path = isWholeContext(source.value) ? '' : contextPath(source.value);
      return copied(stage, step, path, source, copy.target);
    });
}

/** What a COPY or ADD takes by one of its words. */
function copied(
  stage: Stage,
  step: Step,
  path: string,
  { value, span }: { readonly value: string; readonly span: Span },
  target: string | undefined,
): ContextUse {
  return { stage, step, path, isGlob: isGlob(path), text: value, span, target, isMount: false };
}

function mountUses(dockerfile: Dockerfile, stage: Stage, step: Step): ContextUse[] {
  return readMounts(step.instruction)
    .filter((mount) => mount.type === 'bind' && !mount.options.has('from'))
    .map((mount) => ({ mount, source: mount.options.get('source') ?? mount.options.get('src') ?? '.' }))
    .filter(({ source }) => isPath(source))
    .map(({ mount, source }) => ({
      stage,
      step,
      path: contextPath(source),
      isGlob: false,
      text: source,
      span: sourceSpan(dockerfile, mount.flag.span),
      target: undefined,
      isMount: true,
    }));
}

/** The path in a `--mount` flag; the whole flag where it names none. */
function sourceSpan(dockerfile: Dockerfile, flag: Span): Span {
  const match = /(?<=[,=](?:source|src)=)[^,"'\s]+/.exec(textAt(dockerfile, flag));
  return match === null ? flag : span(flag.start + match.index, flag.start + match.index + match[0].length);
}

function textAt(dockerfile: Dockerfile, at: Span): string {
  return dockerfile.text.slice(at.start, at.end);
}

/** False for what is no path that can be looked up: a variable, whose value a build may change, and what ADD downloads. */
function isPath(source: string): boolean {
  return !/\$|^[a-z][a-z0-9+.-]*:\/\/|^git@/i.test(source) && source !== '';
}

function contextPath(source: string): string {
  return normalizePath(`/${source}`).slice(1);
}

function isGlob(path: string): boolean {
  return /[*?[\\]/.test(path);
}

/**
 * True where a file that a use brings into its stage is in the image that ships: the stage is part of it, or a
 * shipped COPY takes the file from there. `path` is relative to the context.
 */
export function ships(dockerfile: Dockerfile, use: ContextUse, path: string): boolean {
  const { final } = dockerfile;
  if (final === undefined || use.isMount) {
    return false;
  }
  const shipped = lineage(final);
  if (shipped.includes(use.stage)) {
    return true;
  }
  const place = use.target === undefined ? undefined : targetOf(use, use.target, path);
  return shipped.some((stage) =>
    stage.steps.some((step) => {
      const copy = readCopy(step, dockerfile);
      return (
        place !== undefined &&
        typeof copy?.from === 'object' &&
        lineage(copy.from).includes(use.stage) &&
        copy.sources.some((source) => isAtOrBelow(place, normalizePath(`/${source.value}`)))
      );
    }),
  );
}

/** Where a file of the context gets to: a folder is copied by its content. */
function targetOf(use: ContextUse, target: string, path: string): string {
  const inside = use.path === '' ? path : path === use.path ? '' : path.slice(use.path.length + 1);
  return inside === '' ? target : normalizePath(`${target}/${inside}`);
}

function isAtOrBelow(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}
