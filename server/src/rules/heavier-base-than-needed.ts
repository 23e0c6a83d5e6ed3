import { type Refused, unfixedBy } from '../ecosystems/refusal.ts';
import type { AnalysisContext } from '../facts/context.ts';
import { deployment } from '../facts/deployment/deployment.ts';
import { smallerBaseVerdict } from '../facts/needs/full-base.ts';
import { muslLanguage, packagesWorseOnMusl } from '../facts/needs/musl-packages.ts';
import { ownLibraryVerdict } from '../facts/needs/own-library.ts';
import { runsServerAlone } from '../facts/needs/server-alone.ts';
import type { SmallerBaseVerdict } from '../facts/needs/smaller-base-verdict.ts';
import { withoutToolchain } from '../facts/needs/toolchain-base.ts';
import {
  baseTraits,
  hasStep,
  isDevContainer,
  isForDevelopment,
  runningStage,
  servingStage,
  startsDevelopmentServer,
} from '../facts/stage.ts';
import { singleStageVerdict } from '../fixes/convert/single-stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { Layout } from '../fixes/layout.ts';
import type { ImageFacts } from '../images/knowledge.ts';
import { formatAsWritten, formatImageReference } from '../images/reference.ts';
import { commandSteps } from '../model/commands.ts';
import { lineage, type Stage } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import { formatSize, type KnownSize } from '../sizes/size.ts';
import { nameSome } from '../text/name-some.ts';
import type { Rule } from './rule.ts';

