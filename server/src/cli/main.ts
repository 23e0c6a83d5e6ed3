import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { isOfflineByEnvironment } from '../images/offline.ts';
import type { CheckFlags } from './check.ts';
import type { CompareFlags } from './compare.ts';
import { complain } from './complain.ts';
import type { Shell } from './completion.ts';
import { exitCodes, UsageError } from './exit.ts';
import type { FixFlags } from './fix.ts';
import { printable } from './format/layout.ts';
import type { MigrateFlags } from './hadolint/migrate.ts';
import type { CliHost } from './host.ts';
import type { MergeFlags } from './merge/merge.ts';
import type { ReportFlags } from './report.ts';
import type { CheckFormat } from './results.ts';
import type { SizesFlags } from './sizes.ts';
import type { SlimFlags } from './slim.ts';
import type { BaselineFlags } from './write-baseline.ts';

/**
 * Runs the command line.
 * @param args what follows the program's name
 * @returns the exit code
 */
export async function runCli(args: readonly string[], host: CliHost): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = createProgram(host, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.failure;
    }
    const message = error instanceof Error ? error.message : String(error);
    const stack =
      error instanceof Error && host.environment['BALLAST_DEBUG'] === '1' ? (error.stack ?? '') : '';
    const prefix = error instanceof UsageError ? '' : 'unexpected error: ';
    complain(host, `${prefix}${message.split('\n')[0]}`);
    if (stack !== '') {
      host.stderr.write(`${stack}\n`);
    }
    return exitCodes.failure;
  }
}

