import type { ImageTraits } from '../../images/knowledge.ts';
import { joinImage } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import type { CommandChange, PlanInput, Refusal, RuntimeCopy, RuntimePlan } from '../runtime-plan.ts';
import { smallerBase } from '../smaller-base.ts';
import { readSources } from '../source-text.ts';
import { node } from './index.ts';
import { loadedForDevelopment } from './loads.ts';
import { isLockInStep, lifecycleScripts } from './manifests.ts';
import { keepsModules, type NodePackage, readNodePackage, yarnVersion } from './package.ts';
import { readNodeRuntime } from './runtime.ts';
import { baseName, type NodeStart, resolveStart } from './start.ts';
import { planStaticSite } from './static-site.ts';
import { planWorkspace } from './workspace-plan.ts';
import { readWorkspaces } from './workspaces.ts';

/** Programs that the full image has and the slim one lacks. */
export const fullImageTools = [
  'curl',
  'wget',
  'git',
  'python',
  'python3',
  'make',
  'gcc',
  'ssh',
  'unzip',
  'convert',
];

/** Dependencies that keep a browser outside of the project's folder. */
export const browserPackages = ['puppeteer', 'playwright', 'cypress', '@playwright/test', 'electron'];

/** Dependencies that call programs which only the full image has. */
const gitPackages = [
  'simple-git',
  'nodegit',
  'gitlog',
  'isomorphic-git-cli',
  'youtube-dl-exec',
  'gm',
  'imagemagick',
];

/** Takes a Node.js project apart: what was built and the production dependencies run on the slim variant of the same image. */
export function planNode(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory } = input;
  const found = readNodePackage(project, directory);
  if (found === undefined) {
    return { reason: 'There is no readable package.json where the build runs.' };
  }
  const isPnpm =
    project.reader.read(joinPath(directory, 'pnpm-workspace.yaml'))?.includes('packages:') === true;
  const hasWorkspaces = found.hasWorkspaces || isPnpm;
  const workspaces = hasWorkspaces ? readWorkspaces(project, directory, found) : [];
  if (workspaces === undefined) {
    return { reason: 'The project has workspaces, and where they lie is not understood.' };
  }
  const start = resolveStart(input.start, found, workspaces);
  if ('reason' in start) {
    return start;
  }
  if (hasWorkspaces) {
    return planWorkspace(input, found, start, workspaces);
  }
  if (start.kind === 'site') {
    return planStaticSite(input, found, start);
  }
  const browser = browserPackages.find((name) => found.dependencies[name] !== undefined);
  if (browser !== undefined) {
    return { reason: `The dependency ${browser} keeps a browser outside of the project’s folder.` };
  }
  const standalone = start.kind === 'next' ? readNextConfig(input) : 'server';
  if (typeof standalone === 'object') {
    return standalone;
  }
  return standalone === 'standalone' ? planStandalone(input, found, start) : planServer(input, found, start);
}

function planServer(input: PlanInput, found: NodePackage, start: NodeStart): RuntimePlan | Refusal {
  const { project, directory, workdir } = input;
  const tool = toolOf(input);
  const runtime = readNodeRuntime(project, directory, workdir, start);
  const developers = Object.keys(found.devDependencies).length;
  const isPruned =
    developers === 0 ||
    input.installs.some((install) => install.omitsDev) ||
    input.commands.some(({ command }) => command.args.some((word) => word.text === 'prune')) ||
    input.commands.some(
      ({ step, command }) =>
        node.readInstall(command) !== undefined &&
        step.before.environment.get('NODE_ENV') === 'production' &&
        !command.args.some(({ text }) => /^--(?:prod(?:uction)?=false|include=dev)$/.test(text)),
    );
  const loaded = isPruned ? undefined : loadedForDevelopment(project, directory, workdir, start, found);
  const hasModules = Object.keys(found.dependencies).length > 0 || loaded !== undefined;
  const isKept = isPruned || loaded !== undefined;
  const prune = isKept
    ? []
    : pruneCommand(tool, found, project, directory, input.installs[0]?.command, input.traits);
  if (!Array.isArray(prune)) {
    return prune;
  }
  const selfContained = runtime.outputs !== 'everything' && runtime.outputs[0]?.path === '.output';
  const manager = missingManager(input, start);
  if (manager !== undefined) {
    return manager;
  }
  const cleanNext = start.kind === 'next' ? [`rm -rf .next/cache`] : [];
  const prisma = found.dependencies['@prisma/client'] !== undefined;
  const base = smallerBase(input, fullImageTools, usesFullImage(input, found));
  const packages =
    prisma && base !== input.baseName && /slim/.test(base) && !input.packages.includes('openssl')
      ? ['openssl']
      : [];
  const end = selfContained ? [] : [...prune, ...cleanNext];
  return {
    base,
    content: 'built',
    packages,
    builderStart: [],
    builderEnd: end.length === 0 ? [] : [`RUN ${end.join(' && ')}`],
    change: (at) => changeInstall(at, input, tool),
    copies:
      runtime.outputs === 'everything'
        ? [{ from: workdir, to: workdir, isFile: false }]
        : [
            ...(selfContained ? [] : [fileCopy(workdir, 'package.json')]),
            ...(hasModules && !selfContained ? [folderCopy(workdir, 'node_modules')] : []),
            ...runtime.outputs.map((one) =>
              one.isFile ? fileCopy(workdir, one.path) : folderCopy(workdir, one.path, one.path === '.next'),
            ),
          ],
    beforeCopies: input.stage.end.environment.has('NODE_ENV') ? [] : ['ENV NODE_ENV=production'],
    afterCopies: [],
    start: start.isPlain && start.manager !== undefined ? start.words : undefined,
    needless: [
      ...(developers > 0 && !isKept
        ? [`${developers} development ${developers === 1 ? 'dependency' : 'dependencies'}`]
        : []),
      ...(runtime.outputs === 'everything' ? [] : ['the sources']),
    ],
    assumptions: [
      ...runtime.assumptions,
      ...(start.kind === 'next'
        ? [
            'The server needs all production dependencies. With `output: "standalone"` in next.config it would take only those that it loads, mostly less than half.',
          ]
        : []),
      ...(loaded === undefined
        ? []
        : [
            `The development dependencies stay: ${loaded.file} loads ${loaded.names[0]}, which belongs to \`dependencies\`.`,
          ]),
      ...baseAssumption(input, base),
    ],
  };
}

