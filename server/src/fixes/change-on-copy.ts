import { managesUsers } from '../distros/user-commands.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import { type CommandStep, commandsOfStep } from '../model/commands.ts';
import type { Copy } from '../model/copy.ts';
import type { Dockerfile, Stage, Step } from '../model/dockerfile.ts';
import { findFlag } from '../syntax/tree.ts';
import { sortEdits, type TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';
import { appendToRun } from './append-to-run.ts';
import { cutCommands } from './convert/cut-commands.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';
import { mayWriteBelow } from './writes-below.ts';

/** A RUN that changes owner or mode of everything below a folder. */
export interface RecursiveChange {
  readonly stage: Stage;
  /** The `chown -R` and `chmod -R` of one RUN for the same path. */
  readonly changes: readonly CommandStep[];
  readonly path: string;
  /** The copies above that filled the folder. */
  readonly copies: readonly Copy[];
}

/** More steps than this that write to the folder would each need a chown of their own. */
const mostWriters = 2;

/**
 * Gives copied files their owner and mode when they are copied. What another RUN wrote below the folder is handed over in
 * that RUN, and the folder itself where it is now: the files end up as they did. Undefined where that is not certain.
 */
export function changeOnCopy(
  dockerfile: Dockerfile,
  change: RecursiveChange,
  traits: ImageTraits | undefined,
): Fix | undefined {
  const { stage, changes, copies, path } = change;
  const first = copies[0]?.step;
  const run = changes[0]?.step;
  const script = changes[0]?.script;
  const flags = copyFlags(change, dockerfile);
  if (first === undefined || run === undefined || script === undefined || flags === undefined) {
    return undefined;
  }
  const between = stage.steps.slice(stage.steps.indexOf(first) + 1, stage.steps.indexOf(run));
  const writers = writersOf(between, copies, path, dockerfile);
  const others = commandsOfStep(run).filter((at) => !changes.some((one) => one.command === at.command));
  const order = userOrder(change, between, others, traits);
  const writes = others.some((at) => !managesUsers(at.command) && mayWriteBelow(at, path));
  if (
    writers === undefined ||
    order === undefined ||
    writes ||
    changes.some(({ command }) => !command.isTopLevel)
  ) {
    return undefined;
  }
  const handovers = writers.map((writer) => handOver(dockerfile, writer, changes, path));
  const own = ownRun(
    dockerfile,
    change,
    others,
    handovers.length === 0,
    order === 'move' ? first : undefined,
  );
  if (own === undefined || handovers.some((edit) => edit === undefined)) {
    return undefined;
  }
  return {
    title: `Copy with ${flags.join(' ')} instead`,
    applicability: 'review',
    edits: sortEdits([
      ...copies.map((copy) => {
        const { end } = copy.step.instruction.keywordSpan;
        return { span: span(end, end), text: ` ${flags.join(' ')}` };
      }),
      ...handovers.flatMap((edit) => edit ?? []),
      ...own,
    ]),
  };
}

/** `--chown=…` and `--chmod=…` for what the commands do; undefined where a COPY cannot say the same. */
function copyFlags({ changes, copies }: RecursiveChange, dockerfile: Dockerfile): string[] | undefined {
  const flags = changes.map(({ command }) => {
    const value = command.args.find((word) => !word.text.startsWith('-'));
    const text = value?.value ?? value?.text ?? '';
    return command.name === 'chmod'
      ? /^0?[0-7]{3,4}$/.test(text) && `--chmod=${text}`
      : ownerOf(text) !== undefined && `--chown=${ownerOf(text)}`;
  });
  const names = new Set(flags.map((flag) => (flag || '').slice(0, 7)));
  const areCopiesPlain = copies.every(({ step, sources }) => {
    const { instruction, before } = step;
    const isArchive = sources.some((one) => /\.(?:tar|tgz|gz|bz2|xz|zst)$|^https?:|^git@/.test(one.value));
    const variables = flags.flatMap((flag) =>
      [...(flag || '').matchAll(/\$\{?(\w+)/g)].map((match) => match[1]),
    );
    return (
      findFlag(instruction, 'chown') === undefined &&
      findFlag(instruction, 'link') === undefined &&
      (!names.has('--chmod') || findFlag(instruction, 'chmod') === undefined) &&
      instruction.heredocs.length === 0 &&
      (instruction.keyword === 'COPY' || !isArchive) &&
      variables.every((name) => before.variables.has(name ?? ''))
    );
  });
  const areWords = changes.every(
    ({ command }) =>
      command.redirects.length === 0 && command.args.every((word) => !/["'`\\]/.test(word.text)),
  );
  const isPlain =
    areCopiesPlain &&
    areWords &&
    names.size === flags.length &&
    !names.has('') &&
    dockerfile.syntax.problems.length === 0;
  return isPlain ? flags.flatMap((flag) => flag || []) : undefined;
}

const ownerName = /^(?:[\w.-]+|\$\w+|\$\{\w+\})$/;

/** The owner as `--chown` takes it: without a group it would take the user's number for one, where chown keeps root's. */
function ownerOf(text: string): string | undefined {
  const [user = '', group, ...rest] = text.split(':');
  if (rest.length > 0 || !ownerName.test(user) || !ownerName.test(group ?? 'root')) {
    return undefined;
  }
  return group === undefined ? `${text}:${/^\d+$/.test(text) ? '0' : 'root'}` : text;
}

/** The RUNs that may write below the folder; undefined where another step does, or one that is not understood. */
function writersOf(
  between: readonly Step[],
  copies: readonly Copy[],
  path: string,
  dockerfile: Dockerfile,
): Step[] | undefined {
  const writers: Step[] = [];
  for (const step of between) {
    const { keyword, words, form } = step.instruction;
    if (keyword === 'USER' || keyword === 'VOLUME' || keyword === 'SHELL') {
      return undefined;
    }
    const folder = words[0]?.value ?? '';
    if (keyword === 'WORKDIR' && (!folder.startsWith('/') || folder.startsWith(`${path}/`))) {
      return undefined;
    }
    const isOtherCopy = ['COPY', 'ADD'].includes(keyword) && !copies.some((copy) => copy.step === step);
    if (isOtherCopy && !isElsewhere(words.at(-1)?.value ?? '', path)) {
      return undefined;
    }
    if (keyword !== 'RUN') {
      continue;
    }
    if (step.script?.isUnderstood !== true || form === 'json') {
      return undefined;
    }
    if (commandsOfStep(step).some((at) => mayWriteBelow(at, path))) {
      writers.push(step);
    }
  }
  return writers.length > mostWriters || dockerfile.syntax.problems.length > 0 ? undefined : writers;
}

function isElsewhere(target: string, path: string): boolean {
  const folder = target.replace(/\/$/, '');
  return target.startsWith('/') && folder !== '' && !path.startsWith(`${folder}/`) && !target.includes('$');
}

/**
 * Whether the owner exists when the files are copied: `as-is`, or only when the RUN that makes it moves above the first
 * copy (`move`). Undefined where it is not known.
 */
function userOrder(
  { changes, path }: RecursiveChange,
  between: readonly Step[],
  others: readonly CommandStep[],
  traits: ImageTraits | undefined,
): 'as-is' | 'move' | undefined {
  const chown = changes.find(({ command }) => command.name === 'chown');
  const owner = chown?.command.args.find((word) => !word.text.startsWith('-'))?.text ?? '0';
  const isNumber = /^\d+(?::\d+)?$/.test(owner);
  const isOfBase = traits?.users?.some(
    (user) => owner === user.name || owner === `${user.name}:${user.name}`,
  );
  if (isNumber || isOfBase === true || /^root(?::root)?$/.test(owner)) {
    return 'as-is';
  }
  const commands = between.flatMap((step) => step.script?.commands ?? []);
  if (commands.some((one) => managesUsers(one) || makesUsers.includes(one.name ?? ''))) {
    return undefined;
  }
  if (!others.some(({ command }) => managesUsers(command))) {
    return others.some(({ command }) => makesUsers.includes(command.name ?? '')) ? undefined : 'as-is';
  }
  // A home folder that is made earlier, at the very path, might be filled or closed to others.
  const isFree = others.every(
    ({ command }) => managesUsers(command) && !command.args.some((word) => word.text.includes(path)),
  );
  return isFree ? 'move' : undefined;
}

/** Package managers: the packages of a server bring its user along. */
const makesUsers = ['apt-get', 'apt', 'apk', 'dnf', 'microdnf', 'yum', 'zypper', 'tdnf'];

/** Puts the commands behind a RUN that writes below the folder, so that its layer holds the files as they end up. */
function handOver(
  dockerfile: Dockerfile,
  writer: Step,
  changes: readonly CommandStep[],
  path: string,
): TextEdit | undefined {
  const { script } = writer;
  const text = changes
    .map(({ command }) => {
      const operand = command.args.findLast((word) => !word.text.startsWith('-'));
      const words = command.args.filter((word) => word !== operand).map((word) => word.text);
      return [command.name, ...words, path].join(' ');
    })
    .join(' && ');
  return script === undefined ? undefined : appendToRun(dockerfile, writer, script, text);
}

/**
 * What becomes of the RUN itself. The folder keeps its owner through a plain chown where a WORKDIR, or the image, made it;
 * where a RUN above hands the folder over, or the copies make it, nothing is left to do.
 */
function ownRun(
  dockerfile: Dockerfile,
  { changes, copies, path }: RecursiveChange,
  others: readonly CommandStep[],
  isLast: boolean,
  moveAbove: Step | undefined,
): TextEdit[] | undefined {
  const run = changes[0]?.step;
  const script = changes[0]?.script;
  if (run === undefined || script === undefined || run.instruction.form === 'json') {
    return undefined;
  }
  const { instruction } = run;
  const layout = new Layout(dockerfile.syntax);
  const isFile = copies.every((copy) => copy.target === path && !copy.intoFolder) && /\.\w+$/.test(path);
  const workdir = copies[0]?.step.before.workdir ?? '/';
  const isMadeByCopy = workdir !== path && !workdir.startsWith(`${path}/`) && /^\/[^/]+$/.test(path);
  const isKept = isLast && !isFile && !isMadeByCopy;
  if (!isKept && others.length === 0) {
    const hasComments = dockerfile.syntax.comments.some(
      ({ inside, span: at }) => inside && at.start > instruction.span.start && at.end < instruction.span.end,
    );
    return hasComments || instruction.heredocs.length > 0 ? undefined : [layout.remove(instruction)];
  }
  const edits = isKept
    ? changes.flatMap((at) => plainChange(at) ?? [])
    : cutCommands(script, new Set(changes.map((at) => at.command)))?.map((cut) => ({ span: cut, text: '' }));
  const losesComment = edits?.some((edit) =>
    dockerfile.text.slice(edit.span.start, edit.span.end).includes('#'),
  );
  if (edits === undefined || losesComment === true || edits.length < changes.length) {
    return undefined;
  }
  return moveAbove === undefined ? edits : layout.moveBefore(instruction, moveAbove.instruction, edits);
}

/** Takes `-R` off a command. */
function plainChange({ command, script }: CommandStep): TextEdit | undefined {
  const word = command.args.find((one) => /^(?:-R|--recursive)$/.test(one.text));
  const at = word === undefined ? undefined : script.sourceSpan(word.span);
  return at === undefined ? undefined : { span: span(at.start - 1, at.end), text: '' };
}
