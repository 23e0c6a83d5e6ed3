import type { InstallCommand } from '../ecosystems/ecosystem.ts';
import { readInstall } from '../ecosystems/index.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { buildFolderOf } from '../facts/installs/install-order.ts';
import { baseTraits, effectiveUser, hasStep, isRoot } from '../facts/stage.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { isWholeContext, readCopy } from '../model/copy.ts';
import { lineage, rootBase, type Stage } from '../model/dockerfile.ts';
import { readMounts } from '../model/mounts.ts';
import { readIgnoreFile } from '../project/ignore-file.ts';
import type { Problem } from '../rules/rule.ts';
import { formatSize } from '../sizes/size.ts';
import { findFlag } from '../syntax/tree.ts';
import type { Span } from '../text/span.ts';
import type { ChecklistItem } from './report.ts';

type Verdict = Pick<ChecklistItem, 'state' | 'evidence' | 'span'>;

/** One item: the rules that keep it open, and the verdict where none of them does. */
interface ItemDefinition {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly string[];
  /** A rule whose fix closes the item as well, for where its own rules offer none. */
  readonly closedBy?: string;
  readonly otherwise: (stage: Stage, context: AnalysisContext) => Verdict;
}

const items: readonly ItemDefinition[] = [
  { id: 'multi-stage', title: 'Multi-stage build', rules: ['single-stage-build'], otherwise: multiStage },
  {
    id: 'small-base',
    title: 'Small base image',
    rules: ['heavier-base-than-needed'],
    closedBy: 'single-stage-build',
    otherwise: smallBase,
  },
  {
    id: 'dependencies-first',
    title: 'Dependencies before sources',
    rules: ['sources-copied-before-install'],
    otherwise: dependenciesFirst,
  },
  {
    id: 'dockerignore',
    title: '.dockerignore',
    rules: ['dockerignore-missing', 'dockerignore-incomplete', 'secret-file-in-image'],
    otherwise: dockerignore,
  },
  { id: 'non-root', title: 'Non-root user', rules: ['runs-as-root'], otherwise: nonRoot },
  { id: 'health-check', title: 'Health check', rules: ['healthcheck-missing'], otherwise: healthCheck },
  {
    id: 'production-dependencies',
    title: 'Production dependencies only',
    rules: ['dev-dependencies-in-final-stage'],
    closedBy: 'single-stage-build',
    otherwise: productionDependencies,
  },
  {
    id: 'cache-mounts',
    title: 'Cache mounts',
    rules: ['install-without-cache-mount'],
    otherwise: cacheMounts,
  },
];

/**
 * The eight items of the checklist for a file, from the problems that were found in it; silenced ones count as well,
 * because they are true. An item that no rule looks at any more does not count. Empty for a file without a stage.
 */
export function checklistOf(
  context: AnalysisContext,
  problems: readonly Problem[],
  isOff: (rule: string) => boolean,
): ChecklistItem[] {
  const stage = context.dockerfile.final;
  if (stage === undefined) {
    return [];
  }
  return items.map(({ id, title, rules, closedBy, otherwise }) => {
    const open = problems.find((problem) => rules.includes(problem.rule));
    const verdict: Verdict = rules.every(isOff)
      ? notApplicable('Its rules are switched off.')
      : open === undefined
        ? otherwise(stage, context)
        : { state: 'open', evidence: open.message, span: open.span };
    const other = problems.find((problem) => problem.rule === closedBy);
    const fix = verdict.state === 'open' ? (open?.fixes[0] ?? other?.fixes[0]) : undefined;
    return { id, title, rules, ...verdict, ...(fix === undefined ? {} : { fix }) };
  });
}

function done(evidence: string, span?: Span): Verdict {
  return { state: 'done', evidence, ...(span === undefined ? {} : { span }) };
}

function notApplicable(evidence: string): Verdict {
  return { state: 'not-applicable', evidence };
}

function unknown(evidence: string): Verdict {
  return { state: 'unknown', evidence };
}

function multiStage(stage: Stage): Verdict {
  const copy = stage.steps.find((step) => findFlag(step.instruction, 'from') !== undefined);
  return copy === undefined
    ? notApplicable('Nothing is compiled or bundled in the stage that ships.')
    : done('The final stage takes what an earlier stage built.', copy.instruction.keywordSpan);
}

