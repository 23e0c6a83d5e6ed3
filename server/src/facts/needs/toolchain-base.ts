import type { Refused } from '../../ecosystems/refusal.ts';
import { systemBase } from '../../images/families/runtime-bases.ts';
import type { ImageFacts } from '../../images/knowledge.ts';
import type { ImageReference } from '../../images/reference.ts';
import { commandSteps } from '../../model/commands.ts';
import { readCopy } from '../../model/copy.ts';
import { lastStep, lineage, type Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import type { AnalysisContext } from '../context.ts';
import { deployedWords } from '../deployment/deployed-words.ts';
import { programBase } from './program-alone.ts';

/** What would do in place of a toolchain under a stage that compiles nothing. */
export interface WithoutToolchain {
  /** The image that runs what the toolchain makes; undefined where which one is not certain. */
  readonly image?: ImageFacts;
  /** What has to be installed there. */
  readonly packages?: readonly string[];
  /** Why there is none, or what speaks against it. */
  readonly obstacle?: Refused;
}

/** Programs of the toolchains, by the family of their image. */
const toolchains: ReadonlyMap<string, RegExp> = new Map([
  ['dotnet', /^dotnet$/],
  ['golang', /^(?:go|gofmt)$/],
  ['rust', /^(?:cargo|rustc|rustup)$/],
  ['buildpack-deps', /^(?:gcc|g\+\+|cc|c\+\+|make|git|svn|hg)$/],
]);

/** Programs of the SDK's image that the images without it lack. */
const onlyInSdk = /^(?:curl|wget|git|pwsh|powershell)$/;

/**
 * The image for a stage that stands on a toolchain and only starts what another stage built; undefined for other stages,
 * and where a command that uses the toolchain may be hidden.
 */
export function withoutToolchain(
  context: AnalysisContext,
  stage: Stage,
  own: ImageFacts,
): WithoutToolchain | undefined {
  const family = own.traits?.family ?? '';
  const program = toolchains.get(family);
  const steps = lineage(stage).flatMap((one) => [...one.steps]);
  const takesOver = steps.some((step) => typeof readCopy(step, context.dockerfile)?.from === 'object');
  const isHidden = steps.some(
    ({ instruction, script }) => instruction.keyword === 'RUN' && script?.isUnderstood !== true,
  );
  const commands = lineage(stage)
    .flatMap(commandSteps)
    .map(({ command }) => command.name ?? '');
  if (program === undefined || !takesOver || isHidden || commands.some((name) => program.test(name))) {
    return undefined;
  }
  const words = startCommand(stage).words.map((word) => word.replace(/^.*\//, ''));
  if (family !== 'dotnet') {
    if (words.some((word) => program.test(word))) {
      return undefined;
    }
    return (
      programBase(context, stage, own) ?? {
        obstacle: {
          code: 'toolchain-in-final-stage',
          reason: `The stage compiles nothing: ${systemBase(own.traits) ?? 'a small image of the same system'} with ca-certificates, or an image of distroless, would run what another stage built.`,
        },
      }
    );
  }
  const { reference } = own;
  const isRuntimeTag = /^\d+\.\d+(?:-alpine)?$/.test(reference.tag ?? '');
  const isPublished = words[0] === 'dotnet' && /\.dll$/.test(words[1] ?? '');
  if (!own.traits?.variant?.startsWith('sdk-') || !isRuntimeTag || !isPublished) {
    return undefined;
  }
  const probe = lastStep(stage, 'HEALTHCHECK')?.instruction.line.text.split(/[\s"',[\]()]+/) ?? [];
  const deployed = deployedWords(context.project).map(({ word }) => word);
  const used = [...commands, ...words, ...probe, ...deployed].find((word) => onlyInSdk.test(word));
  // The image of ASP.NET Core also has what plain programs need.
  const runtime: ImageReference = {
    ...reference,
    repository: reference.repository.replace(/sdk$/, 'aspnet'),
  };
  return {
    image: context.images.peek(runtime, stage.platform),
    ...(used === undefined
      ? {}
      : {
          obstacle: {
            code: 'needs-more-than-smaller-base',
            reason: `The stage uses ${used}, which it lacks.`,
          },
        }),
  };
}
