import type { CancellationToken, Hover, MarkedString, MarkupContent, Position } from 'vscode-languageserver';
import { modelOf } from '../engine/analyze.ts';
import { imageAt, type NamedImage } from '../ide/hover.ts';
import { describeImage } from '../ide/image-hover.ts';
import type { ImageFacts } from '../images/knowledge.ts';
import type { ClientSupport } from './client-support.ts';
import { toOffset, toRange } from './convert.ts';
import type { Everyday } from './everyday.ts';
import type { ServerHost } from './host.ts';
import type { Snapshot } from './snapshots.ts';

export interface HoverOptions {
  readonly support: ClientSupport;
  readonly host: ServerHost;
  readonly everyday: Pick<Everyday, 'hover'>;
  /** False where nobody outside of this machine may be asked. */
  readonly asksOthers: (snapshot: Snapshot) => boolean;
}

/** How long a hover waits for somebody who may know more of an image; the next hover shows what came too late. */
const patience = 300;

/** What is shown for a place in a document: the facts of the image that stands there, and what the word means. */
export function createHover({ support, host, everyday, asksOthers }: HoverOptions) {
  return async (snapshot: Snapshot, position: Position, token: CancellationToken): Promise<Hover | null> => {
    const { lines, input, settings } = snapshot;
    const image = settings.editor.enable ? imageAt(modelOf(input), toOffset(lines, position)) : undefined;
    const word = everyday.hover(lines.text, position);
    if (image === undefined) {
      return word;
    }
    const { facts, isWaiting } = await factsOf(image, host, asksOthers(snapshot), token);
    const variants = host.images.smallerVariants(image.reference, image.platform);
    const text = describeImage(facts, variants, host.today(), isWaiting);
    const value = word === null ? text : `${text}\n\n---\n\n${plain(word.contents)}`;
    return {
      contents: { kind: support.markdownHover ? 'markdown' : 'plaintext', value },
      range: toRange(lines, image.span),
    };
  };
}

/** What is known of an image after a short wait for whoever may know more; `isWaiting` where they have not answered yet. */
async function factsOf(
  { reference, platform }: NamedImage,
  host: ServerHost,
  asksOthers: boolean,
  token: CancellationToken,
): Promise<{ readonly facts: ImageFacts; readonly isWaiting: boolean }> {
  const known = (isWaiting: boolean) => ({ facts: host.images.peek(reference, platform), isWaiting });
  const { learn } = host.images;
  if (learn === undefined || !asksOthers) {
    return known(false);
  }
  const abort = new AbortController();
  const late = new Promise<'late'>((resolve) => {
    const stopTimer = host.startTimer(patience, () => resolve('late'));
    abort.signal.addEventListener('abort', () => {
      stopTimer();
      resolve('late');
    });
    token.onCancellationRequested(() => abort.abort());
  });
  // Whoever was asked may fail as it likes: what is known already is the answer then.
  const learned = learn(reference, platform, abort.signal).catch(() => undefined);
  const answer = await Promise.race([learned, late]);
  return answer === 'late'
    ? known(true)
    : answer === undefined
      ? known(false)
      : { facts: answer, isWaiting: false };
}

function plain(contents: MarkupContent | MarkedString | MarkedString[]): string {
  if (Array.isArray(contents)) {
    return contents.map(plain).join('\n\n');
  }
  return typeof contents === 'string' ? contents : contents.value;
}
