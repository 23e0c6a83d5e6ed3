/**
 * Lays out for reading what Ballast makes of projects of other people.
 *
 *     npm run world -- FOLDER [OUT]
 *
 * FOLDER holds one project in each folder of it (bring them yourself; none of them belongs into this repository). Each is
 * copied, checked and slimmed in the copy; OUT (default: out/world) gets a page for each with its Dockerfiles before and
 * after, the files beside them, what was said, the checklist, and what stands against each change that was not made.
 * Verdicts of people go into docs/world/<round>-<part>.json, from which docs/world.md is made.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly span: { readonly start: { readonly line: number } };
  readonly fixes: readonly {
    readonly title: string;
    readonly applicability: string;
    readonly assumptions: readonly string[];
  }[];
}

interface CheckedFile {
  readonly path: string;
  readonly findings: readonly Finding[];
  readonly checklist: readonly {
    readonly title: string;
    readonly state: string;
    readonly evidence: string;
  }[];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const program = join(root, 'dist/cli.cjs');
const [folder, out = join(root, 'out/world')] = process.argv.slice(2);
if (folder === undefined || !existsSync(program)) {
  console.error('usage: npm run world -- FOLDER [OUT], behind npm run build');
  process.exit(2);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const names = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
for (const name of names) {
  const page = pageOf(name, join(folder, name));
  writeFileSync(join(out, `${name}.md`), page.text);
  console.log(`${name}: ${page.dockerfiles} Dockerfiles, ${page.changed} changed`);
}

function pageOf(name: string, source: string): { text: string; dockerfiles: number; changed: number } {
  const copy = mkdtempSync(join(tmpdir(), 'ballast-world-'));
  try {
    cpSync(source, copy, { recursive: true, verbatimSymlinks: true });
    const checked = check(copy);
    const before = new Map(checked.map(({ path }) => [path, readFileSync(join(copy, path), 'utf8')]));
    const report = run(copy, ['report', '.']);
    const slim = run(copy, ['slim', '--write', '.']);
    const left = check(copy);
    const changes = spawnSync('git', ['status', '--porcelain', '-z', '--untracked-files=all'], {
      cwd: copy,
      encoding: 'utf8',
    }).stdout;
    const files = changes
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => line.slice(3));
    const parts = checked.map((file) => {
      const now = readFileSync(join(copy, file.path), 'utf8');
      const isSame = now === before.get(file.path);
      return `## ${file.path}${isSame ? ' (unchanged)' : ''}\n\n${block('dockerfile', before.get(file.path) ?? '')}${isSame ? '' : `\nAfter:\n\n${block('dockerfile', now)}`}\nSaid before:\n\n${said(file)}\nSaid of what is left:\n\n${said(left.find((one) => one.path === file.path))}\nChecklist:\n\n${file.checklist.map((item) => `- ${item.state}: ${item.title}: ${item.evidence}\n`).join('')}`;
    });
    const beside = files
      .filter((path) => !before.has(path) && isChanged(join(source, path), join(copy, path)))
      .map((path) => `## ${path}\n\n${block('text', readFileSync(join(copy, path), 'utf8'))}`);
    return {
      text: `# ${name}\n\n${parts.join('\n')}\n${beside.join('\n')}\n## What slim said\n\n${block('text', slim)}\n## Report\n\n${block('text', report)}`,
      dockerfiles: checked.length,
      changed: checked.filter((file) => readFileSync(join(copy, file.path), 'utf8') !== before.get(file.path))
        .length,
    };
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Whether slimming wrote this file. Git calls files changed as well whose line breaks it would convert, and names folders. */
function isChanged(was: string, is: string): boolean {
  const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  return isFile(is) && !(isFile(was) && readFileSync(was).equals(readFileSync(is)));
}

function check(cwd: string): readonly CheckedFile[] {
  const { files } = JSON.parse(run(cwd, ['check', '--format', 'json', '--fail-on', 'never', '.'])) as {
    files: CheckedFile[];
  };
  return files;
}

function run(cwd: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [program, '--offline', ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 1 << 28,
  });
  return args.includes('json') ? stdout : `${stdout}${stderr}`;
}

function said(file: CheckedFile | undefined): string {
  return (file?.findings ?? [])
    .map(({ span, severity, rule, message, fixes }) => {
      const [fix] = fixes;
      const how =
        fix === undefined
          ? ''
          : `\n  - ${fix.applicability}: ${fix.title}${fix.assumptions.map((one) => `\n    - ${one}`).join('')}`;
      return `- line ${span.start.line}, ${severity}, ${rule}: ${message}${how}\n`;
    })
    .join('');
}

function block(language: string, text: string): string {
  return `\`\`\`\`${language}\n${text.replace(/\n?$/, '\n')}\`\`\`\`\n`;
}
