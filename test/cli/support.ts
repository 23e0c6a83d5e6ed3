import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import type { CliHost, Engine, Images } from '../../server/src/cli/host.ts';
import { runCli } from '../../server/src/cli/main.ts';
import type { AppliedFix } from '../../server/src/engine/apply.ts';
import { emptyReport, type Report } from '../../server/src/engine/report.ts';
import type { FileChange, Fix } from '../../server/src/fixes/fix.ts';
import { createCliHost } from '../../server/src/host/cli-host.ts';
import { diskFiles } from '../../server/src/host/files.ts';
import { changedSince, checkOut } from '../../server/src/host/git.ts';
import { createCatalogueKnowledge } from '../../server/src/images/catalogue-knowledge.ts';
import { unknownProject } from '../../server/src/project/project.ts';
import { memoryReader, type ProjectReader } from '../../server/src/project/reader.ts';
import type { Problem, Rule, RuleMeta } from '../../server/src/rules/rule.ts';
import { applyEdits } from '../../server/src/text/edits.ts';

const example = { dockerfile: 'FROM node:22\n' };

function ruleOf(meta: Pick<RuleMeta, 'id' | 'severity' | 'aliases' | 'category'>): Rule {
  return {
    meta: {
      ...meta,
      summary: `Summary of ${meta.id}.`,
      enabled: true,
      fix: 'sometimes',
      needs: [],
      docs: {
        what: `What ${meta.id} finds.`,
        why: 'Why it matters.',
        silent: 'Never.',
        fix: 'What the fix does.',
        bad: example,
        good: example,
        switchOff: 'Rarely.',
        references: ['https://docs.docker.com/reference/dockerfile/'],
      },
    },
    check: () => [],
  };
}

/** Rules that find plain words, so that tests of the command line do not depend on the real ones. */
export const fakeRules: readonly Rule[] = [
  ruleOf({ id: 'runs-as-root', severity: 'warning', aliases: ['DL3002'], category: 'hardening' }),
  ruleOf({ id: 'single-stage-build', severity: 'warning', aliases: [], category: 'size' }),
  ruleOf({ id: 'matter-of-taste', severity: 'hint', aliases: [], category: 'correctness' }),
];

/** What makes the fake single-stage fix write a file beside the Dockerfile. */
const ignoreFile: FileChange = { path: '.dockerignore', after: 'node_modules\n' };

/** Finds `root` (safe fix), `heavy` (review fix that also makes .dockerignore), `taste` (no fix) and `???` (no syntax). */
export const fakeEngine: Engine = {
  rules: fakeRules,
  analyze,
  async checkShell() {},
  fixAll(text, project, config, level) {
    const applied: AppliedFix[] = [];
    const files: FileChange[] = [];
    for (let now = text; ; ) {
      const problem = analyze(now, project, config).problems.find((one) => {
        const fix = one.fixes[0];
        return fix?.applicability === 'safe' || (fix?.applicability === 'review' && level === 'review');
      });
      const fix = problem?.fixes[0];
      if (problem === undefined || fix === undefined) {
        return {
          text: now,
          files,
          applied,
          left: analyze(now, project, config).problems,
          project,
          failures: [],
        };
      }
      now = applyEdits(now, fix.edits);
      files.push(...(fix.files ?? []).filter((file) => !files.some((known) => known.path === file.path)));
      applied.push({ problem, fix });
    }
  },
};

