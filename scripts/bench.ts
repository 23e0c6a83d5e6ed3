/**
 * Measures Ballast, beside three other tools in the same run: parsing and analysis by the length of the file, the way from a
 * change to its diagnostics, the build context, runs over one file and over many, start-up and sizes, with the CPU time and
 * the memory that processes take (on Linux). Prints tables; decides nothing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, tmpdir, totalmem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultConfig } from '../server/src/engine/config.ts';
import { createCliHost } from '../server/src/host/cli-host.ts';
import { measureContext } from '../server/src/host/context-measure.ts';
import { unknownProject } from '../server/src/project/project.ts';
import { parseDockerfile } from '../server/src/syntax/parse.ts';
import { makeContextTree } from '../test/bench/context-tree.ts';
import { measureHanging } from '../test/bench/hanging-registry.ts';
import { hadolintProgram, type LanguageServer, peerServers, tallyProgram } from '../test/bench/peers.ts';
import { measureRoundTrips } from '../test/bench/round-trip.ts';
import { formatDuration, formatMemory, median, percentile, printTable } from '../test/bench/statistics.ts';
import { dockerfileText } from '../test/bench/texts.ts';
import { measureRun, type Run } from '../test/bench/usage.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist/cli.cjs');
/** Loads the client's bundle as VS Code does when it activates the extension, with nothing behind the name `vscode`. */
const loadClient = `
  const { Module } = require('node:module');
  const load = Module._load;
  const nothing = new Proxy(function () {}, { get: (_, key) => (key === Symbol.toPrimitive ? () => '' : nothing) });
  Module._load = (name, ...rest) => (name === 'vscode' ? nothing : load(name, ...rest));
  require(${JSON.stringify(join(root, 'dist/client.cjs'))});
`;
const ownServer: LanguageServer = {
  name: 'ballast lsp',
  command: process.execPath,
  args: [join(root, 'dist/server.cjs'), '--stdio'],
};
const sizes = [60, 600, 6000];
/** How many files a run over many has. */
const manyFiles = 300;
/** Milliseconds after which a program is not run again. */
const longestRuns = 40_000;

spawnSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
printMachine();
// `npm run bench -- context` measures the build context alone.
if (process.argv[2] !== 'context') {
  const peers = peerServers();
  await printEngine();
  await printRoundTrips(peers);
  await printHanging();
  await printWholeRuns();
  printSizes();
}
await printContext();

function printMachine(): void {
  const [cpu] = cpus();
  console.log(
    `${cpu?.model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 1e9)} GB, ${platform()} ${release()} ${arch()}, Node ${process.version}`,
  );
}

async function printEngine(): Promise<void> {
  const engine = await createCliHost().loadEngine({ offline: true });
  const rows: string[][] = [];
  // The first texts warm the compiler up and are not counted.
  for (let seed = 0; seed < 30; seed++) {
    engine.analyze(dockerfileText(120, seed), unknownProject, defaultConfig);
  }
  for (const lines of sizes) {
    const rounds = lines > 1000 ? 5 : 15;
    const parse: number[] = [];
    const first: number[] = [];
    const again: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const text = dockerfileText(lines, 100 + lines + round);
      parse.push(time(() => parseDockerfile(text)));
      first.push(time(() => engine.analyze(text, unknownProject, defaultConfig)));
      again.push(time(() => engine.analyze(`${text}#\n`, unknownProject, defaultConfig)));
    }
    const perLine = (median(again) * 1000) / lines;
    rows.push([
      String(lines),
      formatDuration(median(parse)),
      formatDuration(median(first)),
      formatDuration(median(again)),
      `${perLine.toFixed(1)} µs`,
    ]);
  }
  console.log('\nOne file, in process (median)');
  printTable(['lines', 'parse', 'analysis, new text', 'analysis, after a change', 'per line'], rows);
}

async function printHanging(): Promise<void> {
  const { hovers, diagnostics } = await measureHanging(ownServer, 50);
  const row = (name: string, times: readonly number[]): string[] => [
    name,
    ...[0.5, 0.95, 0.99].map((share) => formatDuration(percentile(times, share))),
    formatDuration(Math.max(...times)),
  ];
  console.log('\nA registry that never answers: hovers over 50 images of it');
  printTable(
    ['request', 'p50', 'p95', 'p99', 'longest'],
    [row('hover', hovers), row('diagnostics at the same time', diagnostics)],
  );
}

async function printRoundTrips(others: readonly LanguageServer[]): Promise<void> {
  const rows: string[][] = [];
  for (const lines of sizes) {
    const asked = [ownServer, ...others].map((server) => ({ server, into: 'comment' as const }));
    for (const { server, into } of [...asked, { server: ownServer, into: 'RUN' as const }]) {
      const count = lines > 1000 ? 30 : 200;
      const result = await measureRoundTrips(server, { text: dockerfileText(lines), count, into });
      const at = (share: number): string => formatDuration(percentile(result.changes, share));
      rows.push([
        server.name,
        String(lines),
        into,
        result.mode,
        at(0.5),
        at(0.95),
        at(0.99),
        result.cpu === undefined ? '-' : formatDuration(result.cpu),
        formatDuration(result.initialize),
        formatDuration(result.firstDiagnostics),
        formatMemory(result.peak),
      ]);
    }
  }
  console.log('\nLanguage servers: one typed letter until its diagnostics, and from process start');
  printTable(
    [
      'server',
      'lines',
      'letter in a',
      'mode',
      'p50',
      'p95',
      'p99',
      'CPU of a letter',
      'initialize',
      'first diagnostics',
      'memory',
    ],
    rows,
  );
}

