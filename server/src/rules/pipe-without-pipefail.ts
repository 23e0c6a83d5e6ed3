import { baseTraits, isDevContainer, isWindows } from '../facts/stage.ts';
import { pipefailFix } from '../fixes/pipefail.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { withTriggered } from '../model/dockerfile.ts';
import { hasOption, type ShellCommand } from '../syntax/shell/script.ts';
import type { Rule } from './rule.ts';

/** Programs that fail by themselves when nothing comes out of the pipe, or only half of it. */
const noticing = [
  'apt-key',
  'bunzip2',
  'bzip2',
  'cpio',
  'dpkg',
  'egrep',
  'gpg',
  'gpg2',
  'grep',
  'gunzip',
  'gzip',
  'md5sum',
  'patch',
  'rpm',
  'sha1sum',
  'sha256sum',
  'sha512sum',
  'tar',
  'bsdtar',
  'unxz',
  'unzip',
  'unzstd',
  'xz',
  'zcat',
  'zstd',
];

export const pipeWithoutPipefail: Rule = {
  meta: {
    id: 'pipe-without-pipefail',
    aliases: ['DL4006'],
    summary: 'A download in front of a pipe may fail unnoticed.',
    category: 'correctness',
    severity: 'information',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Another pipe below would then fail in a build that works, or the shell does not know pipefail.',
    needs: ['images'],
    docs: {
      what: 'A `RUN` pipes what curl or wget fetches into a program that is content with nothing, such as a shell or `tee`.',
      why: 'The status of a pipe is that of its last command. When the download fails, the build goes on, and the layer without the download stays in the cache.',
      silent:
        '`pipefail` is set in the `RUN` or its shell; the program behind the pipe notices by itself (`tar`, `gpg`, `grep` …); the pipe is in a condition or a substitution, or `||` follows it; a Windows image; other programs in front of a pipe, whose failure seldom means anything.',
      fix: 'Sets `pipefail` in the `RUN` where the shell knows it: bash, and BusyBox’s ash on Alpine. Debian’s and Ubuntu’s `/bin/sh` (dash 0.5.12) does not: there a `SHELL` with bash is put in front. For review. None where another pipe below would then fail in a build that works (`yes | …`, `… | head`), or where a start command in shell form would get another shell.',
      bad: { dockerfile: 'FROM alpine:3.22\nRUN wget -qO- https://example.com/install.sh | sh\n' },
      good: {
        dockerfile:
          'FROM alpine:3.22\nRUN set -o pipefail && wget -qO- https://example.com/install.sh | sh\n',
      },
      switchOff: 'Where a failed download does no harm.',
      references: ['https://docs.docker.com/build/building/best-practices/#using-pipes'],
    },
  },

  *check(context) {
    if (isDevContainer(context)) {
      return;
    }
    for (const stage of withTriggered(context.dockerfile.stages).filter((one) => !isWindows(one))) {
      const steps = commandSteps(stage);
      for (const [i, at] of steps.entries()) {
        const { command, script, step } = at;
        if (isDownload(command) && isPiped(steps, i) && !isNoticed(steps, i) && !setsPipefail(at)) {
          const fix = pipefailFix(context.dockerfile, stage, step, baseTraits(stage, context.images));
          yield {
            message: `When ${command.name} fails, the build goes on: a pipe has the status of its last command.`,
            span: script.sourceSpan(command.nameWord.span),
            fixes: fix === undefined ? [] : [fix],
          };
        }
      }
    }
  },
};

function isDownload(command: ShellCommand): boolean {
  return (command.name === 'curl' || command.name === 'wget') && command.isUnconditional;
}

function isPiped(steps: readonly CommandStep[], i: number): boolean {
  return steps[i + 1]?.step === steps[i]?.step && steps[i + 1]?.command.operator === '|';
}

/** True where the last command of the pipe fails when nothing comes, or where what follows expects a failure. */
function isNoticed(steps: readonly CommandStep[], i: number): boolean {
  let last = i;
  while (isPiped(steps, last)) {
    last++;
  }
  const command = steps[last]?.command;
  const next = steps[last + 1];
  const isExpected = next?.step === steps[i]?.step && next?.command.operator === '||';
  return (
    isExpected ||
    command?.name === undefined ||
    noticing.includes(command.name) ||
    (command.name === 'jq' && hasOption(command, '-e', '--exit-status'))
  );
}

function setsPipefail({ step, script }: CommandStep): boolean {
  return script.text.includes('pipefail') || step.before.shell.some((word) => word.includes('pipefail'));
}
