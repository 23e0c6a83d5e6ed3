import { hasOption, operands, type ShellCommand, type ShellWord } from '../../syntax/shell/script.ts';
import type { PackageManager } from '../toolchain.ts';

/** Composer, also as `php composer.phar`. */
export const composer: PackageManager = {
  id: 'composer',
  programs: ['composer', 'composer.phar'],
  lockFiles: ['composer.lock'],
  settings: ['composer.json', 'symfony.lock', 'auth.json'],
  ownVerbs:
    /^(?:install|update|require|config|clear-cache|clearcache|dump-autoload|dumpautoload|global|self-update)$/,
  quietVerbs: /^(?:clear-cache|clearcache|config|--version)$/,
  omitDevelopment: '--no-dev',

  parseInstall(command) {
    const verb = composerWords(command)?.find((word) => !word.text.startsWith('-'))?.value;
    return verb === 'install' && !hasOption(command, '--help', '--dry-run', '-d', '--working-dir')
      ? { tool: 'composer', isFrozen: true, omitsDev: hasOption(command, '--no-dev'), directory: undefined }
      : undefined;
  },

  caches({ step }, traits) {
    const { variables } = step.before;
    // Composer’s own image has /tmp as its home; elsewhere the home of the user decides.
    const home =
      variables.get('COMPOSER_HOME') ?? (traits?.family === 'composer' ? '/tmp' : '/root/.composer');
    return variables.has('COMPOSER_CACHE_DIR') || !home.startsWith('/') ? [] : [{ path: `${home}/cache` }];
  },
};

/** The words behind `composer`, also for `php composer.phar`; undefined for other commands. */
export function composerWords(command: ShellCommand): readonly ShellWord[] | undefined {
  if (/^composer(?:\.phar)?$/.test(command.name ?? '')) {
    return command.args;
  }
  const [first] = operands(command);
  const isPhp = command.name === 'php' && /(?:^|\/)composer(?:\.phar)?$/.test(first?.value ?? '');
  return isPhp && first !== undefined ? command.args.slice(command.args.indexOf(first) + 1) : undefined;
}
