/**
 * Compares Ballast with BuildKit itself, by the Go program in scripts/buildkit (needs Go and its module proxy).
 *
 *     npm run buildkit                 asks BuildKit anew for the texts of test/syntax/data/buildkit-refusals.json
 *     npm run buildkit -- FOLDER       compares verdict and check names for every Dockerfile below a folder, and writes
 *                                      docs/buildkit.md with what differs
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyze } from '../server/src/engine/analyze.ts';
import { buildCheckNames } from '../server/src/rules/build-checks.ts';
import { ruleById } from '../server/src/rules/index.ts';
import { inputFor } from '../test/support/engine.ts';
import { comparisonPage, type Difference } from './buildkit/page.ts';

interface Answer {
  readonly id: string;
  readonly refused?: string;
  readonly checks?: readonly (readonly [string, number])[];
}

interface RefusalCase {
  readonly group: string;
  readonly text: string;
  readonly refused?: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const dataFile = join(root, 'test/syntax/data/buildkit-refusals.json');
const release = /github\.com\/moby\/buildkit (v[\d.]+)/.exec(
  readFileSync(join(root, 'scripts/buildkit/go.mod'), 'utf8'),
)?.[1];
const today = new Date().toISOString().slice(0, 10);

/** Checks that speak only of what the files around a Dockerfile, or a guess at the base image, decide. */
const notCompared = ['CopyIgnoredFile', 'InvalidBaseImagePlatform'];

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  refreshCases();
} else {
  compareFolder(folder);
}

function refreshCases(): void {
  const { cases } = JSON.parse(readFileSync(dataFile, 'utf8')) as { cases: readonly RefusalCase[] };
  const answers = ask(cases.map(({ text }, i) => ({ id: String(i), text })));
  const lines = cases.map(({ group, text }, i) => {
    const refused = answers.get(String(i))?.refused;
    return `  ${JSON.stringify({ group, text, ...(refused === undefined ? {} : { refused }) })}`;
  });
  const head = `{\n "source": "github.com/moby/buildkit ${release}",\n "date": "${today}",\n "cases": [\n`;
  writeFileSync(dataFile, `${head}${lines.join(',\n')}\n ]\n}\n`);
  console.log(`${cases.length} texts, ${lines.filter((line) => line.includes('"refused"')).length} refused.`);
}

function compareFolder(below: string): void {
  const files = readdirSync(below, { recursive: true, encoding: 'utf8' })
    .filter((path) =>
      /^(?:[\w.-]*\.)?(?:dockerfile|containerfile)$|^(?:Dockerfile|Containerfile)(?:[._-][\w.-]*)?$/i.test(
        basename(path),
      ),
    )
    // Templates, sources and scripts about Dockerfiles are none.
    .filter(
      (path) =>
        !/\.(?:md|j2|tmpl|template|erb|tpl|dockerignore|sh|py|ts|js|go|png|rb|html|in|txt|ya?ml|json|dart)$/i.test(
          path,
        ),
    )
    .filter((path) => statSync(join(below, path)).isFile() && statSync(join(below, path)).size < 200_000)
    .sort();
  const texts = files.map((id) => ({ id, text: readFileSync(join(below, id), 'utf8') }));
  const answers = ask(texts);
  const differences: Difference[] = [];
  let refused = 0;
  for (const { id, text } of texts) {
    const answer = answers.get(id);
    refused += answer?.refused === undefined ? 0 : 1;
    differences.push(...differencesOf(id, text, answer));
  }
  writeFileSync(
    join(root, 'docs/buildkit.md'),
    comparisonPage({ release: release ?? '', date: today, files: files.length, refused, differences }),
  );
  console.log(
    `${files.length} files, ${refused} refused, ${differences.length} differences: docs/buildkit.md`,
  );
}

function differencesOf(file: string, text: string, answer: Answer | undefined): Difference[] {
  const report = analyze(inputFor(text));
  const errors = report.syntax.map((problem) => problem.message);
  if (errors.length > 0 !== (answer?.refused !== undefined)) {
    const argument = report.problems.find((one) => one.rule === 'from-needs-build-argument')?.message;
    return [{ file, what: 'verdict', buildKit: answer?.refused, ballast: errors[0] ?? argument }];
  }
  if (answer?.refused !== undefined) {
    // It stops at the first fault, and has not looked at the rest.
    return [];
  }
  const theirs = new Set((answer?.checks ?? []).map(([name]) => name));
  const ours = new Set(
    [...report.problems, ...report.suppressed].flatMap((problem) => {
      const meta = ruleById(problem.rule)?.meta;
      const isHidden = report.suppressed.includes(problem);
      return meta === undefined || isHidden || problem.isBeyondCheck === true ? [] : buildCheckNames(meta);
    }),
  );
  return [...new Set([...theirs, ...ours])]
    .filter((name) => !notCompared.includes(name) && theirs.has(name) !== ours.has(name))
    .map((name) => ({
      file,
      what: name,
      buildKit: theirs.has(name) ? 'says it' : undefined,
      ballast: ours.has(name) ? 'says it' : undefined,
    }));
}

/** @throws when Go or its modules are not there. */
function ask(questions: readonly { readonly id: string; readonly text: string }[]): Map<string, Answer> {
  const program = join(tmpdir(), `ballast-buildkit-${release}`);
  run('go', ['build', '-o', program, '.'], join(root, 'scripts/buildkit'), '');
  const input = questions.map((question) => JSON.stringify(question)).join('\n');
  const lines = run(program, [], root, input).trim().split('\n');
  return new Map(lines.map((line) => JSON.parse(line) as Answer).map((answer) => [answer.id, answer]));
}

function run(command: string, args: readonly string[], cwd: string, input: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (status !== 0) {
    throw new Error(`${command} failed: ${error?.message ?? stderr}`);
  }
  return stdout;
}
