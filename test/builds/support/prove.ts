import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BaseImage, prepareBaseImage } from './base-images.ts';
import { type BuildResult, build, mustBuild } from './build.ts';
import { tryBuildah } from './buildah.ts';
import type { ProofCase, Request } from './cases.ts';
import { type Answer, type Container, startContainer } from './container.ts';
import type { BuildContext } from './context.ts';
import { type ImageConfig, type ImageSize, imageConfig, imageSize } from './image.ts';

/** What was seen of one built image. */
export interface Observation {
  readonly size: ImageSize;
  readonly config: ImageConfig;
  readonly answers: readonly (Answer | undefined)[];
  /** What the program printed. */
  readonly output: string;
  readonly userIds: readonly number[];
  /** Exit code of the health probe; undefined when the image has none. */
  readonly probe: number | undefined;
  /** Whether the program ended by itself, or on SIGTERM within five seconds. */
  readonly stops: boolean;
  readonly seconds: number;
}

/** Which steps ran again after the one-line source change, and how long the build took. */
export interface Rebuild {
  readonly rerun: readonly string[];
  readonly seconds: number;
}

/** Makes the base images that a Dockerfile names; throws for one without a stand-in. */
export async function prepareBasesOf(dockerfile: string): Promise<readonly BaseImage[]> {
  const stages = new Set<string>();
  const bases: BaseImage[] = [];
  for (const line of dockerfile.split('\n')) {
    const from = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line);
    const copied = /^\s*COPY\s+.*--from=(\S+)/i.exec(line)?.[1];
    const image = from?.[1] ?? copied;
    if (
      image !== undefined &&
      image !== 'scratch' &&
      !stages.has(image.toLowerCase()) &&
      !/^\d+$/.test(image)
    ) {
      bases.push(await prepareBaseImage(image));
    }
    if (from?.[2] !== undefined) stages.add(from[2].toLowerCase());
  }
  return bases;
}

/** Builds a context, measures the image and runs it. */
export async function observe(proof: ProofCase, context: BuildContext, image: string): Promise<Observation> {
  const built = await mustBuild(context, image);
  const config = await imageConfig(image);
  const size = await imageSize(image);
  const container = await startContainer(image, config, { environment: proof.environment ?? {} });
  try {
    return { size, config, seconds: built.seconds, ...(await watch(proof, container)) };
  } finally {
    await container.remove();
  }
}

async function watch(
  proof: ProofCase,
  container: Container,
): Promise<Pick<Observation, 'answers' | 'output' | 'userIds' | 'probe' | 'stops'>> {
  if (proof.port === undefined) {
    const stops = (await container.ended(30)) === 0;
    return { answers: [], output: container.output(), userIds: [], probe: undefined, stops };
  }
  const answers: (Answer | undefined)[] = [];
  for (const request of proof.requests) answers.push(await container.ask(proof.port, request));
  const probe = await container.probe();
  const userIds = await container.userIds();
  const stops = await container.terminate(5);
  return { answers, output: container.output(), userIds, probe: probe?.code, stops };
}

/** Why an image does not do what its project should; empty when it does. */
export function misbehaviour(proof: ProofCase, observed: Observation): string[] {
  const wrong = proof.requests.flatMap((request, index) => wrongAnswer(request, observed.answers[index]));
  if (proof.prints !== undefined && !proof.prints.test(observed.output)) wrong.push('prints something else');
  if (observed.probe !== undefined && observed.probe !== 0)
    wrong.push(`its health probe ends with ${observed.probe}`);
  return wrong.length === 0 ? [] : [...wrong, `it printed: ${observed.output.slice(-2000)}`];
}

function wrongAnswer(request: Request, answer: Answer | undefined): string[] {
  if (answer === undefined) return [`${request.path} is not answered`];
  const isRight = request.status === undefined ? answer.status < 400 : answer.status === request.status;
  if (!isRight) return [`${request.path} is answered with ${answer.status}`];
  return request.answer.test(answer.body)
    ? []
    : [`${request.path} is answered with ${JSON.stringify(answer.body)}`];
}

/** How the program of two images differs as seen from outside; empty when it does the same. */
export function differences(proof: ProofCase, before: Observation, after: Observation): string[] {
  const found = misbehaviour(proof, after);
  proof.requests.forEach((request, index) => {
    const [was, is] = [before.answers[index], after.answers[index]];
    if (request.varies !== true && was?.body !== is?.body)
      found.push(`${request.path} is answered otherwise`);
  });
  if (proof.port === undefined && before.output !== after.output)
    found.push('prints something else than before');
  return found;
}

/** Makes the case's one-line source change and builds again; undefined for a case without one. */
export async function rebuildAfterChange(
  proof: ProofCase,
  context: BuildContext,
  image: string,
): Promise<Rebuild | undefined> {
  if (proof.change === undefined) return undefined;
  appendFileSync(join(context.folder, proof.change.file), proof.change.text);
  const result: BuildResult = await build(context, image);
  if (!result.ok)
    throw new Error(`${proof.name} does not build after the source change:\n${result.output.slice(-3000)}`);
  const rerun = result.steps
    .filter((step) => !step.cached && step.text.startsWith('RUN '))
    .map((step) => step.text);
  return { rerun, seconds: result.seconds };
}

/** Removes images and everything that only they used. */
export async function removeImages(images: readonly string[]): Promise<void> {
  for (const image of images) await tryBuildah(['rmi', '--force', image]);
  await tryBuildah(['rmi', '--prune']);
}
