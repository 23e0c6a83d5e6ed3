import type { AnalysisContext } from '../facts/context.ts';
import { buildFolderOf } from '../facts/installs/install-order.ts';
import { usesGpu } from '../facts/needs/gpu.ts';
import { baseTraits, isDevContainer } from '../facts/stage.ts';
import { hasOldPip } from '../facts/versions/old-pip.ts';
import type { Fix } from '../fixes/fix.ts';
import { type CommandStep, commandSteps } from '../model/commands.ts';
import { allSteps, type Stage } from '../model/dockerfile.ts';
import { joinPath } from '../project/paths.ts';
import { memoizeFor } from '../text/memoize.ts';
import type { ContextPath } from '../text/path-types.ts';
import { span } from '../text/span.ts';
import type { Rule } from './rule.ts';

/** The index of PyTorch that has the same versions without CUDA. */
const cpuIndex = 'https://download.pytorch.org/whl/cpu';

export const cudaWithoutGpu: Rule = {
  meta: {
    id: 'cuda-without-gpu',
    aliases: [],
    summary: 'PyTorch or TensorFlow is installed with libraries for GPUs where none is used.',
    category: 'size',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'The index for CPUs belongs into the project’s own files here, where the manager reads it.',
    needs: [],
    docs: {
      what: 'An install of Python takes torch, or a package that needs it, from PyPI’s own index, or tensorflow, and nothing says that the container has a GPU.',
      why: 'On Linux for amd64 PyPI’s torch brings CUDA, cuDNN and NCCL: more than 2 GB to pull that a CPU cannot use. PyTorch’s own index has the same versions without them, in about 200 MB.',
      silent:
        'The base image is one for GPUs; `NVIDIA_…` or `CUDA_…` is set; a Compose file reserves a GPU; a package is of use on a GPU only; another index is named, or a version with `+cpu`; the stage is built for arm64. Where the sources mention CUDA, the finding is an information.',
      fix: 'Names PyTorch’s index for CPUs in the `pip install`: as the only one where nothing but packages of PyTorch is installed, as a further one elsewhere. For review. None for uv, Poetry and hashed requirements, where the index belongs in their own files, and none with a pip before 20.3, which stops at packages of that index that need a newer Python.',
      bad: { dockerfile: 'FROM python:3.12-slim\nRUN pip install torch==2.5.1\nCMD ["python", "app.py"]\n' },
      good: {
        dockerfile: `FROM python:3.12-slim\nRUN pip install torch==2.5.1 --index-url ${cpuIndex}\nCMD ["python", "app.py"]\n`,
      },
      switchOff: 'Where the containers run on machines with a GPU.',
      references: ['https://pytorch.org/get-started/locally/'],
    },
  },

  *check(context) {
    const final = context.dockerfile.final;
    if (final === undefined || isDevContainer(context)) {
      return;
    }
    for (const stage of context.dockerfile.stages) {
      if (/arm64|aarch64/.test(stage.platform ?? '')) {
        continue;
      }
      for (const at of commandSteps(stage)) {
        const found = readTorch(context, stage, at);
        if (found === undefined) {
          continue;
        }
        const gpu = usesGpu(final, context.project, found.directory, found.text);
        if ((gpu.state === 'known' && gpu.value) || hasGpuBase(stage, context, found)) {
          continue;
        }
        const isOld = found.isTorch && hasOldPip(stage, baseTraits(stage, context.images), at);
        const fix = found.isTorch && !isOld ? namesIndex(context, at, found) : undefined;
        yield {
          message: found.isTorch
            ? `${found.name === 'torch' ? 'torch' : `${found.name} brings torch, which`} comes with CUDA from PyPI: more than 2 GB for a GPU, and ${gpu.state === 'known' ? 'nothing here uses one' : 'whether one is used is not known'}. ${cpuIndex} has it for the CPU alone.${isOld ? oldPip : ''}`
            : `tensorflow comes with support for GPUs (CUDA), and ${gpu.state === 'known' ? 'nothing here uses one' : 'whether one is used is not known'}: tensorflow-cpu is the same without.`,
          span: at.script.sourceSpan(
            span(at.command.nameWord.span.start, (found.word ?? at.command.nameWord).span.end),
          ),
          ...(gpu.state === 'known' ? {} : { severity: 'information' as const }),
          fixes: fix === undefined ? [] : [fix],
        };
        return;
      }
    }
  },
};

/** Of the packages that lie in that index beside torch, pip before 20.3 takes the newest, whatever Python that is for. */
const oldPip =
  ' No fix is offered: the pip of this image is older than 20.3 and stops at packages of that index that need a newer Python; `pip install --upgrade pip` above would lift this.';

interface TorchInstall {
  /** The package that is named: torch itself, or one that needs it. */
  readonly name: string;
  readonly isTorch: boolean;
  readonly directory: ContextPath;
  /** All that is installed, one package a line. */
  readonly text: string;
  readonly hasOthers: boolean;
  readonly word: CommandStep['command']['nameWord'] | undefined;
}