/** Next.js in its own form for containers: a server with only the modules it needs. */
function planStandalone(input: PlanInput, found: NodePackage, start: NodeStart): RuntimePlan {
  const { workdir, project, directory } = input;
  const port = optionValue(start.words, '-p', '--port');
  const hasPublic = project.reader.list(joinPath(directory, 'public')) !== undefined;
  const base = smallerBase(input, fullImageTools, usesFullImage(input, found));
  const environment = input.stage.end.environment;
  return {
    base,
    content: 'built',
    packages: [],
    builderStart: [],
    builderEnd: [],
    change: (at) => changeInstall(at, input, toolOf(input)),
    copies: [
      { from: joinImage(workdir, '.next/standalone'), to: workdir, isFile: false, isWritten: true },
      { from: joinImage(workdir, '.next/static'), to: joinImage(workdir, '.next/static'), isFile: false },
      ...(hasPublic ? [folderCopy(workdir, 'public')] : []),
    ],
    beforeCopies: [
      ...(environment.has('NODE_ENV') ? [] : ['ENV NODE_ENV=production']),
      ...(environment.has('HOSTNAME') ? [] : ['ENV HOSTNAME=0.0.0.0']),
      ...(port === undefined || environment.has('PORT') ? [] : [`ENV PORT=${port}`]),
    ],
    afterCopies: [],
    start: ['node', 'server.js'],
    needless: ['all modules that the server does not load', 'the sources'],
    assumptions: [
      'next.config says `output: "standalone"`: the server and the modules it loads lie in .next/standalone.',
      ...baseAssumption(input, base),
    ],
  };
}

