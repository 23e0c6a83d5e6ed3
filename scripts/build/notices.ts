import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Library {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Its licence and notices, word for word. */
  readonly texts: readonly string[];
}

/** Who holds the rights of libraries whose packages have neither a copy of their licence nor an author. */
const owners: Readonly<Record<string, string>> = {
  '@yarnpkg/parsers': '2016-present, Yarn Contributors. All rights reserved.',
};

/** Licences whose text is the same for everybody. */
const common: Readonly<Record<string, string>> = {
  MIT: 'mit.txt',
  'BSD-2-Clause': 'bsd-2-clause.txt',
  'CC0-1.0': 'cc0-1.0.txt',
};

/**
 * Writes the licences of all libraries that a bundle holds, as each of them asks for.
 * @param inputs files that went into the bundles, relative to `root`, as esbuild names them
 * @throws when a library says nothing of its licence
 */
export function writeNotices(file: string, root: string, inputs: Iterable<string>): void {
  const folders = new Set<string>();
  for (const input of inputs) {
    const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/|$)/.exec(input)?.[0];
    if (folder !== undefined) {
      folders.add(folder);
    }
  }
  const libraries = [...folders].map((folder) => readLibrary(join(root, folder)));
  libraries.sort((a, b) => (a.name < b.name ? -1 : 1));
  writeFileSync(file, noticesText(libraries));
}

function readLibrary(folder: string): Library {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((entry) => /^(?:licen[cs]e|notice|copying|third-?party-?notices)(?:[.-].*)?$/i.test(entry))
    .sort()
    .map((entry) => readFileSync(join(folder, entry), 'utf8').trim());
  if (typeof license !== 'string') {
    throw new Error(`${name} does not name its licence`);
  }
  if (texts.length === 0) {
    const owner = owners[name] ?? (typeof author === 'string' ? author : author?.name);
    const text = common[license];
    if (owner === undefined || text === undefined) {
      throw new Error(`${name} holds no licence text; add its owner to scripts/build/notices.ts`);
    }
    texts.push(`Copyright (c) ${owner}\n\n${readFileSync(new URL(text, import.meta.url), 'utf8').trim()}`);
  }
  return { name, version, license, texts };
}

function noticesText(libraries: readonly Library[]): string {
  const line = '-'.repeat(80);
  const parts = libraries.map(
    ({ name, version, license, texts }) =>
      `${line}\n${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`,
  );
  return `Ballast holds the following libraries. Each stands under the licence of its own that follows it.\n\n${parts.join('\n')}`;
}
