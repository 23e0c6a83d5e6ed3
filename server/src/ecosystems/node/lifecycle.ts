import { hasOption } from '../../syntax/shell/script.ts';
import type { ProjectInstall } from '../toolchain.ts';
import type { NodePackage } from './package.ts';

/** Scripts that package managers run by themselves during an install. */
export const lifecycleScripts = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'prepublish',
  'dependencies',
];

/** Scripts of that kind that do nothing with the sources: they set up hooks of git, or check the package manager. */
const harmlessScript =
  /^(?:is-ci \|\| )?(?:husky(?: install)?(?: \S+)?|npx only-allow \w+|only-allow \w+|lefthook install|simple-git-hooks|patch-package|npx patch-package|prisma generate|npx prisma generate|husky(?: install)? \|\| true|husky \|\| exit 0|exit 0|true|echo [^&|;]*)$/;

/** True for a script that reads the project: its sources have to be there when the install runs. */
export function isReadingScript(text: string | undefined): boolean {
  return (
    text !== undefined &&
    text.trim() !== '' &&
    !text.split(/&&|;/).every((part) => harmlessScript.test(part.trim()))
  );
}

/** What an install may read because of a script that runs with it. */
export function scriptDoubts(found: NodePackage, install: ProjectInstall): string[] {
  const script = lifecycleScripts.find((name) => found.scripts[name] !== undefined);
  return script === undefined || hasOption(install.command, '--ignore-scripts')
    ? []
    : [`The script “${script}” runs during the install and may read other files.`];
}
