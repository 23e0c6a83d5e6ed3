import { hasOtherSource, leavesRecommendedOut } from '../../distros/apt-settings.ts';
import { weighInstall } from '../../distros/apt-weight.ts';
import { findCacheLeft } from '../../distros/package-caches.ts';
import { builderOf, readInstall } from '../../ecosystems/index.ts';
import { installsPackages } from '../../ecosystems/python/toolchain.ts';
import { baseTraits } from '../../facts/stage.ts';
import { changedFolder } from '../../facts/writes/changed-folder.ts';
import type { ImageKnowledge } from '../../images/knowledge.ts';
import { type CommandStep, commandsOfStep, pathOf } from '../../model/commands.ts';
import type { Dockerfile, Stage, Step } from '../../model/dockerfile.ts';
import type { Project } from '../../project/project.ts';
import { hasOption, operands } from '../../syntax/shell/script.ts';
import { dependenciesPart, withoutDevelopment } from './dependency-weight.ts';
import { isHarmless } from './harmless.ts';
import type { Held } from './held.ts';
import { between, isBelow, type Part, scaled, unknownPart } from './parts.ts';

/** What is needed to say what a RUN writes. */
export interface RunContext {
  readonly dockerfile: Dockerfile;
  readonly project: Project;
  readonly images: ImageKnowledge;
  readonly stage: Stage;
  /** What the stage holds when the RUN starts; it changes with what the RUN removes. */
  readonly held: Held;
}

/** What a RUN writes into its layer, and what it takes away of what earlier layers hold. */
export interface RunResult {
  readonly parts: readonly Part[];
  /** Parts of earlier layers that it removes, with the command that does. */
  readonly removed: readonly { readonly part: Part; readonly at: CommandStep }[];
}

/** Month in which the shares below were measured. */
const measuredIn = '2026-11';

/** What the lists of apt take on disk: Debian 12 has 20 MB; newer releases and Ubuntu with all its parts have more. */
const aptLists = between(15e6, 70e6, 'lists of Debian 12 (20 MB) to Ubuntu 24.04', measuredIn);

/** What a package manager's cache takes, as a share of the packages it was filled for. */
const cacheShare = { low: 0.15, high: 1 } as const;

export function readRun(context: RunContext, step: Step): RunResult {
  const { script } = step;
  if (script?.isUnderstood !== true) {
    return { parts: [unknownPart('other', 'what this RUN writes')], removed: [] };
  }
  const reading = new Reading(context);
  for (const at of commandsOfStep(step)) {
    reading.read(at);
  }
  reading.addCaches(step);
  return reading.result();
}

class Reading {
  private readonly context: RunContext;
  private parts: Part[] = [];
  private readonly removed: { part: Part; at: CommandStep }[] = [];
  private readonly aptNames: string[] = [];
  private aptBrings: { recommends: boolean; isPurged: boolean } | undefined;

  constructor(context: RunContext) {
    this.context = context;
  }

  read(at: CommandStep): void {
    const { command } = at;
    const { dockerfile, project, stage } = this.context;
    if (command.name === undefined) {
      this.add(unknownPart('other', 'what this RUN writes'));
      return;
    }
    if (this.readRemoval(at) || this.readApt(at) || this.readOwnership(at) || this.readPrune(at)) {
      return;
    }
    const install = readInstall(command);
    if (install !== undefined) {
      const part = dependenciesPart(dockerfile, project, stage, at, install);
      // Packages that an earlier layer holds are written anew only where they differ: at least nothing is added.
      const again = this.context.held.hasDependencies(part.path);
      this.add(again ? { ...part, size: scaled(part.size, 0, 1) } : part);
      return;
    }
    const environment = newEnvironment(at);
    if (environment !== undefined) {
      this.add(environment);
      return;
    }
    if (installsPackages(command)) {
      this.add(unknownPart('dependencies', `what ${command.name} installs`));
      return;
    }
    if (builderOf(project, command) !== undefined) {
      const text = [command.name, ...command.args.slice(0, 2).map((word) => word.text)].join(' ');
      this.add(unknownPart('output', `what \`${text}\` writes`, at.directory));
      return;
    }
    if (!isHarmless(command)) {
      this.add(unknownPart('other', `what \`${command.name}\` writes`, at.directory));
    }
  }

  /** The caches that the commands leave in the layer. */
  addCaches(step: Step): void {
    const { stage, dockerfile, project } = this.context;
    for (const at of commandsOfStep(step)) {
      const left = findCacheLeft(at, stage, dockerfile.stages, project);
      if (left === undefined) {
        continue;
      }
      const name = at.command.name ?? '';
      if (name.startsWith('apt')) {
        this.add({ kind: 'cache', what: 'package lists of apt', size: aptLists, path: '/var/lib/apt/lists' });
        continue;
      }
      const filled = this.parts.find((one) => one.kind === 'dependencies');
      const size = filled === undefined ? undefined : scaled(filled.size, cacheShare.low, cacheShare.high);
      this.add(
        size?.kind === 'known'
          ? {
              kind: 'cache',
              what: `cache of ${name}`,
              size: { ...size, source: `a share of ${size.source}` },
            }
          : unknownPart('cache', `the cache of ${name}`),
      );
    }
  }

