import { runtimeUser } from '../../distros/users.ts';
import type { RuntimeCopy } from '../../ecosystems/runtime-plan.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import { parseImageReference } from '../../images/reference.ts';
import { rootBase } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { argumentText, findFlag } from '../../syntax/tree.ts';
import type { Piece } from './pieces.ts';
import type { Place } from './place.ts';
import {
  aboveLines,
  type Placed,
  type PlannedStages,
  type StageText,
  splitLines,
  trimBlank,
} from './stage-text.ts';

/** Writes the stage that ships: the smaller base, what the builder made, and how the container runs. */
export class FinalStage {
  private readonly planned: PlannedStages;
  private readonly text: StageText;
  private readonly builderName: string;
  private readonly traits: ImageTraits | undefined;

  constructor(planned: PlannedStages, text: StageText, builderName: string) {
    this.planned = planned;
    this.text = text;
    this.builderName = builderName;
    const reference = parseImageReference(planned.plan.base);
    this.traits =
      reference === undefined ? undefined : planned.images.peek(reference, planned.stage.platform).traits;
  }

  write(): string[] {
    const { stage } = this.planned;
    const name = stage.name === undefined ? '' : ` ${this.text.keyword('AS')} ${stage.name}`;
    const flags = stage.from.flags.map(
      (flag) => `${this.planned.dockerfile.text.slice(flag.span.start, flag.span.end)} `,
    );
    const lines = [`${this.text.keyword('FROM')} ${flags.join('')}${this.baseAsWritten()}${name}`];
    lines.push(...this.packageLines());
    let isTaken = false;
    let needsGap = false;
    const take = (folder: string | undefined): void => {
      if (!isTaken) {
        lines.push(...this.copiedLines(lines, this.planned.plan.content === 'server' ? undefined : folder));
        isTaken = true;
        needsGap = this.text.hasBlankLines;
      }
    };
    for (const { piece, place } of this.planned.placed) {
      if (
        piece.instruction.span.start > this.planned.lastBuild.instruction.span.start ||
        this.isSourcesCopy(piece, place) ||
        (place.in !== 'none' && place.needsProject === true && this.planned.plan.content === 'built')
      ) {
        take(piece.step?.before.workdir ?? this.planned.workdir);
      }
      const text = this.finalPiece(piece, place);
      if (text === undefined || this.isPassedThrough(piece)) {
        continue;
      }
      lines.push(...(needsGap && text.length > 0 ? [''] : []), ...this.finalAbove(piece, place), ...text);
      needsGap = needsGap && text.length === 0;
    }
    take(stage.end.workdir ?? this.planned.workdir);
    return trimBlank(lines);
  }

  /**
   * True for the final stage's own copy of the sources. What changes seldom comes first, unless it lies in the same
   * folder, where the sources might overlay it.
   */
  private isSourcesCopy(piece: Piece, place: Place): boolean {
    const isOutside = this.planned.plan.copies.every(
      (copy) => !`${copy.to}/`.startsWith(`${this.planned.workdir}/`),
    );
    return (
      this.planned.plan.content === 'sources' &&
      isOutside &&
      place.in !== 'builder' &&
      ['COPY', 'ADD'].includes(piece.instruction.keyword) &&
      findFlag(piece.instruction, 'from') === undefined
    );
  }

  /** True for a WORKDIR that only the build needed: the next one comes before anything is done or put there. */
  private isPassedThrough({ instruction }: Piece): boolean {
    const next = this.planned.placed.find(
      ({ piece, place }) =>
        !['builder', 'none'].includes(place.in) &&
        piece.instruction.span.start > instruction.span.start &&
        ['RUN', 'COPY', 'ADD', 'WORKDIR', 'ENTRYPOINT', 'CMD'].includes(piece.instruction.keyword),
    )?.piece;
    const folder = next?.step?.before.workdir;
    // What comes from the builder is copied behind the folders that were set before the build.
    const isBefore =
      next !== undefined && next.instruction.span.start < this.planned.lastBuild.instruction.span.start;
    return (
      instruction.keyword === 'WORKDIR' &&
      next?.instruction.keyword === 'WORKDIR' &&
      argumentText(next.instruction).startsWith('/') &&
      (isBefore || this.planned.plan.copies.every((copy) => !`${copy.to}/`.startsWith(`${folder}/`)))
    );
  }

