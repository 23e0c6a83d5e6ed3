import { readGemfile, readGemfileLock } from '../../project/formats/gemfile.ts';
import { joinPath } from '../../project/paths.ts';
import { type Project, unknownProject } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { withoutIgnored } from '../sent-manifests.ts';
import type { Manifests, Toolchain } from '../toolchain.ts';
import { bundler, gem } from './bundler.ts';
import { rubyFrameworks } from './frameworks.ts';

/** Tasks of Rake that make what a browser loads. */
const assetTask = /^(?:assets:precompile|vite:build(?:_all)?|webpacker:compile|shakapacker:compile)\b/;

export const rubyToolchain: Toolchain = {
  id: 'ruby',
  title: 'Ruby',
  compilesDependencies: true,
  helpers: ['node'],

  managers: [bundler, gem],
  frameworks: rubyFrameworks,
  projectFiles: ['.ruby-version', '*.gemspec'],

  readInstall: (command) => bundler.parseInstall(command),

  manifests: (_install, project, directory) => rubyManifests(project, directory),

  isBuild(command) {
    return (
      ['bundle', 'rails', 'rake', 'vite'].includes(command.name ?? '') &&
      command.args.some((word) => assetTask.test(word.value ?? ''))
    );
  },

  isProjectCommand: (command) =>
    ['bundle', 'bundler', 'gem', 'rake', 'rails', 'bootsnap', 'vite'].includes(command.name ?? ''),

  isBuildPackage: (name, project, directory) =>
    /^(?:nodejs|npm|yarn|yarnpkg)$/.test(name) && hasOnlyAssetsInNode(project, directory),

  caches: (at, traits, project = unknownProject) =>
    bundler.parseInstall(at.command) === undefined ? [] : bundler.caches(at, traits, project),
};

/** The names of all gems that Gemfile.lock pins. */
export function lockedGems(project: Project, directory: ContextPath): ReadonlySet<string> {
  return readGemfileLock(project.reader.read(joinPath(directory, 'Gemfile.lock')) ?? '').gems;
}

/** True when a Gemfile.lock is made for Linux as well, so that an install leaves it as it is. */
export function namesLinux(lock: string): boolean {
  return readGemfileLock(lock).platforms.some((name) => /^ruby\b|linux/.test(name));
}

/**
 * True where a lock file names Linux on both of the processors that images are mostly built on: a frozen install stops where it
 * would have to add the one that it runs on.
 */
export function namesEveryLinux(lock: string): boolean {
  const { platforms } = readGemfileLock(lock);
  return (
    platforms.includes('ruby') ||
    [/^x86_64-linux/, /^(?:aarch64|arm64)-linux/].every((form) => platforms.some((name) => form.test(name)))
  );
}

/** In a Rails project Node.js only builds what browsers load, unless a gem runs JavaScript on the server. */
function hasOnlyAssetsInNode(project: Project, directory: ContextPath): boolean {
  const gems = lockedGems(project, directory);
  return gems.has('railties') && !gems.has('execjs') && !gems.has('react_on_rails');
}

function rubyManifests(project: Project, directory: ContextPath): Manifests {
  const files = ['Gemfile', 'Gemfile.lock'];
  if (!project.isKnown) {
    return { files, doubts: ['The project’s files are not known.'] };
  }
  const read = (name: string): string | undefined => project.reader.read(joinPath(directory, name));
  const text = read('Gemfile');
  if (text === undefined) {
    return { files: [], doubts: [], blocker: 'There is no readable Gemfile where the install runs.' };
  }
  const found = readGemfile(text);
  if (found.hasGemspec) {
    return { files: [], doubts: [], blocker: 'The Gemfile reads the project’s own gemspec.' };
  }
  if (found.namesFolders) {
    return { files: [], doubts: [], blocker: 'The Gemfile names folders of the project as gems.' };
  }
  if (found.readsFiles) {
    return { files: [], doubts: [], blocker: 'The Gemfile reads other files of the project.' };
  }
  const version = found.versionFile;
  if (read('Gemfile.lock') === undefined) {
    const doubt = 'There is no Gemfile.lock, so that the install may choose other versions.';
    return withoutIgnored({ files: ['Gemfile'], doubts: [doubt] }, project, directory);
  }
  if (!namesLinux(read('Gemfile.lock') ?? '')) {
    // The install completes the file, and a later copy of the sources would bring the incomplete one back.
    return {
      files: [],
      doubts: [],
      blocker:
        'Gemfile.lock names no platform of Linux, so that the install writes it anew (`bundle lock --add-platform x86_64-linux` adds it).',
    };
  }
  const hasVendored = project.reader.list(joinPath(directory, 'vendor/cache')) !== undefined;
  return withoutIgnored(
    {
      files: [
        ...files,
        ...(version === undefined || read(version) === undefined ? [] : [version]),
        ...(hasVendored ? ['vendor/cache/'] : []),
      ],
      doubts: [],
    },
    project,
    directory,
  );
}
