import { commandsOfStep, pathOf } from '../model/commands.ts';
import { readCopy } from '../model/copy.ts';
import type { Dockerfile, Stage, Step } from '../model/dockerfile.ts';
import { isNamedElsewhere } from '../model/naming.ts';
import { normalizePath } from '../model/paths.ts';
import { argumentSpan, findFlag } from '../syntax/tree.ts';
import { sortEdits, type TextEdit } from '../text/edits.ts';
import { span } from '../text/span.ts';
import { cutCommands } from './convert/cut-commands.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** Archives that ADD unpacks by itself. */
const unpackedByAdd = /\.(?:tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz))$/;

/**
 * Gives a RUN a file that was copied for it alone, without a layer that keeps it: by ADD where the RUN does nothing but
 * unpack it, else by a bind mount. Undefined where something else may use the file.
 */
export function mountInsteadOfCopy(
  dockerfile: Dockerfile,
  stage: Stage,
  copied: Step,
  run: Step,
): Fix | undefined {
  const copy = readCopy(copied, dockerfile);
  const source = copy?.sources[0]?.value;
  const { instruction } = copied;
  if (
    copy?.target === undefined ||
    source === undefined ||
    copy.sources.length !== 1 ||
    run.script === undefined
  ) {
    return undefined;
  }
  const name = source.replace(/\/$/, '').replace(/^.*\//, '');
  const path = copy.intoFolder ? normalizePath(`${copy.target}/${name}`) : copy.target;
  const isElsewhere = isNamedElsewhere(stage, [copied, run], name);
  const isPlain =
    /^[\w@+.-]+\.\w+$/.test(name) &&
    !/[$*?[]/.test(source) &&
    !/^(?:https?|git)[:@]/.test(source) &&
    instruction.heredocs.length === 0 &&
    run.instruction.heredocs.length === 0 &&
    run.instruction.form === 'shell' &&
    (instruction.keyword === 'COPY' || !unpackedByAdd.test(name)) &&
    copy.from !== 'other' &&
    !dockerfile.stages.some((one) => one !== stage && one.steps.some((step) => takesPath(step, path)));
  if (isElsewhere || !isPlain) {
    return undefined;
  }
  const from = findFlag(instruction, 'from')?.value;
  return from === undefined && instruction.flags.length === 0
    ? (addFix(dockerfile, copied, run, source, path) ?? mountFix(dockerfile, copied, run, source, path, from))
    : mountFix(dockerfile, copied, run, source, path, from);
}

function takesPath({ instruction }: Step, path: string): boolean {
  return findFlag(instruction, 'from') !== undefined && instruction.words.some((word) => word.value === path);
}

/** `ADD archive folder/` in place of the COPY and of a RUN that only unpacks. */
function addFix(
  dockerfile: Dockerfile,
  copied: Step,
  run: Step,
  source: string,
  path: string,
): Fix | undefined {
  const others = commandsOfStep(run).filter(({ command }) => command.name !== 'rm');
  const [unpack] = others;
  const hasComments =
    run.script?.hasComments === true ||
    dockerfile.syntax.comments.some(
      ({ inside, span: at }) =>
        inside && at.start > run.instruction.span.start && at.end < run.instruction.span.end,
    );
  if (unpack === undefined || others.length !== 1 || !unpackedByAdd.test(source) || hasComments) {
    return undefined;
  }
  const { command, directory } = unpack;
  const words = command.args.map((word) => word.value ?? '');
  const folderAt = words.findIndex((word) => word === '-C' || word === '--directory');
  const rest = words.filter((_, i) => folderAt < 0 || (i !== folderAt && i !== folderAt + 1));
  const [flags, file, ...more] = rest;
  const isPlain =
    command.name === 'tar' &&
    /^-?[xzjJvpf]+$/.test(flags ?? '') &&
    flags?.includes('x') === true &&
    more.length === 0 &&
    file !== undefined &&
    normalizePath(file.startsWith('/') ? file : `${directory}/${file}`) === path;
  const folder = folderAt < 0 ? directory : words[folderAt + 1];
  if (!isPlain || folder === undefined || !folder.startsWith('/')) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  // A comment above one of the two stays above what is left.
  const isCopyExplained =
    layout.blockStart(copied.instruction) < layout.lineStart(copied.instruction.span.start);
  const [place, other] = isCopyExplained ? [copied, run] : [run, copied];
  return {
    title: `Unpack with ADD ${source} ${folder}/`,
    applicability: 'review',
    edits: sortEdits([
      {
        span: place.instruction.span,
        text: `${layout.keyword('ADD')} ${source} ${folder.replace(/\/$/, '')}/`,
      },
      layout.remove(other.instruction),
    ]),
  };
}

function mountFix(
  dockerfile: Dockerfile,
  copied: Step,
  run: Step,
  source: string,
  path: string,
  from: string | undefined,
): Fix | undefined {
  const { script } = run;
  const steps = commandsOfStep(run);
  const names = steps.filter(({ command }) => command.name === 'rm');
  const removing = names.filter(({ command, directory }) => {
    const operands = command.args.filter((word) => !word.text.startsWith('-'));
    return operands.length === 1 && operands.every((word) => pathOf(word, directory) === path);
  });
  const isAlone = removing.length === steps.length;
  const cuts =
    script === undefined || removing.length === 0
      ? []
      : cutCommands(script, new Set(removing.map((one) => one.command)));
  const isLossless = cuts?.every((cut) => !dockerfile.text.slice(cut.start, cut.end).includes('#'));
  // Another `rm` may take away the mount point.
  const isInDanger = names.some(
    (one) =>
      !removing.includes(one) &&
      one.command.args.some(
        (word) => !word.text.startsWith('-') && mayHold(pathOf(word, one.directory), path),
      ),
  );
  if (isAlone || cuts === undefined || isLossless !== true || isInDanger) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  const at = argumentSpan(run.instruction).start;
  const stage = from === undefined ? '' : `from=${from},`;
  const plain = source.replace(/^\.\//, '');
  const edits: TextEdit[] = [
    layout.remove(copied.instruction),
    {
      span: span(at, at),
      text: `--mount=type=bind,${stage}source=${plain},target=${path} ${dockerfile.syntax.escape}${layout.lineBreak}    `,
    },
    ...cuts.map((cut) => ({ span: cut, text: '' })),
  ];
  return {
    title: `Mount ${source.replace(/^.*\//, '')} for this RUN instead of copying it`,
    applicability: 'review',
    edits: sortEdits(edits),
    assumptions: ['The image is built with BuildKit (the default since Docker 23) or Buildah.'],
  };
}

function mayHold(folder: string | undefined, path: string): boolean {
  return folder === undefined || folder === path || folder === '/' || path.startsWith(`${folder}/`);
}
