import { imageName } from '../images/families/family.ts';
import { parseTag } from '../images/tag.ts';
import { commandSteps } from '../model/commands.ts';
import { readCopy } from '../model/copy.ts';
import { type Dockerfile, rootBase, type Stage } from '../model/dockerfile.ts';
import type { TextEdit } from '../text/edits.ts';
import { type Span, span } from '../text/span.ts';
import { Layout } from './layout.ts';

/** Where `pip install --user` of root installs. */
export const userSite = '/root/.local';
/** The virtual environment that takes its place: any user may enter it. */
const environment = '/opt/venv';

/**
 * Moves what a builder installed with `pip install --user`, and a stage copies from it, to a virtual environment.
 * Undefined where there is nothing of the kind, where the two stages may have different Pythons, and where something
 * else lies, or is looked for, in the old place.
 */
export function moveUserSite(dockerfile: Dockerfile, stage: Stage): TextEdit[] | undefined {
  const copy = stage.steps
    .flatMap((step) => readCopy(step, dockerfile) ?? [])
    .find((one) => one.target === userSite && one.sources.length === 1);
  const builder = copy?.from;
  if (copy === undefined || typeof builder !== 'object' || copy.sources[0]?.value !== userSite) {
    return undefined;
  }
  const python = pythonOf(builder);
  const installs = commandSteps(builder).filter(({ command }) => /^pip3?$/.test(command.name ?? ''));
  const flags = installs.flatMap(({ script, command }) =>
    command.args.filter(({ text }) => text === '--user').map((word) => script.sourceSpan(word.span)),
  );
  const [first] = installs;
  const regions = [builder, stage].map(spanOf);
  const places = regions.map((region) => occurrences(dockerfile.text, userSite, region));
  const isElsewhere = dockerfile.text.split(userSite).length - 1 !== places.flat().length;
  const isOther = places
    .flat()
    .some((place) => !/^(?:\/(?:bin|lib)\b|\/?(?:[\s:"',\]]|$))/.test(dockerfile.text.slice(place.end)));
  const isFlagElsewhere =
    regions.flatMap((region) => occurrences(dockerfile.text, '--user', region)).length !== flags.length;
  if (
    first === undefined ||
    flags.length === 0 ||
    python === undefined ||
    python !== pythonOf(stage) ||
    isElsewhere ||
    isOther ||
    isFlagElsewhere ||
    dockerfile.text.includes('PYTHONUSERBASE')
  ) {
    return undefined;
  }
  const layout = new Layout(dockerfile.syntax);
  const path = `${layout.keyword('ENV')} PATH=${environment}/bin:$PATH`;
  const isSetIn = (one: Stage): boolean =>
    one.steps.some(({ instruction }) =>
      instruction.pairs.some((pair) => pair.value?.includes(`${userSite}/bin`)),
    );
  return [
    layout.insertBefore(first.step.instruction, [
      `${layout.keyword('RUN')} python -m venv ${environment}`,
      ...(isSetIn(builder) ? [] : [path]),
    ]),
    ...flags.map(({ start, end }) => ({ span: span(start - 1, end), text: '' })),
    ...places.flat().map((place) => ({ span: place, text: environment })),
    ...(isSetIn(stage) ? [] : [layout.insertAfter(copy.step.instruction, [path])]),
  ];
}

/** The version of the official Python image that a stage goes back to. */
function pythonOf(stage: Stage): string | undefined {
  const base = rootBase(stage);
  return base.kind === 'image' && imageName(base.reference) === 'python'
    ? parseTag(base.reference.tag ?? '').version
    : undefined;
}

function spanOf({ from, steps }: Stage): Span {
  return span(from.span.start, (steps.at(-1)?.instruction ?? from).span.end);
}

function occurrences(text: string, word: string, region: Span): Span[] {
  const found: Span[] = [];
  for (
    let at = text.indexOf(word, region.start);
    at >= 0 && at < region.end;
    at = text.indexOf(word, at + 1)
  ) {
    found.push(span(at, at + word.length));
  }
  return found;
}
