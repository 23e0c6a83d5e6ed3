import { commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, type Dockerfile, type Stage, type Step } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { findFlag } from '../../syntax/tree.ts';

/** Folders that a base image may hold already, with an owner of its own. */
const heldFolder = /^\/(?:home|tmp|var|root|opt\/app-root|usr|run|mnt|media|dev)(?:\/|$)|^\/(?:opt|srv)?$/;

/** Commands that give a folder away, or make one for somebody. */
const giving = /\b(?:chown|chmod|setfacl|chgrp)\b|\binstall\s+(?:-\w+\s+)*-\w*d/;

/**
 * The WORKDIR that made a folder for root, as it stands when a step runs. Undefined where the folder may be somebody else's:
 * it lies in what the base image holds, another user was set when it was made, or anything before gives it away.
 */
export function madeForRoot(
  dockerfile: Dockerfile,
  stage: Stage,
  step: Step,
  folder: string,
): Step | undefined {
  if (heldFolder.test(folder)) {
    return undefined;
  }
  const before = allSteps(stage).filter(
    (one) => one.instruction.span.start < step.instruction.span.start || !stage.steps.includes(one),
  );
  const maker = before.find((one) => one.instruction.keyword === 'WORKDIR' && folderOf(one) === folder);
  if (maker === undefined || !/^(?:root|0)(?:$|:)/.test(maker.before.user ?? 'root')) {
    return undefined;
  }
  const isGiven = before.some((one) => {
    const { keyword } = one.instruction;
    if (keyword === 'RUN') {
      return (
        giving.test(one.instruction.line.text) ||
        one.script?.isUnderstood !== true ||
        makes(stage, one, folder)
      );
    }
    // A copy that makes the folder gives it to its owner, and a volume may be anybody's.
    const target = ['COPY', 'ADD'].includes(keyword) ? readCopy(one, dockerfile)?.target : undefined;
    const isOwned = findFlag(one.instruction, 'chown') !== undefined;
    return (
      keyword === 'VOLUME' ||
      (target !== undefined &&
        `${target}/`.startsWith(`${folder}/`) &&
        isOwned &&
        one.instruction.span.start < maker.instruction.span.start)
    );
  });
  return isGiven ? undefined : maker;
}

/** True for a RUN of another user than root that makes the folder itself. */
function makes(stage: Stage, step: Step, folder: string): boolean {
  return commandSteps(stage).some(
    ({ step: own, command }) =>
      own === step &&
      command.name === 'mkdir' &&
      !/^(?:root|0)(?:$|:)/.test(step.before.user ?? 'root') &&
      command.args.some((word) => word.value === folder),
  );
}

/** The folder that a WORKDIR makes; undefined where it is not known. */
function folderOf(step: Step): string | undefined {
  const path = step.instruction.words
    .map((word) => word.value)
    .join(' ')
    .replace(/^["']|["']$/g, '');
  if (path.includes('$')) {
    return undefined;
  }
  return normalizePath(path.startsWith('/') ? path : `${step.before.workdir ?? ''}/${path}`);
}

/** Folders of the distribution in which root alone may make anything. */
const systemFolder =
  /^\/(?:opt|srv|etc|mnt|media|usr(?:\/(?:bin|lib|share|src|local(?:\/(?:bin|lib|share|etc|src))?))?|var(?:\/(?:lib|log|opt|www))?)?$/;

/** Families whose images give no folder of the system away. */
const plainFamilies = ['debian', 'ubuntu', 'alpine', 'node', 'python'];

/** True for a folder of the system of which nothing before a step gives anything away. */
export function isSystemFolder(
  stage: Stage,
  step: Step,
  family: string | undefined,
  folder: string,
): boolean {
  const before = allSteps(stage).filter(
    (one) => one.instruction.span.start < step.instruction.span.start || !stage.steps.includes(one),
  );
  return (
    plainFamilies.includes(family ?? '') &&
    systemFolder.test(folder) &&
    !before.some(
      ({ instruction, script }) =>
        instruction.keyword === 'RUN' &&
        (giving.test(instruction.line.text) || script?.isUnderstood !== true),
    )
  );
}
