import { catalogueNames } from '../../images/catalogue.ts';
import type { ImageKnowledge } from '../../images/knowledge.ts';
import { knownTags } from '../../images/known-tags.ts';
import { parseImageReference } from '../../images/reference.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { measuredAt } from '../../project/context.ts';
import { resolvePath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { formatBytes, formatSize } from '../../sizes/size.ts';
import type { Instruction } from '../../syntax/tree.ts';
import { type Span, touches } from '../../text/span.ts';
import { type ImagePlace, imagePlaces } from '../named-images.ts';
import { flagsOf, mountKeys } from './flags.ts';

/** Something that may be written at a place. */
export interface Proposal {
  readonly kind: 'image' | 'flag' | 'value' | 'file' | 'folder';
  readonly label: string;
  /** What it is, or what it weighs; may be empty. */
  readonly detail: string;
  readonly text: string;
  /** What the text takes the place of. */
  readonly span: Span;
  /** More is to be chosen behind it. */
  readonly goesOn: boolean;
}

/** A list that is longer helps nobody. */
const mostPaths = 300;

/** The names of images that the catalogue knows, where an image is being typed that has no tag yet. */
export function imageProposals(
  dockerfile: Dockerfile,
  images: ImageKnowledge,
  offset: number,
): readonly Proposal[] {
  const place =
    imagePlaces(dockerfile).find(({ span }) => touches(span, offset)) ?? emptyFrom(dockerfile, offset);
  const text = place === undefined ? '' : dockerfile.text.slice(place.span.start, place.span.end);
  if (place === undefined || /[:@$]/.test(text)) {
    return [];
  }
  const { span, platform } = place;
  return catalogueNames().flatMap((label): Proposal[] => {
    const reference = parseImageReference(label);
    if (reference === undefined) {
      return [];
    }
    const sizes = knownTags(reference, platform, images).map(({ disk }) => disk);
    const known = sizes.filter((size) => size.kind === 'known').sort((a, b) => a.low - b.low);
    const [smallest] = known;
    const detail = smallest === undefined ? '' : `from ${formatSize(smallest)}`;
    return [{ kind: 'image', label, detail, text: `${label}:`, span, goesOn: true }];
  });
}

/** The place of the image behind a FROM that names none yet. */
function emptyFrom(dockerfile: Dockerfile, offset: number): ImagePlace | undefined {
  const { instruction, before, word, span } = typingAt(dockerfile, offset) ?? {};
  const isEmpty = instruction?.keyword === 'FROM' && word === '' && before?.every(isFlag);
  return isEmpty === true && span !== undefined && span.start === span.end
    ? { span, platform: undefined }
    : undefined;
}

/** What is being typed behind the keyword of an instruction. */
interface Typing {
  readonly instruction: Instruction;
  /** Words that stand before it. */
  readonly before: readonly string[];
  readonly word: string;
  /** The whole word, also behind the cursor. */
  readonly span: Span;
}

/** Flags of an instruction and their values. */
export function flagProposals(dockerfile: Dockerfile, offset: number): readonly Proposal[] {
  const typing = typingAt(dockerfile, offset);
  if (typing === undefined || !typing.word.startsWith('-') || !typing.before.every(isFlag)) {
    return [];
  }
  const { instruction, word, span } = typing;
  const flags = Object.entries(flagsOf[instruction.keyword] ?? {});
  const equals = word.indexOf('=');
  if (equals < 0) {
    const used = typing.before.map((one) => one.split('=', 1)[0] ?? one);
    return flags
      .filter(([name]) => !used.includes(name) || name === '--mount' || name === '--exclude')
      .map(([name, { about, isBare }]) => {
        const goesOn = isBare !== true;
        return { kind: 'flag', label: name, detail: about, text: goesOn ? `${name}=` : name, span, goesOn };
      });
  }
  const name = word.slice(0, equals);
  const valueSpan = { start: span.start + equals + 1, end: span.end };
  if (name === '--mount') {
    return mountProposals(word.slice(equals + 1), offset, valueSpan);
  }
  const values = flags.find(([flag]) => flag === name)?.[1].values ?? [];
  return values.map((value) => valueProposal(value, valueSpan));
}

/** Keys of `--mount` and their values, between commas. */
function mountProposals(typed: string, offset: number, whole: Span): readonly Proposal[] {
  const parts = typed.split(',');
  const part = parts.at(-1) ?? '';
  const earlier = parts.slice(0, -1).map((one) => one.split('='));
  const type = earlier.find(([key]) => key === 'type')?.[1] ?? 'bind';
  const keys = mountKeys[type] ?? {};
  const [key = '', value] = part.split('=');
  const start = offset - (value ?? part).length;
  const span = { start, end: Math.max(offset, start) === whole.end ? whole.end : offset };
  if (value !== undefined) {
    const values = key === 'type' ? Object.keys(mountKeys) : (keys[key] ?? []);
    return values.map((one) => valueProposal(one, span));
  }
  const used = earlier.map(([name]) => name);
  const names = earlier.length === 0 ? Object.keys(mountKeys).map((one) => `type=${one}`) : Object.keys(keys);
  return names
    .filter((name) => !used.includes(name))
    .map((name) => ({
      kind: 'flag',
      label: name,
      detail: '',
      text: name.includes('=') ? `${name},` : `${name}=`,
      span,
      goesOn: true,
    }));
}

/** Files and folders of the build context behind COPY and ADD, the largest first; those that are not sent are left out. */
export function pathProposals(dockerfile: Dockerfile, project: Project, offset: number): readonly Proposal[] {
  const typing = typingAt(dockerfile, offset);
  if (
    typing === undefined ||
    !['COPY', 'ADD'].includes(typing.instruction.keyword) ||
    typing.before.some((word) => word.startsWith('--from=')) ||
    /^-|["'[\]$*?\\<]|:\/\//.test(typing.word) ||
    typing.before.some((word) => word.startsWith('['))
  ) {
    return [];
  }
  const { word, span } = typing;
  const nameStart = word.lastIndexOf('/') + 1;
  const folder = resolvePath('', word.slice(0, nameStart).replace(/^\/+/, ''));
  if (folder === undefined) {
    return [];
  }
  const sent = project.context === undefined ? undefined : measuredAt(project.context.sent, folder);
  const place = { start: span.start + nameStart, end: span.end };
  return (project.reader.list(folder) ?? [])
    .filter(({ name }) => sent?.entries?.has(name) !== false && !/[\s"'\\$]/.test(name))
    .map(({ name, kind }) => ({
      name,
      isFolder: kind === 'directory',
      bytes: sent?.entries?.get(name)?.bytes,
    }))
    .sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0) || (a.name < b.name ? -1 : 1))
    .slice(0, mostPaths)
    .map(({ name, isFolder, bytes }) => ({
      kind: isFolder ? 'folder' : 'file',
      label: `${name}${isFolder ? '/' : ''}`,
      detail: bytes === undefined ? '' : formatBytes(bytes),
      text: name,
      span: place,
      goesOn: false,
    }));
}

function typingAt({ text, syntax }: Dockerfile, offset: number): Typing | undefined {
  const instruction = syntax.instructions.findLast(({ keywordSpan }) => keywordSpan.end < offset);
  if (instruction === undefined || text.slice(instruction.span.end, offset).includes('\n')) {
    return undefined;
  }
  const typed = text.slice(instruction.keywordSpan.end, offset);
  const words = typed.split(/\s+/);
  const word = words.at(-1) ?? '';
  const rest = /^\S*/.exec(text.slice(offset))?.[0].length ?? 0;
  return {
    instruction,
    // A backslash or backtick alone ends a line that goes on.
    before: words.slice(0, -1).filter((one) => one !== '' && one !== syntax.escape),
    word,
    span: { start: offset - word.length, end: offset + rest },
  };
}

function isFlag(word: string): boolean {
  return word.startsWith('--');
}

function valueProposal(value: string, span: Span): Proposal {
  return { kind: 'value', label: value, detail: '', text: value, span, goesOn: false };
}
