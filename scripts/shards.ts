/**
 * Does what the matrix of docs/ci.md does, on one machine: checks many repositories in four shards, each a process of its
 * own, merges their reports, and compares the totals with those of one run over all of them. Then merges 1,000 to 10,000
 * reports, and says what that takes.
 *
 *     npm run shards -- FOLDER
 *
 * FOLDER holds a folder for each repository (bring them yourself). The build has to be there.
 */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

const shards = 4;
const cli = fileURLToPath(new URL('../dist/cli.cjs', import.meta.url));
const given = process.argv[2];
if (given === undefined) {
  console.error('usage: npm run shards -- FOLDER');
  process.exit(2);
}
const folder = resolve(process.env['INIT_CWD'] ?? '.', given);
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
const work = mkdtempSync(join(tmpdir(), 'ballast-shards-'));
try {
  const began = performance.now();
  await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      checkAll(
        names.filter((_name, i) => i % shards === shard),
        join(work, 'sharded', String(shard)),
      ),
    ),
  );
  const sharded = performance.now() - began;
  await checkAll(names, join(work, 'whole', 'all'));
  const whole = performance.now() - began - sharded;
  const [one, other] = [totalsOf(join(work, 'sharded')), totalsOf(join(work, 'whole'))];
  console.log(
    `${names.length} repositories: ${seconds(sharded)} in ${shards} shards, ${seconds(whole)} in one run`,
  );
  console.log(
    `totals: ${JSON.stringify({ ...one, heaviest: undefined, savesMost: undefined, rules: undefined })}`,
  );
  if (!isDeepStrictEqual(one, other)) {
    console.error('The shards have other totals than one run.');
    process.exitCode = 1;
  }
  const reports = readdirSync(join(work, 'whole', 'all')).map((name) => join(work, 'whole', 'all', name));
  for (const count of [1000, 2000, 5000, 10_000]) {
    measure(reports, count);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Checks repositories one by one, as a job of the matrix does. */
async function checkAll(repositories: readonly string[], reports: string): Promise<void> {
  mkdirSync(reports, { recursive: true });
  for (const name of repositories) {
    const output = join(reports, `${name}.json`);
    const options = ['check', '--slimmed', '--offline', '-f', 'json', '-o', output, '--fail-on', 'never'];
    await new Promise<void>((done, failed) => {
      const child = spawn(process.execPath, [cli, ...options], { cwd: join(folder, name), stdio: 'ignore' });
      child.on('error', failed);
      child.on('close', (code) => (code === 0 ? done() : failed(new Error(`${name}: exit code ${code}`))));
    });
  }
}

/** What is merged of folders of reports, without the folder of a shard in their names. */
function totalsOf(reports: string): Record<string, unknown> {
  const text = execFileSync(process.execPath, [cli, 'merge', reports, '-f', 'json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  return JSON.parse(text, (key, value) => (key === 'report' ? String(value).replace(/^.*\//, '') : value));
}

/** Merges so many reports, and says what it took. */
function measure(reports: readonly string[], count: number): void {
  const many = join(work, `many-${count}`);
  mkdirSync(many);
  for (let i = 0; i < count; i++) {
    copyFileSync(reports[i % reports.length] ?? '', join(many, `${i}.json`));
  }
  const began = performance.now();
  const script = `process.on('exit', () => console.error(process.resourceUsage().maxRSS)); process.argv.splice(1, 0, 'ballast'); require(${JSON.stringify(cli)});`;
  const args = ['-e', script, '--', 'merge', many, '-o', join(work, 'page.html')];
  const memory = execFileSync('sh', ['-c', '"$0" "$@" 2>&1 >/dev/null', process.execPath, ...args], {
    encoding: 'utf8',
  });
  const kilobytes = Number(memory.trim().split('\n').at(-1));
  console.log(
    `${count} reports: ${seconds(performance.now() - began)}, ${Math.round(kilobytes / 1024)} MB of memory`,
  );
  rmSync(many, { recursive: true });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
