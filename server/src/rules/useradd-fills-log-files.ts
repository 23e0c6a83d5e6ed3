import { baseTraits, isDevContainer } from '../facts/stage.ts';
import { insertWordBefore } from '../fixes/insert-words.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import { commandSteps } from '../model/commands.ts';
import { lineage, withTriggered } from '../model/dockerfile.ts';
import { formatBytes } from '../sizes/size.ts';
import { hasOption, type ShellCommand } from '../syntax/shell/script.ts';
import type { Rule } from './rule.ts';

/** Bytes of a record in /var/log/lastlog; the file has one for each number up to the largest. */
const recordBytes = 292;

/** Below this number the file stays small. */
const largeNumber = 100_000;

export const useraddFillsLogFiles: Rule = {
  meta: {
    id: 'useradd-fills-log-files',
    aliases: ['DL3046'],
    summary: 'useradd with a large number fills the log of logins with empty records.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'always',
    needs: ['images'],
    docs: {
      what: '`useradd` gives a user a number of six digits or more, without `--no-log-init`.',
      why: '`/var/log/lastlog` has 292 bytes for each number up to the largest: useradd makes it a file of 29 MB for 100000, and of hundreds of gigabytes for the numbers of some directories. It is sparse on disk, but not in a layer, which packs and unpacks every zero.',
      silent:
        'The stage does not ship; the number is hidden in a variable, or below 100000; the base image is Alpine or Debian 13 and later, which have no such file.',
      fix: 'Adds `--no-log-init`. For review: `lastlog` then knows nothing of the user.',
      bad: { dockerfile: 'FROM debian:12-slim\nRUN useradd -u 1000200 app\n' },
      good: { dockerfile: 'FROM debian:12-slim\nRUN useradd --no-log-init -u 1000200 app\n' },
      switchOff: 'Where the base image has no `/var/log/lastlog`.',
      references: ['https://docs.docker.com/build/building/best-practices/#user'],
    },
  },

  *check(context) {
    const final = context.dockerfile.final;
    if (final === undefined || isDevContainer(context)) {
      return;
    }
    for (const stage of withTriggered(lineage(final))) {
      if (hasNoLog(baseTraits(stage, context.images)?.distribution)) {
        continue;
      }
      for (const at of commandSteps(stage)) {
        const { command } = at;
        const number = command.name === 'useradd' ? numberOf(command) : undefined;
        const isOff =
          hasOption(command, '--no-log-init') || command.args.some(({ text }) => /^-[a-zA-Z]*l/.test(text));
        const [first] = command.args;
        if (number === undefined || number < largeNumber || isOff || first === undefined) {
          continue;
        }
        const edit = insertWordBefore(at, first, '--no-log-init');
        yield {
          message: `useradd makes /var/log/lastlog a file of ${formatBytes(number * recordBytes)} for the number ${number}, and a layer stores every zero of it.`,
          span: at.script.sourceSpan(command.nameWord.span),
          fixes:
            edit === undefined
              ? []
              : [
                  {
                    title: 'Add --no-log-init',
                    applicability: 'review' as const,
                    edits: [edit],
                    assumptions: ['Nobody asks lastlog when the user was last there.'],
                  },
                ],
        };
      }
    }
  },
};

/** Alpine never had the file, and Debian 13 keeps logins in a database. */
function hasNoLog(distribution: ImageTraits['distribution']): boolean {
  const { id, version = '' } = distribution ?? { id: '' };
  return id === 'alpine' || (id === 'debian' && Number.parseInt(version, 10) >= 13);
}

/** The number that the user gets; undefined where none is given or known. */
function numberOf({ args }: ShellCommand): number | undefined {
  const texts = args.map((word) => word.value ?? '');
  const at = texts.findIndex((text) => /^(?:-[a-km-zA-Z]*u|--uid)$/.test(text));
  const joined = texts.map((text) => /^(?:-u|--uid=)(\d+)$/.exec(text)?.[1]).find((one) => one !== undefined);
  const number = joined ?? (at < 0 ? undefined : texts[at + 1]);
  return number !== undefined && /^\d{1,10}$/.test(number) ? Number(number) : undefined;
}