function smallBase(stage: Stage, context: AnalysisContext): Verdict {
  const base = rootBase(stage);
  if (base.kind !== 'image') {
    return base.kind === 'scratch'
      ? done('The final stage starts from nothing.', stage.imageSpan)
      : unknown('The base image’s name is not known.');
  }
  const facts = context.images.peek(base.reference, stage.platform);
  const smaller = context.images.smallerVariants(base.reference, stage.platform);
  const variant = facts.traits?.variant ?? '';
  if (/slim|alpine|distroless|chiseled|minimal|jre|static|nodejs/.test(variant) || smaller.length === 0) {
    return facts.traits === undefined
      ? unknown(`Nothing is known of ${base.name}.`)
      : done(`${base.name} is a small variant (${formatSize(facts.disk)}).`, stage.imageSpan);
  }
  return {
    state: 'open',
    evidence: `${base.name} takes ${formatSize(facts.disk)}; there are smaller variants of the same version.`,
    span: stage.imageSpan,
  };
}

function dependenciesFirst(_stage: Stage, context: AnalysisContext): Verdict {
  const at = context.dockerfile.stages
    .flatMap((stage) => commandSteps(stage))
    .find((one) => readInstall(one.command) !== undefined);
  return at === undefined
    ? notApplicable('No dependencies are installed.')
    : done(
        'Dependencies are installed before the sources are copied.',
        at.script.sourceSpan(at.command.span),
      );
}

function dockerignore(_stage: Stage, context: AnalysisContext): Verdict {
  const { dockerfile, project } = context;
  const copied = dockerfile.stages
    .flatMap((stage) => stage.steps.flatMap((step) => readCopy(step, dockerfile) ?? []))
    .filter((copy) => copy.from === 'context')
    .flatMap((copy) => copy.sources);
  if (!copied.some((source) => isWholeContext(source.value) || source.value.includes('$'))) {
    return notApplicable('Only named paths are copied from the build context, and nothing else is sent.');
  }
  if (!project.isKnown) {
    return unknown('The build context is not known.');
  }
  return readIgnoreFile(project) === undefined
    ? { state: 'open', evidence: 'There is no .dockerignore.' }
    : done('An ignore file keeps the build context small.');
}

function nonRoot(stage: Stage, context: AnalysisContext): Verdict {
  const user = effectiveUser(stage, context.images);
  if (user === undefined) {
    return unknown('The user of the base image is not known.');
  }
  return isRoot(user)
    ? notApplicable('The program needs root or drops it by itself, or the image starts nothing of its own.')
    : done(`The container runs as ${user}.`);
}

function healthCheck(stage: Stage): Verdict {
  return hasStep(stage, 'HEALTHCHECK')
    ? done('HEALTHCHECK is set.')
    : notApplicable('No service is exposed, or the image starts nothing of its own.');
}

function productionDependencies(stage: Stage, context: AnalysisContext): Verdict {
  const installs = lineage(stage).flatMap((one) =>
    commandSteps(one).flatMap((at) => {
      const install = readInstall(at.command);
      return install === undefined ? [] : [{ at, install, stage: one }];
    }),
  );
  if (installs.length === 0) {
    return baseTraits(stage, context.images) === undefined && rootBase(stage).kind !== 'scratch'
      ? unknown('What the base image holds is not known.')
      : done('The stage that ships installs no dependencies itself.');
  }
  const all = installs.filter(({ install }) => !install.omitsDev);
  if (all.length === 0) {
    return done('Development dependencies are left out.');
  }
  const first = all.find(({ at, install, stage: one }) => mayBringDevelopment(at, install, one, context));
  return first === undefined
    ? done('No development dependencies are installed.')
    : {
        state: 'open',
        evidence: `\`${first.install.tool}\` installs development dependencies into the stage that ships.`,
        span: first.at.script.sourceSpan(first.at.command.nameWord.span),
      };
}

/** False where the manifest, or the environment of an install, says that it brings nothing for development alone. */
function mayBringDevelopment(
  at: CommandStep,
  install: InstallCommand,
  stage: Stage,
  { dockerfile, project }: AnalysisContext,
): boolean {
  const { ecosystem } = install;
  const folder = at.directory === undefined ? undefined : buildFolderOf(dockerfile, stage, at.directory);
  return (
    ecosystem.development === undefined ||
    folder === undefined ||
    !project.isKnown ||
    ecosystem.development(at, install, project, folder, stage.end.environment) !== undefined
  );
}

function cacheMounts(_stage: Stage, context: AnalysisContext): Verdict {
  const installs = context.dockerfile.stages
    .flatMap((stage) => commandSteps(stage))
    .filter((at) => readInstall(at.command) !== undefined);
  const first = installs[0];
  if (first === undefined) {
    return notApplicable('No dependencies are installed.');
  }
  const without = installs.find(
    (at) => !readMounts(at.step.instruction).some((mount) => mount.type === 'cache'),
  );
  return without === undefined
    ? done('Installs keep their downloads in a cache mount.', first.step.instruction.keywordSpan)
    : {
        state: 'open',
        evidence: 'An install has no cache mount: every change of the manifests downloads everything again.',
        span: without.script.sourceSpan(without.command.nameWord.span),
      };
}
