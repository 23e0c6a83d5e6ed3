/**
 * Runs the tests in a real VS Code with the packaged extension: in a served one that comes from the npm registry, or
 * with `--desktop` in a downloaded desktop build. Ends with a line `N passed, N failed, N skipped`.
 * `window --grep hover` runs one folder of tests, and of it those whose names hold a word.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import {
  downloadAndUnzipVSCode,
  resolveCliArgsFromVSCodeExecutablePath,
  runTests,
} from '@vscode/test-electron';
import { build } from 'esbuild';
import Mocha from 'mocha';
import { packageExtension } from '../../scripts/package.ts';
import { findChromium } from '../../scripts/vscode-host/chromium.ts';
import { installHost } from '../../scripts/vscode-host/install.ts';
import { MissingPart } from '../../scripts/vscode-host/missing.ts';
import { type Counts, runMocha } from './counts.ts';

/** An executable that takes the command line of VS Code. */
interface VSCode {
  readonly executable: string;
  /** What installs an extension: the executable, or the command line tool beside it, with its first arguments. */
  readonly cli: readonly string[];
}

const here = fileURLToPath(new URL('.', import.meta.url));
const bundles = fileURLToPath(new URL('../../out/test-vscode/', import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { desktop: { type: 'boolean', default: false }, grep: { type: 'string', default: '' } },
});
const isDesktop = values.desktop;
const isAsked = (suite: string): boolean => positionals.length === 0 || positionals.includes(suite);
// Not inside the repository: the workspaces stand alone, and the path stays short enough for a socket.
const temporary = mkdtempSync(join(tmpdir(), 'ballast-vscode-'));

try {
  const vscode = isDesktop ? await desktopVSCode() : servedVSCode();
  const extensionsDir = join(temporary, 'extensions');
  install(vscode, packageExtension(), extensionsDir);
  const counts = isAsked('suite') ? [await run(vscode, 'suite', extensionsDir, [])] : [];
  if (isDesktop) {
    console.log('skipped: the tests in Restricted Mode and of the window, which need the served VS Code');
  } else {
    if (isAsked('restricted')) {
      counts.push(await run(vscode, 'restricted', extensionsDir, ['--enable-workspace-trust']));
    }
    if (isAsked('window')) {
      counts.push(await runInWindow(extensionsDir));
    }
  }
  report(counts);
} catch (error) {
  if (!(error instanceof MissingPart)) {
    console.log(`What the windows logged is in ${temporary}`);
    throw error;
  }
  rmSync(temporary, { recursive: true, force: true, maxRetries: 10 });
  const mustRun = process.env['CI'] === 'true';
  console.log(`${mustRun ? 'failed' : 'skipped'}: the tests in VS Code. ${error.message}`);
  process.exitCode = mustRun ? 1 : 0;
}

function servedVSCode(): VSCode {
  installHost();
  findChromium();
  const executable = fileURLToPath(new URL('../../scripts/vscode-host/launch.ts', import.meta.url));
  return { executable, cli: [executable] };
}

async function desktopVSCode(): Promise<VSCode> {
  const executable = await downloadAndUnzipVSCode('stable');
  const [cli = executable] = resolveCliArgsFromVSCodeExecutablePath(executable);
  return { executable, cli: [cli] };
}

function install(vscode: VSCode, vsix: string, extensionsDir: string): void {
  const [command = '', ...first] = vscode.cli;
  const folders = [`--extensions-dir=${extensionsDir}`, `--user-data-dir=${join(temporary, 'install')}`];
  // On Windows the command line tool is a script that only a shell can start.
  const shell = process.platform === 'win32';
  execFileSync(command, [...first, `--install-extension=${vsix}`, ...folders], { stdio: 'inherit', shell });
}

/** Runs the tests of one folder beside this file in a window of their own, with an empty workspace. */
async function run(vscode: VSCode, suite: string, extensionsDir: string, flags: string[]): Promise<Counts> {
  console.log(`\nVS Code: ${suite}`);
  const workspace = join(temporary, suite, 'workspace');
  const userDataDir = join(temporary, suite, 'user-data');
  const countsFile = join(temporary, suite, 'counts.json');
  const reportFile = join(temporary, suite, 'report.txt');
  mkdirSync(workspace, { recursive: true });
  mkdirSync(join(userDataDir, 'User'), { recursive: true });
  cpSync(join(here, 'user-settings.json'), join(userDataDir, 'User/settings.json'));
  try {
    await runTests({
      vscodeExecutablePath: vscode.executable,
      extensionDevelopmentPath: join(here, 'empty-extension'),
      extensionTestsPath: await bundle(suite),
      extensionTestsEnv: {
        BALLAST_TEST_COUNTS: countsFile,
        BALLAST_TEST_REPORT: reportFile,
        BALLAST_TEST_GREP: values.grep,
      },
      launchArgs: [
        workspace,
        `--user-data-dir=${userDataDir}`,
        `--extensions-dir=${extensionsDir}`,
        ...flags,
      ],
    });
  } catch (error) {
    // The counts tell more than the exit code, when the tests came to their end.
    if (!existsSync(countsFile)) {
      throw error;
    }
  } finally {
    console.log(existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : 'The tests did not start.');
  }
  return JSON.parse(readFileSync(countsFile, 'utf8'));
}

/** Runs the tests that drive a window from outside, as a user does. */
async function runInWindow(extensionsDir: string): Promise<Counts> {
  console.log('\nVS Code: window');
  process.env['BALLAST_TEST_EXTENSIONS'] = extensionsDir;
  process.env['BALLAST_TEST_FOLDER'] = join(temporary, 'window');
  const mocha = new Mocha({ ui: 'tdd', timeout: 180_000, color: false });
  mocha.fgrep(values.grep);
  for (const name of testFiles('window')) {
    mocha.addFile(join(here, 'window', name));
  }
  await mocha.loadFilesAsync();
  return runMocha(mocha);
}

function testFiles(suite: string): string[] {
  return readdirSync(join(here, suite)).filter((name) => name.endsWith('.test.ts'));
}

/** Bundles every test file of a folder, and the module that runs them; returns the path of that module. */
async function bundle(suite: string): Promise<string> {
  const outdir = join(bundles, suite);
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [join(here, 'mocha.ts'), ...testFiles(suite).map((name) => join(here, suite, name))],
    outdir,
    entryNames: '[name]',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
  });
  return join(outdir, 'mocha.cjs');
}

function report(counts: readonly Counts[]): void {
  const sum = (key: keyof Counts) => counts.reduce((total, one) => total + one[key], 0);
  if (sum('failed') > 0) {
    console.log(`What the windows logged is in ${temporary}`);
    process.exitCode = 1;
  } else {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 10 });
  }
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
}
