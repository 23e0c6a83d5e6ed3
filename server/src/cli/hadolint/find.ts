import { basename, dirname, join } from 'node:path';
import {
  type HadolintSettings,
  HadolintSettingsError,
  hadolintEnvironment,
  joinedSettings,
  parseHadolintFile,
} from '../../engine/hadolint/settings.ts';
import { complain } from '../complain.ts';
import { messageOf } from '../discover.ts';
import { UsageError } from '../exit.ts';
import type { CliHost } from '../host.ts';
import { refuseOutside } from '../inside.ts';
import { type Translation, translate } from './translate.ts';

/** hadolint's settings with where they stand, for people. */
export interface FoundSettings {
  readonly source: string;
  readonly settings: HadolintSettings;
}

/**
 * What hadolint would be told here: by the first file that it finds in the working directory or the user's folders,
 * and by its variables. Undefined where there is neither.
 * @throws UsageError when the file cannot be used
 */
export function findHadolintSettings(host: CliHost): FoundSettings | undefined {
  const ofEnvironment = hadolintEnvironment(host.environment);
  const path = pathsOf(host).find((one) => host.files.kindOf(one) === 'file');
  if (path === undefined) {
    return ofEnvironment === undefined ? undefined : { source: 'HADOLINT_…', settings: ofEnvironment };
  }
  const isOwn = dirname(path) === host.workingDirectory;
  const source = isOwn ? basename(path) : path;
  try {
    if (isOwn) {
      refuseOutside(host.files, host.workingDirectory, path);
    }
    const settings = parseHadolintFile(new TextDecoder().decode(host.files.read(path)));
    return {
      source,
      settings: ofEnvironment === undefined ? settings : joinedSettings(ofEnvironment, settings),
    };
  } catch (error) {
    throw new UsageError(
      `${source}: ${error instanceof HadolintSettingsError ? error.message : messageOf(error)}`,
    );
  }
}

/** The same for Ballast; what it cannot follow is said on standard error. @throws UsageError */
export function translatedSettings(host: CliHost): Translation | undefined {
  const found = findHadolintSettings(host);
  if (found === undefined) {
    return undefined;
  }
  const translation = translate(found.settings);
  if (translation.unmapped.length > 0) {
    complain(
      host,
      `${found.source}: nothing here stands for ${translation.unmapped.join(', ')}; \`ballast migrate hadolint\` shows what maps to what`,
    );
  }
  return translation;
}

/** Where hadolint looks, in its order. */
function pathsOf({ workingDirectory, environment }: CliHost): string[] {
  const home = environment['HOME'];
  const config = environment['XDG_CONFIG_HOME'] ?? (home === undefined ? undefined : join(home, '.config'));
  const both = (folder: string | undefined, name: string): string[] =>
    folder === undefined || folder === '' ? [] : [join(folder, `${name}.yaml`), join(folder, `${name}.yml`)];
  const own = home === undefined ? undefined : join(home, '.hadolint');
  return [
    ...both(workingDirectory, '.hadolint'),
    ...both(config, 'hadolint'),
    ...both(own, 'hadolint'),
    ...both(own, 'config'),
    ...both(home, '.hadolint'),
  ];
}
