import type { ImageTraits } from '../knowledge.ts';
import {
  alpine,
  debian,
  debianWithBuildTools,
  type Family,
  type FamilyTag,
  systemUsers,
  ubuntu,
  withTools,
} from './family.ts';

/**
 * Images that bring Python with something beside it.
 *
 * uv: built on the official images, `python3.12-bookworm-slim` on `python:3.12-slim-bookworm`, with the programs in
 * /usr/local/bin and no entry point (astral-sh/uv, docs/guides/integration/docker.md, read 2026-11-30).
 * PyTorch and TensorFlow: on Ubuntu, started as root (Dockerfiles of pytorch/pytorch and tensorflow/build, read 2026-11-30).
 */
export const pythonImages: readonly Family[] = [
  {
    name: 'uv',
    has: (name) => /^(?:(?:ghcr\.io\/)?astral-sh|astral)\/uv$/.test(name),
    traits: (tag) => uvTraits(tag),
    smaller: ({ image, tag: { words, codename, alpine: onAlpine } }) =>
      codename === undefined || onAlpine !== undefined || words.includes('slim') || !words.some(isPython)
        ? []
        : [`${image}:${words.join('-')}-slim`],
  },
  {
    name: 'pytorch',
    has: (name) => name === 'pytorch/pytorch',
    traits: ({ tag }) => onUbuntu(tag.words.includes('devel') ? ['gcc', 'g++', 'make'] : []),
  },
  {
    name: 'tensorflow',
    has: (name) => name === 'tensorflow/tensorflow',
    traits: () => onUbuntu(['curl']),
  },
];

function isPython(word: string): boolean {
  return /^python3(?:\.\d+)?$/.test(word);
}

function uvTraits({ tag: { words, codename, alpine: onAlpine } }: FamilyTag): Omit<ImageTraits, 'family'> {
  const python = words.find(isPython);
  const programs = ['uv', 'uvx', ...(python === undefined ? [] : ['python', 'python3', 'pip'])];
  if (onAlpine === undefined && codename === undefined && !words.includes('debian')) {
    // The programs alone, which other images copy.
    return { variant: 'programs', tools: ['uv', 'uvx'], hasShell: false };
  }
  const isSlim = words.includes('slim');
  const system =
    onAlpine !== undefined
      ? alpine(onAlpine.version)
      : isSlim
        ? debian(codename)
        : debianWithBuildTools(codename);
  return {
    ...(python === undefined ? {} : { version: python.slice('python'.length) }),
    variant: onAlpine !== undefined ? 'alpine' : isSlim ? 'slim' : 'full',
    ...withTools(system, programs),
    ...systemUsers(system),
    defaultUser: 'root',
    isServer: false,
  };
}

function onUbuntu(tools: readonly string[]): Omit<ImageTraits, 'family'> {
  const system = withTools(ubuntu(undefined), ['python', 'python3', 'pip', ...tools]);
  return { variant: 'full', ...system, defaultUser: 'root', isServer: false };
}
