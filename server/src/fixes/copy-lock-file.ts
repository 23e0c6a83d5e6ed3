import type { AnalysisContext } from '../facts/context.ts';
import type { CommandStep } from '../model/commands.ts';
import { type Copy, readCopy } from '../model/copy.ts';
import { indexOfStep, type Stage } from '../model/dockerfile.ts';
import { joinPath } from '../project/paths.ts';
import type { Word } from '../syntax/tree.ts';
import type { ContextPath } from '../text/path-types.ts';
import { span } from '../text/span.ts';
import { matchesPath } from '../text/wildcard.ts';
import type { Fix } from './fix.ts';

/** Manifests that a lock file belongs to. */
const manifests = ['package.json', 'pyproject.toml', 'Pipfile', 'composer.json', 'Gemfile'];

/** The copy above an install that brings its manifest by name, with the word that names it. */
export function manifestCopy(
  { dockerfile }: AnalysisContext,
  stage: Stage,
  at: CommandStep,
  directory: ContextPath,
): { readonly copy: Copy; readonly source: Word } | undefined {
  const paths = manifests.map((name) => joinPath(directory, name));
  for (const step of stage.steps.slice(0, indexOfStep(stage, at.step))) {
    const copy = readCopy(step, dockerfile);
    const source =
      copy?.from === 'context'
        ? copy.sources.find(({ value }) =>
            paths.some((path) => matchesPath(value.replace(/^\.?\/+/, ''), path)),
          )
        : undefined;
    if (copy !== undefined && source !== undefined) {
      return { copy, source };
    }
  }
  return undefined;
}

/** Copies the lock file beside the manifest; undefined where the form of the copy does not take it. */
export function copyLockFile(
  { dockerfile }: AnalysisContext,
  { copy, source }: NonNullable<ReturnType<typeof manifestCopy>>,
  at: CommandStep,
  directory: ContextPath,
  name: string,
): Fix | undefined {
  const { step, destination, target, intoFolder } = copy;
  const written = (word: Word): string => dockerfile.text.slice(word.span.start, word.span.end);
  const isFolder = intoFolder || target === at.directory;
  if (
    step.instruction.form !== 'shell' ||
    !isFolder ||
    /["'$\\]/.test(written(source) + written(destination))
  ) {
    return undefined;
  }
  const prefix = source.value.startsWith('./') ? './' : '';
  const end = /(?:\/|^\.)$/.test(destination.value) ? '' : '/';
  return {
    title: `Copy ${name} as well`,
    applicability: 'review',
    edits: [
      { span: span(source.span.end, source.span.end), text: ` ${prefix}${joinPath(directory, name)}` },
      ...(end === '' ? [] : [{ span: span(destination.span.end, destination.span.end), text: end }]),
    ],
    assumptions: [`${name} is in step with the manifest.`],
  };
}
