import { readInstall } from '../../ecosystems/index.ts';
import { pipWords } from '../../ecosystems/python/managers/pip.ts';
import { installsPackages } from '../../ecosystems/python/toolchain.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import { findFlag } from '../../syntax/tree.ts';
import { builderText } from './builder-text.ts';
import { cutCommands } from './cut-commands.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { aboveLines, type PlannedStages, type StageText, splitLines, trimBlank } from './stage-text.ts';

/** The lines of the builder: the old stage without what only the container needs, and what the plan adds. */
export function writeBuilderStage(planned: PlannedStages, text: StageText, builderName: string): string[] {
  const { dockerfile, stage, plan, placed } = planned;
  const { from } = stage;
  const { head } = piecesOf(dockerfile, stage);
  const image = from.words[0]?.span;
  const upToImage = dockerfile.text.slice(from.span.start, image?.end ?? from.span.end);
  const lines = [...aboveLines(head.above), `${upToImage} ${text.keyword('AS')} ${builderName}`];
  const inBuilder = placed.flatMap(({ piece, place }) =>
    place.in === 'builder' || place.in === 'both' ? [{ piece, place }] : [],
  );
  const parted = inBuilder.findIndex(({ piece }) => toolPart(piece) !== undefined);
  const first =
    parted >= 0
      ? parted
      : inBuilder.findIndex(
          ({ piece }, i) => isProjectStep(piece) && !awaitsTool(inBuilder.slice(i).map((one) => one.piece)),
        );
  const added = text.linesOf(plan.builderStart);
  for (const [i, { piece, place }] of inBuilder.entries()) {
    const start =
      i === Math.max(first, 0) && added.length > 0 ? [...text.gap(lines), ...added, ...text.gap(['x'])] : [];
    const write = (removed: ReadonlySet<ShellCommand> | undefined): string[] =>
      splitLines(builderText(dockerfile, text.layout, piece, plan, removed));
    const part = start.length === 0 ? undefined : toolPart(piece);
    if (part === undefined || place.notInBuilder !== undefined) {
      lines.push(...start, ...aboveLines(piece.above), ...write(place.notInBuilder));
    } else {
      lines.push(...aboveLines(piece.above), ...write(part.rest), ...start, ...write(part.tool));
    }
  }
  const end = text.linesOf(plan.builderEnd);
  const comment =
    text.hasBlankLines && end.length > 0
      ? ['', `# ${plan.builderEndComment ?? 'Leave only what runs in production'}`]
      : [];
  return trimBlank([...lines, ...comment, ...end]);
}

/**
 * The two parts of a RUN that installs a package manager and then the project: the manager stays out of the program's
 * environment. Undefined for other RUNs, and where it cannot be parted.
 */
function toolPart({
  step,
}: Piece):
  | { readonly tool: ReadonlySet<ShellCommand>; readonly rest: ReadonlySet<ShellCommand> }
  | undefined {
  const commands = step?.script?.commands.filter((one) => one.isTopLevel) ?? [];
  const at = commands.findLastIndex((one) => installsManager(one));
  const tool = new Set(commands.slice(0, at + 1));
  const rest = new Set(commands.slice(at + 1));
  const isInstall = (one: ShellCommand): boolean => readInstall(one) !== undefined || installsPackages(one);
  return step?.script === undefined ||
    at < 0 ||
    ![...rest].some(isInstall) ||
    [...tool].some((one) => isInstall(one) && !installsManager(one)) ||
    cutCommands(step.script, tool) === undefined ||
    cutCommands(step.script, rest) === undefined
    ? undefined
    : { tool, rest };
}

/** True for a `pip install` of programs that install what a project needs. */
function installsManager(command: ShellCommand): boolean {
  const words = pipWords(command);
  const names = (words ?? []).slice(1).filter((word) => !word.startsWith('-'));
  return (
    words?.[0] === 'install' &&
    names.length > 0 &&
    names.every((name) => /^(?:poetry|pipenv|uv|pdm|hatch)(?:[=<>~!@[].*)?$/.test(name.replace(/^["']/, '')))
  );
}

/** True where an instruction installs a package manager before another installs anything: it stays out of the program's environment. */
function awaitsTool(rest: readonly Piece[]): boolean {
  const commandsOf = (piece: Piece): readonly ShellCommand[] => piece.step?.script?.commands ?? [];
  const first = rest.findIndex((piece) =>
    commandsOf(piece).some((command) => readInstall(command) !== undefined || installsPackages(command)),
  );
  return rest
    .slice(0, Math.max(first, 0))
    .flatMap(commandsOf)
    .some((command) => pipWords(command)?.[0] === 'install');
}

/** True for the manifests' COPY and for the first RUN that installs what the program needs. */
function isProjectStep(piece: Piece): boolean {
  const { step } = piece;
  const isCopy =
    ['COPY', 'ADD'].includes(piece.instruction.keyword) && findFlag(piece.instruction, 'from') === undefined;
  return (
    isCopy ||
    (step?.script?.commands.some(
      (command) => readInstall(command) !== undefined || installsPackages(command),
    ) ??
      false)
  );
}
