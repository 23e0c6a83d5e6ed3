import { XMLParser } from 'fast-xml-parser';
import { readJsonc } from '../../project/formats/jsonc.ts';
import { readToml } from '../../project/formats/toml.ts';
import { readYamlDocuments } from '../../project/formats/yaml.ts';
import { memoize } from '../../text/memoize.ts';

/** One setting of a file: the names that lead to it, joined by dots, and its value. */
export interface Setting {
  readonly key: string;
  readonly value: string;
}

/** Longer files hold data. */
const longest = 200_000;

/** Endings of files whose settings are read. */
export const settingsEnding =
  /\.(?:json|ya?ml|properties|ini|cfg|conf|toml|xml|config)$|^\.env(?:\.\w+)?$|^schema\.prisma$/;

/** Reads the settings of a file by its kind; none where it is no file of settings, or not understood. */
export function readSettings(name: string, text: string): readonly Setting[] {
  if (text.length > longest) {
    return [];
  }
  if (name.endsWith('.json')) {
    return readJson(text);
  }
  if (/\.ya?ml$/.test(name)) {
    return readYaml(text);
  }
  if (name.endsWith('.toml')) {
    const content = readToml(text);
    return content === undefined ? readLines(text) : flatten(content, '');
  }
  return /\.(?:xml|config)$/.test(name) ? readXml(text) : readLines(text);
}

const readJson = memoize((text): readonly Setting[] => flatten(readJsonc(text), ''), 200);

const readYaml = memoize(
  (text): readonly Setting[] => readYamlDocuments(text).flatMap((document) => flatten(document, '')),
  200,
);

const xml = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });

const readXml = memoize((text): readonly Setting[] => {
  try {
    return flatten(xml.parse(text), '');
  } catch {
    return [];
  }
}, 100);

/** `name = value`, `name: value` and `name value`, a line each; the section of an ini file stands in front. */
const readLines = memoize((text): readonly Setting[] => {
  let section = '';
  return text.split('\n').flatMap((line): Setting[] => {
    const trimmed = line.trim();
    const head = /^\[([^\]]+)\]$/.exec(trimmed)?.[1];
    if (head !== undefined) {
      section = `${head}.`;
      return [];
    }
    const match = /^(?:export\s+)?([\w.-]+)(?:\s*[=:]\s*|\s+)(\S.*)$/.exec(trimmed);
    return match === null || /^[#;/]/.test(trimmed)
      ? []
      : [{ key: section + (match[1] ?? ''), value: unquote(match[2] ?? '') }];
  });
}, 200);

function unquote(value: string): string {
  return /^(["'])(.*?)\1/.exec(value)?.[2] ?? value.replace(/(?<!\s)\s+[#;].*/s, '').trim();
}

function flatten(value: unknown, key: string): Setting[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return [{ key, value: String(value) }];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, one]) => flatten(one, key === '' ? name : `${key}.${name}`))
    : [];
}
