import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze } from '../../../server/src/engine/analyze.ts';
import { defaultConfig } from '../../../server/src/engine/config.ts';
import { imageSize as estimatedSize } from '../../../server/src/engine/estimate/estimate.ts';
import { createCliHost } from '../../../server/src/host/cli-host.ts';
import { readGrammars } from '../../../server/src/host/grammars.ts';
import { createCatalogueKnowledge } from '../../../server/src/images/catalogue-knowledge.ts';
import type { ImageKnowledge } from '../../../server/src/images/knowledge.ts';
import { formatImageReference } from '../../../server/src/images/reference.ts';
import type { SizeAnswer } from '../../../server/src/sizes/size.ts';
import { createShellParser } from '../../../server/src/syntax/shell/parser.ts';
import type { BaseImage } from './base-images.ts';
import type { ProofCase } from './cases.ts';
import type { BuildContext } from './context.ts';
import { makeContext } from './context.ts';
import { imageSize } from './image.ts';
import { run } from './run.ts';

const shell = await createShellParser(await readGrammars());

/**
 * What Ballast says of the image of a build context, before it is built. The base images have the sizes of the stand-ins,
 * so that what is compared with the truth is the estimate of everything else.
 */
export async function estimateOf(context: BuildContext, bases: readonly BaseImage[]): Promise<SizeAnswer> {
  const dockerfile = join(context.folder, 'Dockerfile');
  const opened = createCliHost().openProject(dockerfile);
  const project = (await opened.measured?.(opened.project, () => {})) ?? opened.project;
  const report = analyze({
    text: readFileSync(dockerfile, 'utf8'),
    project,
    images: await knowledgeOf(bases),
    shell,
    config: defaultConfig,
    today: new Date().toISOString().slice(0, 10),
  });
  return estimatedSize(report.image);
}

/**
 * The same for a Dockerfile in the project of somebody who has installed and built it on this machine, which is where
 * most figures come from. Undefined for projects of which the suite does not know how that is done.
 */
export async function estimateWhenInstalled(
  proof: ProofCase,
  fixed: BuildContext,
  bases: readonly BaseImage[],
): Promise<SizeAnswer | undefined> {
  if (proof.onThisMachine === undefined) return undefined;
  const context = makeContext(fixed.folder);
  try {
    await run('sh', ['-c', proof.onThisMachine], { cwd: context.folder });
    return await estimateOf(context, bases);
  } finally {
    context.remove();
  }
}

async function knowledgeOf(bases: readonly BaseImage[]): Promise<ImageKnowledge> {
  const catalogue = createCatalogueKnowledge();
  const sizes = new Map<string, number>();
  for (const { image } of bases) {
    sizes.set(
      image.replace('docker.io/library/', '').replace('docker.io/', ''),
      (await imageSize(image)).disk,
    );
  }
  return {
    ...catalogue,
    peek(reference, platform) {
      const facts = catalogue.peek(reference, platform);
      const bytes = sizes.get(formatImageReference(reference));
      return bytes === undefined ? facts : { ...facts, disk: measuredSize(bytes) };
    },
  };
}

function measuredSize(bytes: number): SizeAnswer {
  return {
    kind: 'known',
    low: bytes,
    high: bytes,
    atLeast: false,
    measure: 'disk',
    basis: 'measured',
    source: 'the stand-in',
    date: new Date().toISOString().slice(0, 10),
  };
}