/** Typing while the build context is being measured, beside typing in the same file in an empty folder. */
async function printContext(): Promise<void> {
  const text = dockerfileText(60);
  const rows: string[][] = [];
  for (const files of [0, 20_000, 200_000]) {
    const folder = makeContextTree(files, text);
    try {
      const dockerfile = readFileSync(join(folder, 'Dockerfile'), 'utf8');
      const walked: number[] = [];
      for (let i = 0; i < 3; i++) {
        const start = performance.now();
        await measureContext({ root: folder });
        walked.push(performance.now() - start);
      }
      const trips = await measureRoundTrips(ownServer, {
        text: dockerfile,
        count: 80,
        pause: 100,
        project: folder,
        warmUp: 300,
      });
      const typing = (share: number): string => formatDuration(percentile(trips.beforeRefresh, share));
      rows.push([
        files.toLocaleString('en'),
        formatDuration(Math.min(...walked)),
        trips.refreshed === undefined ? 'never' : formatDuration(trips.refreshed),
        String(trips.beforeRefresh.length),
        typing(0.5),
        typing(0.95),
        formatDuration(median(trips.changes.slice(trips.beforeRefresh.length))),
        formatDuration(percentile(trips.changes.slice(trips.beforeRefresh.length), 0.95)),
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  console.log(
    '\nBuild context: measured alone, and by a server that has run for a while, while a letter is typed every tenth of a second',
  );
  printTable(
    [
      'files',
      'alone',
      'in the server',
      'letters meanwhile',
      'p50',
      'p95',
      'p50 afterwards',
      'p95 afterwards',
    ],
    rows,
  );
}

async function printWholeRuns(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-bench-'));
  const one = makeFiles(join(folder, 'one'), 1);
  const many = makeFiles(join(folder, 'many'), manyFiles);
  const tally = tallyProgram();
  const hadolint = hadolintProgram();
  const check = (paths: readonly string[]): [string, string[]] => [
    process.execPath,
    [cli, 'check', '--format', 'json', ...paths],
  ];
  const lint = (paths: readonly string[]): [string, string[]][] => [
    ...(tally === undefined ? [] : [[tally, ['lint', '--format', 'json', ...paths]] as [string, string[]]]),
    ...(hadolint === undefined ? [] : [[hadolint, ['--format', 'json', ...paths]] as [string, string[]]]),
  ];
  const runs = [
    ...[one, many].flatMap((files) =>
      [check(files), ...lint(files)].map(([command, args]) => ({
        name: `${command === process.execPath ? 'ballast' : basename(command)}, ${files.length} files`,
        command,
        args,
      })),
    ),
    { name: 'ballast --version', command: process.execPath, args: [cli, '--version'] },
    { name: 'node, loading the client', command: process.execPath, args: ['--eval', loadClient] },
    { name: 'node, doing nothing', command: process.execPath, args: ['--eval', '0'] },
  ];
  const rows: string[][] = [];
  for (const { name, command, args } of runs) {
    const measured: Run[] = [];
    for (let used = 0; measured.length < 5 && used < longestRuns; used += measured.at(-1)?.time ?? 0) {
      measured.push(await measureRun(command, args));
    }
    const times = measured.map(({ time: one }) => one);
    const usages = measured.flatMap(({ usage }) => usage ?? []);
    rows.push([
      name,
      formatDuration(median(times)),
      formatDuration(Math.min(...times)),
      formatDuration(Math.max(...times)),
      usages.length === 0 ? '-' : formatDuration(median(usages.map(({ cpu }) => cpu))),
      formatMemory(usages.length === 0 ? undefined : Math.max(...usages.map(({ peak }) => peak))),
    ]);
  }
  rmSync(folder, { recursive: true, force: true });
  console.log('\nProgram runs over files of 36 lines, and over nothing (up to 5 runs)');
  printTable(['run', 'median', 'fastest', 'slowest', 'CPU', 'memory'], rows);
}

/** Makes Dockerfiles, each in a folder of its own, and returns their paths. */
function makeFiles(folder: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const path = join(folder, `service${i}`, 'Dockerfile');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, dockerfileText(36, i));
    return path;
  });
}

function printSizes(): void {
  const files = ['dist/client.cjs', 'dist/server.cjs', 'dist/cli.cjs', 'out/ballast.vsix'];
  const rows = files
    .map((file) => [file, join(root, file)] as const)
    .map(([name, path]) => [
      name,
      existsSync(path) ? `${(statSync(path).size / 1000).toFixed(0)} kB` : 'npm run package',
    ]);
  console.log('\nSizes');
  printTable(['file', 'size'], rows);
}

function time(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}
