import type { ImageTraits } from '../../images/knowledge.ts';
import { versionNumbers } from '../../images/tag.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import { table } from '../../text/table.ts';

/**
 * The last patch of each line of Python whose official image was built with a pip before 20.3; a tag without a patch is the last of its
 * line. Source: PYTHON_PIP_VERSION in the history of docker-library/python, read 2026-12-01.
 */
const lastPatches = table({ '3.5': 10, '3.6': 11, '3.7': 8, '3.8': 5 });

/** Releases of distributions whose python3-pip is older. Source: their packages, read 2026-12-01. */
const distributions = /^(?:debian (?:[89]|10)|ubuntu (?:14|16|18|20)\.04)(?:\.|$)/;

/**
 * True where an install runs with a pip before 20.3, as far as the image tells: it takes the newest release of each package by itself,
 * and stops where that one is not for this Python. A pip that a command above brings counts as a newer one.
 */
export function hasOldPip(stage: Stage, traits: ImageTraits | undefined, at: CommandStep): boolean {
  const above = lineage(stage)
    .flatMap((one) => commandSteps(one))
    .filter(({ step, command }) => step !== at.step || command.span.start < at.command.span.start)
    .filter(({ step }) => step.instruction.span.start <= at.step.instruction.span.start);
  const isRenewed = above.some(({ command }) => {
    const words = command.args.map(({ text }) => text);
    return (
      (words.includes('install') && words.some((word) => /^["']?pip(?:["'=<>~]|$)/.test(word))) ||
      words.some((word) => /\bget-pip\.py$/.test(word))
    );
  });
  return !isRenewed && isBuiltWithOld(traits);
}

function isBuiltWithOld(traits: ImageTraits | undefined): boolean {
  if (traits?.family !== 'python') {
    return distributions.test(`${traits?.distribution?.id} ${traits?.distribution?.version}`);
  }
  const [major, minor, patch] = versionNumbers(traits.version ?? '');
  const last = lastPatches[`${major}.${minor}`];
  return last !== undefined && (patch === undefined ? `${major}.${minor}` === '3.5' : patch <= last);
}
