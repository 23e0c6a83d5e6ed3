import { joinImage } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import { table } from '../../text/table.ts';
import { nodeToolchain } from '../node/toolchain.ts';
import type { PlanInput, Refusal, RuntimeCopy, RuntimePlan } from '../runtime-plan.ts';
import { foreignBase, smallerBase } from '../smaller-base.ts';
import { readSources } from '../source-text.ts';
import { bringsSources } from '../sources-first.ts';
import { bundlerSetting, gemFolder } from './bundler.ts';
import { lockedGems, namesEveryLinux, namesLinux, rubyToolchain } from './toolchain.ts';

/** Programs that the full image has and the slim one lacks. */
const fullImageTools = [
  'curl',
  'wget',
  'git',
  'make',
  'gcc',
  'ssh',
  'unzip',
  'convert',
  'identify',
  'python3',
];

/** Gems that load a library of the system, by the Debian package of its headers. */
const libraries: Readonly<Record<string, string>> = table({
  pg: 'libpq-dev',
  mysql2: 'default-libmysqlclient-dev',
  rmagick: 'libmagickwand-dev',
  curb: 'libcurl4-openssl-dev',
  typhoeus: 'libcurl4-openssl-dev',
  charlock_holmes: 'libicu-dev',
  'ruby-ldap': 'libldap2-dev',
});

/** Gems that load or call what only the full image has, in ways that no single package brings back. */
const systemUsers = [
  'tiny_tds',
  'wkhtmltopdf-binary',
  'wicked_pdf',
  'grover',
  'ruby-filemagic',
  'snappy',
  'rugged',
];

/** Settings of Bundler that also hold while the program runs. */
const lastingSettings: Readonly<Record<string, string>> = table({
  without: 'BUNDLE_WITHOUT',
  with: 'BUNDLE_WITH',
  path: 'BUNDLE_PATH',
  deployment: 'BUNDLE_DEPLOYMENT',
  frozen: 'BUNDLE_FROZEN',
});

/** Takes a Ruby project apart: gems are compiled where the compilers are, and taken over as they lie. */
export function planRuby(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, traits, workdir } = input;
  const { environment } = input.stage.end;
  const gemfile = project.reader.read(joinPath(directory, 'Gemfile'));
  const lock = project.reader.read(joinPath(directory, 'Gemfile.lock'));
  if (traits?.family !== 'ruby') {
    return {
      code: 'base-image-unknown',
      reason: foreignBase('Ruby', input),
    };
  }
  if (gemfile === undefined || lock === undefined) {
    return {
      code: 'manifest-unreadable',
      reason: 'There is no readable Gemfile with a Gemfile.lock where the install runs.',
    };
  }
  const copiesAll = bringsSources(input);
  // What `bundle install` adds to the lock file comes along only with the whole folder.
  if (!namesLinux(lock) && !copiesAll) {
    return {
      code: 'manifest-unreadable',
      reason: 'Gemfile.lock names no platform of Linux (`bundle lock --add-platform x86_64-linux` adds it).',
    };
  }
  if (['GEM_HOME', 'GEM_PATH'].some((name) => environment.has(name))) {
    return { code: 'install-layout-unknown', reason: 'The stage sets another folder for gems.' };
  }
  const gems = lockedGems(project, directory);
  const isRails = gems.has('railties');
  const isProduction = ['RAILS_ENV', 'RACK_ENV', 'APP_ENV'].some(
    (name) => environment.get(name) === 'production',
  );
  if (isRails && !isProduction && input.facts.isMounted(input.stage.end.workdir ?? workdir)) {
    return {
      code: 'for-development',
      reason: 'RAILS_ENV is not production here, and the sources are mounted: it is for development.',
      isForDevelopment: true,
    };
  }
  const user = systemUsers.find((name) => gems.has(name));
  const isFull = traits.variant === 'full';
  if (isFull && user !== undefined) {
    return {
      code: 'libraries-unknown',
      reason: `The gem ${user} uses libraries or programs of the system, and which is not known.`,
    };
  }
  const base = smallerBase(input, fullImageTools, usesFullImage(input));
  const added = base === input.baseName ? [] : systemPackages(gems, input);
  if (added === undefined) {
    return {
      code: 'libraries-unknown',
      reason: 'A gem uses a library whose package is not known for this system.',
    };
  }
  const gemsAt = gemFolders(input);
  if (gemsAt === undefined) {
    return { code: 'output-unknown', reason: 'Which folder the gems are installed to is not known.' };
  }
  const own = ownSettings(input, gemfile, lock, isProduction);
  const kept = settingsOfCommands(input);
  const end = copiesAll ? builderEnd(input, gems) : [];
  return {
    base,
    content: copiesAll ? 'built' : 'sources',
    packages: added,
    builderStart: [{ kind: 'env', values: own }],
    builderEnd: [{ kind: 'run', commands: end }],
    builderEndComment: isProduction
      ? 'Make it start faster, and leave only what runs in production'
      : 'Make it start faster',
    change: (at) => {
      const caches = [
        ...rubyToolchain.caches(at, traits),
        ...nodeToolchain.caches(at, traits, input.project),
      ];
      return caches.length === 0 ? undefined : { caches };
    },
    copies: [
      ...gemsAt.filter((path) => !copiesAll || !isBelow(path, workdir)).map(folder),
      ...(copiesAll ? [folder(workdir)] : []),
    ],
    beforeCopies: [{ kind: 'env', values: { ...kept, ...own } }],
    start: undefined,
    writtenFolder: !isRails && writesBeside(input) ? (input.stage.end.workdir ?? workdir) : undefined,
    writtenFolders: isRails ? railsFolders(input) : [],
    needless: [
      ...(base === input.baseName ? [] : ['compilers and headers']),
      ...('BUNDLE_WITHOUT' in own ? ['the gems for development and tests'] : []),
    ],
    assumptions: [
      ...('BUNDLE_WITHOUT' in own
        ? ['The program loads no gem that the Gemfile names for development or tests only.']
        : []),
      ...(base === input.baseName
        ? []
        : [
            `No gem needs a library or program that ${base} lacks${added.length > 0 ? `, ${added.join(', ')} aside` : ''}.`,
          ]),
    ],
  };
}

