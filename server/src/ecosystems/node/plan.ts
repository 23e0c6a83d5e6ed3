import { joinImage } from '../../model/paths.ts';
import { joinPath } from '../../project/paths.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { PlanInput, Refusal, RuntimePlan } from '../runtime-plan.ts';
import { smallerBase } from '../smaller-base.ts';
import { loadedForDevelopment } from './loads.ts';
import { type NodePackage, readNodePackage } from './package.ts';
import {
  baseAssumption,
  browserPackages,
  changeInstall,
  fileCopy,
  folderCopy,
  fullImageTools,
  missingAtStart,
  missingManager,
  optionValue,
  productionMode,
  setsProduction,
  toolOf,
  usesFullImage,
} from './plan-parts.ts';
import { losesClient, pruneCommand } from './prune.ts';
import { readNodeRuntime } from './runtime.ts';
import { type NodeStart, resolveStart } from './start.ts';
import { planStaticSite } from './static-site.ts';
import { nodeToolchain } from './toolchain.ts';
import { planWorkspace } from './workspace-plan.ts';
import { readWorkspaces } from './workspaces.ts';

/** Takes a Node.js project apart: what was built and the production dependencies run on the slim variant of the same image. */
export function planNode(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory } = input;
  const found = readNodePackage(project, directory);
  if (found === undefined) {
    return { code: 'manifest-unreadable', reason: 'There is no readable package.json where the build runs.' };
  }
  const isPnpm =
    project.reader.read(joinPath(directory, 'pnpm-workspace.yaml'))?.includes('packages:') === true;
  const hasWorkspaces = found.hasWorkspaces || isPnpm;
  const above = workspaceAbove(project, directory);
  if (above !== undefined && !hasWorkspaces) {
    return {
      code: 'workspace-layout-unknown',
      reason: `The package belongs to the workspace in ${above === '' ? 'the folder above' : above}, which holds modules that it needs.`,
    };
  }
  const workspaces = hasWorkspaces ? readWorkspaces(project, directory, found) : [];
  if (workspaces === undefined) {
    return {
      code: 'workspace-layout-unknown',
      reason: 'The project has workspaces, and where they lie is not understood.',
    };
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
    return {
      code: 'starts-other-programs',
      reason: `The dependency ${browser} keeps a browser outside of the project’s folder.`,
    };
  }
  const missing = start.kind === 'file' ? missingAtStart(input, start) : undefined;
  if (missing !== undefined) {
    return missing;
  }
  const standalone = start.kind === 'next' ? readNextConfig(input) : 'server';
  if (typeof standalone === 'object') {
    return standalone;
  }
  return standalone === 'standalone' ? planStandalone(input, found, start) : planServer(input, found, start);
}

/** The folder above that lists this one among its packages; undefined where none does. */
function workspaceAbove(project: PlanInput['project'], directory: ContextPath): string | undefined {
  for (let at = directory; at !== ''; ) {
    const own = at;
    at = at.includes('/') ? at.slice(0, at.lastIndexOf('/')) : '';
    const root = readNodePackage(project, at);
    const isRoot =
      root?.hasWorkspaces === true ||
      project.reader.read(joinPath(at, 'pnpm-workspace.yaml'))?.includes('packages:') === true;
    const workspaces = root === undefined || !isRoot ? undefined : readWorkspaces(project, at, root);
    const path = at === '' ? directory : directory.slice(at.length + 1);
    if (isRoot && (workspaces === undefined || workspaces.some((one) => one.directory === path))) {
      return at;
    }
    if (own === at) {
      break;
    }
  }
  return undefined;
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
        nodeToolchain.readInstall(command) !== undefined &&
        step.before.environment.get('NODE_ENV') === 'production' &&
        !command.args.some(({ text }) => /^--(?:prod(?:uction)?=false|include=dev)$/.test(text)),
    );
  const mode = productionMode(input);
  const isProduction = mode.length > 0 || input.stage.end.environment.get('NODE_ENV') === 'production';
  const loaded = isPruned
    ? undefined
    : loadedForDevelopment(project, directory, workdir, start, found, isProduction);
  const hasModules = Object.keys(found.dependencies).length > 0 || loaded !== undefined;
  const isGenerated = !isPruned && losesClient(tool, found);
  const isKept = isPruned || loaded !== undefined || isGenerated;
  const prune = isKept
    ? []
    : pruneCommand(tool, {
        found,
        project,
        directory,
        install: input.installs[0]?.command,
        traits: input.traits,
      });
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
  const end = selfContained ? [] : [...(hasModules ? prune : []), ...cleanNext];
  return {
    base,
    content: 'built',
    packages,
    builderEnd: [{ kind: 'run', commands: end }],
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
    beforeCopies: start.kind === 'next' ? setsProduction(input) : mode,
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
      ...(isGenerated
        ? [
            `The development dependencies stay: ${tool} would take the generated Prisma client away with them.`,
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
    change: (at) => changeInstall(at, input, toolOf(input)),
    copies: [
      { from: joinImage(workdir, '.next/standalone'), to: workdir, isFile: false, isWritten: true },
      { from: joinImage(workdir, '.next/static'), to: joinImage(workdir, '.next/static'), isFile: false },
      ...(hasPublic ? [folderCopy(workdir, 'public')] : []),
    ],
    beforeCopies: [
      ...setsProduction(input),
      ...(environment.has('HOSTNAME') ? [] : [{ kind: 'env' as const, values: { HOSTNAME: '0.0.0.0' } }]),
      ...(port === undefined || environment.has('PORT')
        ? []
        : [{ kind: 'env' as const, values: { PORT: port } }]),
    ],
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
    const plain = text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
    if (/\boutput\s*:\s*["'`]standalone["'`]/.test(plain)) {
      return 'standalone';
    }
    if (/\boutput\s*:/.test(plain) || /\bdistDir\s*:/.test(plain)) {
      return {
        code: 'output-unknown',
        reason: `next.config.${ending} sets where or how the build writes, which is not understood.`,
      };
    }
    if (ending.endsWith('ts')) {
      return {
        code: 'needs-development-dependency',
        reason: `\`next start\` reads next.config.${ending} with the TypeScript of the development dependencies.`,
      };
    }
    if (/\brequire\(["'](?!next)|^import .* from ["'](?!next)/m.test(plain)) {
      return {
        code: 'needs-development-dependency',
        reason: `next.config.${ending} loads other files or packages, which \`next start\` needs as well.`,
      };
    }
  }
  return 'server';
}
