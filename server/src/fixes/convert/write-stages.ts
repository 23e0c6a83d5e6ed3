import { type RuntimeUser, runtimeUser } from '../../distros/users.ts';
import { readInstall } from '../../ecosystems/index.ts';
import { installsPackages, pipWords } from '../../ecosystems/python.ts';
import type { RuntimePlan } from '../../ecosystems/runtime-plan.ts';
import type { ImageKnowledge, ImageTraits } from '../../images/knowledge.ts';
import { parseImageReference } from '../../images/reference.ts';
import { type Dockerfile, rootBase, type Stage, type Step } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { findFlag } from '../../syntax/tree.ts';
import { Layout } from '../layout.ts';
import { builderText } from './builder-text.ts';
import { type Piece, piecesOf } from './pieces.ts';
import type { Place } from './place.ts';

/** A piece of the old stage, and where it goes. */
export interface Placed {
  readonly piece: Piece;
  readonly place: Place;
}

/** The whole file with the two stages in place of the one; `staysRoot` where what starts needs root, or drops it by itself. */
export function writeStages(
  dockerfile: Dockerfile,
  stage: Stage,
  plan: RuntimePlan,
  placed: readonly Placed[],
  images: ImageKnowledge,
  workdir: string,
  lastBuild: Step,
  staysRoot: boolean,
): string {
  const writer = new StageWriter(dockerfile, stage, plan, placed, images, workdir, lastBuild, staysRoot);
  const { start, end } = piecesOf(dockerfile, stage);
  const layout = new Layout(dockerfile.syntax);
  const rest = dockerfile.text.slice(end);
  return (
    dockerfile.text.slice(0, start) +
    writer.write().join(layout.lineBreak) +
    (rest === '' && !dockerfile.text.endsWith('\n') ? '' : layout.lineBreak) +
    rest
  );
}

class StageWriter {
  private readonly dockerfile: Dockerfile;
  private readonly stage: Stage;
  private readonly plan: RuntimePlan;
  private readonly placed: readonly Placed[];
  private readonly workdir: string;
  private readonly lastBuild: Step;
  private readonly layout: Layout;
  private readonly builderName: string;
  private readonly traits: ImageTraits | undefined;
  private readonly user: RuntimeUser | undefined;
  /** True when the file parts its groups of instructions by blank lines. */
  private readonly isAiry: boolean;

  constructor(
    dockerfile: Dockerfile,
    stage: Stage,
    plan: RuntimePlan,
    placed: readonly Placed[],
    images: ImageKnowledge,
    workdir: string,
    lastBuild: Step,
    staysRoot: boolean,
  ) {
    this.dockerfile = dockerfile;
    this.stage = stage;
    this.plan = plan;
    this.placed = placed;
    this.workdir = workdir;
    this.lastBuild = lastBuild;
    this.layout = new Layout(dockerfile.syntax);
    const names = new Set(dockerfile.stages.map((one) => one.name?.toLowerCase()));
    this.builderName =
      ['builder', 'build', 'builder-stage'].find((name) => !names.has(name)) ?? 'ballast-builder';
    const reference = parseImageReference(plan.base);
    this.traits = reference === undefined ? undefined : images.peek(reference, stage.platform).traits;
    this.user = staysRoot ? undefined : this.chooseUser();
    this.isAiry = placed.some(({ piece }) => /^[ \t]*\r?\n/m.test(piece.above));
  }

  write(): string[] {
    return [...this.builderLines(), '', ...this.finalLines()];
  }