function folder(path: string): RuntimeCopy {
  return { from: path, to: path, isFile: false };
}

function isBelow(path: string, parent: string): boolean {
  return `${path}/`.startsWith(`${parent}/`);
}

/** The folders that hold gems and Bundler's settings; undefined where that is hidden. */
function gemFolders(input: PlanInput): string[] | undefined {
  const { environment } = input.stage.end;
  const fromCommands = input.commands.flatMap(({ command }) => {
    const setting = bundlerSetting(command);
    return setting?.name === 'path' ? [setting.value] : [];
  });
  if (input.commands.some(({ command }) => command.args.some((word) => word.text.startsWith('--path')))) {
    return undefined;
  }
  const isDeployment =
    environment.has('BUNDLE_DEPLOYMENT') ||
    input.commands.some(
      ({ command }) =>
        bundlerSetting(command)?.name === 'deployment' ||
        (rubyToolchain.readInstall(command) !== undefined &&
          command.args.some((word) => word.text === '--deployment')),
    );
  const named = environment.has('BUNDLE_PATH') ? [environment.get('BUNDLE_PATH')] : fromCommands;
  const paths = named.length > 0 ? named : isDeployment ? ['vendor/bundle'] : [];
  if (paths.some((path) => path === undefined || path.startsWith('~') || path.includes('$'))) {
    return undefined;
  }
  const absolute = paths.map((path) =>
    path?.startsWith('/') === true ? path : joinImage(input.workdir, path ?? ''),
  );
  return [...new Set([gemFolder, ...absolute])];
}

/** What `bundle config` sets in the home of root, which another user does not read. */
function settingsOfCommands(input: PlanInput): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const { command } of input.commands) {
    const setting = bundlerSetting(command);
    const variable = setting === undefined ? undefined : lastingSettings[setting.name];
    if (setting !== undefined && variable !== undefined && !setting.isLocal) {
      settings[variable] = variable.startsWith('BUNDLE_WITH')
        ? setting.value.trim().replace(/[\s:]+/g, ':')
        : setting.value;
    }
  }
  return settings;
}

/** Settings that a production image has: nothing but what the lock file pins, without the groups for development. */
function ownSettings(
  input: PlanInput,
  gemfile: string,
  lock: string,
  isProduction: boolean,
): Record<string, string> {
  const { environment } = input.stage.end;
  const isSet = (name: string): boolean =>
    environment.has(`BUNDLE_${name.toUpperCase()}`) ||
    input.commands.some(
      ({ command }) =>
        bundlerSetting(command)?.name === name ||
        (rubyToolchain.readInstall(command) !== undefined &&
          command.args.some((word) => word.text.startsWith(`--${name}`))),
    );
  const hasGroups = /^[ \t]*(?:group\b.*|gem\b.*\bgroups?:?.*):(?:development|test)\b/m.test(gemfile);
  const changesLock = input.commands.some(
    ({ command }) =>
      ['bundle', 'bundler'].includes(command.name ?? '') &&
      ['add', 'lock', 'remove', 'update'].includes(command.args[0]?.value ?? ''),
  );
  const isFrozen = isSet('frozen') || isSet('deployment');
  return {
    ...(isInStep(gemfile, lock) && namesEveryLinux(lock) && !isFrozen && !changesLock
      ? { BUNDLE_FROZEN: '1' }
      : {}),
    ...(isProduction && hasGroups && !isSet('without') && !isSet('with') && !isSet('only')
      ? { BUNDLE_WITHOUT: 'development:test' }
      : {}),
  };
}