/** Packages of PyTorch itself, and those that cannot do without it. Source: their metadata on PyPI, read 2026-11-30. */
const ofTorch = /^(?:torch|torchvision|torchaudio)$/;
const needsTorch =
  /^(?:torch|torchvision|torchaudio|sentence-transformers|openai-whisper|ultralytics|easyocr|pytorch-lightning|lightning|fastai|timm|accelerate|peft|torchmetrics|kornia|flair|stable-baselines3)$/;

function readTorch(context: AnalysisContext, stage: Stage, at: CommandStep): TorchInstall | undefined {
  const { command } = at;
  const args = command.args.map((word) => word.value ?? word.text);
  const isPip =
    /^pip[\d.]*$/.test(command.name ?? '') ||
    (/^python[\d.]*$/.test(command.name ?? '') && args[1] === 'pip') ||
    (command.name === 'uv' && args[0] === 'pip');
  const isSync = ['uv', 'poetry', 'pdm', 'pipenv'].includes(command.name ?? '') && !isPip;
  const isInstall = args.some((word) => ['install', 'sync', 'add'].includes(word));
  const names = !args.some((word) => /index-url|--find-links|^-[if]$|download\.pytorch\.org/.test(word));
  if (!(isPip || isSync) || !isInstall || !names || setsIndex(stage)) {
    return undefined;
  }
  const directory =
    (at.directory === undefined ? undefined : buildFolderOf(context.dockerfile, stage, at.directory)) ?? '';
  const read = (name: string): string => context.project.reader.read(joinPath(directory, name)) ?? '';
  const files = isSync
    ? ['pyproject.toml', 'Pipfile']
    : [
        ...args.filter((word, i) => /^(?:-r|--requirement)$/.test(args[i - 1] ?? '') || /^-r./.test(word)),
        ...(args.some((word) => /^\.(?:\[.*\])?$/.test(word)) ? ['pyproject.toml'] : []),
      ].map((word) => word.replace(/^-r/, ''));
  const manifest = files.map(read).join('\n');
  if (
    /download\.pytorch\.org|pytorch-cpu|\+cpu\b/.test(
      `${manifest}\n${isSync ? read('uv.lock').slice(0, 2_000_000) : ''}`,
    )
  ) {
    return undefined;
  }
  const listed = [
    ...args.slice(args.indexOf('install') + 1),
    ...manifest.split('\n').flatMap((line) => line.split(/(?<!["'\s,])["'\s,]+(?=[A-Za-z])/)),
  ].map((word) => word.trim().replace(/^["'-]+/, ''));
  const packages = listed.flatMap((word) => {
    const match = /^([A-Za-z][\w.-]*?)(?:\[([^\]]*)\])?(?:\s*(?:[=<>~!;].*|["'].*))?$/.exec(word);
    return match?.[1] === undefined ? [] : [{ name: match[1].toLowerCase(), extra: match[2], word }];
  });
  if (args.some((word) => /\+cpu\b/.test(word))) {
    return undefined;
  }
  const torch =
    packages.find(({ name }) => ofTorch.test(name)) ?? packages.find(({ name }) => needsTorch.test(name));
  const found = torch ?? packages.find(({ name }) => name === 'tensorflow');
  return found === undefined
    ? undefined
    : {
        name: ofTorch.test(found.name) ? 'torch' : found.name,
        isTorch: torch !== undefined,
        directory,
        text: packages
          .map(({ name, extra }) => (extra === undefined ? name : `${name}[${extra}]`))
          .join('\n'),
        hasOthers: files.length > 0 || packages.some(({ name }) => !ofTorch.test(name)),
        word: command.args.find((word) => word.text.includes(found.name)),
      };
}

/** True where a variable of the stage names another index. */
const setsIndex = memoizeFor((stage: Stage): boolean =>
  allSteps(stage).some(({ instruction }) =>
    /(?:PIP_(?:EXTRA_)?INDEX_URL|UV_(?:EXTRA_|DEFAULT_)?INDEX\w*|UV_TORCH_BACKEND)/.test(
      instruction.line.text,
    ),
  ),
);

function hasGpuBase(stage: Stage, { project }: AnalysisContext, found: TorchInstall): boolean {
  const own = usesGpu(stage, project, found.directory, found.text);
  return own.state === 'known' && own.value;
}

/** Adds the index to a plain `pip install`. */
function namesIndex(_context: AnalysisContext, at: CommandStep, found: TorchInstall): Fix | undefined {
  const { command, script, step } = at;
  const isPip = /^(?:pip[\d.]*|python[\d.]*)$/.test(command.name ?? '');
  const last = command.args.at(-1);
  const isHashed = command.args.some((word) => word.text.startsWith('--require-hashes'));
  if (!isPip || last === undefined || isHashed || step.instruction.form === 'json') {
    return undefined;
  }
  const option = found.hasOthers ? '--extra-index-url' : '--index-url';
  const end = script.sourceSpan(last.span).end;
  return {
    title: `Add ${option} ${cpuIndex}`,
    applicability: 'review',
    edits: [{ span: span(end, end), text: ` ${option} ${cpuIndex}` }],
    assumptions: [
      'The container runs without a GPU.',
      ...(found.hasOthers ? ['The version that is asked for is in that index as well.'] : []),
    ],
  };
}
