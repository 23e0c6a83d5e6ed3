import { listOf, scalarText, valueAt } from '../../project/formats/values.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { hasOption, type ShellCommand } from '../../syntax/shell/script.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { readComposer } from './composer-file.ts';

/** Scripts that `composer install` runs by itself. */
const events = [
  'pre-install-cmd',
  'post-install-cmd',
  'pre-autoload-dump',
  'post-autoload-dump',
  'post-package-install',
];

/** Programs that come with the system, with PHP or with Composer. */
const common =
  /^(?:php|composer|sh|bash|rm|cp|mv|mkdir|chmod|chown|ln|touch|echo|test|true|cd|git|npm|npx|yarn|pnpm|node|make|\[)$/;

/** A script of composer.json that runs with an install and calls a program of a package. */
export interface ComposerScript {
  readonly name: string;
  readonly program: string;
  /** The development dependency that has the program; undefined where no package is known to have it. */
  readonly package: string | undefined;
}

/** The script of an install that is not sure to run without development dependencies; undefined where all are. */
export function scriptNeedingDevelopment(
  command: ShellCommand,
  project: Project,
  directory: ContextPath,
): ComposerScript | undefined {
  const found = readComposer(project.reader.read(joinPath(directory, 'composer.json')) ?? '');
  if (found === undefined || hasOption(command, '--no-scripts')) {
    return undefined;
  }
  const lock = programsOf(project.reader.read(joinPath(directory, 'composer.lock')));
  for (const name of events) {
    for (const line of linesOf(found.scripts, name)) {
      const program = /^(?:vendor\/bin\/|\.\/vendor\/bin\/)?([\w.-]+)(?=\s|$)/.exec(line)?.[1];
      const isOther = program !== undefined && !common.test(program) && !lock.production.has(program);
      if (isOther) {
        return { name, program, package: lock.development.get(program) };
      }
    }
  }
  return undefined;
}

/** The lines of a script, those of other scripts that it names (`@hooks`) among them, to a depth of one. */
function linesOf(scripts: Readonly<Record<string, unknown>>, name: string): string[] {
  const own = textsOf(scripts[name]);
  return own.flatMap((line) => (line.startsWith('@') ? textsOf(scripts[line.slice(1)]) : [line]));
}

function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

/** The programs of the packages in composer.lock. */
function programsOf(text: string | undefined): {
  readonly production: ReadonlySet<string>;
  readonly development: ReadonlyMap<string, string>;
} {
  let lock: unknown;
  try {
    lock = JSON.parse(text ?? '{}');
  } catch {
    // What cannot be read names no program.
  }
  const listed = (list: string): [string, string][] =>
    listOf(valueAt(lock, list)).flatMap((one) =>
      textsOf(valueAt(one, 'bin')).map((bin): [string, string] => [
        bin.replace(/^.*\//, ''),
        scalarText(valueAt(one, 'name')),
      ]),
    );
  return {
    production: new Set(listed('packages').map(([bin]) => bin)),
    development: new Map(listed('packages-dev')),
  };
}