/** True when Gemfile.lock knows every gem that the Gemfile names. */
function isInStep(gemfile: string, lock: string): boolean {
  const dependencies = /^DEPENDENCIES\r?\n((?: {2}.*\r?\n?)*)/m.exec(lock)?.[1] ?? '';
  const known = new Set([...dependencies.matchAll(/^ {2}([\w.-]+)/gm)].map((match) => match[1]));
  return [...gemfile.matchAll(/^[ \t]*gem[ \t]*(?:\(\s*)?["']([\w.-]+)["']/gm)].every((match) =>
    known.has(match[1]),
  );
}

/** The packages that the gems need beyond the slim image; undefined where one is not known. */
function systemPackages(gems: ReadonlySet<string>, input: PlanInput): string[] | undefined {
  const found: string[] = [];
  for (const [gem, headers] of Object.entries(libraries)) {
    const packages = gems.has(gem) ? input.facts.runTimeLibraries(headers) : [];
    if (packages === undefined) {
      return undefined;
    }
    found.push(...packages);
  }
  if (gems.has('mini_magick') && !input.packages.some((name) => /^(?:lib)?vips|magick/.test(name))) {
    found.push('imagemagick');
  }
  return [...new Set(found)].filter((one) => !input.packages.includes(one));
}

function usesFullImage({ project, directory }: PlanInput): boolean {
  const sources = readSources(project, directory, /\.(?:rb|ru|rake)$/);
  const calls = sources.matchAll(
    /(?:\bsystem\(?|\bspawn\(?|\bexec\(?|Open3\.\w+\(?|%x[([{])\s*["'`]?([\w./-]+)|`([\w./-]+) /g,
  );
  return [...calls].some((call) => fullImageTools.includes((call[1] ?? call[2] ?? '').replace(/^.*\//, '')));
}

/** True when the program keeps a database or files beside its code, as far as its sources tell. */
function writesBeside({ project, directory }: PlanInput): boolean {
  const sources = readSources(project, directory, /\.(?:rb|ru|yml)$/);
  return /SQLite3::Database|\bsqlite:\/\/|adapter:\s*["']?sqlite3|File\.write|File\.open\([^)\n]*["'][wa]b?\+?["']|PStore\.new|YAML::Store/.test(
    sources,
  );
}

/** The folders that Rails writes to while it runs. */
function railsFolders({ project, directory, stage, workdir }: PlanInput): string[] {
  const database = project.reader.read(joinPath(directory, 'config/database.yml')) ?? '';
  const names = [...(/sqlite3/.test(database) ? ['db'] : []), 'log', 'storage', 'tmp'];
  return names.map((name) => joinImage(stage.end.workdir ?? workdir, name));
}

/** What a build of a Rails project ends with: its own cache for a fast start, and nothing that only browsers' code needed. */
function builderEnd(input: PlanInput, gems: ReadonlySet<string>): string[] {
  const { project, directory, commands } = input;
  const calls = (text: string): boolean =>
    commands.some(({ command }) => command.name === text || command.args.some((word) => word.text === text));
  const folders = ['app', 'lib'].filter(
    (name) => project.reader.list(joinPath(directory, name)) !== undefined,
  );
  const isCompiled = gems.has('bootsnap') && gems.has('railties') && folders.length > 0 && !calls('bootsnap');
  const hasModules =
    project.reader.read(joinPath(directory, 'package.json')) !== undefined &&
    commands.some(({ command }) => ['npm', 'yarn', 'pnpm', 'bun'].includes(command.name ?? ''));
  const steps = [
    ...(isCompiled
      ? [`bundle exec bootsnap precompile --gemfile ${folders.map((name) => `${name}/`).join(' ')}`]
      : []),
    ...(hasModules && !gems.has('execjs') ? ['rm -rf node_modules'] : []),
  ];
  return steps;
}