  /** The lines of a piece in the final stage; undefined where it is not there at all, empty where only its comments are. */
  private finalPiece(piece: Piece, place: Place): string[] | undefined {
    const isLostUser = piece.instruction.keyword === 'USER' && this.isLost(piece.instruction.words[0]?.value);
    if (place.in === 'builder' || isLostUser) {
      return undefined;
    }
    if (place.in === 'none') {
      return [];
    }
    if (place.in === 'both' || place.finalText !== undefined) {
      const added = this.planned.plan.packages.join(' ');
      const isJoined = added !== '' && this.joinedInstall()?.piece === piece;
      return splitLines(
        isJoined
          ? (place.finalText ?? '').replace(installOfPackages, (install) => `${install} ${added}`)
          : (place.finalText ?? piece.text),
      );
    }
    return splitLines(this.startText(piece));
  }

  private finalAbove(piece: Piece, place: Place): string[] {
    const above = aboveLines(piece.above);
    // What stands in both stages has its comment in the builder; only where it says what is installed or set, here as well.
    const isRepeated = place.in === 'both' && !['ENV', 'RUN'].includes(piece.instruction.keyword);
    return isRepeated ? above.filter((line) => line.trim() === '') : above;
  }

  /** The start command gets the exec form of what its script runs. */
  private startText(piece: Piece): string {
    const { keyword } = piece.instruction;
    const { start } = this.planned.plan;
    const { entrypoint, cmd } = startCommand(this.planned.stage);
    if (start === undefined || !['CMD', 'ENTRYPOINT'].includes(keyword)) {
      return piece.text;
    }
    const own = keyword === 'CMD' ? cmd : entrypoint;
    const isLast = own?.step.instruction === piece.instruction;
    if (!isLast || start.length === 0) {
      return start.length === 0 ? '' : piece.text;
    }
    // Of two instructions the one keeps its words, and the other has what stands in front of them or behind.
    const arguments_ = entrypoint?.form === 'json' ? (cmd?.words ?? []) : [];
    const isSame = arguments_.join(' ') === start.slice(start.length - arguments_.length).join(' ');
    const isOnly = entrypoint === undefined || cmd === undefined;
    if (!isOnly && (keyword === 'CMD' || !isSame)) {
      return piece.text;
    }
    const words = isOnly ? start : start.slice(0, start.length - arguments_.length);
    return `${this.text.keyword(keyword)} ${JSON.stringify(words).replaceAll('","', '", "')}`;
  }

  /** The base image; a variable of the old one stays where the new one only has a longer tag. */
  private baseAsWritten(): string {
    const { base } = this.planned.plan;
    const old = rootBase(this.planned.stage);
    const written = this.planned.dockerfile.text.slice(
      this.planned.stage.imageSpan.start,
      this.planned.stage.imageSpan.end,
    );
    const isLonger = old.kind === 'image' && written.includes('$') && base.startsWith(old.name);
    return isLonger ? written + base.slice(old.name.length) : base;
  }

  /** The install of system packages that stays in the final stage and takes in what the plan adds; undefined where none can. */
  private joinedInstall(): Placed | undefined {
    return this.planned.placed.find(
      ({ place }) =>
        place.in === 'both' &&
        installOfPackages.test(place.finalText ?? '') &&
        !/ -t /.test(place.finalText ?? ''),
    );
  }

  private packageLines(): string[] {
    const { packages } = this.planned.plan;
    if (packages.length === 0 || this.joinedInstall() !== undefined) {
      return [];
    }
    const names = packages.join(' ');
    const run = this.text.keyword('RUN');
    const command =
      this.traits?.packageManager === 'apk'
        ? [`${run} apk add --no-cache ${names}`]
        : [
            `${run} apt-get update && apt-get install -y --no-install-recommends ${names} ${this.planned.dockerfile.syntax.escape}`,
            ` && rm -rf /var/lib/apt/lists/*`,
          ];
    return [...(this.text.hasBlankLines ? [''] : []), ...command, ...(this.text.hasBlankLines ? [''] : [])];
  }

