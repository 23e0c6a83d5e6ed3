import { runsProject } from '../ecosystems/project-commands.ts';
import { runningStage } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import { commandSteps } from '../model/commands.ts';
import { lineage, type Stage } from '../model/dockerfile.ts';
import type { Rule } from './rule.ts';

export const developmentImageShipped: Rule = {
  meta: {
    id: 'development-image-shipped',
    aliases: [],
    summary: 'The stage that ships starts from an image with a whole toolkit.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed:
      'A command of the stage may compile, or which of the image’s packages the program uses is not known.',
    needs: [],
    docs: {
      what: 'The stage that ships starts from the `devel` variant of `nvidia/cuda` or `pytorch/pytorch`, or from `continuumio/anaconda3`.',
      why: 'The devel images hold nvcc, headers and static libraries, some gigabytes that only a compiler reads; Anaconda holds several hundred packages, of which a program uses a few.',
      silent: 'The image is a runtime one; the stage does not ship, or starts nothing of its own.',
      fix: 'Writes the runtime variant of the same version, where no command of the stage may compile. For review. None for Anaconda: which of its packages the program uses is not known.',
      bad: {
        dockerfile: 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\nCOPY app /app\nCMD ["/app"]\n',
      },
      good: { dockerfile: 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nCOPY app /app\nCMD ["/app"]\n' },
      switchOff: 'Where the container compiles while it runs.',
      references: ['https://hub.docker.com/r/nvidia/cuda'],
    },
  },

  *check(context) {
    const stage = runningStage(context);
    const root = stage === undefined ? undefined : lineage(stage).at(-1);
    if (root === undefined || root.base.kind !== 'image') {
      return;
    }
    const { name, reference } = root.base;
    const written = context.dockerfile.text.slice(root.imageSpan.start, root.imageSpan.end);
    if (reference.repository === 'continuumio/anaconda3') {
      yield {
        message: `${name} holds several hundred packages, some gigabytes. No fix is offered: start from continuumio/miniconda3 and install what the program imports.`,
        span: root.imageSpan,
      };
      return;
    }
    const isToolkit = /^(?:nvidia\/cuda|pytorch\/pytorch)$/.test(reference.repository);
    const runtime = reference.tag?.replace(/(^|-)devel(-|$)/, '$1runtime$2');
    if (!isToolkit || runtime === undefined || runtime === reference.tag) {
      return;
    }
    const other = `${reference.repository}:${runtime}`;
    const using = context.dockerfile.stages.filter((one) => lineage(one).includes(root));
    const obstacle = compilerOf(using);
    const isPlain = written === `${reference.repository}:${reference.tag}`;
    const fix: Fix | undefined =
      obstacle === undefined && isPlain
        ? {
            title: `Use ${other}`,
            applicability: 'review',
            edits: [{ span: root.imageSpan, text: other }],
            assumptions: [`Neither the build nor the program calls a compiler: ${other} has none.`],
          }
        : undefined;
    yield {
      message:
        obstacle === undefined
          ? `${name} is the devel image, with nvcc, headers and static libraries of some gigabytes; nothing here compiles, and ${other} has the libraries alone.`
          : `${name} is the devel image, with nvcc, headers and static libraries of some gigabytes. No fix is offered: \`${obstacle}\` may compile; build in a stage of its own, and ship on ${other}.`,
      span: root.imageSpan,
      fixes: fix === undefined ? [] : [fix],
    };
  },
};

/** Packages of Python that are compiled with nvcc when they are installed. */
const compiledPackages =
  /flash[-_]attn|apex|deepspeed|detectron2|pytorch3d|mamba[-_]ssm|causal[-_]conv1d|xformers|llama[-_]cpp|bitsandbytes|git\+/;

/** The first command of the stages that may need a compiler; undefined where none does. */
function compilerOf(stages: readonly Stage[]): string | undefined {
  for (const stage of stages) {
    const hidden = stage.steps.some(
      ({ instruction, script }) => instruction.keyword === 'RUN' && script?.isUnderstood !== true,
    );
    if (hidden) {
      return 'a RUN that could not be read';
    }
    for (const at of commandSteps(stage)) {
      const text = [at.command.nameWord.text, ...at.command.args.map((word) => word.text)].join(' ');
      if (
        /^(?:nvcc|make|cmake|ninja|gcc|g\+\+|cc|clang|cargo|go)$/.test(at.command.name ?? '') ||
        compiledPackages.test(text) ||
        /setup\.py|pip\S* install (?:\S+ )*(?:-e |\.)/.test(text) ||
        (runsProject(at) && !/^(?:pip|python|uv|conda|huggingface-cli)/.test(text))
      ) {
        return text.length > 50 ? `${text.slice(0, 49)}…` : text;
      }
    }
  }
  return undefined;
}
