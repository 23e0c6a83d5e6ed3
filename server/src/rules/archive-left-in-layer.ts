import type { AnalysisContext } from '../facts/context.ts';
import { isDevContainer, isWindows } from '../facts/stage.ts';
import { appendToRun } from '../fixes/append-to-run.ts';
import type { Fix } from '../fixes/fix.ts';
import { mountInsteadOfCopy } from '../fixes/mount-instead-of-copy.ts';
import { type CommandStep, commandSteps, pathOf } from '../model/commands.ts';
import { readCopy } from '../model/copy.ts';
import { indexOfStep, lineage, type Stage, type Step } from '../model/dockerfile.ts';
import { makersOf } from '../model/makers.ts';
import { isNamedBelow } from '../model/naming.ts';
import { copiedTotals } from '../project/context.ts';
import { formatBytes } from '../sizes/size.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { Rule } from './rule.ts';

const archive = /\.(?:tar|tgz|tbz2?|txz|tar\.\w+|zip|7z|rar|deb|rpm|apk|gz|xz|bz2|zst)$/i;

export const archiveLeftInLayer: Rule = {
  meta: {
    id: 'archive-left-in-layer',
    aliases: ['DL3010'],
    summary: 'An archive or package is unpacked and kept.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed:
      'The archive is used again, or the commands that unpack it are not plain enough to be joined with its removal.',
    needs: [],
    docs: {
      what: 'The stage that ships downloads or copies an archive, unpacks or installs it, and keeps it.',
      why: 'The image holds the content twice: packed and unpacked.',
      silent:
        'The stage does not ship; the archive is removed or moved (`deleted-in-later-layer` says so where it comes too late); another instruction names it; a variable hides its name; the shell text was not understood.',
      fix: 'Removes a downloaded archive at the end of the same `RUN`. In place of a copied one, `ADD` unpacks it, or the `RUN` gets it through a bind mount. For review.',
      bad: {
        dockerfile:
          'FROM debian:13-slim\nRUN curl -fsSLO https://example.com/tool.tar.gz && tar xzf tool.tar.gz -C /opt\n',
      },
      good: {
        dockerfile:
          'FROM debian:13-slim\nRUN curl -fsSLO https://example.com/tool.tar.gz && tar xzf tool.tar.gz -C /opt && rm tool.tar.gz\n',
      },
      switchOff: 'Where the image is squashed into one layer.',
      references: ['https://docs.docker.com/reference/dockerfile/#add'],
    },
  },

  *check(context) {
    const final = context.dockerfile.final;
    if (final === undefined || isDevContainer(context) || isWindows(final)) {
      return;
    }
    for (const stage of lineage(final)) {
      for (const at of commandSteps(stage)) {
        const path = at.command.isUnconditional ? unpacked(at) : undefined;
        const maker = path === undefined ? undefined : makerOf(context, stage, at, path);
        if (
          path === undefined ||
          maker === undefined ||
          isRemoved(stage, path) ||
          isNamedBelow(stage, at.step, path.replace(/^.*\//, ''))
        ) {
          continue;
        }
        const name = path.replace(/^.*\//, '');
        const bytes = bytesOf(context, maker);
        yield {
          message: `${name}${bytes === undefined ? '' : ` (${formatBytes(bytes)})`} stays in the image, packed, beside what comes out of it.`,
          span: at.script.sourceSpan(at.command.span),
          related: [{ span: maker.instruction.keywordSpan, message: 'It gets into the image here.' }],
          ...(bytes === undefined || bytes >= worthWarning ? {} : { severity: 'hint' as const }),
          // hadolint looks at archives that are copied, and not at downloads.
          aliases: maker.instruction.keyword === 'COPY' ? ['DL3010'] : [],
          fixes: () => fixFor(context, stage, at, maker, path) ?? [],
        };
      }
    }
  },
};

/** A copied archive below this many bytes is only a hint. */
const worthWarning = 100_000;

/** The one archive that a command unpacks or installs; undefined for other commands. */
function unpacked({ command, directory }: CommandStep): string | undefined {
  const { name } = command;
  const isUnpacker =
    (name === 'tar' &&
      command.args.some(
        (word, i) => /^--extract$|^-\w*x/.test(word.text) || (i === 0 && /^[a-zA-Z]*x/.test(word.text)),
      )) ||
    ['unzip', 'bsdtar', '7z', '7za', 'unrar'].includes(name ?? '') ||
    (name === 'dpkg' && command.args.some((word) => /^(?:-i|--install)$/.test(word.text))) ||
    (name === 'rpm' && command.args.some((word) => /^-\w*[iU]/.test(word.text))) ||
    (['apt-get', 'apt', 'dnf', 'yum'].includes(name ?? '') &&
      command.args.some((word) => word.text === 'install'));
  const paths = isUnpacker
    ? command.args
        .filter((word) => archive.test(word.value ?? '') && !(word.value ?? '').includes('://'))
        .flatMap((word) => pathOf(word, directory) ?? [])
    : [];
  return paths.length === 1 ? paths[0] : undefined;
}

/** The step that put the archive into the image: a download or a COPY of this one file. */
function makerOf(context: AnalysisContext, stage: Stage, at: CommandStep, path: string): Step | undefined {
  const until = indexOfStep(stage, at.step);
  return makersOf(stage, context.dockerfile)
    .get(path)
    ?.findLast((step) => indexOfStep(stage, step) <= until && keepsPacked(step, context));
}

/** False for an ADD that unpacks the archive, and for several files that are copied at once. */
function keepsPacked(step: Step, context: AnalysisContext): boolean {
  const copy = readCopy(step, context.dockerfile);
  if (copy === undefined) {
    return true;
  }
  const source = copy.sources.length === 1 ? copy.sources[0]?.value : undefined;
  const isUnpacked =
    step.instruction.keyword === 'ADD' &&
    !/^https?:/.test(source ?? '') &&
    /\.t[a-z]+|\.tar/.test(source?.replace(/^.*\//, '') ?? '');
  return source !== undefined && !isUnpacked;
}

/** What the commands of a stage take away. */
interface Removals {
  /** True where a pattern or a variable may mean anything. */
  readonly isUnknown: boolean;
  readonly paths: ReadonlySet<string>;
}

const removalsOf = memoizeFor((stage: Stage): Removals => {
  const removing = commandSteps(stage).filter(({ command }) =>
    ['rm', 'mv', 'unlink', 'find', 'shred'].includes(command.name ?? ''),
  );
  return {
    isUnknown: removing.some(({ command }) =>
      command.args.some((word) => /[*?[$]/.test(word.text) && !word.text.endsWith('/*')),
    ),
    paths: new Set(
      removing.flatMap(({ command, directory }) =>
        command.args.flatMap((word) => {
          const value = word.value ?? word.text.replace(/\/\*$/, '');
          return pathOf({ ...word, value }, directory) ?? [];
        }),
      ),
    ),
  };
});

/** True where a command takes the file away, or a folder that it lies in. */
function isRemoved(stage: Stage, path: string): boolean {
  const { isUnknown, paths } = removalsOf(stage);
  if (isUnknown) {
    return true;
  }
  for (let part = path; part !== ''; part = part.slice(0, part.lastIndexOf('/'))) {
    if (paths.has(part)) {
      return true;
    }
  }
  return false;
}

function bytesOf(context: AnalysisContext, maker: Step): number | undefined {
  const copy = readCopy(maker, context.dockerfile);
  const measured = context.project.context;
  return copy?.from !== 'context' || measured === undefined
    ? undefined
    : copiedTotals(
        measured,
        copy.sources.map((source) => source.value),
      )?.bytes;
}

function fixFor(
  context: AnalysisContext,
  stage: Stage,
  at: CommandStep,
  maker: Step,
  path: string,
): [Fix] | undefined {
  if (maker.instruction.keyword !== 'RUN') {
    const fix = mountInsteadOfCopy(context.dockerfile, stage, maker, at.step);
    return fix === undefined ? undefined : [fix];
  }
  const prefix = at.command.wrapper === 'sudo' ? 'sudo ' : '';
  const edit =
    maker === at.step && /^[\w/@+.~-]+$/.test(path)
      ? appendToRun(context.dockerfile, at.step, at.script, `${prefix}rm ${path}`)
      : undefined;
  return edit === undefined
    ? undefined
    : [{ title: `Remove ${path} in the same RUN`, applicability: 'review', edits: [edit] }];
}
