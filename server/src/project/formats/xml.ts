import { XMLParser } from 'fast-xml-parser';
import { memoize } from '../../text/memoize.ts';
import { objectOf } from './values.ts';

/** Longer texts are machine-made; nobody writes such a manifest. */
const longest = 1_000_000;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/**
 * Reads a file in XML as objects by the names of elements: several of one name are a list, attributes start with `@`,
 * comments are gone. Undefined where it is none. Never throws.
 */
export const readXml = memoize((text): Readonly<Record<string, unknown>> | undefined => {
  if (text.length > longest) {
    return undefined;
  }
  try {
    return objectOf(parser.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
}, 50);

/** The elements of a name: none, one or several. */
export function elementsOf(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** The text of an element, without the space around it. */
export function elementText(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : objectOf(value)['#text'];
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** All elements of these names at any depth. */
export function elementsBelow(value: unknown, ...names: readonly string[]): unknown[] {
  if (Array.isArray(value)) {
    return value.flatMap((one) => elementsBelow(one, ...names));
  }
  return Object.entries(objectOf(value)).flatMap(([name, inner]) => [
    ...(names.includes(name) ? elementsOf(inner) : []),
    ...elementsBelow(inner, ...names),
  ]);
}
