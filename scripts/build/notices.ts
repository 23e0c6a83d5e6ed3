import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Library {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  /** Its licence and notices, word for word. */
  readonly texts: readonly string[];
}

/** Copyright lines of libraries whose packages hold no copy of their licence, as their repositories have them. */
const owners: Readonly<Record<string, string>> = {
  '@yarnpkg/parsers': 'Copyright (c) 2016-present, Yarn Contributors. All rights reserved.',
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
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const texts = readdirSync(folder)
    .filter((entry) => /^(?:licen[cs]e|notice|copying|third-?party-?notices)(?:[.-].*)?$/i.test(entry))
    .sort()
    .map((entry) => readFileSync(join(folder, entry), 'utf8').trim());
  if (typeof license !== 'string') {
    throw new Error(`${name} does not name its licence`);
  }
  if (texts.length === 0) {
    const owner = owners[name];
    if (owner === undefined || license !== 'BSD-2-Clause') {
      throw new Error(`${name} holds no licence text; add its owner to scripts/build/notices.ts`);
    }
    texts.push(`${owner}\n\n${readFileSync(new URL('bsd-2-clause.txt', import.meta.url), 'utf8').trim()}`);
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