/** Every command loads its own code, so that `--version` and `--help` answer at once. */
function createProgram(host: CliHost, exitWith: (code: number) => void): Command {
  const program = new Command('ballast')
    .description('Shows the dead weight that a Dockerfile puts into its image, and takes it out.')
    .version(host.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .option('--offline', 'ask no registry; BALLAST_OFFLINE=1 does the same')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      getOutHelpWidth: () => (host.stdout.isTerminal ? host.stdout.columns : 80),
      getErrHelpWidth: () => (host.stderr.isTerminal ? host.stderr.columns : 80),
      outputError: (text, write) =>
        write(
          `${printable(
            `ballast: ${text
              .split('\n')
              .map((line) => line.trim())
              .join(' ')
              .replace(/^error: /, '')
              .trim()}`,
          )}\n`,
        ),
    })
    .addHelpText('after', helpFooter);

  const offline = (): boolean =>
    program.opts<{ offline?: boolean }>().offline === true || isOfflineByEnvironment(host.environment);

  program
    .command('check')
    .description('report what is wrong with Dockerfiles')
    .argument('[paths...]', 'files, folders to search, or - for standard input', ['.'])
    .addOption(
      new Option('-f, --format <format>', 'how to print; may be given several times')
        .choices(checkFormats)
        .argParser(formatList),
    )
    .option(
      '-o, --output <file>',
      'write to a file; the n-th belongs to the n-th --format',
      (file: string, list: readonly string[] = []) => [...list, file],
    )
    .addOption(
      new Option(
        '--fail-on <severity>',
        'exit with 1 for findings of this severity or graver (default: warning)',
      ).choices(['error', 'warning', 'information', 'hint', 'never']),
    )
    .option('-a, --all', 'show findings of lower severity too')
    .option('--shellcheck <program>', 'ShellCheck to ask about RUN, or off (default: the one on PATH)')
    .option('-q, --quiet', 'print findings alone, without a summary')
    .option('--statistics', 'print how often each rule finds something, in place of the findings')
    .addOption(onlyOption())
    .addOption(ignoreOption())
    .option('--slimmed', 'for JSON: work out what each image takes after slimming as well')
    .option('--max-size <size>', 'fail where the image is certain to be larger, such as 250MB')
    .option('--max-layer <size>', 'fail where a layer is certain to be larger')
    .option('--max-context <size>', 'fail where the build context sends more')
    .option(
      '--baseline <file>',
      'report what is new beside this file (default: .ballast-baseline.json, if it is there)',
    )
    .option(
      '--changed-since <revision>',
      'look only at Dockerfiles that a change since a Git revision touches',
    )
    .option('-c, --config <file>', 'use this project file instead of the nearest .ballast.json')
    .action(async (paths: string[], options: CheckFlags) => {
      const { check } = await import('./check.ts');
      exitWith(await check(host, { paths, offline: offline(), ...options }));
    });

  program
    .command('baseline')
    .description('write down what is found now, so that check reports only what is new')
    .argument('[paths...]', 'files and folders to search', ['.'])
    .option('-o, --output <file>', 'file to write (default: .ballast-baseline.json)')
    .option('-c, --config <file>', 'use this project file instead of the nearest .ballast.json')
    .option('--shellcheck <program>', 'ShellCheck to ask about RUN, or off (default: the one on PATH)')
    .action(async (paths: string[], options: BaselineFlags) => {
      const { writeBaseline } = await import('./write-baseline.ts');
      exitWith(await writeBaseline(host, { paths, offline: offline(), ...options }));
    });

  program
    .command('compare')
    .description('say what a change makes of the images: each Dockerfile at a Git revision, and now')
    .argument('<revision>', 'Git revision to compare with, such as origin/main')
    .argument('[paths...]', 'files and folders to search', ['.'])
    .addOption(
      new Option('-f, --format <format>', 'how to print; markdown is meant for a comment in a pull request')
        .choices(['pretty', 'markdown', 'json'])
        .default('pretty'),
    )
    .option('-c, --config <file>', 'use this project file instead of the nearest .ballast.json')
    .action(async (revision: string, paths: string[], options: CompareFlags) => {
      const { compare } = await import('./compare.ts');
      exitWith(await compare(host, { revision, paths, offline: offline(), ...options }));
    });

  program
    .command('merge')
    .description('make one page of the reports of many runs of check --format json')
    .argument('<reports...>', 'reports, and folders of reports (.json)')
    .addOption(new Option('-f, --format <format>', 'how to print').choices(['html', 'json']).default('html'))
    .option('-o, --output <file>', 'write to a file')
    .action(async (paths: string[], options: MergeFlags) => {
      const { merge } = await import('./merge/merge.ts');
      exitWith(await merge(host, { paths, ...options }));
    });

  program
    .command('fix')
    .description('write safe fixes into Dockerfiles and the files beside them')
    .argument('[paths...]', 'files, folders to search, or - to print the fixed text', ['.'])
    .option('--diff', 'show what would change and write nothing')
    .option('-q, --quiet', 'say nothing about what is done')
    .addOption(onlyOption())
    .addOption(ignoreOption())
    .option('-c, --config <file>', 'use this project file instead of the nearest .ballast.json')
    .action(async (paths: string[], options: FixFlags) => {
      const { fix } = await import('./fix.ts');
      exitWith(await fix(host, { paths, offline: offline(), ...options }));
    });

  program
    .command('slim')
    .description(
      'show everything worth changing as one diff, with reasons and the estimated size; --write writes it',
    )
    .argument('[paths...]', 'files, folders to search, or - for standard input', ['.'])
    .addOption(
      new Option('-f, --format <format>', 'how to print; json is described by schema/slim.schema.json')
        .choices(['pretty', 'json'])
        .default('pretty'),
    )
    .option('--write', 'write the changes instead of showing the diff')
    .option('-q, --quiet', 'say nothing about what is done')
    .addOption(onlyOption())
    .addOption(ignoreOption())
    .option('-c, --config <file>', 'use this project file instead of the nearest .ballast.json')
    .action(async (paths: string[], options: SlimFlags) => {
      const { slim } = await import('./slim.ts');
      exitWith(await slim(host, { paths, offline: offline(), ...options }));
    });

  program
    .command('report')
    .description('print what each layer of the image brings, its size before and after, and the checklist')
    .argument('[paths...]', 'files, folders to search, or - for standard input', ['.'])
    .addOption(
      new Option(
        '-f, --format <format>',
        'how to print; json is described by schema/image-report.schema.json, html is a page with pictures',
      )
        .choices(['pretty', 'json', 'html'])
        .default('pretty'),
    )
    .addOption(jsonFlag())
    .option('-o, --output <file>', 'write to a file')
    .option('-c, --config <file>', 'use this project file instead of the nearest .ballast.json')
    .action(async (paths: string[], options: ReportFlags) => {
      const { report } = await import('./report.ts');
      exitWith(await report(host, { paths, offline: offline(), ...options }));
    });

  program
    .command('sizes')
    .description('print what images weigh, and which smaller images there are of the same version')
    .argument('<images...>', 'names of images, as in FROM')
    .addOption(
      new Option('-f, --format <format>', 'how to print; json is described by schema/sizes.schema.json')
        .choices(['pretty', 'json'])
        .default('pretty'),
    )
    .addOption(jsonFlag())
    .option('-p, --platform <platform>', 'platform such as linux/arm64; linux/amd64 where none is given')
    .action(async (images: string[], options: SizesFlags) => {
      const { sizes } = await import('./sizes.ts');
      exitWith(await sizes(host, { images, offline: offline(), ...options }));
    });

  program
    .command('explain')
    .description('print the page of a rule; without a name, the list of rules')
    .argument('[rule]', 'rule id, or its hadolint or BuildKit name')
    .action(async (rule: string | undefined) => {
      const { explain } = await import('./explain.ts');
      explain(host, rule);
    });

  program
    .command('migrate')
    .description(
      "show which rules stand for another linter's, and the project file that does as its settings say",
    )
    .addArgument(new Argument('<linter>', 'the other linter').choices(['hadolint']))
    .option('--write', 'write .ballast.json instead of showing it')
    .action(async (_linter: string, options: MigrateFlags) => {
      const { migrateFromHadolint } = await import('./hadolint/migrate.ts');
      exitWith(migrateFromHadolint(host, options));
    });

  program
    .command('init')
    .description('write a .ballast.json that says what can be set')
    .action(async () => {
      const { init } = await import('./init.ts');
      exitWith(init(host));
    });

  program
    .command('completion')
    .description('print what has a shell complete commands and options: source it in its start file')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion.ts');
      host.stdout.write(completionScript(shell, program));
    });

  program
    .command('lsp')
    .description('serve the language server protocol to an editor')
    .option('--stdio', 'talk on standard input and output (the only way, and the default)', true)
    .action(() => host.serveLanguageServer({ offline: offline() }));

  return program;
}