  result(): RunResult {
    const { stage, images } = this.context;
    const parts = [...this.parts];
    if (this.aptBrings !== undefined) {
      const { recommends, isPurged } = this.aptBrings;
      const size = weighInstall(this.aptNames, {
        recommends,
        traits: baseTraits(stage, images),
        hasOtherSource: hasOtherSource(stage),
      });
      const what =
        this.aptNames.length === 1 ? `${this.aptNames[0]} (apt)` : `${this.aptNames.length} packages (apt)`;
      parts.unshift({ kind: 'system-packages', what, size: isPurged ? scaled(size, 0, 1) : size });
    }
    return { parts, removed: this.removed };
  }

  private add(part: Part): void {
    // A command that writes something unknown is named once for a RUN.
    if (!this.parts.some((one) => one.kind === part.kind && one.what === part.what)) {
      this.parts.push(part);
    }
  }

  private readRemoval(at: CommandStep): boolean {
    const { command } = at;
    if (command.name !== 'rm' && command.name !== 'rmdir') {
      return false;
    }
    for (const word of command.isUnconditional ? operands(command) : []) {
      const path = pathOf(word, at.directory);
      if (path === undefined) {
        continue;
      }
      this.parts = this.parts.filter((part) => part.path === undefined || !isBelow(part.path, path));
      this.removed.push(...this.context.held.remove(path).map((part) => ({ part, at })));
    }
    return true;
  }

  private readApt({ command }: CommandStep): boolean {
    if (!['apt-get', 'apt', 'aptitude'].includes(command.name ?? '')) {
      return false;
    }
    const [verb, ...names] = operands(command).map((word) => word.value);
    switch (verb) {
      case 'install': {
        const known = names.flatMap((name) => (name === undefined ? [] : [name]));
        if (known.length < names.length || !command.isUnconditional) {
          this.add(unknownPart('system-packages', 'packages that variables name'));
        }
        this.aptNames.push(...known);
        const before = this.aptBrings ?? { recommends: false, isPurged: false };
        const recommends =
          !hasOption(command, '--no-install-recommends') && !leavesRecommendedOut(this.context.stage);
        this.aptBrings = { ...before, recommends: before.recommends || recommends };
        break;
      }
      case 'purge':
      case 'remove':
      case 'autoremove':
        this.aptBrings = this.aptBrings === undefined ? undefined : { ...this.aptBrings, isPurged: true };
        break;
      case 'upgrade':
      case 'dist-upgrade':
      case 'full-upgrade':
      case 'build-dep':
        this.add(unknownPart('system-packages', `what \`apt-get ${verb}\` brings`));
        break;
      default:
        break;
    }
    return true;
  }

  /** `chown -R` and `chmod -R` write every file below the folder once more. */
  private readOwnership(at: CommandStep): boolean {
    const folder = changedFolder(at);
    if (folder === undefined) {
      return false;
    }
    for (const part of this.context.held.below(folder)) {
      this.add({
        kind: 'second-copy',
        what: `${part.what} a second time (${at.command.name})`,
        size: part.size,
      });
    }
    return true;
  }

  /** Commands that leave the production part of the dependencies behind. */
  private readPrune(at: CommandStep): boolean {
    const { command } = at;
    const words = [command.name ?? '', ...command.args.map((word) => word.text)].join(' ');
    const { held } = this.context;
    const isPrune =
      /^(?:npm|pnpm) .*\bprune\b/.test(words) ||
      (readInstall(command)?.omitsDev === true &&
        (held.hasDevelopment() || this.parts.some((part) => part.development !== undefined)));
    if (!isPrune) {
      return false;
    }
    for (const { kind, path, development } of held.forDevelopment()) {
      if (path !== undefined && development !== undefined) {
        this.removed.push({ part: { kind, path, what: 'development dependencies', size: development }, at });
      }
    }
    held.keepOfDependencies(withoutDevelopment);
    this.parts = this.parts.map((part) => (part.kind === 'dependencies' ? withoutDevelopment(part) : part));
    return true;
  }
}

/** What `python -m venv` writes: a copy of pip, and of setuptools before Python 3.12. */
function newEnvironment({ command, directory }: CommandStep): Part | undefined {
  const [option, module, ...rest] = command.args;
  const isVenv =
    /^python[\d.]*$/.test(command.name ?? '') && option?.text === '-m' && module?.text === 'venv';
  const folder = rest.findLast((word) => !word.text.startsWith('-'));
  const path = folder === undefined ? undefined : pathOf(folder, directory);
  if (!isVenv) {
    return undefined;
  }
  const size = between(8e6, 25e6, 'pip in a virtual environment of Python 3.11 to 3.13', measuredIn);
  return { kind: 'other', what: 'pip (python -m venv)', size, ...(path === undefined ? {} : { path }) };
}
