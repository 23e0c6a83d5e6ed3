import { slimReference } from '../images/families/index.ts';
import { formatImageReference, parseImageReference } from '../images/reference.ts';
import { argumentText } from '../syntax/tree.ts';
import type { PlanInput, PlanSubject } from './runtime-plan.ts';

/**
 * The slim variant of the same image, version and release: for an image of the language itself, as long as the final
 * stage names none of the tools that slim lacks. The base itself where it is small already, or not understood.
 */
export function smallerBase(input: PlanInput, tools: readonly string[], usesFull = false): string {
  const reference = parseImageReference(input.baseName);
  if (
    reference === undefined ||
    usesFull ||
    reference.digest !== undefined ||
    input.traits?.variant !== 'full' ||
    namesTool(input, tools)
  ) {
    return input.baseName;
  }
  const slim = slimReference(reference);
  return slim === undefined ? input.baseName : formatImageReference(slim);
}

/** Why a base image that is none of the language's own is left alone, in one sentence. */
export function foreignBase(language: string, { baseName, traits }: PlanSubject): string {
  return traits === undefined
    ? `What ${baseName} holds beside ${language} is not known.`
    : `${language} comes with the system here, not with an image of its own.`;
}

/** True when a start command or probe, of the image or of a service, names a program that the slim variant lacks and no system package brings. */
function namesTool(input: PlanInput, tools: readonly string[]): boolean {
  const own = input.stage.steps
    .filter((step) => ['HEALTHCHECK', 'CMD', 'ENTRYPOINT'].includes(step.instruction.keyword))
    .flatMap((step) => argumentText(step.instruction).split(/[\s"',[\];&|()]+/))
    .map((word) => word.replace(/^.*\//, ''));
  // What a service runs and a package brings is installed on the slim variant.
  const deployed = input.facts
    .deployedWords()
    .filter((word) => input.facts.programPackages([word], []).length === 0);
  return [...own, ...deployed].some((word) => tools.includes(word) && !input.packages.includes(word));
}