function analyze(...[text, project, config]: Parameters<Engine['analyze']>): Report {
  const problems: Problem[] = [];
  const find = (word: string, make: (at: number) => Omit<Problem, 'span' | 'related'>): void => {
    for (const match of text.matchAll(new RegExp(word, 'g'))) {
      const problem = make(match.index);
      if (config.rules[problem.rule] !== 'off') {
        problems.push({
          ...problem,
          span: { start: match.index, end: match.index + word.length },
          related: [],
        });
      }
    }
  };
  find('root', (at) => ({
    rule: 'runs-as-root',
    severity: 'warning',
    message: 'The container runs as root: 100% of it, now.',
    fixes: [replaceFix('Run as `node`', 'safe', at, 4, 'node')],
  }));
  find('heavy', (at) => ({
    rule: 'single-stage-build',
    severity: 'warning',
    message:
      'This image ships what built it: full Debian base (1.13 GB), 214 MB dev dependencies, npm cache, sources.',
    saving: {
      kind: 'known',
      low: 1.1e9,
      high: 1.1e9,
      atLeast: false,
      measure: 'disk',
      basis: 'estimated',
      source: 'docker-library',
      date: '2026-09',
    },
    fixes: [
      {
        ...replaceFix('Move the build to its own stage', 'review', at, 5, 'light'),
        ...(project.reader.read('.dockerignore') === undefined ? { files: [ignoreFile] } : {}),
      },
    ],
  }));
  find('taste', () => ({
    rule: 'matter-of-taste',
    severity: 'hint',
    message: 'Some write it otherwise.',
    fixes: [],
  }));
  problems.sort((a, b) => a.span.start - b.span.start);
  const broken = text.indexOf('???');
  return {
    problems,
    syntax:
      broken < 0 ? [] : [{ message: 'Unknown instruction: ???', span: { start: broken, end: broken + 3 } }],
    suppressed: [],
    checklist: [
      { id: 'multi-stage', title: 'Multi-stage build', state: 'open', evidence: 'One stage.', rules: [] },
      { id: 'user', title: 'Non-root user', state: 'done', evidence: 'USER node.', rules: [] },
      { id: 'health', title: 'Health check', state: 'not-applicable', evidence: 'No service.', rules: [] },
    ],
    image: emptyReport.image,
    failures: [],
    exclusionsOf: emptyReport.exclusionsOf,
    atOnce: emptyReport.atOnce,
  };
}

function replaceFix(
  title: string,
  applicability: Fix['applicability'],
  start: number,
  length: number,
  text: string,
): Fix {
  return { title, applicability, edits: [{ span: { start, end: start + length }, text }] };
}

/** A folder of its own, removed after the test, with the given files in it. */
export function temporaryFolder(
  t: TestContext,
  files: Readonly<Record<string, string | Uint8Array>>,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-cli-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  /** Width of a terminal; undefined stands for a pipe. */
  readonly terminal?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly engine?: Partial<Engine>;
  /** What is known of images, where that is more than the catalogue. */
  readonly images?: (isOffline: boolean) => Partial<Images>;
  /** With the real rules, on projects as the command line finds them. */
  readonly isReal?: true;
}

export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const real = createCliHost();

/** Runs the command line in this process on real files; with the fake engine unless told otherwise. */
export async function run(
  folder: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  let stdout = '';
  let stderr = '';
  const isTerminal = options.terminal !== undefined;
  const columns = options.terminal ?? 80;
  const host: CliHost = {
    workingDirectory: folder,
    environment: options.environment ?? {},
    version: '1.2.3',
    stdout: {
      write: (text) => {
        stdout += text;
      },
      isTerminal,
      columns,
    },
    stderr: {
      write: (text) => {
        stderr += text;
      },
      isTerminal,
      columns,
    },
    files: diskFiles,
    clock: () => performance.now(),
    readStandardInput: async () =>
      typeof options.stdin === 'string'
        ? new TextEncoder().encode(options.stdin)
        : (options.stdin ?? new Uint8Array()),
    today: () => '2026-11-24',
    loadImages: async ({ offline }) => ({
      ...createCatalogueKnowledge(),
      learn: async () => {},
      close: async () => {},
      ...options.images?.(offline),
    }),
    loadEngine: async (given) =>
      options.isReal ? real.loadEngine(given) : { ...fakeEngine, ...options.engine },
    openProject: (dockerfile) =>
      options.isReal
        ? real.openProject(dockerfile)
        : dockerfile === undefined
          ? { project: unknownProject }
          : {
              root: dirname(dockerfile),
              project: { reader: folderReader(dirname(dockerfile)), isKnown: true },
            },
    changedSince: (revision) => changedSince(folder, revision),
    checkOut: (revision) => checkOut(folder, revision),
    serveLanguageServer: async ({ offline }) => {
      stdout += offline ? 'serving offline\n' : 'serving\n';
    },
  };
  const code = await runCli(args, host);
  return { code, stdout, stderr };
}

function folderReader(folder: string): ProjectReader {
  return {
    ...memoryReader({}),
    read: (path) =>
      diskFiles.kindOf(join(folder, path)) === 'file'
        ? new TextDecoder().decode(diskFiles.read(join(folder, path)))
        : undefined,
  };
}
