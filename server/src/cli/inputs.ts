import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { type Config, defaultConfig, type ProjectConfig } from '../engine/config.ts';
import { isShellCheckName } from '../engine/shell-checks.ts';
import type { BuildContexts } from '../project/locate.ts';
import { rules } from '../rules/index.ts';
import { once } from '../text/memoize.ts';
import { type RuleFlags, withChosenRules } from './chosen-rules.ts';
import { complain } from './complain.ts';
import { findDockerfiles, messageOf } from './discover.ts';
import { UsageError } from './exit.ts';
import { type Limits, limitsOf } from './gates/budgets.ts';
import { translatedSettings } from './hadolint/find.ts';
import type { Translation } from './hadolint/translate.ts';
import type { CliHost } from './host.ts';
import { refuseOutside } from './inside.ts';
import { ProjectFileError, ProjectFiles } from './project-file.ts';
import { type FileFailure, standardInputName } from './results.ts';
import { noSuchRule } from './rule-names.ts';

/** What `check` and `fix` are asked to read. */
export interface InputOptions extends RuleFlags {
  readonly paths: readonly string[];
  readonly config?: string;
}

/** One Dockerfile to work on. */
export interface Input {
  /** Absolute path; undefined for standard input. */
  readonly path: string | undefined;
  /** The path as people see it. */
  readonly name: string;
  /** @throws FileError */
  readonly bytes: () => Promise<Uint8Array>;
  /** @throws UsageError when the project file cannot be used. */
  readonly config: () => Config;
  /** Folders in which Dockerfiles are built, as the project file says. @throws UsageError when it cannot be used. */
  readonly buildContexts: () => BuildContexts;
  /** The limits that the project file sets for it. @throws UsageError when it cannot be used. */
  readonly limits: () => Limits;
  /** What hadolint's settings say of it, where they hold. @throws UsageError when they cannot be used. */
  readonly hadolint: () => Translation | undefined;
}

/** A project file that was read, or what holds where there is none. */
interface Settings {
  readonly config: ProjectConfig;
  /** Absolute path of the folder to which its paths are relative. */
  readonly folder: string;
  /** hadolint's settings, where they are what is followed. */
  readonly hadolint?: Translation;
}

/**
 * Finds the Dockerfiles that the arguments name.
 * @throws UsageError when --config cannot be used, or there is no rule of a name.
 */
export function findInputs(
  host: CliHost,
  options: InputOptions,
): { inputs: Input[]; failures: FileFailure[]; hadolint: Translation | undefined } {
  // A wrong name is said once, not for each file.
  withChosenRules(defaultConfig, options);
  const projectFiles = new ProjectFiles(host.files);
  const given =
    options.config === undefined ? undefined : readGivenConfig(host, projectFiles, options.config);
  const hadolint = given === undefined ? once(() => translatedSettings(host)) : () => undefined;
  const settingsOf = (
    folder: string,
    path?: string,
  ): Pick<Input, 'config' | 'buildContexts' | 'limits' | 'hadolint'> => {
    const settings = (): Settings => given ?? nearestConfig(host, projectFiles, folder, hadolint);
    return {
      hadolint: () => settings().hadolint,
      config: () => withChosenRules(settings().config, options),
      buildContexts: () => ({ folder: settings().folder, contexts: settings().config.buildContexts }),
      limits: () => {
        const { config, folder: root } = settings();
        const name = path === undefined ? standardInputName : relative(root, path).split(sep).join('/');
        return limitsOf(config.budgets, name);
      },
    };
  };
  const inputs: Input[] = [];
  if (options.paths.includes('-')) {
    inputs.push({
      path: undefined,
      name: standardInputName,
      bytes: () => host.readStandardInput(),
      ...settingsOf(host.workingDirectory),
    });
  }
  const paths = options.paths.filter((path) => path !== '-');
  const found = findDockerfiles(host.files, host.workingDirectory, paths);
  for (const path of found.dockerfiles) {
    inputs.push({
      path,
      name: displayPath(host, path),
      bytes: async () => {
        refuseOutside(host.files, host.workingDirectory, path);
        return host.files.read(path);
      },
      ...settingsOf(dirname(path), path),
    });
  }
  const failures = found.failures.map((failure) => ({ ...failure, path: displayPath(host, failure.path) }));
  const isOwn = projectFiles.pathFor(host.workingDirectory) === undefined;
  return { inputs, failures, hadolint: isOwn ? hadolint() : undefined };
}

/** A path relative to the working directory, with `/`; absolute where it lies elsewhere. */
export function displayPath(host: CliHost, path: string): string {
  const below = relative(host.workingDirectory, path);
  const shown = below === '..' || below.startsWith(`..${sep}`) || isAbsolute(below) ? path : below;
  return shown.split(sep).join('/');
}

/** Text of a file as the engine reads it: without byte order mark, bytes that are not UTF-8 replaced. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function readGivenConfig(host: CliHost, projectFiles: ProjectFiles, file: string): Settings {
  const path = resolve(host.workingDirectory, file);
  if (host.files.kindOf(path) === 'missing') {
    throw new UsageError(`${file}: no such file or folder`);
  }
  return readConfig(host, projectFiles, file, path);
}

function nearestConfig(
  host: CliHost,
  projectFiles: ProjectFiles,
  folder: string,
  settings: () => Translation | undefined,
): Settings {
  const path = projectFiles.pathFor(folder);
  if (path === undefined) {
    const hadolint = settings();
    if (hadolint === undefined) {
      return { config: defaultConfig, folder };
    }
    return { config: { ...defaultConfig, ...hadolint.config }, folder, hadolint };
  }
  const name = displayPath(host, path);
  try {
    refuseOutside(host.files, host.workingDirectory, path);
  } catch (error) {
    throw new UsageError(`${name}: ${messageOf(error)}`);
  }
  return readConfig(host, projectFiles, name, path);
}

/** Reads a project file, and says once which of its rules there are not. */
function readConfig(host: CliHost, projectFiles: ProjectFiles, name: string, path: string): Settings {
  try {
    const isFirst = !projectFiles.hasRead(path);
    const config = projectFiles.read(path);
    for (const rule of isFirst ? Object.keys(config.rules) : []) {
      if (
        !isShellCheckName(rule) &&
        !rules.some(({ meta }) => meta.id === rule || meta.aliases.includes(rule))
      ) {
        complain(host, `${name}: ${noSuchRule(rules, rule)}`);
      }
    }
    return { config, folder: dirname(path) };
  } catch (error) {
    throw new UsageError(`${name}: ${error instanceof ProjectFileError ? error.message : messageOf(error)}`);
  }
}
