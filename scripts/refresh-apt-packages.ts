/**
 * Weighs packages of Debian 12 anew, and writes server/src/distros/data/apt-packages.json. Runs on a Debian 12 with
 * debootstrap and current package lists; asks apt what it would install on a minimal system, and installs nothing.
 * `node --import tsx scripts/refresh-apt-packages.ts [package…]`: those named alone, or all that the table has.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Table {
  date: string;
  packages: Record<string, [without: number, with_: number]>;
}

const file = fileURLToPath(new URL('../server/src/distros/data/apt-packages.json', import.meta.url));
const text = readFileSync(file, 'utf8');
const table: Table = JSON.parse(text);
const temporary = mkdtempSync(join(tmpdir(), 'ballast-apt-'));
try {
  const status = minimalSystem();
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(table.packages);
  for (const name of names) {
    const figures: [number, number] = [weigh(name, status, false), weigh(name, status, true)];
    console.log(
      `${name}: ${figures.join(' and ')}, was ${table.packages[name]?.join(' and ') ?? 'not there'}`,
    );
    table.packages[name] = figures;
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
writeFileSync(file, withPackages());

/** The status file of a minimal system with the certificates that every source needs: what debootstrap would install. */
function minimalSystem(): string {
  const names = run('debootstrap', [
    '--print-debs',
    '--variant=minbase',
    '--include=ca-certificates',
    'bookworm',
    join(temporary, 'root'),
  ]);
  const installed = stanzas(names.split(/\s+/).filter((name) => name !== ''))
    .map((stanza) => stanza.replace(/^Package: .*$/m, '$&\nStatus: install ok installed'))
    .join('\n\n');
  const status = join(temporary, 'status');
  writeFileSync(status, `${installed}\n`);
  return status;
}

/** Sum of what apt would unpack for a package on that system, in bytes. */
function weigh(name: string, status: string, recommends: boolean): number {
  const plan = run('apt-get', [
    '--simulate',
    `--option=Dir::State::status=${status}`,
    '--option=Debug::NoLocking=1',
    ...(recommends ? [] : ['--no-install-recommends']),
    'install',
    name,
  ]);
  const installed = [...plan.matchAll(/^Inst (\S+) \((\S+)/gm)].map(
    ([, one, version]) => `${one}=${version}`,
  );
  return stanzas(installed).reduce(
    (sum, stanza) => sum + 1024 * Number(/^Installed-Size: (\d+)/m.exec(stanza)?.[1] ?? 0),
    0,
  );
}

/** What the package index says of packages; of each once. */
function stanzas(packages: readonly string[]): string[] {
  return packages.length === 0
    ? []
    : run('apt-cache', ['show', '--no-all-versions', ...packages])
        .split('\n\n')
        .map((stanza) => stanza.trim())
        .filter((stanza) => stanza !== '');
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
    maxBuffer: 1e9,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

/** The file with the table written anew, the rest as it is. */
function withPackages(): string {
  const rows = Object.entries(table.packages)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, figures]) => `    ${JSON.stringify(name)}: [${figures.join(', ')}]`);
  // The date is that of the oldest figure: it moves when all are new.
  const date = process.argv.length > 2 ? table.date : new Date().toISOString().slice(0, 10);
  return text
    .replace(/"date": "[^"]*"/, `"date": "${date}"`)
    .replace(/"packages": \{[^}]*\}/, `"packages": {\n${rows.join(',\n')}\n  }`);
}