/** Names of rules between commas; the option may be given several times. */
function ruleList(value: string, list: readonly string[] = []): readonly string[] {
  return [...list, ...value.split(',').map((name) => name.trim())].filter((name) => name !== '');
}

function onlyOption(): Option {
  return new Option('--only <rules>', 'look for these rules alone, with commas between them').argParser(
    ruleList,
  );
}

function ignoreOption(): Option {
  return new Option('--ignore <rules>', 'leave these rules out, with commas between them').argParser(
    ruleList,
  );
}

/** What `--format json` was called at first; pipelines may still say so. */
function jsonFlag(): Option {
  return new Option('--json').implies({ format: 'json' }).hideHelp();
}

/** Ways of printing, listed here as well so that `--help` loads nothing. */
const checkFormats: readonly CheckFormat[] = [
  'pretty',
  'tty',
  'json',
  'sarif',
  'github',
  'gitlab',
  'junit',
  'checkstyle',
  'markdown',
];

function formatList(value: string, list: readonly CheckFormat[] = []): readonly CheckFormat[] {
  const format = checkFormats.find((one) => one === value);
  if (format === undefined) {
    throw new InvalidArgumentError(`Allowed choices are ${checkFormats.join(', ')}.`);
  }
  return [...list, format];
}

const helpFooter = `
Exit codes: 0 nothing at or above the threshold, 1 findings, 2 wrong usage or a
file that cannot be read or written.
Settings are read from .ballast.json in the Dockerfile's folder or above it; where
there is none, from .hadolint.yaml in the working directory.
NO_COLOR=1 turns colours off.`;
