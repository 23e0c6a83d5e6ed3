import { type RuntimeUser, runtimeUser } from '../../distros/users.ts';
import type { Ecosystem, InstallCommand } from '../../ecosystems/ecosystem.ts';
import type { Refusal, RuntimePlan } from '../../ecosystems/runtime-plan.ts';
import type { ImageKnowledge } from '../../images/knowledge.ts';
import { parseImageReference } from '../../images/reference.ts';
import { commandsOfStep } from '../../model/commands.ts';
import { type Dockerfile, rootBase, type Stage, type Step } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import type { Project } from '../../project/project.ts';
import { Layout } from '../layout.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { type Place, placeStep } from './place-steps.ts';

/** The stage to take apart, and what is known of it. */
export interface Conversion {
  readonly stage: Stage;
  readonly ecosystem: Ecosystem;
  readonly install: InstallCommand | undefined;
  /** The step with the last build command: what stands above it is needed to build. */
  readonly lastBuild: Step;
  /** Folder of the build context that the project lies in. */
  readonly directory: string;
  /** Folder of the image that the project is built in. */
  readonly workdir: string;
}

export interface Converted {
  /** The whole file after the conversion. */
  readonly text: string;
  readonly plan: RuntimePlan;
}

/**
 * Moves the build into a stage of its own and lets the final stage take only what runs. Every instruction and every
 * comment of the stage is kept in the stage where it belongs. A refusal where that is not known for one of them.
 */
export function convertToBuilder(
  dockerfile: Dockerfile,
  project: Project,
  images: ImageKnowledge,
  conversion: Conversion,
): Converted | Refusal {
  const { stage, ecosystem } = conversion;
  const base = rootBase(stage);
  if (stage.base.kind !== 'image' || base.kind !== 'image') {
    return { reason: 'The stage does not start from an image that is known.' };
  }
  const startWords = startCommand(stage).words;
  const plan = ecosystem.plan({
    project,
    directory: conversion.directory,
    workdir: conversion.workdir,
    stage,
    baseName: base.name,
    install: conversion.install,
    startWords,
    images,
  });
  if ('reason' in plan) {
    return plan;
  }
  const { head, pieces, start, end } = piecesOf(dockerfile, stage);
  const placed: { piece: Piece; place: Place }[] = [];
  const finalText = stage.steps
    .filter((step) => !['RUN', 'ARG'].includes(step.instruction.keyword))
    .map((step) => step.instruction.line.text)
    .join('\n');
  for (const piece of pieces) {
    if (piece.step === undefined) {
      continue;
    }
    const isBeforeBuild = piece.step.instruction.span.start <= conversion.lastBuild.instruction.span.start;
    const place = placeStep(piece.step, {
      dockerfile,
      ecosystem,
      workdir: conversion.workdir,
      startWords,
      finalText,
      isBeforeBuild,
    });
    if ('reason' in place) {
      return place;
    }
    placed.push({ piece, place });
  }
  const user = userFor(plan, placed, images, stage);
  const lines = new StageWriter(dockerfile, conversion, plan, head, placed, user).write();
  const layout = new Layout(dockerfile.syntax);
  const rest = dockerfile.text.slice(end);
  const text =
    dockerfile.text.slice(0, start) +
    lines.join(layout.lineBreak) +
    (rest === '' && !dockerfile.text.endsWith('\n') ? '' : layout.lineBreak) +
    rest;
  return { text, plan };
}

/** The user to end with, when the stage sets none. */
function userFor(
  plan: RuntimePlan,
  placed: readonly { piece: Piece; place: Place }[],
  images: ImageKnowledge,
  stage: Stage,
): RuntimeUser | undefined {
  if (placed.some(({ piece }) => piece.instruction.keyword === 'USER')) {
    return undefined;
  }
  const reference = parseImageReference(plan.base);
  const traits = reference === undefined ? undefined : images.peek(reference, stage.platform).traits;
  return traits === undefined || (traits.defaultUser ?? 'root') !== 'root' ? undefined : runtimeUser(traits);
}

class StageWriter {
  private readonly dockerfile: Dockerfile;
  private readonly conversion: Conversion;
  private readonly plan: RuntimePlan;
  private readonly head: Piece;
  private readonly placed: readonly { piece: Piece; place: Place }[];
  private readonly user: RuntimeUser | undefined;
  private readonly layout: Layout;
  private readonly builderName: string;

  constructor(
    dockerfile: Dockerfile,
    conversion: Conversion,
    plan: RuntimePlan,
    head: Piece,
    placed: readonly { piece: Piece; place: Place }[],
    user: RuntimeUser | undefined,
  ) {
    this.dockerfile = dockerfile;
    this.conversion = conversion;
    this.plan = plan;
    this.head = head;
    this.placed = placed;
    this.user = user;
    this.layout = new Layout(dockerfile.syntax);
    const names = new Set(dockerfile.stages.map((stage) => stage.name?.toLowerCase()));
    this.builderName =
      ['builder', 'build', 'builder-stage'].find((name) => !names.has(name)) ?? 'ballast-builder';
  }

  write(): string[] {
    const builder = this.builderLines();
    const final = this.finalLines();
    return [...builder, '', ...final];
  }

