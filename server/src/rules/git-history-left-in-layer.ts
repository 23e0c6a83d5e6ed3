import { isDevContainer, isWindows } from '../facts/stage.ts';
import { calledAtStart } from '../facts/start/started-process.ts';
import { appendToRun } from '../fixes/append-to-run.ts';
import type { Fix } from '../fixes/fix.ts';
import { type CommandStep, commandSteps, commandsOfStep, pathOf } from '../model/commands.ts';
import { type Dockerfile, lineage } from '../model/dockerfile.ts';
import { normalizePath } from '../model/paths.ts';
import { hasOption, operands, type ShellWord } from '../syntax/shell/script.ts';
import type { Rule } from './rule.ts';

export const gitHistoryLeftInLayer: Rule = {
  meta: {
    id: 'git-history-left-in-layer',
    aliases: [],
    summary: 'A cloned repository keeps its .git folder.',
    category: 'size',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'A later command may ask Git in the clone, or the RUN is not plain enough to be added to.',
    needs: [],
    docs: {
      what: 'The stage that ships clones a repository with `git clone`, and the folder `.git` of the clone stays in the layer.',
      why: 'The folder holds the whole history, packed: often more than the files. Nothing that runs reads it, and it shows old versions of every file to everybody who has the image.',
      silent:
        'The stage does not ship; the same `RUN` removes the clone or its `.git`; the clone is bare; a variable hides where it goes.',
      fix: 'Removes `.git` at the end of the same `RUN`. None where a later command works in the clone, for a build may ask Git for the version, or where another command or the start calls `git`. For review.',
      bad: {
        dockerfile:
          'FROM debian:13-slim\nRUN git clone https://example.com/tool.git /opt/tool\nUSER 10001\nCMD ["/opt/tool/run"]\n',
      },
      good: {
        dockerfile:
          'FROM debian:13-slim\nRUN git clone --depth 1 https://example.com/tool.git /opt/tool && rm -rf /opt/tool/.git\nUSER 10001\nCMD ["/opt/tool/run"]\n',
      },
      switchOff: 'Where the container updates the clone by itself.',
      references: ['https://git-scm.com/docs/git-clone'],
    },
  },

  *check(context) {
    const { dockerfile } = context;
    const { final } = dockerfile;
    if (final === undefined || isDevContainer(context) || isWindows(final)) {
      return;
    }
    const commands = lineage(final).reverse().flatMap(commandSteps);
    for (const [i, at] of commands.entries()) {
      const folder = at.command.isUnconditional ? cloneOf(at) : undefined;
      if (folder === undefined) {
        continue;
      }
      const same = commandsOfStep(at.step);
      const inRun = same.slice(same.findIndex(({ command }) => command === at.command) + 1);
      if (inRun.some((one) => takesAway(one, folder))) {
        continue;
      }
      const asks =
        commands.some((one, j) => j > i && one.step !== at.step && asksGit(one, folder)) ||
        calledAtStart(context, final).includes('git');
      const fix = asks ? undefined : removal(dockerfile, at, folder);
      const what = hasOption(at.command, '--depth')
        ? 'every file a second time, packed'
        : 'the whole history of the repository';
      yield {
        message: `${folder}/.git stays in this layer, with ${what}.`,
        span: at.script.sourceSpan(at.command.span),
        fixes: fix === undefined ? [] : [fix],
      };
    }
  },
};

/** The folder that a `git clone` makes, with a tree of files in it. */
function cloneOf({ command, directory }: CommandStep): string | undefined {
  const words = operands(command);
  const verb = words.findIndex((word) => word.value === 'clone');
  if (
    command.name !== 'git' ||
    verb !== 0 ||
    hasOption(command, '--bare', '--mirror', '--separate-git-dir', '-C')
  ) {
    return undefined;
  }
  const at = command.args.findIndex((word) => isAddress(word));
  const address = command.args[at];
  const named = command.args
    .slice(at + 1)
    .find((word) => !word.text.startsWith('-') && !isValue(command.args, word));
  if (address?.value === undefined) {
    return undefined;
  }
  const name = address.value
    .replace(/\/$/, '')
    .replace(/\.git$/, '')
    .replace(/^.*[/:]/, '');
  return pathOf(named ?? { ...address, value: name }, directory);
}

function isAddress(word: ShellWord): boolean {
  return /^(?:https?|git|ssh|file):\/\/|^[\w.-]+@[\w.-]+:/.test(word.value ?? '');
}

/** True for the value of an option that stands behind it as a word of its own. */
function isValue(words: readonly ShellWord[], word: ShellWord): boolean {
  const before = words[words.indexOf(word) - 1]?.text ?? '';
  return /^(?:-b|--branch|--depth|-j|--jobs|-c|--config|-o|--origin|--filter|--reference)$/.test(before);
}

/** True for a command that removes or moves the clone, or its `.git`. */
function takesAway({ command, directory }: CommandStep, folder: string): boolean {
  return (
    ['rm', 'mv', 'find'].includes(command.name ?? '') &&
    operands(command).some((word) => {
      const path = pathOf(word, directory);
      return path === undefined || `${folder}/.git/`.startsWith(`${normalizePath(path)}/`);
    })
  );
}

/** True for a command that calls Git, works in the clone or names it. */
function asksGit({ command, directory }: CommandStep, folder: string): boolean {
  const isWithin = (path: string | undefined): boolean =>
    path !== undefined && `${path}/`.startsWith(`${folder}/`);
  return (
    command.name === 'git' ||
    directory === undefined ||
    isWithin(directory) ||
    command.args.some((word) => word.text.includes(folder) || isWithin(pathOf(word, directory)))
  );
}

function removal(
  dockerfile: Dockerfile,
  { step, script, directory }: CommandStep,
  folder: string,
): Fix | undefined {
  const last = script.commands.findLast((one) => one.isTopLevel);
  const edit =
    /^[\w./-]+$/.test(folder) && last?.operator !== '||'
      ? appendToRun(dockerfile, step, script, `rm -rf ${folder}/.git`)
      : undefined;
  return edit === undefined || directory === undefined
    ? undefined
    : {
        title: `Remove ${folder}/.git`,
        applicability: 'review',
        edits: [edit],
        assumptions: ['Nothing that runs in the container asks Git in this folder.'],
      };
}
