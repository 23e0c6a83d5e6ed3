import type { Ecosystem, InstallCommand } from '../ecosystems/ecosystem.ts';
import type { Download } from '../ecosystems/toolchain.ts';
import type { Reordering } from '../facts/installs/reordering.ts';
import { type CommandStep, commandsOfStep } from '../model/commands.ts';
import type { Copy } from '../model/copy.ts';
import type { Dockerfile, Stage, Step } from '../model/dockerfile.ts';
import { readIgnoreFile } from '../project/ignore-file.ts';
import type { Project } from '../project/project.ts';
import type { ShellCommand } from '../syntax/shell/script.ts';
import { argumentSpan, type Instruction } from '../syntax/tree.ts';
import type { TextEdit } from '../text/edits.ts';
import { mentionsWord } from '../text/mentions.ts';
import { span } from '../text/span.ts';
import type { Fix } from './fix.ts';
import { addIgnoreEntries } from './ignore-entry.ts';
import { Layout } from './layout.ts';
import { isFolderCopy, manifestCopyText, notCopiedAbove } from './manifest-copies.ts';

/** Commands that read nothing of the project: they may run above the sources. */
const independentCommands = [
  'apt-get',
  'apt',
  'apk',
  'dnf',
  'microdnf',
  'yum',
  'zypper',
  'corepack',
  'addgroup',
  'adduser',
  'groupadd',
  'useradd',
  'set',
  'echo',
  'true',
  'ls',
  'pwd',
  'whoami',
  'uname',
  'curl',
  'wget',
  'locale-gen',
  'update-ca-certificates',
];

/**
 * Copies the manifests first, runs the install, and copies the sources behind it. Safe only with proof that the install
 * reads the manifests alone; otherwise for review, with the doubts named. Undefined where the order cannot be changed.
 */
export function reorderCopy(
  dockerfile: Dockerfile,
  project: Project,
  reordering: Reordering,
): Fix | undefined {
  const { copy, install, at, stage, manifests, download } = reordering;
  if (download !== undefined) {
    return downloadFirst(dockerfile, project, reordering, download);
  }
  if (install === undefined || manifests.blocker !== undefined || !canMove(copy, stage, at)) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  const below = placeBelowInstall(dockerfile, layout, at, install);
  if (below === undefined) {
    return undefined;
  }
  const { instruction } = copy.step;
  const written = dockerfile.text.slice(instruction.span.start, instruction.span.end);
  const block = layout.block(instruction);
  const comments = dockerfile.text.slice(block.start, layout.lineStart(instruction.span.start));
  const missingFiles = notCopiedAbove(dockerfile, reordering, manifests.files);
  const isThere = missingFiles.length === 0;
  // A comment that speaks of the dependencies heads the manifests; any other goes with the sources.
  const staysAbove =
    !isThere && /depend|package|install|manifest|modules|requirements|librar/i.test(comments);
  const manifestCopy = isThere ? '' : manifestCopyText(dockerfile, layout, reordering, missingFiles);
  const moved = ((staysAbove ? '' : comments) + written).split(layout.lineBreak);
  const gap = span(instruction.span.end, layout.blockStart(at.step.instruction));
  // A blank line that parted the two belongs between the install and the sources now.
  const between = dockerfile.text.slice(gap.start, gap.end);
  const isParted = between.trim() === '' && between.split('\n').length > 2;
  const edits: TextEdit[] = [
    isThere
      ? { span: span(block.start, isParted ? gap.end : block.end), text: '' }
      : {
          span: span(
            staysAbove ? instruction.span.start : block.start,
            isParted ? gap.end : instruction.span.end,
          ),
          text: isParted ? manifestCopy + layout.lineBreak : manifestCopy,
        },
    ...below(isParted ? ['', ...moved] : moved),
  ];
  const missing = overlayDoubt(install.ecosystem, project, reordering);
  const doubts = [...manifests.doubts, ...(missing === undefined ? [] : [missing.doubt])];
  return {
    title: `Copy ${describe(manifests.files)} first, and the sources behind the install`,
    applicability: doubts.length === 0 ? 'safe' : 'review',
    edits,
    ...(missing === undefined ? {} : { files: [addIgnoreEntries(project, [missing.pattern])] }),
    assumptions: doubts,
  };
}

