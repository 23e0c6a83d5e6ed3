/**
 * Writes everything that is derived from the rules and the settings: the pages of the rules, the tables in the docs,
 * the JSON schemas, and the settings in package.json. With `--check` it writes nothing and fails when
 * a file is stale.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rulePage } from '../server/src/ide/rule-page.ts';
import { rules } from '../server/src/rules/index.ts';
import { withGeneratedManifest, withGeneratedTexts } from './generate/manifest.ts';
import { refusalsPage } from './generate/refusals-page.ts';
import { ruleIndex } from './generate/rule-tables.ts';
import {
  imageSchema,
  imageSizesSchema,
  projectFileSchema,
  reportSchema,
  slimmedSchema,
} from './generate/schemas.ts';
import { settingsPage } from './generate/settings-page.ts';
import { type WorldRound, worldPage } from './generate/world-page.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const rulePages = 'docs/rules';

/** Every generated file with the text it should have; undefined for a file that should not be there. */
export function generatedFiles(): Map<string, string | undefined> {
  const metas = rules.map((rule) => rule.meta);
  const files = new Map<string, string | undefined>();
  for (const page of existsSync(join(root, rulePages)) ? readdirSync(join(root, rulePages)) : []) {
    files.set(`${rulePages}/${page}`, undefined);
  }
  for (const meta of metas) {
    files.set(`${rulePages}/${meta.id}.md`, rulePage(meta));
  }
  files.set(`${rulePages}/README.md`, ruleIndex(metas));
  files.set('docs/settings.md', settingsPage(metas));
  files.set('docs/refusals.md', refusalsPage());
  files.set('docs/world.md', worldPage(worldRounds()));
  files.set('schema/ballast.schema.json', toJson(projectFileSchema(metas)));
  files.set('schema/report.schema.json', toJson(reportSchema()));
  files.set('schema/image-report.schema.json', toJson(imageSchema()));
  files.set('schema/sizes.schema.json', toJson(imageSizesSchema()));
  files.set('schema/slim.schema.json', toJson(slimmedSchema()));
  files.set('package.json', toJson(withGeneratedManifest(JSON.parse(read('package.json') ?? '{}'), metas)));
  files.set(
    'package.nls.json',
    toJson(withGeneratedTexts(JSON.parse(read('package.nls.json') ?? '{}'), metas)),
  );
  return files;
}

/** Paths of generated files whose text is not what it should be. */
export function staleFiles(): string[] {
  return [...generatedFiles()].filter(([path, text]) => read(path) !== text).map(([path]) => path);
}

function read(path: string): string | undefined {
  const absolute = join(root, path);
  return existsSync(absolute) ? readFileSync(absolute, 'utf8') : undefined;
}

/** The rounds of docs/world: a file `<number>-<part>.json` for each part of a round. */
function worldRounds(): WorldRound[] {
  const rounds = new Map<string, WorldRound>();
  const folder = join(root, 'docs/world');
  for (const file of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const [number = ''] = file.split('-');
    const part = JSON.parse(read(`docs/world/${file}`) ?? '') as WorldRound;
    const known = rounds.get(number);
    rounds.set(
      number,
      known === undefined ? part : { ...known, projects: [...known.projects, ...part.projects] },
    );
  }
  return [...rounds.values()];
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function write(path: string, text: string | undefined): void {
  const absolute = join(root, path);
  if (text === undefined) {
    rmSync(absolute);
  } else {
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const stale = staleFiles();
  if (!process.argv.includes('--check')) {
    const files = generatedFiles();
    for (const path of stale) {
      write(path, files.get(path));
      console.log(`${files.get(path) === undefined ? 'removed' : 'written'} ${path}`);
    }
    console.log(stale.length === 0 ? 'All generated files are up to date.' : '');
  } else if (stale.length > 0) {
    console.error(`Stale: ${stale.join(', ')}. Run: npm run generate`);
    process.exitCode = 1;
  }
}
