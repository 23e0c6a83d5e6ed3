import { joinPath } from '../../project/paths.ts';
import { folderCopy } from '../node/plan-parts.ts';
import { nodeToolchain } from '../node/toolchain.ts';
import type {
  CommandChange,
  PlanInput,
  PlannedInstruction,
  Refusal,
  RuntimeCopy,
  RuntimePlan,
} from '../runtime-plan.ts';
import { foreignBase } from '../smaller-base.ts';
import { readSources } from '../source-text.ts';
import { bringsSources } from '../sources-first.ts';
import type { ProjectInstall } from '../toolchain.ts';
import { composer, composerWords } from './composer.ts';
import { readComposer } from './composer-file.ts';
import { phpFrameworks } from './frameworks.ts';
import { isExtensionCommand, phpToolchain } from './toolchain.ts';

/** Where the official images keep compiled extensions, and the settings that load them. */
const extensionFolders = ['/usr/local/lib/php/extensions', '/usr/local/etc/php/conf.d'];

/** Converts a PHP project: Composer and compilers stay in the builder, extensions and packages are taken over. */
export function planPhp(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, traits, workdir, baseName } = input;
  const text = project.reader.read(joinPath(directory, 'composer.json'));
  const found = text === undefined ? undefined : readComposer(text);
  if (traits?.family !== 'php') {
    return {
      code: 'base-image-unknown',
      reason: foreignBase('PHP', input),
    };
  }
  if (found === undefined || input.installs.length === 0) {
    return {
      code: 'manifest-unreadable',
      reason: 'There is no readable composer.json where the install runs.',
    };
  }
  if (found.config['vendor-dir'] !== undefined) {
    return { code: 'install-layout-unknown', reason: 'Composer is told to install to a folder of its own.' };
  }
  if (usesComposer(input)) {
    return {
      code: 'starts-through-build-tool',
      reason: 'The container starts through Composer, which the final image would not have.',
    };
  }
  const developers = Object.keys(found.requireDev).length;
  const copiesAll = bringsSources(input);
  const compiles = input.commands.some(({ command }) => isExtensionCommand(command));
  const written = writtenFolders(input, Object.keys(found.require));
  const installs = input.installs.filter(({ tool }) => tool === composer.id);
  const dropsDev = installs.length > 0 && installs.every((install) => canOmitDevelopment(input, install));
  return {
    base: baseName,
    content: copiesAll ? 'built' : 'sources',
    packages: [],
    // As root Composer loads the plugins of a project only where it is told to; without symfony/runtime nothing starts.
    builderStart: runsAsUser(input) ? [{ kind: 'env', values: { COMPOSER_ALLOW_SUPERUSER: '1' } }] : [],
    builderEnd: copiesAll ? modulesRemoval(input) : [],
    change: (at) => changeInstall(at, input, dropsDev),
    copies: [
      ...(compiles ? extensionFolders.map(folder) : []),
      copiesAll ? folder(workdir) : folderCopy(workdir, 'vendor'),
    ],
    start: undefined,
    writtenFolders: written,
    needless: [
      'Composer and what it needs',
      ...(compiles ? ['the headers that extensions are compiled with'] : []),
      ...(dropsDev ? [`${developers} development ${developers === 1 ? 'package' : 'packages'}`] : []),
    ],
    assumptions: [...(dropsDev ? ['The program loads no package of require-dev.'] : [])],
  };
}

/** True where an install brings packages for development, and nothing needs them. */
function canOmitDevelopment(
  { project, directory, stage, commands }: PlanInput,
  install: ProjectInstall,
): boolean {
  const at = commands.find(({ command }) => command === install.command);
  const found =
    at === undefined
      ? undefined
      : phpToolchain.development?.(at, install, project, directory, stage.end.environment);
  return found !== undefined && found.needed === undefined && found.loaded === undefined;
}

/** True where a user other than root runs Composer in the old stage: in the builder it is root. */
function runsAsUser({ commands, stage }: PlanInput): boolean {
  return (
    !stage.end.environment.has('COMPOSER_ALLOW_SUPERUSER') &&
    commands.some(
      ({ command, step }) =>
        composerWords(command) !== undefined && !/^(?:root|0)(?::|$)/.test(step.before.user ?? 'root'),
    )
  );
}

function folder(path: string): RuntimeCopy {
  return { from: path, to: path, isFile: false };
}

/** True when the start command, or a script that it runs, calls Composer. */
function usesComposer({ start, project, directory }: PlanInput): boolean {
  const script = start.words.map((word) => word.replace(/^.*\//, '')).find((word) => word.endsWith('.sh'));
  const places = ['', 'docker/', '.docker/', 'scripts/', 'bin/'];
  const text = places
    .map((place) =>
      script === undefined ? undefined : project.reader.read(joinPath(directory, place + script)),
    )
    .find((one) => one !== undefined);
  return (
    start.words.includes('composer') || /^[ \t]*(?:exec )?(?:php )?\S*composer(?:\.phar)? /m.test(text ?? '')
  );
}

function writtenFolders(
  { stage, workdir, project, directory }: PlanInput,
  names: readonly string[],
): string[] {
  const base = stage.end.workdir ?? workdir;
  return phpFrameworks
    .filter((one) => names.some((name) => one.package instanceof RegExp && one.package.test(`"${name}"`)))
    .flatMap(({ writes }) => writes ?? [])
    .filter((name) => name === 'var' || project.reader.list(joinPath(directory, name)) !== undefined)
    .map((name) => `${base}/${name}`);
}

/** Composer gets its cache, and leaves the packages for development out. */
function changeInstall(
  at: Parameters<RuntimePlan['change']>[0],
  input: PlanInput,
  dropsDev: boolean,
): CommandChange | undefined {
  const caches = [
    ...phpToolchain.caches(at, input.traits),
    ...nodeToolchain.caches(at, input.traits, input.project),
  ];
  const words = composerWords(at.command);
  const verb = words?.find((word) => !word.text.startsWith('-'));
  const isPlain = at.command.redirects.length === 0 && at.command.wrapper === undefined;
  const takesDev = ['install', 'dump-autoload', 'dumpautoload'].includes(verb?.value ?? '');
  const has = words?.some((word) => ['--no-dev', '--dev'].includes(word.text)) === true;
  if (!dropsDev || !isPlain || !takesDev || has || verb === undefined) {
    return caches.length === 0 ? undefined : { caches };
  }
  const { assignments, nameWord, args } = at.command;
  const written = [
    ...assignments.map((one) => `${one.name}=${one.value ?? ''}`),
    ...[nameWord, ...args].map((word) => (word === verb ? `${word.text} --no-dev` : word.text)),
  ];
  return assignments.every((one) => /^[\w./-]*$/.test(one.value ?? '$'))
    ? { text: written.join(' '), caches }
    : { caches };
}

/** The modules of Node.js that built what browsers load, unless a server of Node.js runs as well. */
function modulesRemoval({ project, directory, commands }: PlanInput): PlannedInstruction[] {
  const installs = commands.some(({ command }) => nodeToolchain.readInstall(command) !== undefined);
  const sources = installs ? readSources(project, directory, /\.php$/) : '';
  return installs && !/node_modules/.test(sources)
    ? [{ kind: 'run', commands: ['rm -rf node_modules'] }]
    : [];
}
