import { parseImageReference } from '../images/reference.ts';
import type { Project } from '../project/project.ts';
import { joinPath, readNodePackage } from './node-package.ts';
import { readNodeRuntime } from './node-runtime.ts';
import type { PlanInput, Refusal, RuntimePlan } from './runtime-plan.ts';

/** Programs that the full image has and the slim one lacks: a start command or probe that names one keeps the full image. */
const fullImageTools = ['curl', 'wget', 'git', 'python', 'python3', 'make', 'gcc', 'ssh'];

/** How each package manager takes the development dependencies out of an installed project. */
const pruneCommands: Readonly<Record<string, string>> = {
  npm: 'npm prune --omit=dev',
  pnpm: 'pnpm prune --prod',
};

/** Takes a Node.js project apart: what was built and the production dependencies run on the slim variant of the same image. */
export function planNode(input: PlanInput): RuntimePlan | Refusal {
  const { project, directory, install } = input;
  const tool = install?.tool ?? 'npm';
  const prune = pruneCommands[tool];
  if (prune === undefined) {
    return { reason: `Ballast does not yet take ${tool} projects apart.` };
  }
  const found = readNodePackage(project, directory);
  if (found === undefined) {
    return { reason: 'There is no readable package.json where the build runs.' };
  }
  if (found.hasWorkspaces) {
    return { reason: 'The project has workspaces, and which of them the program needs is not known.' };
  }
  const runtime = readNodeRuntime(project, directory, input.startWords);
  if ('reason' in runtime) {
    return runtime;
  }
  const isPruned = install?.omitsDev === true || Object.keys(found.devDependencies).length === 0;
  const hasModules = Object.keys(found.dependencies).length > 0;
  const hasNodeEnv = input.stage.end.environment.has('NODE_ENV');
  const base = slimBase(input);
  return {
    base,
    builderEnd: isPruned || !hasModules ? [] : [`RUN ${prune}`],
    copies: ['package.json', ...(hasModules ? ['node_modules'] : []), ...runtime.outputs],
    finalStart: hasNodeEnv ? [] : ['ENV NODE_ENV=production'],
    start: runtime.start,
    install: {
      command: tool === 'npm' && isLockInStep(project, directory) ? 'npm ci' : undefined,
      cacheTarget: tool === 'npm' ? '/root/.npm' : undefined,
    },
    assumptions: [
      ...runtime.assumptions,
      ...(base === input.baseName
        ? []
        : [`The program needs nothing that ${base} lacks (curl, git, Python, compilers).`]),
    ],
  };
}

/** The slim variant of the same version and release, as long as nothing in the final stage needs more. */
function slimBase(input: PlanInput): string {
  const reference = parseImageReference(input.baseName);
  const isNode = reference?.registry === 'docker.io' && reference.repository === 'library/node';
  const finalWords = input.stage.steps
    .filter((step) => ['HEALTHCHECK', 'CMD', 'ENTRYPOINT'].includes(step.instruction.keyword))
    .flatMap((step) => step.instruction.line.text.split(/[\s"',[\]]+/));
  const needsFull = finalWords.some((word) => fullImageTools.includes(word.replace(/^.*\//, '')));
  if (!isNode || reference.digest !== undefined || needsFull || /(?:slim|alpine)/.test(reference.tag ?? '')) {
    return input.baseName;
  }
  const tag = reference.tag;
  const slim = tag === undefined || tag === 'latest' ? 'slim' : `${tag}-slim`;
  return `${input.baseName.replace(/:[^/:]*$/, '')}:${slim}`;
}

/** True when package-lock.json names the same dependencies as package.json, so that `npm ci` will not refuse it. */
function isLockInStep(project: Project, directory: string): boolean {
  const text = project.reader.read(joinPath(directory, 'package-lock.json'));
  const found = readNodePackage(project, directory);
  if (text === undefined || found === undefined) {
    return false;
  }
  try {
    const lock = JSON.parse(text) as {
      packages?: Record<string, { dependencies?: unknown; devDependencies?: unknown }>;
    };
    const root = lock.packages?.[''];
    return (
      root !== undefined &&
      isSame(root.dependencies, found.dependencies) &&
      isSame(root.devDependencies, found.devDependencies)
    );
  } catch {
    return false;
  }
}

function isSame(locked: unknown, declared: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries((locked ?? {}) as Record<string, unknown>);
  return (
    entries.length === Object.keys(declared).length &&
    entries.every(([name, version]) => declared[name] === version)
  );
}