  private builderLines(): string[] {
    const { from } = this.stage;
    const { head } = piecesOf(this.dockerfile, this.stage);
    const image = from.words[0]?.span;
    const upToImage = this.dockerfile.text.slice(from.span.start, image?.end ?? from.span.end);
    const lines = [...aboveLines(head.above), `${upToImage} ${this.keyword('AS')} ${this.builderName}`];
    let isStarted = this.plan.builderStart.length === 0;
    const inBuilder = this.placed.flatMap(({ piece, place }) =>
      place.in === 'builder' || place.in === 'both' ? [{ piece, place }] : [],
    );
    for (const [i, { piece, place }] of inBuilder.entries()) {
      if (!isStarted && this.isProjectStep(piece) && !this.awaitsTool(inBuilder.slice(i))) {
        lines.push(
          ...this.gap(lines),
          ...this.plan.builderStart.map((line) => this.cased(line)),
          ...this.gap(['x']),
        );
        isStarted = true;
      }
      lines.push(
        ...aboveLines(piece.above),
        ...splitLines(builderText(this.dockerfile, this.layout, piece, this.plan, place.notInBuilder)),
      );
    }
    const end = this.plan.builderEnd.map((line) => this.cased(line));
    const comment =
      this.isAiry && end.length > 0
        ? ['', `# ${this.plan.builderEndComment ?? 'Leave only what runs in production'}`]
        : [];
    return trimBlank([...lines, ...comment, ...end]);
  }

  /** True where a package manager is installed before it installs anything: it stays out of the program's environment. */
  private awaitsTool(rest: readonly { readonly piece: Piece }[]): boolean {
    const commands = rest.flatMap(({ piece }) => piece.step?.script?.commands ?? []);
    const first = commands.findIndex(
      (command) => readInstall(command) !== undefined || installsPackages(command),
    );
    return commands.slice(0, Math.max(first, 0)).some((command) => pipWords(command)?.[0] === 'install');
  }

  /** True for the manifests' COPY and for the first RUN that installs what the program needs. */
  private isProjectStep(piece: Piece): boolean {
    const { step } = piece;
    const isCopy =
      ['COPY', 'ADD'].includes(piece.instruction.keyword) &&
      findFlag(piece.instruction, 'from') === undefined;
    return (
      isCopy ||
      (step?.script?.commands.some(
        (command) => readInstall(command) !== undefined || installsPackages(command),
      ) ??
        false)
    );
  }

  private finalLines(): string[] {
    const { stage } = this;
    const name = stage.name === undefined ? '' : ` ${this.keyword('AS')} ${stage.name}`;
    const flags = stage.from.flags.map(
      (flag) => `${this.dockerfile.text.slice(flag.span.start, flag.span.end)} `,
    );
    const lines = [`${this.keyword('FROM')} ${flags.join('')}${this.baseAsWritten()}${name}`];
    lines.push(...this.packageLines());
    let isTaken = false;
    let userIsDue = this.user !== undefined;
    let needsGap = false;
    const take = (folder: string | undefined): void => {
      if (!isTaken) {
        lines.push(...this.copiedLines(lines, this.plan.content === 'server' ? undefined : folder));
        isTaken = true;
        needsGap = this.isAiry;
      }
    };
    for (const { piece, place } of this.placed) {
      if (
        piece.instruction.span.start > this.lastBuild.instruction.span.start ||
        this.isSourcesCopy(piece, place) ||
        (place.in !== 'none' && place.needsProject === true && this.plan.content === 'built')
      ) {
        take(piece.step?.before.workdir ?? this.workdir);
      }
      const text = this.finalPiece(piece, place);
      if (text === undefined) {
        continue;
      }
      const above = this.finalAbove(piece, place);
      if (userIsDue && isTaken && this.isPlaceForUser(piece)) {
        lines.push(
          ...(needsGap || above.some((line) => line.trim() === '') ? [''] : []),
          ...this.userLines(),
        );
        lines.push(...(above.some((line) => line.trim() !== '') && this.isAiry ? [''] : []));
        lines.push(...above.filter((line) => line.trim() !== ''));
        userIsDue = false;
      } else {
        lines.push(...(needsGap && text.length > 0 ? [''] : []), ...above);
      }
      needsGap = needsGap && text.length === 0;
      lines.push(...text);
    }
    take(stage.end.workdir ?? this.workdir);
    if (userIsDue) {
      lines.push(...this.gap(lines), ...this.userLines());
    }
    return trimBlank(lines);
  }

  /**
   * True for the final stage's own copy of the sources. What changes seldom comes first, unless it lies in the same
   * folder, where the sources might overlay it.
   */
  private isSourcesCopy(piece: Piece, place: Place): boolean {
    const isOutside = this.plan.copies.every((copy) => !`${copy.to}/`.startsWith(`${this.workdir}/`));
    return (
      this.plan.content === 'sources' &&
      isOutside &&
      place.in !== 'builder' &&
      ['COPY', 'ADD'].includes(piece.instruction.keyword) &&
      findFlag(piece.instruction, 'from') === undefined
    );
  }