/** How Next.js is configured, as far as it decides what runs. */
function readNextConfig({ project, directory }: PlanInput): 'standalone' | 'server' | Refusal {
  for (const ending of ['js', 'mjs', 'cjs', 'ts', 'mts']) {
    const text = project.reader.read(joinPath(directory, `next.config.${ending}`));
    if (text === undefined) {
      continue;
    }
    const plain = text.replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, '');
    if (/\boutput\s*:\s*["'`]standalone["'`]/.test(plain)) {
      return 'standalone';
    }
    if (/\boutput\s*:/.test(plain) || /\bdistDir\s*:/.test(plain)) {
      return { reason: `next.config.${ending} sets where or how the build writes, which is not understood.` };
    }
    if (ending.endsWith('ts')) {
      return {
        reason: `\`next start\` reads next.config.${ending} with the TypeScript of the development dependencies.`,
      };
    }
    if (/\brequire\(["'](?!next)|^import .* from ["'](?!next)/m.test(plain)) {
      return {
        reason: `next.config.${ending} loads other files or packages, which \`next start\` needs as well.`,
      };
    }
  }
  return 'server';
}

/** The commands that leave only production dependencies, or why they are not known. */
export function pruneCommand(
  tool: string,
  found: NodePackage,
  project: Project,
  directory: string,
  install: ShellCommand | undefined,
  traits: ImageTraits | undefined,
): string[] | Refusal {
  const prisma = found.dependencies['@prisma/client'] !== undefined;
  if (prisma && tool !== 'npm') {
    return {
      reason: `${tool} would take the generated Prisma client away with the development dependencies.`,
    };
  }
  switch (tool) {
    case 'npm':
      // What the install was told about peers, the pruning has to be told as well.
      return [
        [
          isOldNpm(traits) ? 'npm prune --production' : 'npm prune --omit=dev',
          ...['--legacy-peer-deps', '--force'].filter((flag) =>
            install?.args.some(({ text }) => text === flag),
          ),
        ].join(' '),
      ];
    case 'pnpm':
      return ['pnpm prune --prod --ignore-scripts'];
    case 'yarn': {
      const version = yarnVersion(project, directory);
      if (version === 1) {
        return ['yarn install --production --ignore-scripts --prefer-offline --frozen-lockfile'];
      }
      if (!keepsModules(project, directory)) {
        return { reason: 'Yarn keeps the dependencies in its own cache (Plug’n’Play), not in node_modules.' };
      }
      return version !== undefined && version >= 4
        ? ['yarn workspaces focus --production']
        : { reason: 'Which version of Yarn takes the development dependencies away is not known.' };
    }
    case 'bun':
      // Bun runs the scripts of trusted dependencies only, and the project's own, which may need its tools.
      return lifecycleScripts.some((name) => found.scripts[name] !== undefined)
        ? found.fields.includes('trustedDependencies')
          ? {
              reason:
                'The project has scripts that run during the install, as do those of trusted dependencies.',
            }
          : ['rm -rf node_modules', 'bun install --production --frozen-lockfile --ignore-scripts']
        : ['rm -rf node_modules', 'bun install --production --frozen-lockfile'];
    default:
      return { reason: `Ballast does not yet take ${tool} projects apart.` };
  }
}

/** True for images with npm 6, which does not know `--omit`. */
function isOldNpm(traits: ImageTraits | undefined): boolean {
  return traits?.family === 'node' && Number.parseInt(traits.version ?? '', 10) <= 14;
}

export function toolOf(input: PlanInput): string {
  return input.installs[0]?.tool ?? 'npm';
}

/** The install gets the form that the lock file allows, and its cache. */
export function changeInstall(
  at: Parameters<RuntimePlan['change']>[0],
  input: PlanInput,
  tool: string,
): CommandChange | undefined {
  const install = node.readInstall(at.command);
  if (install === undefined) {
    return undefined;
  }
  const { command } = at;
  const isBare =
    command.args.length === 1 && command.assignments.length === 0 && command.wrapper === undefined;
  const isLocked =
    tool === 'npm' && !install.isFrozen && isBare && isLockInStep(input.project, input.directory);
  const caches = node.caches(at, input.traits, input.project);
  return { ...(isLocked ? { text: 'npm ci' } : {}), caches };
}

/** Why a start command that stays as it is could not run: its package manager is not part of the image. */
export function missingManager(input: PlanInput, { isPlain, manager }: NodeStart): Refusal | undefined {
  const { project, directory } = input;
  const isInImage =
    manager === undefined ||
    manager === 'npm' ||
    (manager === 'yarn' && yarnVersion(project, directory) === 1) ||
    input.commands.some(({ command }) => isGlobalInstallOf(command, manager));
  return isPlain || isInImage
    ? undefined
    : { reason: `The container starts through ${manager}, which the final image would not have.` };
}

function isGlobalInstallOf(command: PlanInput['commands'][number]['command'], name: string): boolean {
  return (
    command.args.some((word) => ['-g', '--global'].includes(word.text)) &&
    command.args.some((word) => (word.value ?? '').replace(/(.)@.*$/, '$1') === name)
  );
}

/** True when the program calls a tool that only the full image has, as far as its sources and dependencies tell. */
export function usesFullImage({ project, directory }: PlanInput, found: NodePackage): boolean {
  if (gitPackages.some((name) => found.dependencies[name] !== undefined)) {
    return true;
  }
  const sources = readSources(project, directory, /\.[cm]?[jt]sx?$/);
  const calls = sources.matchAll(/\b(?:exec|spawn|execFile|execa|fork)(?:Sync)?\(\s*["'`]([\w./-]+)/g);
  return [...calls].some((call) => fullImageTools.includes(baseName(call[1] ?? '')));
}

export function baseAssumption(input: PlanInput, base: string): string[] {
  return base === input.baseName
    ? []
    : [`The program needs nothing that ${base} lacks (curl, git, Python, compilers).`];
}

export function optionValue(words: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [i, word] of words.entries()) {
    const name = names.find((one) => word === one || word.startsWith(`${one}=`));
    if (name !== undefined) {
      return word === name ? words[i + 1] : word.slice(name.length + 1);
    }
  }
  return undefined;
}

export function folderCopy(workdir: string, path: string, isWritten = false): RuntimeCopy {
  return {
    from: joinImage(workdir, path),
    to: joinImage(workdir, path),
    isFile: false,
    ...(isWritten ? { isWritten } : {}),
  };
}

export function fileCopy(workdir: string, path: string): RuntimeCopy {
  return { from: joinImage(workdir, path), to: joinImage(workdir, path), isFile: true };
}