/** Why the order cannot be changed, as a sentence; undefined where it can. */
export function reorderingRefusal(dockerfile: Dockerfile, reordering: Reordering): string | undefined {
  const { copy, install, at, stage, manifests, download } = reordering;
  if (download !== undefined) {
    return installsToolItself(at, download) ? 'The RUN of the install brings the program itself.' : undefined;
  }
  if (install === undefined) {
    return undefined;
  }
  if (manifests.blocker !== undefined) {
    return manifests.blocker;
  }
  if (!canMove(copy, stage, at)) {
    return 'What stands between the two may read the sources.';
  }
  return placeBelowInstall(dockerfile, new Layout(dockerfile.syntax), at, install) === undefined
    ? 'Its RUN does more than install, and is not parted.'
    : undefined;
}

/** Fetches the dependencies in a layer of its own, above the sources, which stay where they are. */
function downloadFirst(
  dockerfile: Dockerfile,
  project: Project,
  reordering: Reordering,
  download: Download,
): Fix | undefined {
  const { copy, at, stage } = reordering;
  const { instruction } = copy.step;
  const steps = stage.steps.slice(stage.steps.indexOf(copy.step) + 1, stage.steps.indexOf(at.step));
  const preparations = preparationsOf(at, steps, download);
  const bringsTool = steps.some(
    (step) => step.instruction.keyword === 'RUN' && !preparations.steps.includes(step),
  );
  if (instruction.words.some((word) => word.value.includes('$')) || !isFolderCopy(copy)) {
    return undefined;
  }
  // What stands between the copy and the build may install the very tool that fetches: the sources then go below it.
  if (bringsTool && !canMove(copy, stage, at)) {
    return undefined;
  }
  if (installsToolItself(at, download)) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  // The download has to run where the build will.
  const folder = at.directory ?? '';
  const missingFiles = notCopiedAbove(dockerfile, reordering, download.files);
  const { workdir } = (bringsTool ? at : copy).step.before;
  const change = workdir === folder ? '' : `cd ${folder} && `;
  const lines = [
    ...(missingFiles.length === 0
      ? []
      : manifestCopyText(dockerfile, layout, reordering, missingFiles).split(layout.lineBreak)),
    `${layout.keyword('RUN')} ${change}${[...preparations.texts, download.command].join(' && ')}`,
    ...(hasBlankAround(dockerfile, layout, instruction) ? [''] : []),
  ];
  const block = layout.block(instruction);
  const moved = dockerfile.text.slice(block.start, block.end).replace(/\r?\n$/, '');
  const edits = bringsTool
    ? [
        { span: block, text: '' },
        layout.insertBefore(at.step.instruction, [...lines, ...moved.split(layout.lineBreak)]),
      ]
    : [layout.insertBefore(instruction, lines)];
  const missing =
    reordering.install === undefined
      ? undefined
      : overlayDoubt(reordering.install.ecosystem, project, reordering);
  const doubts = [...download.doubts, ...(missing === undefined ? [] : [missing.doubt])];
  return {
    title: `Copy ${describe(download.files)} first and run \`${download.command}\` above the sources`,
    applicability: doubts.length === 0 ? 'safe' : 'review',
    edits,
    ...(missing === undefined ? {} : { files: [addIgnoreEntries(project, [missing.pattern])] }),
    assumptions: doubts,
  };
}

