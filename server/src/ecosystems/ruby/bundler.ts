import { hasOption, operands, type ShellCommand } from '../../syntax/shell/script.ts';
import type { PackageManager } from '../toolchain.ts';

/** Where the official images keep gems, and the settings of Bundler. */
export const gemFolder = '/usr/local/bundle';

/** Bundler. */
export const bundler: PackageManager = {
  id: 'bundle',
  programs: ['bundle', 'bundler'],
  lockFiles: ['Gemfile.lock'],
  settings: ['Gemfile'],
  ownVerbs: /^(?:install|config|clean|cache|lock)$/,
  withoutLock: 'ends',

  parseInstall(command) {
    const [verb] = operands(command);
    const isInstall =
      bundler.programs.includes(command.name ?? '') &&
      (verb === undefined ? command.args.length === 0 : verb.value === 'install') &&
      !hasOption(command, '--gemfile', '--help');
    return isInstall
      ? {
          tool: 'bundle',
          isFrozen: hasOption(command, '--frozen', '--deployment'),
          omitsDev: hasOption(command, '--without'),
          directory: undefined,
        }
      : undefined;
  },

  caches({ command, step }, traits) {
    if (traits?.family !== 'ruby' || hasOption(command, '--path', '--deployment')) {
      return [];
    }
    const { environment } = step.before;
    if (!environment.has('BUNDLE_PATH')) {
      return environment.has('BUNDLE_DEPLOYMENT') || environment.has('GEM_HOME')
        ? []
        : [{ path: `${gemFolder}/cache`, sharing: 'locked' }];
    }
    const path = environment.get('BUNDLE_PATH');
    const release = /^\d+\.\d+/.exec(traits.version ?? '')?.[0];
    return path?.startsWith('/') === true && release !== undefined
      ? [{ path: `${path}/ruby/${release}.0/cache`, sharing: 'locked' }]
      : [];
  },
};

/** RubyGems by itself, which installs by name only. */
export const gem: PackageManager = {
  id: 'gem',
  programs: ['gem'],
  lockFiles: [],
  settings: [],
  ownVerbs: /./,
  parseInstall: () => undefined,
  caches: () => [],
};

/** The settings that `bundle config` commands make: name and value. */
export function bundlerSetting(
  command: ShellCommand,
): { readonly name: string; readonly value: string; readonly isLocal: boolean } | undefined {
  const words = operands(command).map((word) => word.value ?? '');
  if (!['bundle', 'bundler'].includes(command.name ?? '') || words[0] !== 'config') {
    return undefined;
  }
  const [name, ...values] = words.slice(words[1] === 'set' ? 2 : 1);
  return name === undefined || values.length === 0
    ? undefined
    : { name, value: values.join(' '), isLocal: hasOption(command, '--local') };
}
