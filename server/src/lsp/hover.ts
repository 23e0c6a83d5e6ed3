import type { CancellationToken, Hover, MarkedString, MarkupContent, Position } from 'vscode-languageserver';
import { modelOf } from '../engine/analyze.ts';
import { describeImage } from '../ide/image-hover.ts';
import { copyHover, runHover } from '../ide/layer-sizes.ts';
import { imageAt, type NamedImage } from '../ide/named-images.ts';
import type { ImageFacts } from '../images/knowledge.ts';
import type { ClientSupport } from './client-support.ts';
import { toOffset, toRange } from './convert.ts';
import type { ServerHost } from './host.ts';
import { commands } from './messages.ts';
import { answerSoon } from './patience.ts';
import type { Snapshot } from './snapshots.ts';
import type { StandardFeatures } from './standard-features.ts';

export interface HoverOptions {
  readonly support: ClientSupport;
  readonly host: ServerHost;
  readonly standard: Pick<StandardFeatures, 'hover'>;
  /** False where nobody outside of this machine may be asked. */
  readonly asksOthers: (snapshot: Snapshot) => boolean;
}

/**
 * What is shown for a place in a document: the facts of the image that stands there, the largest of what a COPY sends, and
 * what the word means.
 */
export function createHover({ support, host, standard, asksOthers }: HoverOptions) {
  return async (snapshot: Snapshot, position: Position, token: CancellationToken): Promise<Hover | null> => {
    const { lines, input, settings, report } = snapshot;
    const image = settings.editor.enable
      ? imageAt(modelOf(input), input.project, toOffset(lines, position))
      : undefined;
    const word = standard.hover(lines.text, position);
    if (image === undefined) {
      const offset = toOffset(lines, position);
      const link = (path: string): string => commandLink(commands.exclude, snapshot.uri, path);
      const layer =
        copyHover(report, input.project, offset, support.views && support.markdownHover ? link : undefined) ??
        runHover(report.image, offset);
      return layer === undefined
        ? word
        : { contents: joined(layer.text, word), range: toRange(lines, layer.span) };
    }
    const { facts, isWaiting } = await factsOf(image, host, asksOthers(snapshot), token);
    const variants = host.images.smallerVariants(image.reference, image.platform);
    const text = describeImage(facts, variants, { today: host.today(), project: input.project, isWaiting });
    return { contents: joined(text, word), range: toRange(lines, image.span) };
  };

  /** What Ballast says, and below it what the word means. */
  function joined(text: string, word: Hover | null): MarkupContent {
    const value = word === null ? text : `${text}\n\n---\n\n${plain(word.contents)}`;
    return { kind: support.markdownHover ? 'markdown' : 'plaintext', value };
  }
}

/** Address of a command of the editor, which its hovers may run. */
function commandLink(command: string, ...args: readonly string[]): string {
  // Brackets would end the address in markdown.
  const query = encodeURIComponent(JSON.stringify(args)).replace(/[()]/g, (char) =>
    char === '(' ? '%28' : '%29',
  );
  return `command:${command}?${query}`;
}

/** What is known of an image after a short wait for whoever may know more; `isWaiting` where they have not answered yet. */
async function factsOf(
  { reference, platform }: NamedImage,
  host: ServerHost,
  asksOthers: boolean,
  token: CancellationToken,
): Promise<{ readonly facts: ImageFacts; readonly isWaiting: boolean }> {
  const { learn } = host.images;
  const answer =
    learn === undefined || !asksOthers
      ? undefined
      : await answerSoon(host, token, (signal) => learn(reference, platform, signal));
  return answer === undefined || answer === 'late'
    ? { facts: host.images.peek(reference, platform), isWaiting: answer === 'late' }
    : { facts: answer, isWaiting: false };
}

function plain(contents: MarkupContent | MarkedString | MarkedString[]): string {
  if (Array.isArray(contents)) {
    return contents.map(plain).join('\n\n');
  }
  return typeof contents === 'string' ? contents : contents.value;
}