/** True where the RUN of the build first installs the very program that would fetch. */
function installsToolItself(at: CommandStep, download: Download): boolean {
  const [program = ''] = download.command.split(' ');
  const commands = at.script.commands.slice(0, at.script.commands.indexOf(at.command));
  return commands.some(
    ({ name, span: own }) =>
      name !== program &&
      // What makes a wrapper of the project run brings none.
      !['chmod', 'dos2unix', 'sed'].includes(name ?? '') &&
      mentionsWord(at.script.text.slice(own.start, own.end), program.replace(/^.*\//, '')),
  );
}

/** Commands in front of the build that only make what the download runs ready, such as `chmod +x mvnw`. */
function preparationsOf(
  at: CommandStep,
  steps: readonly Step[],
  download: Download,
): { steps: readonly Step[]; texts: readonly string[] } {
  const isPreparation = (command: ShellCommand): boolean =>
    ['chmod', 'sed', 'dos2unix'].includes(command.name ?? '') &&
    command.isUnconditional &&
    command.redirects.length === 0 &&
    download.files.includes((command.args.at(-1)?.value ?? '').replace(/^\.\//, ''));
  const whole = steps.filter(
    (step) => step.script?.isUnderstood === true && step.script.commands.every(isPreparation),
  );
  const here = at.script.commands.slice(0, at.script.commands.indexOf(at.command)).filter(isPreparation);
  // As a shell reads it: the exec form has no text of its own that could stand in a RUN of several commands.
  const textOf = ({ script }: Step, command: ShellCommand): string =>
    script?.text.slice(command.span.start, command.span.end) ?? '';
  const texts = [
    ...whole.flatMap((step) => step.script?.commands.map((command) => textOf(step, command)) ?? []),
    ...here.map((command) => textOf(at.step, command)),
  ];
  return { steps: whole, texts: texts.filter((text) => text !== '' && !text.includes('\n')) };
}

function hasBlankAround(dockerfile: Dockerfile, layout: Layout, instruction: Instruction): boolean {
  const start = layout.blockStart(instruction);
  return /\n[ \t]*\r?\n$/.test(dockerfile.text.slice(0, start));
}

function describe(files: readonly string[]): string {
  const [first, ...rest] = files;
  return rest.length === 0
    ? `${first}`
    : rest.length === 1
      ? `${first} and ${rest[0]}`
      : `${first} and ${rest.length} more`;
}

/** True when nothing between the copy and the install depends on the sources, or on where they land. */
function canMove(copy: Copy, stage: Stage, at: CommandStep): boolean {
  const { step } = copy;
  const isPlain =
    copy.sources.length === 1 &&
    isFolderCopy(copy) &&
    step.instruction.form === 'shell' &&
    step.instruction.heredocs.length === 0 &&
    step.instruction.words.every((word) => !word.value.includes('$')) &&
    step.instruction.flags.every(
      (flag) => ['chown', 'chmod', 'link'].includes(flag.name) && !flag.value?.includes('$'),
    );
  const from = stage.steps.indexOf(step);
  const between = stage.steps.slice(from + 1, stage.steps.indexOf(at.step));
  const isAbsolute = copy.destination.value.startsWith('/');
  return isPlain && between.every((one) => isIndependentStep(one, isAbsolute));
}

function isIndependentStep(step: Step, isAbsolute: boolean): boolean {
  switch (step.instruction.keyword) {
    case 'ENV':
    case 'ARG':
    case 'LABEL':
    case 'EXPOSE':
    case 'STOPSIGNAL':
    case 'USER':
    case 'CMD':
    case 'ENTRYPOINT':
    case 'HEALTHCHECK':
      return true;
    case 'WORKDIR':
      return isAbsolute;
    case 'RUN':
      return step.script?.isUnderstood === true && step.script.commands.every(isIndependent);
    default:
      return false;
  }
}

function isIndependent(command: ShellCommand): boolean {
  if (independentCommands.includes(command.name ?? '')) {
    return command.args.every((word) => !/^\.{1,2}\//.test(word.text));
  }
  const words = [command.name ?? '', ...command.args.map((word) => word.text)].join(' ');
  return (
    /^rm (?:-\w+ )*\/(?:var|tmp|root)\//.test(words) ||
    /^(?:npm|pnpm|yarn) (?:config|cache|set|global|--version|-v)/.test(words) ||
    /^(?:npm|pnpm) (?:i|install|add) (?:.* )?(?:-g|--global|--location=global)\b/.test(words) ||
    /^(?:python3? -m )?pip3? install (?:-\S+ )*(?:--upgrade |-U )?(?:-\S+ )*(?:["']?(?:pip|setuptools|wheel|poetry|uv|pipenv)(?:[=<>~![]\S*)?["']?(?:\s+|$))+$/.test(
      words,
    ) ||
    /^mkdir (?:-p )?\//.test(words)
  );
}

/**
 * Says how to put lines behind the install: below its RUN when the RUN does nothing else with the project, or between
 * two halves of it. Undefined when the RUN cannot be parted.
 */
function placeBelowInstall(
  dockerfile: Dockerfile,
  layout: Layout,
  at: CommandStep,
  install: InstallCommand,
): ((lines: readonly string[]) => TextEdit[]) | undefined {
  const { script, step } = at;
  const commands = commandsOfStep(step).map((one) => one.command);
  const index = commands.indexOf(install.command);
  const before = commands.slice(0, index);
  if (!before.every((command) => isIndependent(command) || command.name === 'cd')) {
    return undefined;
  }
  const behind = commands.slice(index + 1);
  const firstDependent = behind.find((command) => !isIndependent(command) && !isInstallToo(command, install));
  if (firstDependent === undefined) {
    return (lines) => [layout.insertAfter(step.instruction, lines)];
  }
  const carriesState = before.some(
    (command) => command.name !== 'set' && ['cd', 'export', ''].includes(command.name ?? ''),
  );
  const isPlain =
    !script.isHeredoc &&
    step.instruction.form === 'shell' &&
    step.instruction.heredocs.length === 0 &&
    [...before, install.command, ...behind].every((command) => command.isTopLevel && command.name !== '') &&
    firstDependent.operator === '&&' &&
    firstDependent.isUnconditional;
  if (!isPlain || carriesState) {
    return undefined;
  }
  const previous = commands[commands.indexOf(firstDependent) - 1] ?? install.command;
  const gap = span(script.sourceSpan(previous.span).end, script.sourceSpan(firstDependent.span).start);
  if (/[#]/.test(dockerfile.text.slice(gap.start, gap.end))) {
    return undefined;
  }
  const head = dockerfile.text.slice(step.instruction.span.start, argumentSpan(step.instruction).start);
  return (lines) => [{ span: gap, text: `${[``, ...lines, head.trimEnd()].join(layout.lineBreak)} ` }];
}

/** A second install of the same manager (a global tool, a rebuild) that needs no more than the first. */
function isInstallToo(command: ShellCommand, install: InstallCommand): boolean {
  return install.ecosystem.readInstall(command) !== undefined;
}

/** Installed modules are overlaid by the context's own when the sources come behind them: the ignore file has to prevent that. */
function overlayDoubt(
  ecosystem: Ecosystem,
  project: Project,
  { directory, manifests }: Reordering,
): { doubt: string; pattern: string } | undefined {
  const name = ecosystem.dependencyFolder;
  if (name === undefined) {
    return undefined;
  }
  // Each package of a project with several may have a folder of its own.
  const packages = manifests.files
    .filter((file) => file.endsWith('/package.json'))
    .map((file) => `${file.slice(0, -'package.json'.length)}${name}`);
  const folders = [name, ...packages].map((path) => (directory === '' ? path : `${directory}/${path}`));
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  if (folders.every((folder) => matcher?.ignores(`${folder}/x`) === true)) {
    return undefined;
  }
  return {
    doubt: `${folders[0]} of the build context must not overlay what was installed: it is added to the ignore file.`,
    pattern: directory === '' && packages.length === 0 ? name : `**/${name}`,
  };
}
