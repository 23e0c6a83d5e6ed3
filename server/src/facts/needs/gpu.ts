import { readSources } from '../../ecosystems/source-text.ts';
import { rootBase, type Stage } from '../../model/dockerfile.ts';
import { readYaml } from '../../project/formats/yaml.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { type Evidence, type Known, known, unknown } from '../known.ts';

/** Images whose purpose is work on a GPU. */
const gpuImage =
  /^(?:nvidia\/|nvcr\.io\/|pytorch\/pytorch|rocm\/|vllm\/|huggingface\/.*gpu)|tensorflow:.*gpu|cuda/;

/** Packages that are of use on a GPU only. */
const gpuPackage =
  /(?:^|\n)[ \t]*(?:cupy|[\w.-]+-gpu\b|[\w.-]+-cu1\d\b|flash-attn|bitsandbytes|vllm|xformers|triton|deepspeed|auto-gptq|jax\[cuda)/i;

/**
 * Whether the container of a stage is meant to have a GPU: known to be where its image, its environment, a package or a
 * Compose file says so; known not to be where no source of the project mentions one either.
 */
export function usesGpu(
  stage: Stage,
  project: Project,
  directory: ContextPath,
  packages: string,
): Known<boolean> {
  const base = rootBase(stage);
  if (base.kind === 'image' && gpuImage.test(base.name)) {
    return yes(`${base.name} is an image for GPUs`, { kind: 'image', image: base.name, source: 'its name' });
  }
  const variable = [...stage.end.environment.keys()].find((name) => /^(?:NVIDIA_|CUDA_)/.test(name));
  if (variable !== undefined) {
    return yes(`${variable} is set`, { kind: 'dockerfile', span: stage.from.span });
  }
  if (gpuPackage.test(packages)) {
    return yes('a package is of use on a GPU only', { kind: 'dockerfile', span: stage.from.span });
  }
  if (!project.isKnown) {
    return unknown('the files of the project are not known');
  }
  const compose = composeWithGpu(project);
  if (compose !== undefined) {
    return yes(`${compose} reserves a GPU`, { kind: 'file', path: compose });
  }
  const text = readSources(project, directory, /\.py$/);
  return /\bcuda\b/i.test(text)
    ? unknown('the sources mention CUDA')
    : known(false, {
        says: 'no source, setting or Compose file mentions a GPU',
        at: { kind: 'file', path: directory },
      });
}

function yes(says: string, at: Evidence['at']): Known<boolean> {
  return known(true, { says, at });
}

/** The Compose file that gives a service a GPU. */
function composeWithGpu({ reader }: Project): string | undefined {
  return (reader.list('') ?? [])
    .map((entry) => entry.name)
    .filter((name) => /^(?:docker-)?compose[\w.-]*\.ya?ml$/.test(name))
    .find((name) => reservesGpu(reader.read(name) ?? ''));
}

function reservesGpu(text: string): boolean {
  try {
    const file = readYaml(text);
    const services = typeof file === 'object' && file !== null ? Reflect.get(file, 'services') : undefined;
    return Object.values((services ?? {}) as Record<string, unknown>).some((service) =>
      /"gpus":|"runtime":"nvidia"|"capabilities":\[[^\]]*"gpu"|"driver":"nvidia"/.test(
        JSON.stringify(service ?? {}),
      ),
    );
  } catch {
    return false;
  }
}
