import { uvDevelopment } from '../../ecosystems/python/development.ts';
import { commandSteps } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { joinPath } from '../../project/paths.ts';
import type { Word } from '../../syntax/tree.ts';
import type { AnalysisContext } from '../context.ts';
import { buildFolderOf } from '../installs/install-order.ts';
import { baseName } from '../stage.ts';
import { calledAtStart } from './started-process.ts';

/** Options of `uv sync` and `uv run` that say what belongs to the environment. */
const selects =
  /^--(?:no-dev|dev|only-dev|no-default-groups|all-groups|all-extras|no-install-project|(?:only-|no-)?group|extra|no-extra)(?:=|$)/;
const takesValue = /^--(?:(?:only-|no-)?group|extra|no-extra)$/;

/**
 * Why `uv run` changes the environment when the container starts: it installs what the build left out. Undefined where it
 * does not start the program, is told not to, or asks for what the build installed.
 */
export function syncsAtStart(context: AnalysisContext, stage: Stage): string | undefined {
  const words = startCommand(stage)
    .words.join(' ')
    .replace(/["'[\],]/g, ' ')
    .split(/\s+/);
  const at = words.findIndex((word, i) => baseName(word) === 'uv' && words[i + 1] === 'run');
  const isCalled = at >= 0 || calledAtStart(context, stage).includes('uv');
  const isOff = [...stage.end.environment.keys()].includes('UV_NO_SYNC') || words.includes('--no-sync');
  if (!isCalled || isOff) {
    return undefined;
  }
  const syncs = lineage(stage)
    .reverse()
    .flatMap((one) => commandSteps(one))
    .filter(({ command }) => baseName(command.name ?? '') === 'uv' && command.args[0]?.text === 'sync');
  const last = syncs.at(-1)?.command.args.map((word) => word.text);
  const started = at < 0 ? undefined : optionsOf(words.slice(at + 2));
  return last !== undefined && started !== undefined && selected(last) === selected(started)
    ? undefined
    : '`uv run` may install what `uv sync` of the build left out when the container starts';
}

/** `uv run` in a start command that installs what only development needs. */
export interface DevelopmentAtStart {
  readonly names: readonly string[];
  /** The word `run`, behind which an option belongs. */
  readonly word: Word;
  /** True where the build has installed all the program needs, the project itself included. */
  readonly isComplete: boolean;
}

/**
 * Tells that `uv run` installs the group `dev` when the container starts, which the build left out. Undefined where the
 * start command says something of groups itself, and where the build left nothing out.
 */
export function developmentAtStart(
  { project, dockerfile }: AnalysisContext,
  stage: Stage,
): DevelopmentAtStart | undefined {
  const { entrypoint, cmd } = startCommand(stage);
  const words = (entrypoint ?? cmd)?.step.instruction.words ?? [];
  const at = words.findIndex(
    (word, i) => baseName(word.value ?? '') === 'uv' && words[i + 1]?.value === 'run',
  );
  const word = words[at + 1];
  const said = optionsOf(words.slice(at + 2).map((one) => one.value ?? ''));
  const { environment } = stage.end;
  const isTold =
    said.some(
      (one) => selects.test(one) || one === '--no-sync' || /^--(?:no-project|with|script|isolated)/.test(one),
    ) || ['UV_NO_SYNC', 'UV_NO_DEV'].some((name) => environment.has(name));
  const sync = lineage(stage)
    .reverse()
    .flatMap((one) => commandSteps(one))
    .findLast(({ command }) => baseName(command.name ?? '') === 'uv' && command.args[0]?.text === 'sync');
  const options = sync?.command.args.map((one) => one.text) ?? [];
  const folder = stage.end.workdir ?? '/';
  const directory = lineage(stage)
    .map((one) => buildFolderOf(dockerfile, one, folder))
    .find((one) => one !== undefined);
  const manifest =
    directory === undefined ? undefined : project.reader.read(joinPath(directory, 'pyproject.toml'));
  if (at < 0 || word === undefined || isTold || !options.includes('--no-dev') || manifest === undefined) {
    return undefined;
  }
  const names = uvDevelopment(manifest)?.names ?? [];
  return names.length === 0
    ? undefined
    : { names, word, isComplete: !options.some((one) => /^--no-install/.test(one)) };
}

/** The options in front of the command that is run. */
function optionsOf(words: readonly string[]): string[] {
  const end = words.findIndex((word, i) => !word.startsWith('-') && !takesValue.test(words[i - 1] ?? ''));
  return words.slice(0, end < 0 ? words.length : end);
}

/** What options select, in an order of its own. */
function selected(words: readonly string[]): string {
  return words
    .flatMap((word, i) =>
      selects.test(word) ? [takesValue.test(word) ? `${word}=${words[i + 1]}` : word] : [],
    )
    .sort()
    .join(' ');
}