  private copiedLines(before: readonly string[], folder: string | undefined): string[] {
    const { beforeCopies, afterCopies } = this.planned.plan;
    const first = this.text.linesOf(beforeCopies);
    const copies = this.copyLines(folder);
    const last = this.text.linesOf(afterCopies);
    const gap = this.text.gap(before);
    const isEnv = /^env /i.test(before.at(-1) ?? '') || /^workdir /i.test(before.at(-1) ?? '');
    return [
      ...(first.length > 0 && !isEnv ? gap : []),
      ...first,
      ...(copies.length > 0 && this.text.hasBlankLines && beforeCopies?.at(-1)?.kind !== 'copy' ? [''] : []),
      ...copies,
      ...last,
    ];
  }

  /** `folder` is what relative paths of the final stage count from where the copies stand. */
  private copyLines(folder: string | undefined): string[] {
    const owner = this.ownerOfProject();
    const writer = this.writer();
    return this.planned.plan.copies.map((copy) => {
      const isProject = `${copy.to}/`.startsWith(`${folder ?? this.planned.workdir}/`);
      const one = (isProject ? owner : undefined) ?? (copy.isWritten === true ? writer : undefined);
      const chown = one === undefined || one === 'root' ? '' : `--chown=${one} `;
      return `${this.text.keyword('COPY')} ${chown}--from=${this.builderName} ${copy.from} ${relativeTarget(copy, folder)}`;
    });
  }

  /** Who owned the project's files in the old stage, where that was said: by a chown, by `COPY --chown`. */
  private ownerOfProject(): string | undefined {
    const chown = this.planned.placed.map(({ place }) => place.owner).find(isSet);
    const copied = this.planned.placed
      .filter(({ piece, place }) => piece.instruction.keyword === 'COPY' && place.in === 'builder')
      .map(({ piece }) => findFlag(piece.instruction, 'chown')?.value)
      .findLast(isSet);
    const found = chown ?? copied;
    return this.isLost(found) ? undefined : found;
  }

  /** The user that a written copy is given to: it has to be there before anything is created. */
  private writer(): string | undefined {
    const { stage } = this.planned;
    const own = this.traits === undefined ? undefined : runtimeUser(this.traits);
    return stage.end.user ?? (own?.create === undefined ? own?.owner : undefined);
  }

  /** True for a user or group that the old base image brings along and the new one does not. */
  private isLost(name: string | undefined): boolean {
    const old = rootBase(this.planned.stage);
    const before =
      old.kind === 'image'
        ? this.planned.images.peek(old.reference, this.planned.stage.platform).traits
        : undefined;
    const has = (traits: ImageTraits | undefined): boolean =>
      traits?.users?.some((user) => user.name === name?.replace(/:.*/s, '')) === true;
    return has(before) && this.traits !== undefined && !has(this.traits);
  }
}

/** The head of an install of system packages, up to the last option in front of the names. */
const installOfPackages =
  /\b(?:apt-get|apt)(?:\s+-\S+)*\s+install(?:\s+-\S+)*|\bapk(?:\s+-\S+)*\s+add(?:\s+-\S+)*/;

function isSet<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** A path as it reads best in a COPY: below the working directory with `./` in front, a file's own folder for a file that keeps its name. */
function relativeTarget({ from, to, isFile }: RuntimeCopy, folder: string | undefined): string {
  const isBelow = folder !== undefined && folder !== '/' && to.startsWith(`${folder}/`);
  const path = to === folder && folder !== '/' ? './' : isBelow ? `./${to.slice(folder.length + 1)}` : to;
  const keepsName = from.slice(from.lastIndexOf('/')) === to.slice(to.lastIndexOf('/'));
  return isFile && isBelow && keepsName ? path.slice(0, path.lastIndexOf('/') + 1) : path;
}