/** Variants that are small already: from them to Alpine is a choice of C library more than of size. */
const smallVariant = /slim|alpine|jre|aspnet|runtime|distroless|chiseled|minimal/;

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
    unfixed: 'Something in the stage may need what the smaller variant lacks.',
    needs: ['images'],
    docs: {
      what: 'The stage that ships stands on the full variant of an image although a smaller one of the same version exists, or on a toolchain (Go, Rust, the SDK of .NET, `buildpack-deps`) although it only starts what another stage built. Where something speaks against the smaller one, the message says what, as information.',
      why: 'A full language image carries compilers, version control and hundreds of libraries: about a gigabyte that is stored, pulled and scanned for nothing.',
      silent:
        'The image is a slim one already; the sizes differ by less than 50 MB; the stage builds the whole program, and `single-stage-build` moves that away or says more.',
      fix: 'Switches to the smaller variant with the same C library first; to Alpine only where the lock file holds no package without a build for musl and the stage uses no apt. The program may use something that cannot be seen here: for review. None where the stage compiles, runs a script of the project, uses a program that the smaller variant lacks, or installs what may have to be compiled.',
      bad: { dockerfile: 'FROM node:22\nCOPY server.js /app/\nUSER node\nCMD ["node", "/app/server.js"]\n' },
      good: {
        dockerfile: 'FROM node:22-slim\nCOPY server.js /app/\nUSER node\nCMD ["node", "/app/server.js"]\n',
      },
      switchOff: 'Where the image is used for debugging as well.',
      references: ['https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image'],
    },
  },

  *check(context) {
    const stage = shippedStage(context);
    const root = stage === undefined ? undefined : lineage(stage).at(-1);
    if (stage === undefined || root === undefined || root.base.kind !== 'image') {
      return;
    }
    const single = startsByDeployment(context, stage) ? 'nothing' : singleStageVerdict(context, stage);
    if (single === 'offers') {
      return;
    }
    const { reference } = root.base;
    const name = root.base.name.replace(/@.*/s, '');
    const own = context.images.peek(reference, root.platform);
    const other = withoutToolchain(context, stage, own);
    const isSmall = smallVariant.test(own.traits?.variant ?? '');
    if ((isSmall && other === undefined) || own.disk.kind === 'pending') {
      return;
    }
    const using = context.dockerfile.stages.filter((one) => lineage(one).includes(root));
    const variants = context.images
      .smallerVariants(reference, root.platform)
      .filter((variant) => isOfSameFamily(own, variant));
    const hasSlim = variants.some(({ traits }) => traits?.variant === 'slim');
    const choices = variants
      .filter(
        (variant) =>
          (savingOf(own, variant) !== undefined || isSmallOfUnknownSize(own, variant, hasSlim)) &&
          (single === 'nothing' || variant.traits?.libc === own.traits?.libc),
      )
      .sort((a, b) => Number(a.traits?.libc === 'musl') - Number(b.traits?.libc === 'musl'))
      .map((variant): Choice => ({ variant, ...verdictOn(context, using, own, variant) }));
    if (other?.image !== undefined) {
      const { image, obstacle, packages = [] } = other;
      // A toolchain is larger than a plain image, whether its size is known or not.
      const isWorth = savingOf(own, image) !== undefined || own.disk.kind === 'unknown';
      choices.splice(
        0,
        choices.length,
        ...(isWorth
          ? [{ variant: image, packages, assumptions: [], ...(obstacle === undefined ? {} : { obstacle }) }]
          : []),
      );
    } else if (other?.obstacle !== undefined) {
      const { obstacle } = other;
      choices.forEach((choice, i) => {
        choices[i] = { ...choice, obstacle };
      });
    }
    const best = choices.find(({ obstacle }) => obstacle === undefined) ?? choices[0];
    if (best === undefined) {
      return;
    }
    const saving = savingOf(own, best.variant);
    const smaller = formatImageReference(best.variant.reference);
    const sizes =
      saving === undefined
        ? other?.image === undefined
          ? `${name} has a smaller variant, ${smaller}, by how much is not known`
          : `${name} is a toolchain, and ${smaller} is smaller, by how much is not known`
        : `${name} takes ${formatSize(own.disk)}; ${smaller} takes ${formatSize(best.variant.disk)}`;
    const written = context.dockerfile.text.slice(root.imageSpan.start, root.imageSpan.end);
    const pin: Refused | undefined =
      reference.digest === undefined
        ? undefined
        : { code: 'base-pinned-by-digest', reason: 'The digest pins another image.' };
    const obstacle = best.obstacle ?? pin;
    // Why a build stays with the whole image is said where its stage is spoken of; of a server's image only what can be done.
    const isSaid = single === 'nothing' && stage !== servingStage(context);
    if (!isSaid && obstacle !== undefined) {
      return;
    }
    yield {
      message:
        obstacle === undefined
          ? `${sizes}, and nothing in this stage needs more.`
          : `${sizes}. No fix is offered. ${obstacle.reason}`,
      ...(obstacle === undefined ? {} : { unfixed: unfixedBy(obstacle) }),
      span: root.imageSpan,
      ...(saving === undefined ? {} : { saving }),
      ...(obstacle === undefined ? {} : { severity: 'information' as const }),
      fixes:
        obstacle === undefined
          ? choices
              .filter((choice) => choice.obstacle === undefined)
              .flatMap((choice) => switchTo(context, root, written, own, choice))
          : [],
    };
  },
};

/** A smaller variant, with what speaks against it. */
interface Choice extends SmallerBaseVerdict {
  readonly variant: ImageFacts;
  /** What the stage needs and the variant does not bring. */
  readonly packages?: readonly string[];
}

/**
 * The stage that ships; also one that starts a server for development, or what a service or workload says, which carries
 * its base all the same.
 */
function shippedStage(context: AnalysisContext): Stage | undefined {
  const { final } = context.dockerfile;
  const isStarted =
    final !== undefined && (startsDevelopmentServer(context, final) || startsByDeployment(context, final));
  return runningStage(context) ?? servingStage(context) ?? (isStarted ? final : undefined);
}

/** True for a stage without a start command whose containers are given one. */
function startsByDeployment(context: AnalysisContext, stage: Stage): boolean {
  return (
    startCommand(stage).words.length === 0 &&
    baseTraits(stage, context.images)?.isServer !== true &&
    !isDevContainer(context) &&
    !isForDevelopment(context, stage) &&
    !hasStep(stage, 'ONBUILD') &&
    deployment(context.project).some(({ command }) => command !== '')
  );
}

function isOfSameFamily(own: ImageFacts, variant: ImageFacts): boolean {
  return (
    variant.reference.repository === own.reference.repository &&
    variant.reference.registry === own.reference.registry &&
    variant.traits?.hasShell !== false
  );
}

