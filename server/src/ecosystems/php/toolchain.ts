import { objectOf } from '../../project/formats/values.ts';
import { joinPath } from '../../project/paths.ts';
import { type Project, unknownProject } from '../../project/project.ts';
import { hasOption, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { withoutIgnored } from '../sent-manifests.ts';
import type { Download, Manifests, Toolchain } from '../toolchain.ts';
import { composer, composerWords } from './composer.ts';
import { readComposer } from './composer-file.ts';
import { developmentNeed, isForDevelopment } from './development.ts';
import { phpFrameworks } from './frameworks.ts';

/** What the official images bring to compile extensions. */
const extensionCommands =
  /^(?:docker-php-(?:ext-(?:install|configure|enable)|source)|install-php-extensions|pecl|pie|phpize)$/;

export const phpToolchain: Toolchain = {
  id: 'php',
  title: 'PHP',
  compilesDependencies: true,
  helpers: ['node'],
  dependencyFolder: 'vendor',

  managers: [composer],
  frameworks: phpFrameworks,
  projectFiles: [],

  readInstall: (command) => composer.parseInstall(command),

  manifests(install, project, directory) {
    const found = composerManifests(project, directory);
    const text = project.reader.read(joinPath(directory, 'composer.json')) ?? '{}';
    const needsSources = sourcesNeeded(install.command, text);
    return found.blocker === undefined && needsSources !== undefined && project.isKnown
      ? { ...found, files: [], blocker: needsSources }
      : found;
  },

  development(_at, install, project, directory, environment) {
    const text = project.reader.read(joinPath(directory, 'composer.json'));
    const found = text === undefined ? undefined : readComposer(text);
    const names = Object.keys(found?.requireDev ?? {});
    if (found === undefined || names.length === 0 || install.omitsDev || isForDevelopment(environment)) {
      return undefined;
    }
    const needed = developmentNeed(found, install.command, project, directory, environment);
    return { names, option: '--no-dev', ...(needed === undefined ? {} : { needed }) };
  },

  download(command, project, directory) {
    if (composer.parseInstall(command) === undefined || hasOption(command, '--no-autoloader')) {
      return undefined;
    }
    const left = ['-o', '-a', '--optimize-autoloader', '--classmap-authoritative', '--no-scripts'];
    const written = [command.nameWord, ...command.args]
      .map((word) => word.text)
      .filter((word) => !left.includes(word));
    const download: Download = {
      ...composerManifests(project, directory),
      command: `${written.join(' ')} --no-scripts --no-autoloader`,
    };
    const doubt =
      'Composer runs a second time behind the sources, for the autoloader and the scripts: it downloads nothing then.';
    return { ...download, doubts: [...download.doubts, doubt] };
  },

  isBuild: () => false,

  isProjectCommand(command) {
    const text = command.args.map((word) => word.text).join(' ');
    return (
      composerWords(command) !== undefined ||
      ['php', 'artisan', 'console'].includes(command.name ?? '') ||
      extensionCommands.test(command.name ?? '') ||
      (['curl', 'wget'].includes(command.name ?? '') && /getcomposer\.org/.test(text))
    );
  },

  isBuildTool: (name) => /^composer(?:\.phar)?$|^install-php-extensions$/.test(name),

  isBuildPackage: (name, project, directory) =>
    /^(?:composer|git|unzip|zip|p7zip(?:-full)?|7zip|\$PHPIZE_DEPS)$/.test(name) ||
    // Beside PHP, Node.js builds what browsers load.
    (/^(?:nodejs|npm|yarn|yarnpkg)$/.test(name) &&
      project.reader.read(joinPath(directory, 'package.json')) !== undefined),

  caches: (at, traits, project = unknownProject) =>
    composer.parseInstall(at.command) === undefined ? [] : composer.caches(at, traits, project),
};

/** True for a command that compiles or switches on an extension of PHP. */
export function isExtensionCommand(command: ShellCommand): boolean {
  return extensionCommands.test(command.name ?? '');
}

/** Why an install needs the sources as well; undefined where the manifests are enough for it. */
function sourcesNeeded(command: ShellCommand, text: string): string | undefined {
  const found = readComposer(text);
  const hooks = ['pre-install-cmd', 'post-install-cmd', 'pre-autoload-dump', 'post-autoload-dump'];
  const hook = hooks.find((name) => found?.scripts[name] !== undefined);
  if (hook !== undefined && !hasOption(command, '--no-scripts')) {
    return `The script “${hook}” runs during the install and reads the project.`;
  }
  const isOptimized =
    hasOption(command, '-o', '-a', '--optimize-autoloader', '--classmap-authoritative') ||
    found?.config['optimize-autoloader'] === true;
  const isMapped = found?.autoload['classmap'] !== undefined;
  return (isOptimized || isMapped) && !hasOption(command, '--no-autoloader')
    ? 'The install looks for classes in the sources.'
    : undefined;
}

function composerManifests(project: Project, directory: ContextPath): Manifests {
  if (!project.isKnown) {
    const files = ['composer.json', 'composer.lock'];
    return { files, doubts: ['The project’s files are not known.'] };
  }
  const text = project.reader.read(joinPath(directory, 'composer.json'));
  const found = text === undefined ? undefined : readComposer(text);
  if (found === undefined) {
    return { files: [], doubts: [], blocker: 'There is no readable composer.json where the install runs.' };
  }
  const folders: string[] = [];
  for (const repository of found.repositories) {
    const { type, url: place } = objectOf(repository);
    const url = type === 'path' ? place : undefined;
    if (url === undefined) {
      continue;
    }
    const folder = typeof url === 'string' ? url.replace(/^\.\//, '').replace(/\/?\*.*|\/$/s, '') : '';
    if (folder === '' || folder.startsWith('/') || folder.includes('..')) {
      return { files: [], doubts: [], blocker: 'composer.json names packages outside of the project.' };
    }
    folders.push(`${folder}/`);
  }
  const has = (name: string): boolean => project.reader.read(joinPath(directory, name)) !== undefined;
  const files = ['composer.json', ...['composer.lock', 'symfony.lock', 'auth.json'].filter(has)];
  const doubts = has('composer.lock')
    ? []
    : ['There is no composer.lock, so that the install may choose other versions.'];
  return withoutIgnored({ files: [...files, ...new Set(folders)], doubts }, project, directory);
}