  /** USER stands behind the last step that writes to the image, in front of what says how the container runs. */
  private isPlaceForUser(piece: Piece): boolean {
    const { keyword, span } = piece.instruction;
    const isClosing = ['HEALTHCHECK', 'ENTRYPOINT', 'CMD'].includes(keyword);
    const writesLater = this.placed.some(
      (other) =>
        other.piece.instruction.span.start > span.start &&
        other.place.in !== 'builder' &&
        ['RUN', 'COPY', 'ADD', 'WORKDIR'].includes(other.piece.instruction.keyword),
    );
    return isClosing && !writesLater;
  }

  /** The lines of a piece in the final stage; undefined where it is not there at all, empty where only its comments are. */
  private finalPiece(piece: Piece, place: Place): string[] | undefined {
    if (place.in === 'builder') {
      return undefined;
    }
    if (place.in === 'none') {
      return [];
    }
    if (place.in === 'both') {
      const added = this.plan.packages.join(' ');
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
    const { start } = this.plan;
    const { entrypoint, cmd } = startCommand(this.stage);
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
    return `${this.keyword(keyword)} ${JSON.stringify(words).replaceAll('","', '", "')}`;
  }

  /** The base image; a variable of the old one stays where the new one only has a longer tag. */
  private baseAsWritten(): string {
    const { base } = this.plan;
    const old = rootBase(this.stage);
    const written = this.dockerfile.text.slice(this.stage.imageSpan.start, this.stage.imageSpan.end);
    const isLonger = old.kind === 'image' && written.includes('$') && base.startsWith(old.name);
    return isLonger ? written + base.slice(old.name.length) : base;
  }

  /** The install of system packages that stays in the final stage and takes in what the plan adds; undefined where none can. */
  private joinedInstall(): Placed | undefined {
    return this.placed.find(
      ({ place }) =>
        place.in === 'both' &&
        installOfPackages.test(place.finalText ?? '') &&
        !/ -t /.test(place.finalText ?? ''),
    );
  }

  private packageLines(): string[] {
    const { packages } = this.plan;
    if (packages.length === 0 || this.joinedInstall() !== undefined) {
      return [];
    }
    const names = packages.join(' ');
    const run = this.keyword('RUN');
    const command =
      this.traits?.packageManager === 'apk'
        ? [`${run} apk add --no-cache ${names}`]
        : [
            `${run} apt-get update && apt-get install -y --no-install-recommends ${names} ${this.dockerfile.syntax.escape}`,
            ` && rm -rf /var/lib/apt/lists/*`,
          ];
    return [...(this.isAiry ? [''] : []), ...command, ...(this.isAiry ? [''] : [])];
  }

  private copiedLines(before: readonly string[], folder: string | undefined): string[] {
    const first = this.plan.beforeCopies.map((line) => this.cased(line));
    const copies = this.copyLines(folder);
    const last = this.plan.afterCopies.map((line) => this.cased(line));
    const gap = this.gap(before);
    const copyKeyword = this.keyword('COPY');
    const isEnv = /^env /i.test(before.at(-1) ?? '') || /^workdir /i.test(before.at(-1) ?? '');
    return [
      ...(first.length > 0 && !isEnv ? gap : []),
      ...first,
      ...(copies.length > 0 && this.isAiry && first.at(-1)?.startsWith(copyKeyword) !== true ? [''] : []),
      ...copies,
      ...last,
    ];
  }

  /** `folder` is what relative paths of the final stage count from where the copies stand. */
  private copyLines(folder: string | undefined): string[] {
    const owner = this.ownerOfProject();
    const writer = this.user?.owner ?? this.stage.end.user;
    return this.plan.copies.map((copy) => {
      const isProject = `${copy.to}/`.startsWith(`${folder ?? this.workdir}/`);
      const one = (isProject ? owner : undefined) ?? (copy.isWritten === true ? writer : undefined);
      const chown = one === undefined || one === 'root' ? '' : `--chown=${one} `;
      return `${this.keyword('COPY')} ${chown}--from=${this.builderName} ${copy.from} ${relativeTarget(copy.to, folder, copy.isFile)}`;
    });
  }

  /** Who owned the project's files in the old stage, where that was said: by a chown, by `COPY --chown`. */
  private ownerOfProject(): string | undefined {
    const chown = this.placed.map(({ place }) => ('owner' in place ? place.owner : undefined)).find(isSet);
    const copied = this.placed
      .filter(({ piece, place }) => piece.instruction.keyword === 'COPY' && place.in === 'builder')
      .map(({ piece }) => findFlag(piece.instruction, 'chown')?.value)
      .findLast(isSet);
    return chown ?? copied;
  }

  private chooseUser(): RuntimeUser | undefined {
    const isSetBefore = this.placed.some(({ piece }) => piece.instruction.keyword === 'USER');
    if (isSetBefore || this.traits === undefined || (this.traits.defaultUser ?? 'root') !== 'root') {
      return undefined;
    }
    return runtimeUser(this.traits);
  }

  private userLines(): string[] {
    const { user } = this;
    if (user === undefined) {
      return [];
    }
    const { writtenFolder } = this.plan;
    const writtenFolders = this.foldersToHandOver();
    const folders = writtenFolders.join(' ');
    const commands = [
      ...(user.create === undefined ? [] : [user.create]),
      // The folder alone: a recursive change would store every file a second time.
      ...(writtenFolder === undefined || user.owner.startsWith('10001') || writtenFolder === '/'
        ? []
        : [`chown ${user.owner} ${writtenFolder}`]),
      ...(writtenFolders.length === 0 ? [] : [`mkdir -p ${folders}`, `chown -R ${user.owner} ${folders}`]),
    ];
    const run = `${this.keyword('RUN')} ${commands.join(' && ')}`;
    const continued = ` ${this.dockerfile.syntax.escape}${this.layout.lineBreak} && `;
    const isLong = run.length > 100 && commands.length > 1;
    const create =
      commands.length === 0
        ? []
        : splitLines(isLong ? `${this.keyword('RUN')} ${commands.join(continued)}` : run);
    return [...create, `${this.keyword('USER')} ${user.name}`];
  }

  /** The folders that the user has to be given: those that no instruction hands over already, as they read best. */
  private foldersToHandOver(): string[] {
    const workdir = this.stage.end.workdir ?? '/';
    const written = this.placed
      .map(({ piece, place }) => ('finalText' in place ? (place.finalText ?? '') : piece.text))
      .filter((text) => /\bchown\b/.test(text))
      .join(' ');
    return this.ownerOfProject() !== undefined
      ? []
      : (this.plan.writtenFolders ?? [])
          .map((path) => (path.startsWith(`${workdir}/`) ? path.slice(workdir.length + 1) : path))
          .filter((path) => !new RegExp(`[\\s/]${path}(?:[\\s/]|$)`).test(written));
  }

  /** A blank line, in files that have them and where none stands yet. */
  private gap(before: readonly string[]): string[] {
    return this.isAiry && before.at(-1) !== '' ? [''] : [];
  }

  private keyword(name: string): string {
    return this.layout.keyword(name);
  }

  /** A line of the plan, its keyword in the case of this file. */
  private cased(line: string): string {
    const space = line.indexOf(' ');
    return /^[A-Z]+ /.test(line) ? this.keyword(line.slice(0, space)) + line.slice(space) : line;
  }
}

/** The head of an install of system packages, up to the last option in front of the names. */
const installOfPackages =
  /\b(?:apt-get|apt)(?:\s+-\S+)*\s+install(?:\s+-\S+)*|\bapk(?:\s+-\S+)*\s+add(?:\s+-\S+)*/;

function isSet<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** A path as it reads best in a COPY: below the working directory with `./` in front, a file's own folder for a file. */
function relativeTarget(to: string, folder: string | undefined, isFile: boolean): string {
  const isBelow = folder !== undefined && folder !== '/' && to.startsWith(`${folder}/`);
  const path = to === folder && folder !== '/' ? './' : isBelow ? `./${to.slice(folder.length + 1)}` : to;
  return isFile && isBelow ? path.slice(0, path.lastIndexOf('/') + 1) : path;
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.split(/\r?\n/);
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