function verdictOn(
  context: AnalysisContext,
  stages: readonly Stage[],
  own: ImageFacts,
  variant: ImageFacts,
): SmallerBaseVerdict {
  const verdict = smallerBaseVerdict(context, stages, variant.traits);
  const isMusl = variant.traits?.libc === 'musl' && own.traits?.libc !== 'musl';
  if (verdict.obstacle !== undefined || !isMusl) {
    return verdict;
  }
  const usesApt = stages
    .flatMap(commandSteps)
    .some(({ command }) => ['apt-get', 'apt', 'dpkg', 'useradd', 'groupadd'].includes(command.name ?? ''));
  if (usesApt) {
    return {
      obstacle: {
        code: 'needs-more-than-smaller-base',
        reason: 'It is Alpine, and the stage uses programs of Debian.',
      },
      assumptions: [],
    };
  }
  if (runsServerAlone(context, stages, own.traits?.family)) {
    return verdict;
  }
  const brings = ownLibraryVerdict(context, stages, own.traits?.family);
  if (brings !== undefined) {
    return { ...brings, assumptions: [...verdict.assumptions, ...brings.assumptions] };
  }
  // Read last and only for Alpine: a lock file may hold a megabyte.
  const worse = context.project.isKnown
    ? packagesWorseOnMusl(context.project, muslLanguage(own.traits?.family))
    : undefined;
  return worse?.length === 0
    ? { assumptions: [...verdict.assumptions, 'The program runs on musl, Alpine’s C library.'] }
    : {
        obstacle: {
          code: 'musl-not-known-to-do',
          reason:
            worse === undefined
              ? 'It has musl, another C library, and no lock file tells whether all packages run on it.'
              : `It has musl, another C library, and ${nameSome(worse.map((one) => one.name))} ${worse.length === 1 ? 'has' : 'have'} no build for it.`,
        },
        assumptions: [],
      };
}

function switchTo(
  { dockerfile }: AnalysisContext,
  stage: Stage,
  written: string,
  own: ImageFacts,
  choice: Choice,
): Fix[] {
  const { packages = [] } = choice;
  const layout = new Layout(dockerfile.syntax);
  const saving = savingOf(own, choice.variant);
  const name = formatImageReference(choice.variant.reference);
  // Of a tag with a variable, only what stands behind it can be added.
  const suffix = name.startsWith(`${formatImageReference(own.reference)}-`)
    ? name.slice(formatImageReference(own.reference).length)
    : undefined;
  const hasVariable = written.includes('$');
  const text =
    hasVariable && suffix !== undefined && own.reference.tag !== undefined
      ? written + suffix
      : formatAsWritten(choice.variant.reference, written);
  const gain = saving === undefined ? '' : ` (saves ${formatSize({ ...saving, atLeast: false })})`;
  return hasVariable && !text.startsWith(written)
    ? []
    : [
        {
          title: `Switch to ${text}${gain}`,
          applicability: 'review',
          edits: [
            { span: stage.imageSpan, text },
            ...(packages.length === 0
              ? []
              : [
                  layout.insertAfter(stage.from, [
                    `${layout.keyword('RUN')} apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')} ${dockerfile.syntax.escape}`,
                    ' && rm -rf /var/lib/apt/lists/*',
                  ]),
                ]),
          ],
          assumptions: [
            `The program uses nothing that ${name} lacks.`,
            ...choice.assumptions,
            ...(hasVariable ? ['The build is given nothing but versions for the argument.'] : []),
          ],
        },
      ];
}

/**
 * True for the slim variant of a full image, where a size is not known: the system below it is smaller all the same. The same
 * holds for Alpine where there is no slim one.
 */
function isSmallOfUnknownSize(own: ImageFacts, variant: ImageFacts, hasSlim: boolean): boolean {
  const isSlim = variant.traits?.variant === 'slim' && own.traits?.libc === variant.traits.libc;
  return (
    own.traits?.variant === 'full' &&
    (isSlim || (!hasSlim && variant.traits?.variant === 'alpine')) &&
    (own.disk.kind === 'unknown' || variant.disk.kind === 'unknown')
  );
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
