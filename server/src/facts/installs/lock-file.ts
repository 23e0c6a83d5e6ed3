import { readInstall } from '../../ecosystems/index.ts';
import type { PackageManager } from '../../ecosystems/toolchain.ts';
import { type CommandStep, commandSteps } from '../../model/commands.ts';
import { type Copy, isWholeContext, readCopy } from '../../model/copy.ts';
import { type Dockerfile, indexOfStep, lineage, type Stage } from '../../model/dockerfile.ts';
import { readMounts } from '../../model/mounts.ts';
import { readIgnoreFile } from '../../project/ignore-file.ts';
import { foldersUp, joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeFor } from '../../text/memoize.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { matchesPath } from '../../text/wildcard.ts';
import type { AnalysisContext } from '../context.ts';
import { existsInContext } from '../siblings/context-paths.ts';

/** The first lock file that lies in a folder and is sent to the build. */
export function sentLock(
  project: Project,
  directory: ContextPath,
  names: readonly string[],
): string | undefined {
  const matcher = readIgnoreFile(project)?.dockerignore.matcher;
  return names.find((one) => {
    const path = joinPath(directory, one);
    return project.reader.read(path) !== undefined && matcher?.ignores(path) !== true;
  });
}

/** True where a COPY above a command brings one of these files of a folder to the stage. */
export function isBroughtBefore(
  dockerfile: Dockerfile,
  stage: Stage,
  at: CommandStep,
  directory: ContextPath,
  names: readonly string[],
): boolean {
  return names.some((name) =>
    lineage(stage).some((one) => {
      const first = firstBringing(dockerfile, one, joinPath(directory, name));
      return first < (one === stage ? indexOfStep(stage, at.step) : one.steps.length);
    }),
  );
}

/** The place of the first step of a stage that copies a file of the build context; behind all of them where none does. */
function firstBringing(dockerfile: Dockerfile, stage: Stage, path: string): number {
  const known = firstCopies(stage);
  const first =
    known.get(path) ??
    stage.steps.findIndex((step) => {
      const copy = readCopy(step, dockerfile);
      return copy !== undefined && brings(copy, path);
    });
  known.set(path, first);
  return first < 0 ? stage.steps.length : first;
}

/** Many installs of a stage ask about the same few files. */
const firstCopies = memoizeFor((_stage: Stage) => new Map<string, number>());

function brings(copy: Copy, path: string): boolean {
  return (
    copy.from === 'context' &&
    copy.sources.some(({ value }) => {
      const source = value.replace(/^\.?\/+/, '').replace(/(?<!\/)\/+$/, '');
      return isWholeContext(value) || path.startsWith(`${source}/`) || matchesPath(source, path);
    })
  );
}

/** Why no lock file is there for an install that keeps to one. */
export type MissingLock =
  | { readonly kind: 'none'; readonly name: string }
  | { readonly kind: 'ignored'; readonly name: string };

/**
 * Tells that an install which keeps to a lock file can find none: the manifest comes from the build context, no lock file
 * lies beside it or above it, and nothing in the stage can have made one. Undefined where one may be there.
 */
export function missingLock(
  { project, dockerfile }: AnalysisContext,
  stage: Stage,
  at: CommandStep,
  directory: ContextPath,
  manager: PackageManager,
): MissingLock | undefined {
  const [name] = manager.lockFiles;
  if (
    name === undefined ||
    !project.isKnown ||
    !at.command.isUnconditional ||
    readMounts(at.step.instruction).some(({ type }) => type === 'bind') ||
    !isBroughtBefore(dockerfile, stage, at, directory, manifestsOf(project, directory)) ||
    mayMakeLock(dockerfile, stage, at, manager)
  ) {
    return undefined;
  }
  if (sentLock(project, directory, manager.lockFiles) !== undefined) {
    return undefined;
  }
  const present = foldersUp(directory).flatMap((folder) =>
    manager.lockFiles.map((one) => joinPath(folder, one)).filter((path) => existsInContext(project, path)),
  );
  return present.length === 0
    ? { kind: 'none', name }
    : present.every((path) => manager.lockFiles.some((one) => path === joinPath(directory, one)))
      ? { kind: 'ignored', name: present[0] ?? name }
      : undefined;
}

/** Manifests beside which a lock file lies. */
function manifestsOf(project: Project, directory: ContextPath): string[] {
  return ['package.json', 'pyproject.toml', 'Pipfile', 'Gemfile'].filter((name) =>
    existsInContext(project, joinPath(directory, name)),
  );
}

/** True where something above an install may write a lock file, or bring one from elsewhere. */
function mayMakeLock(
  dockerfile: Dockerfile,
  stage: Stage,
  at: CommandStep,
  manager: PackageManager,
): boolean {
  const isAbove = (start: number, one: Stage): boolean =>
    one !== stage || start < at.step.instruction.span.start;
  return lineage(stage).some(
    (one) =>
      one.steps.some((step) => {
        const copy = readCopy(step, dockerfile);
        return (
          copy !== undefined &&
          isAbove(step.instruction.span.start, one) &&
          copy.sources.some(
            ({ value }) =>
              value.includes('$') ||
              (copy.from !== 'context' &&
                (manager.lockFiles.some((file) => value.endsWith(file)) ||
                  copy.target === undefined ||
                  `${at.directory}/`.startsWith(`${copy.target === '/' ? '' : copy.target}/`))),
          )
        );
      }) ||
      commandSteps(one).some(
        ({ step, command }) =>
          (step === at.step
            ? command.span.start < at.command.span.start
            : isAbove(step.instruction.span.start, one)) &&
          (readInstall(command)?.tool === manager.id ||
            [command.name ?? '', ...command.args.map((word) => word.text)].some((word) =>
              /^(?:lock|import|shrinkwrap|clone|checkout|tar|unzip|cp|mv|curl|wget|touch)$|lock|\.sh$/.test(
                word,
              ),
            )),
      ),
  );
}
