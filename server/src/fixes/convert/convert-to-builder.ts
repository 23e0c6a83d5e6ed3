import type { Ecosystem, InstallCommand } from '../../ecosystems/ecosystem.ts';
import type { PlanSubject, Refusal, RuntimeCopy, RuntimePlan } from '../../ecosystems/runtime-plan.ts';
import { deployedWords } from '../../facts/deployment/deployed-words.ts';
import { programPackages, programsInContainers } from '../../facts/needs/called-programs.ts';
import { servedFolder } from '../../facts/needs/served-folder.ts';
import { startedFiles } from '../../facts/needs/started-files.ts';
import { planFacts } from '../../facts/plan-facts.ts';
import { asRoot } from '../../images/families/runtime-bases.ts';
import type { ImageKnowledge } from '../../images/knowledge.ts';
import { parseImageReference } from '../../images/reference.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { type Dockerfile, rootBase, type Stage, type Step } from '../../model/dockerfile.ts';
import { joinImage } from '../../model/paths.ts';
import { startCommand } from '../../model/start-command.ts';
import { nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { argumentText } from '../../syntax/tree.ts';
import { mentionsVariable } from '../../text/mentions.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import { piecesOf } from './pieces.ts';
import type { PlaceContext } from './place.ts';
import { packagesOfStep } from './place-run.ts';
import { placeStep } from './place-steps.ts';
import { programsBehind } from './programs-behind.ts';
import { isWritable, type Placed } from './stage-text.ts';
import { writeStages } from './write-stages.ts';

/** The stage to take apart, and what is known of it. */
export interface Conversion {
  readonly stage: Stage;
  readonly ecosystem: Ecosystem;
  readonly installs: readonly InstallCommand[];
  /** The commands that build, in order. */
  readonly builds: readonly CommandStep[];
  /** Folder of the build context that the project lies in. */
  readonly directory: ContextPath;
  /** Folder of the image that the project is built in. */
  readonly workdir: ImagePath;
  /** True where a command has to run in the final stage that is not in the file yet. */
  readonly needsShell: boolean;
}

export interface Converted {
  /** The whole file after the conversion. */
  readonly text: string;
  readonly plan: RuntimePlan;
}

/**
 * Moves the build into a stage of its own and lets the final stage take only what runs. Every instruction and every
 * comment of the stage is kept in the stage where it belongs. A refusal where that is not known for one of them. Who runs
 * the container is not changed.
 */
export function convertToBuilder(
  dockerfile: Dockerfile,
  project: Project,
  images: ImageKnowledge,
  conversion: Conversion,
): Converted | Refusal {
  const { stage, ecosystem, builds, directory, workdir } = conversion;
  const base = rootBase(stage);
  const lastBuild = builds.at(-1)?.step;
  if (stage.base.kind !== 'image' || base.kind !== 'image' || lastBuild === undefined) {
    return { code: 'base-image-unknown', reason: 'The stage does not start from an image that is known.' };
  }
  const traits = images.peek(base.reference, stage.platform).traits;
  const start = startCommand(stage);
  const behind =
    ecosystem.compilesDependencies === true
      ? programsBehind(dockerfile, project, stage, lastBuild)
      : { called: new Set<string>() };
  const { called } = behind;
  const installed = stage.steps.flatMap(
    (step) => packagesOfStep(step, { dockerfile, traits, ecosystem, project, directory, called }) ?? [],
  );
  if (behind.unread !== undefined && installed.some((one) => one.left.length > 0)) {
    return {
      code: 'run-time-need-unknown',
      reason: `A RUN behind the install calls ${behind.unread}, which could not be read.`,
    };
  }
  const packages = installed.flatMap((one) => one.kept);
  const unknownHeaders = installed.flatMap((one) => one.unknown);
  const subject: PlanSubject = {
    project,
    directory,
    workdir,
    stage,
    baseName: base.name,
    traits,
    images,
    commands: commandSteps(stage),
    installs: conversion.installs,
    builds,
    start,
    packages: [...new Set(packages)],
    needsShell: conversion.needsShell || needsShell(stage, lastBuild) || isRunByShell(project),
  };
  const attempt = (needs: boolean): { plan: RuntimePlan; placed: Placed[] } | Refusal => {
    const now = { ...subject, needsShell: needs };
    const facts = planFacts(now, dockerfile);
    const first = ecosystem.plan({ ...now, facts });
    if ('reason' in first) {
      return first;
    }
    if (!isWritable(first)) {
      return {
        code: 'text-refused',
        reason: 'A name in the files of the project holds white space or a line break.',
      };
    }
    const byName = first.content === 'built' ? copiedByName(dockerfile, stage, workdir) : [];
    const isTaken = (path: string): boolean => isTakenOver(joinImage(workdir, path), first);
    const isNamed = (path: string): boolean => byName.some(({ to }) => to === joinImage(workdir, path));
    const lost =
      first.content === 'built' ? facts.privateFile((path) => isTaken(path) || isNamed(path)) : undefined;
    const planned = {
      ...first,
      copies: [...first.copies, ...byName.filter(({ to }) => !isTakenOver(to, first))],
    };
    if (lost !== undefined && !isTaken(lost.path)) {
      return { code: 'file-missing-at-run-time', reason: `${lost.says}.` };
    }
    const served = planned.content === 'built' ? servedFolder(now, dockerfile) : undefined;
    if (served !== undefined && !isTakenOver(joinImage(workdir, served.path), planned)) {
      return {
        code: 'file-missing-at-run-time',
        reason: `${served.says}, and the final stage would have only a part of it.`,
      };
    }
    const named =
      planned.content === 'built' ? startedFiles(now, planned.copies, dockerfile) : { copies: [] };
    if (named.lost !== undefined) {
      return { code: 'file-missing-at-run-time', reason: `${named.lost.says}.` };
    }
    const packages = [...new Set([...planned.packages, ...lackedInContainers(now, planned)])];
    const copies = [...planned.copies, ...named.copies];
    const plan = { ...planned, packages, copies, base: baseForHome(planned, stage) };
    const hasShell = hasShellIn(plan.base, images, stage);
    const placed = placeAll(dockerfile, stage, {
      dockerfile,
      project,
      ecosystem,
      content: plan.content,
      workdir,
      directory,
      traits,
      startWords: plan.content === 'server' ? start.words : (plan.start ?? start.words),
      steps: stage.steps,
      lastBuild,
      copied: plan.copies.map((copy) => copy.from),
      hasShell,
      called,
    });
    if ('reason' in placed) {
      return placed;
    }
    if (hasShell || !placed.some(staysAsRun)) {
      return { plan, placed };
    }
    // What has to run in the final stage needs an image that can run it.
    return needs
      ? { code: 'no-smaller-image', reason: 'A RUN belongs into the final stage, whose image has no shell.' }
      : attempt(true);
  };
  const found = attempt(subject.needsShell);
  if ('reason' in found) {
    return found;
  }
  const { plan, placed } = found;
  const text = writeStages({ dockerfile, stage, plan, placed, images, workdir, lastBuild });
  const assumptions =
    unknownHeaders.length === 0 || plan.content === 'server'
      ? []
      : [
          `${unknownHeaders.join(', ')} stays in the final stage: the name of its run-time package is not known.`,
        ];
  const tools = [...new Set(installed.flatMap((one) => one.left))];
  const needless =
    tools.length === 0 ? [] : [tools.slice(0, 4).join(', ') + (tools.length > 4 ? ' and more' : '')];
  return {
    text,
    plan: {
      ...plan,
      needless: [...needless, ...plan.needless],
      assumptions: [...plan.assumptions, ...assumptions],
    },
  };
}

/** The packages of programs that services and workloads run in their containers, and that the new base is known to lack. */
function lackedInContainers(subject: PlanSubject, { base, content }: RuntimePlan): string[] {
  const reference = content === 'server' ? undefined : parseImageReference(base);
  const traits =
    reference === undefined ? undefined : subject.images.peek(reference, subject.stage.platform).traits;
  const programs = programsInContainers(subject.project).filter(
    (name) => traits?.hasShell !== false && traits?.missingTools?.includes(name) === true,
  );
  return programPackages(subject, programs, []);
}

/**
 * Settings that a COPY of the stage names one by one, next to the program: whoever names `.env` beside the whole folder
 * wants it in the image.
 */
function copiedByName(dockerfile: Dockerfile, stage: Stage, workdir: ImagePath): RuntimeCopy[] {
  return stage.steps
    .flatMap((step) => {
      const copy = readCopy(step, dockerfile);
      const target = copy?.target;
      if (copy?.from !== 'context' || target === undefined) {
        return [];
      }
      const names = copy.sources
        .map((word) => nameOf(word.value))
        .filter((name) => /^\.env(?:\.\w+)?$/.test(name));
      return names.map((name): RuntimeCopy => {
        const to = target.endsWith(`/${name}`) ? target : joinImage(target.replace(/(?<=.)\/$/, ''), name);
        return { from: to, to, isFile: true };
      });
    })
    .filter(({ to }) => to.startsWith(`${workdir}/`));
}

/** True for a path that lies in what the final stage takes from the builder. */
function isTakenOver(path: string, { copies }: RuntimePlan): boolean {
  return copies.some(({ from }) => path === from || path.startsWith(`${from}/`));
}

/** Nobody but root may enter the home folder of root: a program that lies or runs there needs an image that runs as root. */
function baseForHome({ base, copies }: RuntimePlan, stage: Stage): string {
  const paths = [...copies.map((copy) => copy.to), stage.end.workdir ?? '/'];
  return paths.some((path) => `${path}/`.startsWith('/root/')) ? asRoot(base) : base;
}

/** True where the image of the final stage can run a RUN, as far as is known. */
export function hasShellIn(name: string, images: ImageKnowledge, stage: Stage): boolean {
  const reference = parseImageReference(name);
  const traits = reference === undefined ? undefined : images.peek(reference, stage.platform).traits;
  return name !== 'scratch' && traits?.hasShell !== false;
}

function staysAsRun({ piece, place }: Placed): boolean {
  return piece.instruction.keyword === 'RUN' && place.in !== 'builder' && place.in !== 'none';
}

/** True when something that stays in the final stage is run by a shell. */
function needsShell(stage: Stage, lastBuild: Step): boolean {
  return stage.steps.some((step) => {
    const { keyword, form } = step.instruction;
    const text = argumentText(step.instruction);
    if (keyword === 'HEALTHCHECK') {
      return form === 'shell' && !/^NONE\b/i.test(text);
    }
    if (keyword === 'ENTRYPOINT' || keyword === 'CMD') {
      return step.instruction.words.some((word) => /(?:^|\/)(?:sh|bash|ash)$|\.sh$/.test(word.value));
    }
    const isUserMade =
      step.script?.commands.some((one) => /^(?:useradd|adduser|groupadd|addgroup)$/.test(one.name ?? '')) ??
      false;
    return isUserMade && step !== lastBuild;
  });
}

/** True where a service or workload starts the container, or asks whether it is healthy, through a shell. */
function isRunByShell(project: Project): boolean {
  return deployedWords(project).some(({ word }) => /^(?:sh|bash|ash)$|\.sh$/.test(word));
}

function placeAll(dockerfile: Dockerfile, stage: Stage, context: PlaceContext): Placed[] | Refusal {
  const placed: Placed[] = [];
  for (const piece of piecesOf(dockerfile, stage).pieces) {
    if (piece.step === undefined) {
      continue;
    }
    const place = placeStep(piece.step, context);
    if ('reason' in place) {
      return place;
    }
    // What has nothing left to do stays in the builder for the sake of its comment.
    const isCommented = place.in === 'none' && place.owner === undefined && piece.above.includes('#');
    placed.push({ piece, place: isCommented ? { in: 'builder' } : place });
  }
  return placeArguments(placed);
}

/** An ARG of the builder is also declared in the final stage where something there uses it. */
function placeArguments(placed: readonly Placed[]): Placed[] {
  return placed.map((one) => {
    const { piece, place } = one;
    if (piece.instruction.keyword !== 'ARG' || place.in !== 'builder') {
      return one;
    }
    const finalText = placed
      .filter((other) => other.place.in === 'final' || other.place.in === 'both')
      .map((other) => ('finalText' in other.place ? other.place.finalText : other.piece.text))
      .join('\n');
    const isUsed = piece.instruction.pairs.some((pair) => mentionsVariable(finalText, pair.name));
    return isUsed ? { piece, place: { in: 'both' } } : one;
  });
}
