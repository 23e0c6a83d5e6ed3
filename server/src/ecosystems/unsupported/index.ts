import type { ShellCommand } from '../../syntax/shell/script.ts';
import type { Ecosystem } from '../ecosystem.ts';
import type { Refusal } from '../runtime-plan.ts';
import { type BuildCommand, type UnsupportedBuild, unsupportedBuilds } from './builds.ts';

/** An ecosystem for each build that is known by name only: it is recognized, and every conversion of it is refused. */
export const unsupportedEcosystems: readonly Ecosystem[] = unsupportedBuilds.map(toEcosystem);

function toEcosystem({ id, title, commands, form }: UnsupportedBuild): Ecosystem {
  const isBuild = (command: ShellCommand): boolean => commands.some((one) => matches(command, one));
  const refusal: Refusal = {
    code: 'language-not-supported',
    reason: `Ballast recognizes a build of ${title} and does not know how to move it to a stage of its own: ${form}`,
  };
  return {
    id,
    title,
    managers: [],
    projectFiles: [],
    readInstall: () => undefined,
    manifests: () => ({ files: [], doubts: [] }),
    isBuild,
    isProjectCommand: isBuild,
    caches: () => [],
    refusal,
    plan: () => refusal,
  };
}

function matches({ name, args }: ShellCommand, { programs, words, argument }: BuildCommand): boolean {
  if (!programs.includes(name ?? '')) {
    return false;
  }
  const texts = args.map((word) => word.value ?? word.text);
  if (texts.length <= 1 && /^(?:--?version|--?help|-v|-V|-h|version|help|)$/.test(texts[0] ?? '')) {
    return false;
  }
  return argument === undefined
    ? words === undefined || texts.some((text) => words.includes(text))
    : texts.some((text) => argument.test(text));
}
