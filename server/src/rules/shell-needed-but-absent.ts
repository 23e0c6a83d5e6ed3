import { startName } from '../facts/base/programs.ts';
import { baseTraits } from '../facts/stage.ts';
import { execForm } from '../fixes/exec-form.ts';
import { rootBase, type Stage, type Step } from '../model/dockerfile.ts';
import { startCommand } from '../model/start-command.ts';
import { argumentText, findFlag } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

export const shellNeededButAbsent: Rule = {
  meta: {
    id: 'shell-needed-but-absent',
    aliases: ['JSONArgsRecommended'],
    summary: 'A command needs a shell that the image does not have.',
    category: 'correctness',
    severity: 'error',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The command is not plain words, and the image has no shell to be named.',
    needs: ['images'],
    docs: {
      what: 'A stage on an image without a shell (`scratch`, distroless, chiseled) has a `RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK` in shell form.',
      why: 'The shell form runs `/bin/sh -c`. Without `/bin/sh` the build stops at a `RUN`, and the container does not start.',
      silent:
        'Whether the image has a shell is not known; `SHELL` names another program; a whole file system or a shell is copied into the stage.',
      fix: 'Writes the exec form where the command is plain words, without those that the image’s own entry point says already. For review.',
      bad: { dockerfile: 'FROM scratch\nCOPY app /app\nCMD /app --serve\n' },
      good: { dockerfile: 'FROM scratch\nCOPY app /app\nCMD ["/app", "--serve"]\n' },
      switchOff: 'Never, as long as the image really has no shell.',
      references: ['https://docs.docker.com/reference/dockerfile/#shell-and-exec-form'],
    },
  },

  *check(context) {
    for (const stage of context.dockerfile.stages) {
      const base = rootBase(stage);
      const hasNone = base.kind === 'scratch' || baseTraits(stage, context.images)?.hasShell === false;
      if (!hasNone || bringsShell(stage)) {
        continue;
      }
      const image = base.kind === 'image' ? base.name : 'scratch';
      for (const step of stage.steps) {
        const { keyword } = step.instruction;
        if (usesShell(step)) {
          const entrypoint =
            keyword === 'CMD' && startCommand(stage).entrypoint === undefined
              ? baseTraits(stage, context.images)?.entrypoint
              : undefined;
          const traits = baseTraits(stage, context.images);
          const fix =
            keyword === 'RUN'
              ? undefined
              : execForm(context.dockerfile, step, entrypoint, (program) => startName(traits, program));
          yield {
            message: `${keyword} in shell form needs /bin/sh, and ${image} has none.`,
            span: step.instruction.keywordSpan,
            fixes: fix === undefined ? [] : [fix],
            // BuildKit's check is about the start command alone.
            ...(keyword === 'CMD' || keyword === 'ENTRYPOINT' ? {} : { isBeyondCheck: true }),
          };
        }
      }
    }
  },
};

function usesShell(step: Step): boolean {
  const { instruction } = step;
  if (
    !['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(instruction.keyword) ||
    instruction.form === 'json'
  ) {
    return false;
  }
  const text = argumentText(instruction);
  const isNone = instruction.keyword === 'HEALTHCHECK' && /^NONE\b/i.test(text);
  return text !== '' && !isNone && step.before.shell[0] === '/bin/sh';
}

/** A root file system that is unpacked, or a busybox that is copied, may well bring a shell. */
function bringsShell(stage: Stage): boolean {
  return stage.steps.some((step) => {
    const { instruction } = step;
    if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') {
      return false;
    }
    const target = instruction.words.at(-1)?.value ?? '';
    const isRoot = target === '/' || target === '/bin/' || target === '/bin';
    const isTree = instruction.keyword === 'ADD' || findFlag(instruction, 'from') !== undefined;
    const namesShell = instruction.words.some((word) => /(?:^|\/)(?:sh|bash|busybox|dash)$/.test(word.value));
    return (isRoot && isTree) || namesShell;
  });
}
