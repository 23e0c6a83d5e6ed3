import { needsCompiler } from '../../ecosystems/java/image.ts';
import { readSources } from '../../ecosystems/source-text.ts';
import { jreImage } from '../../images/families/runtime-bases.ts';
import type { ImageFacts, ImageTraits } from '../../images/knowledge.ts';
import { type ImageReference, parseImageReference } from '../../images/reference.ts';
import { versionNumbers } from '../../images/tag.ts';
import { commandSteps } from '../../model/commands.ts';
import { lastStep, lineage, type Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import type { AnalysisContext } from '../context.ts';
import { deployedWords } from '../deployment/deployed-words.ts';

/** Releases that the image of a JRE goes on to be rebuilt for (endoflife.date/eclipse-temurin, 2026-11-30). */
const longTerm = [8, 11, 17, 21, 25];

/** Commands that do the same in every image. */
const plainCommands = /^(?:mkdir|chmod|chown|cp|mv|rm|ln|touch|echo|true|:)$/;

/**
 * The image of a JRE that a stage can start from where the image of a JDK is no longer rebuilt: the stage only starts an
 * archive with `java -jar`, installs nothing, and nothing in it or around it names a program that the JRE's image may lack.
 */
export function jreAlone(
  context: AnalysisContext,
  stage: Stage,
  traits: ImageTraits | undefined,
): ImageFacts | undefined {
  const version = versionNumbers(traits?.version ?? '')[0];
  const { words } = startCommand(stage);
  const program = words.find((word) => !/^(?:exec|sh|\/bin\/sh|-c)$/.test(word))?.split(/\s+/) ?? [];
  const starts = [...program, ...words].map((word) => word.replace(/^.*\//, ''));
  const isArchive = starts.includes('java') && words.some((word) => /(?:^|\s)-jar(?:\s|$)/.test(word));
  const steps = lineage(stage).flatMap((one) => [...one.steps]);
  const isPlain =
    steps.every(
      ({ instruction, script }) => instruction.keyword !== 'RUN' || script?.isUnderstood === true,
    ) &&
    lineage(stage)
      .flatMap(commandSteps)
      .every(({ command }) => plainCommands.test(command.name ?? ''));
  const asked = lastStep(stage, 'HEALTHCHECK') !== undefined || deployedWords(context.project).length > 0;
  if (
    version === undefined ||
    !longTerm.includes(version) ||
    !isArchive ||
    !isPlain ||
    asked ||
    stage.platform !== undefined ||
    needsCompiler(readSources(context.project, '', /\.(?:java|kt|scala|groovy)$/))
  ) {
    return undefined;
  }
  const reference: ImageReference | undefined = parseImageReference(
    jreImage(version, traits?.libc === 'musl'),
  );
  return reference === undefined ? undefined : context.images.peek(reference, stage.platform);
}
