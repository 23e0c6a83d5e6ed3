import { joinImage } from '../../model/paths.ts';
import { nameOf } from '../../project/paths.ts';
import { memoize } from '../../text/memoize.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import type {
  CommandChange,
  PlanInput,
  PlannedInstruction,
  Refusal,
  RuntimeCopy,
  RuntimePlan,
} from '../runtime-plan.ts';
import { readSources, sourceFiles } from '../source-text.ts';
import { nodeManagerOf } from './managers/index.ts';
import { isLockInStep } from './manifests.ts';
import { type NodePackage, readNodePackage } from './package.ts';
import type { NodeStart } from './start.ts';
import { nodeToolchain } from './toolchain.ts';

/** Programs that the full image has and the slim one lacks. */
export const fullImageTools = [
  'curl',
  'wget',
  'git',
  'python',
  'python3',
  'make',
  'gcc',
  'ssh',
  'unzip',
  'convert',
];

/** Dependencies that keep a browser outside of the project's folder. */
export const browserPackages = ['puppeteer', 'playwright', 'cypress', '@playwright/test', 'electron'];

/** Dependencies that call programs which only the full image has. */
const gitPackages = [
  'simple-git',
  'nodegit',
  'gitlog',
  'isomorphic-git-cli',
  'youtube-dl-exec',
  'gm',
  'imagemagick',
];

export function toolOf(input: PlanInput): string {
  return input.installs[0]?.tool ?? 'npm';
}

/** The install gets the form that the lock file allows, and its cache. */
export function changeInstall(
  at: Parameters<RuntimePlan['change']>[0],
  input: PlanInput,
  tool: string,
): CommandChange | undefined {
  const install = nodeToolchain.readInstall(at.command);
  if (install === undefined) {
    return undefined;
  }
  const { command } = at;
  const isBare =
    command.args.length === 1 && command.assignments.length === 0 && command.wrapper === undefined;
  const isLocked =
    tool === 'npm' && !install.isFrozen && isBare && isLockInStep(input.project, input.directory);
  const caches = nodeToolchain.caches(at, input.traits, input.project);
  return { ...(isLocked ? { text: 'npm ci' } : {}), caches };
}

/** Why a start command that stays as it is could not run: its package manager is not part of the image. */
export function missingManager(input: PlanInput, { isPlain, manager }: NodeStart): Refusal | undefined {
  const { project, directory } = input;
  const isInImage =
    manager === undefined ||
    nodeManagerOf(manager)?.isInImage(project, directory) === true ||
    input.commands.some(({ command }) => isGlobalInstallOf(command, manager));
  return isPlain || isInImage
    ? undefined
    : {
        code: 'starts-through-build-tool',
        reason: `The container starts through ${manager}, which the final image would not have.`,
      };
}

/** Why the final stage would lack a file that the program reads when it starts; undefined where it lacks none. */
export function missingAtStart(input: PlanInput, start: NodeStart): Refusal | undefined {
  const option = optionValue(start.words, '--env-file');
  const missing =
    option === undefined
      ? input.facts.missingFile()
      : `The start command reads ${option}, which the final stage would not have`;
  return missing === undefined ? undefined : { code: 'file-missing-at-run-time', reason: `${missing}.` };
}

/** Sets the mode of Node.js, where the stage says nothing of it. */
export function setsProduction({ stage }: PlanInput): PlannedInstruction[] {
  return stage.end.environment.has('NODE_ENV') ? [] : [{ kind: 'env', values: { NODE_ENV: 'production' } }];
}

/** The same, where no source asks for the mode: a program that asks may do something else in another one. */
export function productionMode(input: PlanInput): PlannedInstruction[] {
  const { project, directory } = input;
  return asksForMode(project, directory) ||
    ['config', 'dotenv-flow'].some(
      (name) => readNodePackage(project, directory)?.dependencies[name] !== undefined,
    )
    ? []
    : setsProduction(input);
}

function asksForMode(project: PlanInput['project'], directory: ContextPath): boolean {
  return sourceFiles(project, directory, /\.[cm]?[jt]sx?$/).some(
    ({ path, text }) => !/\.(?:config|test|spec)\.\w+$/.test(path) && asks(text),
  );
}

const asks = memoize((text) => /\bNODE_ENV\b/.test(text), 500);

function isGlobalInstallOf(command: PlanInput['commands'][number]['command'], name: string): boolean {
  return (
    command.args.some((word) => ['-g', '--global'].includes(word.text)) &&
    command.args.some((word) => (word.value ?? '').replace(/(.)@.*/s, '$1') === name)
  );
}

/** True when the program calls a tool that only the full image has, as far as its sources and dependencies tell. */
export function usesFullImage({ project, directory }: PlanInput, found: NodePackage): boolean {
  if (gitPackages.some((name) => found.dependencies[name] !== undefined)) {
    return true;
  }
  const sources = readSources(project, directory, /\.[cm]?[jt]sx?$/);
  const calls = sources.matchAll(/\b(?:exec|spawn|execFile|execa|fork)(?:Sync)?\(\s*["'`]([\w./-]+)/g);
  return [...calls].some((call) => fullImageTools.includes(nameOf(call[1] ?? '')));
}

export function baseAssumption(input: PlanInput, base: string): string[] {
  return base === input.baseName
    ? []
    : [`The program needs nothing that ${base} lacks (curl, git, Python, compilers).`];
}

export function optionValue(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [i, word] of words.entries()) {
    const name = names.find((one) => word === one || word.startsWith(`${one}=`));
    if (name !== undefined) {
      return word === name ? words[i + 1] : word.slice(name.length + 1);
    }
  }
  return undefined;
}

export function folderCopy(workdir: ImagePath, path: string, isWritten = false): RuntimeCopy {
  return {
    from: joinImage(workdir, path),
    to: joinImage(workdir, path),
    isFile: false,
    ...(isWritten ? { isWritten } : {}),
  };
}

export function fileCopy(workdir: ImagePath, path: string): RuntimeCopy {
  return { from: joinImage(workdir, path), to: joinImage(workdir, path), isFile: true };
}
