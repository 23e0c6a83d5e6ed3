import { readNodePackage } from '../../ecosystems/node/package.ts';
import { commandSteps } from '../../model/commands.ts';
import { lineage, type Stage } from '../../model/dockerfile.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';

/**
 * The first number of the version of pnpm that runs in a stage: from a command that installs it, or from package.json, which pnpm
 * itself follows from version 10 on; `latest` where it is installed without one, undefined where nothing says it.
 */
export function pnpmVersion(
  project: Project,
  directory: ContextPath,
  stage: Stage,
): number | 'latest' | undefined {
  const installed = lineage(stage).flatMap((one) =>
    commandSteps(one).flatMap(({ command }) =>
      ['npm', 'yarn', 'corepack', 'bun'].includes(command.name ?? '')
        ? command.args.flatMap(({ text }) => versionIn(text) ?? [])
        : [],
    ),
  )[0];
  const wanted = versionIn(readNodePackage(project, directory)?.packageManager ?? '');
  return typeof installed === 'number' && installed < 10 ? installed : (wanted ?? installed);
}

/** The version in `pnpm`, `pnpm@9`, `pnpm@^9.1.0` or `pnpm@latest`; undefined for other words and for what is filled in later. */
function versionIn(word: string): number | 'latest' | undefined {
  const [, at] = /^pnpm(?:@(.*))?$/.exec(word) ?? [];
  const number = /^[\^~]?(\d+)/.exec(at ?? '')?.[1];
  if (number !== undefined) {
    return Number(number);
  }
  return word === 'pnpm' || at === 'latest' ? 'latest' : undefined;
}
