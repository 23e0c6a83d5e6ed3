import type { InstallCommand } from '../../ecosystems/ecosystem.ts';
import { buildFolderOf } from '../../facts/installs/install-order.ts';
import type { CommandStep } from '../../model/commands.ts';
import { allSteps, type Dockerfile, type Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import type { ContextMeasurement, DependencyFolder, Totals } from '../../project/context.ts';
import type { Project } from '../../project/project.ts';
import { type SizeAnswer, unknownSize } from '../../sizes/size.ts';
import type { ContextPath, ImagePath } from '../../text/path-types.ts';
import { archiveBytesPerFile, between, type PackagePart, type Part, scaled } from './parts.ts';

/**
 * What an install in the image weighs against the same folder on this machine: the other platform's binaries may be
 * smaller or larger, and the folder need not be quite up to date.
 */
const leastOfMeasured = 0.9;
const mostOfMeasured = 1.1;

/** What an install of a project's dependencies brings, from the packages that are installed on this machine. */
export function dependenciesPart(
  dockerfile: Dockerfile,
  project: Project,
  stage: Stage,
  at: CommandStep,
  install: InstallCommand,
): Part {
  const folder = at.directory === undefined ? undefined : folderIn(at.directory, install.directory);
  const path = folder === undefined ? undefined : targetOf(stage, at, install, folder);
  const placed = path === undefined ? {} : { path };
  const context = folder === undefined ? undefined : buildFolderOf(dockerfile, stage, folder);
  const found = context === undefined ? [] : installedBelow(project, context, install.ecosystem.id);
  const what = `dependencies (${install.tool})`;
  const [first] = found;
  if (first === undefined || project.context === undefined) {
    const reason =
      install.ecosystem.id === 'node'
        ? 'there is no node_modules on this machine to measure'
        : install.ecosystem.id === 'python'
          ? 'there is no virtual environment on this machine to measure'
          : 'packages of this ecosystem are not measured';
    return { kind: 'dependencies', what, size: unknownSize(reason), ...placed };
  }
  const all = weigh(found, project.context, (one) => one);
  const development = weigh(found, project.context, (one) => one.development);
  // An install leaves alone what was copied in before it; `npm ci` is the one that starts anew.
  const isThere = found.some((one) => one.isSent) && !(install.tool === 'npm' && install.isFrozen);
  const size = install.ecosystem.id === 'node' && isThere ? scaled(all, 0, 1) : all;
  const packages = packagesOf(found, project.context);
  const part: Part = { kind: 'dependencies', what, size, development, packages, ...placed };
  return install.omitsDev || setsProduction(at) ? withoutDevelopment(part) : part;
}

/** The part of an install that is for production; its lower end is nothing where nobody knows which part that is. */
export function withoutDevelopment(part: Part): Part {
  const { size, development, packages, ...others } = part;
  if (size.kind !== 'known' || development === undefined) {
    return part;
  }
  if (development.kind !== 'known') {
    return { ...others, what: `production ${part.what}`, size: { ...size, low: 0 } };
  }
  const kept = packages?.filter(({ isDevelopment }) => !isDevelopment);
  const rest = { ...others, ...(kept === undefined ? {} : { packages: kept }) };
  const low = Math.max(0, size.low - development.low);
  const high = Math.max(low, size.high - development.high);
  return { ...rest, what: `production ${part.what}`, size: { ...size, low, high } };
}

/** The package folders of a project on this machine: its own, and with workspaces those below. */
function installedBelow(project: Project, directory: ContextPath, ecosystem: string): DependencyFolder[] {
  const names = ecosystem === 'node' ? ['node_modules'] : ['.venv', 'venv'];
  const prefix = directory === '' ? '' : `${directory}/`;
  return (project.context?.dependencies ?? []).filter(
    (one) => one.ecosystem === ecosystem && names.some((name) => one.path === `${prefix}${name}`),
  );
}

function weigh(
  found: readonly DependencyFolder[],
  context: ContextMeasurement,
  totals: (folder: DependencyFolder) => Totals | undefined,
): SizeAnswer {
  let sum = { files: 0, bytes: 0 };
  for (const folder of found) {
    const part = totals(folder);
    if (part === undefined) {
      return unknownSize('no lock file tells which packages are for development only');
    }
    sum = { files: sum.files + part.files, bytes: sum.bytes + part.bytes };
  }
  return installed(sum, found, context);
}

function packagesOf(found: readonly DependencyFolder[], context: ContextMeasurement): PackagePart[] {
  return found.flatMap((folder) =>
    folder.packages.map(({ name, isDevelopment, ...totals }) => ({
      name,
      isDevelopment,
      size: installed(totals, [folder], context),
    })),
  );
}

/** What files of package folders on this machine weigh when an install in the image writes them. */
function installed(
  { files, bytes }: Totals,
  found: readonly DependencyFolder[],
  context: ContextMeasurement,
): SizeAnswer {
  const source = `${found.map((one) => one.path).join(', ')} on this machine`;
  const high = bytes * mostOfMeasured + files * archiveBytesPerFile;
  const size = between(bytes * leastOfMeasured, high, source, context.date.slice(0, 10));
  return context.isComplete ? size : { ...size, atLeast: true };
}

function folderIn(directory: ImagePath, option: string | undefined): ImagePath {
  return normalizePath(
    option === undefined ? directory : option.startsWith('/') ? option : `${directory}/${option}`,
  );
}

/** Where an install puts the packages; undefined where that is somewhere in the system. */
function targetOf(
  stage: Stage,
  at: CommandStep,
  install: InstallCommand,
  folder: string,
): string | undefined {
  if (install.ecosystem.id === 'node') {
    return normalizePath(`${folder}/node_modules`);
  }
  if (install.ecosystem.id !== 'python') {
    return undefined;
  }
  return (
    pythonEnvironment(stage, at, install.tool) ??
    (install.tool === 'uv' || install.tool === 'poetry' ? normalizePath(`${folder}/.venv`) : undefined)
  );
}

/** The virtual environment that is active where a Python install runs, by its variable or because PATH starts with it. */
function pythonEnvironment(stage: Stage, at: CommandStep, tool: string): string | undefined {
  const { variables } = at.step.before;
  const named =
    variables.get('VIRTUAL_ENV') ?? (tool === 'uv' ? variables.get('UV_PROJECT_ENVIRONMENT') : undefined);
  if (named !== undefined) {
    return normalizePath(named);
  }
  const steps = allSteps(stage);
  const path = steps
    .slice(0, steps.indexOf(at.step))
    .flatMap((step) => (step.instruction.keyword === 'ENV' ? step.instruction.pairs : []))
    .findLast((pair) => pair.name === 'PATH')?.value;
  return /^["']?(\/[^:$"']*env[^:$"']*)\/bin:/.exec(path ?? '')?.[1];
}

/** True where the environment makes an install leave development dependencies out. */
function setsProduction(at: CommandStep): boolean {
  const own = at.command.assignments.find((one) => one.name === 'NODE_ENV');
  return (own?.value ?? at.step.before.variables.get('NODE_ENV')) === 'production';
}
