import { ecosystems, readInstall } from '../ecosystems/index.ts';
import { runsProject } from '../ecosystems/project-commands.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { installsPackages } from '../facts/installs/installs.ts';
import { muslLanguage, packagesWorseOnMusl } from '../facts/needs/musl-packages.ts';
import { runningStage } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import type { ImageFacts } from '../images/knowledge.ts';
import { formatImageReference } from '../images/reference.ts';
import { commandSteps } from '../model/commands.ts';
import type { Stage } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import { formatSize, type KnownSize } from '../sizes/size.ts';
import type { Finding, Rule } from './rule.ts';

/** Variants that are small already: from slim to Alpine is a choice of C library more than of size. */
const smallVariant = /slim|alpine|jre|distroless|chiseled|minimal/;

/** A difference below this many bytes is not worth a warning. */
const leastSaving = 50_000_000;

export const heavierBaseThanNeeded: Rule = {
  meta: {
    id: 'heavier-base-than-needed',
    aliases: [],
    summary: 'A smaller variant of the same image and version would do.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    needs: ['images'],
    docs: {
      what: 'The stage that ships stands on the full variant of an image although a smaller one of the same version exists, and nothing in the stage uses what the smaller one lacks.',
      why: 'A full language image carries compilers, version control and hundreds of libraries: about a gigabyte that is stored, pulled and scanned for nothing.',
      silent:
        'The image is a slim one already; the sizes of both are not known, or differ by less than 50 MB; the stage compiles, bundles, runs a script of the project while it is built, or uses a program that the smaller variant lacks; a dependency in the lock file runs an install script that may compile.',
      fix: 'Switches to the smaller variant with the same C library first; to Alpine only where the lock file holds no package without a build for musl and the stage uses no apt. The program may use something that cannot be seen here: for review.',
      bad: { dockerfile: 'FROM node:22\nCOPY server.js /app/\nUSER node\nCMD ["node", "/app/server.js"]\n' },
      good: {
        dockerfile: 'FROM node:22-slim\nCOPY server.js /app/\nUSER node\nCMD ["node", "/app/server.js"]\n',
      },
      switchOff: 'Where the image is used for debugging as well.',
      references: ['https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    if (stage === undefined || stage.base.kind !== 'image') {
      return;
    }
    const { reference, name } = stage.base;
    const own = context.images.peek(reference, stage.platform);
    const written = context.dockerfile.text.slice(stage.imageSpan.start, stage.imageSpan.end);
    if (smallVariant.test(own.traits?.variant ?? '')) {
      return;
    }
    if (own.disk.kind !== 'known' || reference.digest !== undefined || compiles(context, stage)) {
      return;
    }
    const choices = context.images
      .smallerVariants(reference, stage.platform)
      .filter((variant) => suits(context, stage, own, variant))
      .sort((a, b) => Number(a.traits?.libc === 'musl') - Number(b.traits?.libc === 'musl'));
    const [best] = choices;
    if (best === undefined) {
      return;
    }
    const saving = savingOf(own, best);
    if (saving === undefined) {
      return;
    }
    const finding: Finding = {
      message: `${name} takes ${formatSize(own.disk)}; ${formatImageReference(best.reference)} takes ${formatSize(best.disk)}, and nothing in this stage needs more.`,
      span: stage.imageSpan,
      saving,
    };
    yield {
      ...finding,
      fixes: written.includes('$') ? [] : choices.flatMap((choice) => switchTo(stage, own, choice)),
    };
  },
};

function switchTo(stage: Stage, own: ImageFacts, choice: ImageFacts): Fix[] {
  const saving = savingOf(own, choice);
  const name = formatImageReference(choice.reference);
  return saving === undefined
    ? []
    : [
        {
          title: `Switch to ${name} (saves ${formatSize({ ...saving, atLeast: false })})`,
          applicability: 'review',
          edits: [{ span: stage.imageSpan, text: name }],
          assumptions: [
            `The program uses nothing that ${name} lacks.`,
            ...(choice.traits?.libc === 'musl' ? ['The program runs on musl, Alpine’s C library.'] : []),
          ],
        },
      ];
}

function savingOf(own: ImageFacts, other: ImageFacts): KnownSize | undefined {
  if (own.disk.kind !== 'known' || other.disk.kind !== 'known') {
    return undefined;
  }
  const low = own.disk.low - other.disk.high;
  const isEstimated = own.disk.basis === 'estimated' || other.disk.basis === 'estimated';
  return low < leastSaving
    ? undefined
    : {
        ...own.disk,
        low,
        high: own.disk.high - other.disk.low,
        basis: isEstimated ? 'estimated' : own.disk.basis,
        source: `${own.disk.source}; ${other.disk.source}`,
        date: [own.disk.date, other.disk.date].sort()[0] ?? own.disk.date,
      };
}

/** True when the stage builds something, or installs packages that may have to be compiled. */
function compiles(context: AnalysisContext, stage: Stage): boolean {
  const steps = commandSteps(stage);
  const isUnclear = stage.steps.some(
    (step) => step.instruction.keyword === 'RUN' && step.script?.isUnderstood !== true,
  );
  const builds = steps.some(
    (at) => runsProject(at) || ecosystems.some((one) => one.isBuild(at.command, context.project, '')),
  );
  const installs = steps.filter((at) => installsPackages(at.command));
  const isProven =
    installs.every((at) => readInstall(at.command)?.ecosystem.id === 'node') && !hasInstallScripts(context);
  return isUnclear || builds || (installs.length > 0 && !isProven);
}

/** A production dependency with an install script may call a compiler; where no lock file tells, nothing is assumed. */
function hasInstallScripts(context: AnalysisContext): boolean {
  const text = context.project.reader.read('package-lock.json');
  return text === undefined || /"hasInstallScript":\s*true/.test(text);
}

function suits(context: AnalysisContext, stage: Stage, own: ImageFacts, variant: ImageFacts): boolean {
  const missing = variant.traits?.missingTools ?? [];
  const start = [
    ...startCommand(stage).words,
    ...stage.steps
      .filter((step) => step.instruction.keyword === 'HEALTHCHECK')
      .flatMap((step) => step.instruction.line.text.split(/[\s"',[\]()]+/)),
  ];
  const used = [
    ...commandSteps(stage).map((at) => at.command.name ?? ''),
    ...start.map((word) => word.replace(/^.*\//, '')),
  ];
  const usesMissing = used.some((name) => missing.includes(name));
  const isSameFamily =
    variant.reference.repository === own.reference.repository &&
    variant.reference.registry === own.reference.registry;
  const isMusl = variant.traits?.libc === 'musl' && own.traits?.libc !== 'musl';
  const usesApt = used.some((name) => ['apt-get', 'apt', 'dpkg', 'useradd', 'groupadd'].includes(name));
  // Read last and only for Alpine: a lock file may hold a megabyte.
  const muslIsFine = (): boolean =>
    context.project.isKnown &&
    !usesApt &&
    packagesWorseOnMusl(context.project, muslLanguage(own.traits?.family))?.length === 0;
  return isSameFamily && variant.traits?.hasShell !== false && !usesMissing && (!isMusl || muslIsFine());
}