  private builderLines(): string[] {
    const { from } = this.conversion.stage;
    const image = from.words[0]?.span;
    const upToImage = this.dockerfile.text.slice(from.span.start, image?.end ?? from.span.end);
    const lines = [...aboveLines(this.head.above), `${upToImage} ${this.keyword('AS')} ${this.builderName}`];
    for (const { piece, place } of this.placed) {
      if (place.in === 'builder' || place.in === 'both') {
        lines.push(...aboveLines(piece.above), ...this.builderText(piece).split(/\r?\n/));
      }
    }
    return trimBlank([...lines, ...this.plan.builderEnd.map((line) => this.cased(line))]);
  }

  /** A builder's instruction; the install gets the form the lock file allows, and a cache mount. */
  private builderText(piece: Piece): string {
    const { install } = this.conversion;
    const script = piece.step?.script;
    if (install === undefined || piece.step === undefined || script === undefined) {
      return piece.text;
    }
    const commands = commandsOfStep(piece.step, script);
    const isInstall = commands.some((one) => one.command === install.command);
    const { command, cacheTarget } = this.plan.install;
    const isPlain =
      isInstall && commands.length === 1 && piece.instruction.flags.length === 0 && !script.isHeredoc;
    if (!isPlain || piece.text.includes('\n') || piece.instruction.form === 'json') {
      return piece.text;
    }
    const written = this.dockerfile.text.slice(
      script.sourceSpan(install.command.span).start,
      script.sourceSpan(install.command.span).end,
    );
    const isBare = install.command.args.length === 1 && install.command.assignments.length === 0;
    const text = command !== undefined && isBare && !install.isFrozen ? command : written;
    const mount = cacheTarget === undefined ? '' : `--mount=type=cache,target=${cacheTarget} `;
    return `${this.layout.keyword('RUN')} ${mount}${text}`;
  }

  private finalLines(): string[] {
    const { stage, lastBuild } = this.conversion;
    const name = stage.name === undefined ? '' : ` ${this.keyword('AS')} ${stage.name}`;
    const flags = stage.from.flags.map(
      (flag) => `${this.dockerfile.text.slice(flag.span.start, flag.span.end)} `,
    );
    const lines = [`${this.keyword('FROM')} ${flags.join('')}${this.plan.base}${name}`];
    let isTaken = false;
    const take = (): void => {
      if (!isTaken) {
        lines.push(...this.plan.finalStart.map((line) => this.cased(line)), ...this.copyLines());
        isTaken = true;
      }
    };
    let userIsDue = this.user !== undefined;
    for (const { piece, place } of this.placed) {
      if (piece.instruction.span.start > lastBuild.instruction.span.start) {
        take();
      }
      if (
        userIsDue &&
        isTaken &&
        ['EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'].includes(piece.instruction.keyword)
      ) {
        lines.push(...this.userLines());
        userIsDue = false;
      }
      if (place.in === 'final') {
        lines.push(...aboveLines(piece.above), ...this.finalText(piece).split(/\r?\n/));
      } else if (place.in === 'both') {
        lines.push(...('finalText' in place ? place.finalText : piece.text).split(/\r?\n/));
      } else if (place.in === 'none') {
        lines.push(...aboveLines(piece.above));
      }
    }
    take();
    if (userIsDue) {
      lines.push(...this.userLines());
    }
    return trimBlank(lines);
  }

  private userLines(): string[] {
    const { user } = this;
    if (user === undefined) {
      return [];
    }
    const create = user.create === undefined ? [] : [`${this.keyword('RUN')} ${user.create}`];
    return [...create, `${this.keyword('USER')} ${user.name}`];
  }

  private copyLines(): string[] {
    const { workdir } = this.conversion;
    const owner = this.placed
      .map(({ place }) => ('owner' in place ? place.owner : undefined))
      .find((one) => one !== undefined);
    const chown = owner === undefined ? '' : `--chown=${owner} `;
    const prefix = `${this.keyword('COPY')} ${chown}--from=${this.builderName}`;
    return this.plan.copies.map((path) => {
      const isFile = /[^.]\.\w+$/.test(path) && path !== '.next';
      const target = isFile ? `${parentOf(path)}` : `./${path}`;
      return `${prefix} ${workdir === '/' ? '' : workdir}/${path} ${target}`;
    });
  }

  /** The start command gets the exec form of what its script runs. */
  private finalText(piece: Piece): string {
    const isCmd = piece.instruction.keyword === 'CMD';
    if (
      !isCmd ||
      this.plan.start === undefined ||
      startCommand(this.conversion.stage).entrypoint !== undefined
    ) {
      return piece.text;
    }
    return `${this.keyword('CMD')} ${JSON.stringify(this.plan.start).replaceAll('","', '", "')}`;
  }

  private keyword(name: string): string {
    return this.layout.keyword(name);
  }

  private cased(line: string): string {
    const space = line.indexOf(' ');
    return this.keyword(line.slice(0, space)) + line.slice(space);
  }
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? './' : `./${path.slice(0, slash + 1)}`;
}

/** The lines above a piece, as lines without breaks; never more than one blank line in a row. */
function aboveLines(above: string): string[] {
  const lines = above.split(/\r?\n/);
  lines.pop();
  return lines.filter((line, i) => line.trim() !== '' || lines[i - 1]?.trim() !== '');
}

/** Takes away blank lines at both ends, and doubled ones. */
function trimBlank(lines: readonly string[]): string[] {
  const result: string[] = [];
  for (const line of lines) {
    if (line.trim() !== '' || (result.length > 0 && result.at(-1) !== '')) {
      result.push(line.trim() === '' ? '' : line);
    }
  }
  while (result.at(-1) === '') {
    result.pop();
  }
  return result;
}
