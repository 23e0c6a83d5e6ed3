/**
 * Makes a release.
 *
 *     npm run release -- 1.2.3        sets the version, dates the changes in CHANGELOG.md, commits, tags, makes the artefacts
 *     npm run release -- --artefacts  makes the artefacts alone, in out/release: .vsix, npm tarball, wheel, SBOM, checksums,
 *                                     and the notes of the version
 *     npm run release -- --executable makes the single program for this machine alone, in out/
 *
 * Nothing is published; docs/releasing.md says what comes then.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageExtension } from './package.ts';
import { packExecutable } from './release/executable.ts';
import { manifest, packNpmPackage } from './release/npm-package.ts';
import { packWheel } from './release/wheel.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = join(root, 'out/release');

/** The heading of what is not released yet. */
const unreleased = /^## (?:Unreleased|[\d.]+, not yet released)$/m;

const [argument] = process.argv.slice(2);
if (argument === '--artefacts') {
  makeArtefacts();
} else if (argument === '--executable') {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: root, stdio: 'ignore' });
  console.log(await packExecutable());
} else if (argument !== undefined && /^\d+\.\d+\.\d+$/.test(argument)) {
  prepare(argument);
  makeArtefacts();
  console.log(`\nNext: git push --follow-tags. The workflow of the tag publishes (docs/releasing.md).`);
} else {
  console.error('usage: npm run release -- 1.2.3 | --artefacts | --executable');
  process.exit(2);
}

function prepare(version: string): void {
  if (execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }) !== '') {
    console.error('There are changes that are not committed.');
    process.exit(1);
  }
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  if (!unreleased.test(changelog)) {
    console.error('CHANGELOG.md has no section “not yet released”.');
    process.exit(1);
  }
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync(join(root, 'CHANGELOG.md'), changelog.replace(unreleased, `## ${version} (${today})`));
  execFileSync('npm', ['version', '--no-git-tag-version', version], { cwd: root, stdio: 'ignore' });
  for (const file of ['action.yml', '.pre-commit-hooks.yaml']) {
    const text = readFileSync(join(root, file), 'utf8');
    writeFileSync(
      join(root, file),
      text
        .replace(/(ballast-cli@)\d+\.\d+\.\d+/g, `$1${version}`)
        .replace(/(default: ")\d+\.\d+\.\d+(")/, `$1${version}$2`),
    );
  }
  execFileSync('git', ['commit', '-q', '-a', '-m', `Release ${version}`], { cwd: root });
  execFileSync('git', ['tag', '-a', `v${version}`, '-m', `Ballast ${version}`], { cwd: root });
}

function makeArtefacts(): void {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  // Packing the extension builds everything first.
  for (const file of [packageExtension(), packNpmPackage(), packWheel()]) {
    const { version } = manifest();
    const name = file.endsWith('.vsix') ? `ballast-${version}.vsix` : basename(file);
    cpSync(file, join(out, name));
  }
  const sbom = execFileSync('npm', ['sbom', '--omit=dev', '--sbom-format=cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
  });
  writeFileSync(join(out, 'sbom.json'), sbom);
  writeFileSync(join(out, 'NOTES.md'), notes());
  const sums = readdirSync(out)
    .sort()
    .map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(out, file)))
          .digest('hex')}  ${file}\n`,
    );
  writeFileSync(join(out, 'SHA256SUMS'), sums.join(''));
  console.log(sums.join(''));
}

/** What CHANGELOG.md says of the version, or of what is not released yet. */
function notes(): string {
  const sections = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m).slice(1);
  const { version } = manifest();
  const section = sections.find((one) => one.startsWith(version)) ?? sections[0] ?? '';
  return `${section.slice(section.indexOf('\n') + 1).trim()}\n`;
}
