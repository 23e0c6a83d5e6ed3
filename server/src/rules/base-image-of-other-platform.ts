import { isWindows } from '../facts/stage.ts';
import type { Fix } from '../fixes/fix.ts';
import type { ImageKnowledge } from '../images/knowledge.ts';
import { normalizePlatform } from '../images/platform.ts';
import { formatImageReference } from '../images/reference.ts';
import type { Base, Stage } from '../model/dockerfile.ts';
import { findFlag } from '../syntax/tree.ts';
import type { Rule } from './rule.ts';

/** Namespaces of Docker Hub that hold the official images of one architecture each. */
const namespaces: ReadonlyMap<string, string> = new Map([
  ['amd64', 'linux/amd64'],
  ['arm32v5', 'linux/arm/v5'],
  ['arm32v6', 'linux/arm/v6'],
  ['arm32v7', 'linux/arm/v7'],
  ['arm64v8', 'linux/arm64'],
  ['i386', 'linux/386'],
  ['mips64le', 'linux/mips64le'],
  ['ppc64le', 'linux/ppc64le'],
  ['riscv64', 'linux/riscv64'],
  ['s390x', 'linux/s390x'],
]);

export const baseImageOfOtherPlatform: Rule = {
  meta: {
    id: 'base-image-of-other-platform',
    aliases: ['InvalidBaseImagePlatform'],
    isBuildCheck: true,
    summary: 'FROM asks for a platform that the image is not made for.',
    category: 'correctness',
    severity: 'warning',
    enabled: true,
    fix: 'sometimes',
    unfixed: 'Which image of this name is made for the platform that is asked for is not known.',
    needs: ['images'],
    docs: {
      what: '`FROM --platform=` names one platform, and the image is there for another one only.',
      why: 'The build stops, or takes an image whose programs run emulated or not at all.',
      silent:
        'No platform is written out: then it depends on where the image is built; nothing is known of the image’s platform.',
      fix: 'Takes the official image that is there for every platform, where the name asks for that of one architecture (`arm64v8/alpine`). For review.',
      bad: { dockerfile: 'FROM --platform=linux/amd64 arm64v8/alpine:3.22\n' },
      good: { dockerfile: 'FROM --platform=linux/amd64 alpine:3.22\n' },
      switchOff: 'Never.',
      references: ['https://docs.docker.com/build/building/multi-platform/'],
    },
  },

  *check(context) {
    for (const stage of context.dockerfile.stages) {
      const { base, from, imageSpan } = stage;
      const platform = findFlag(from, 'platform')?.value;
      if (base.kind !== 'image' || platform === undefined || /\$|^$/.test(platform)) {
        continue;
      }
      const actual = platformOf(stage, base, context.images);
      if (actual === undefined || isSame(actual, normalizePlatform(platform))) {
        continue;
      }
      yield {
        message: `${base.name} is there for ${actual}, not for ${platform}.`,
        span: imageSpan,
        fixes: generalImage(stage, base, context.dockerfile.text),
      };
    }
  },
};

type ImageBase = Extract<Base, { kind: 'image' }>;

/** The one platform an image is there for, where that is known. */
function platformOf(stage: Stage, { reference }: ImageBase, images: ImageKnowledge): string | undefined {
  const [namespace = '', name] = reference.repository.split('/');
  if (reference.registry === 'docker.io' && name !== undefined && namespaces.has(namespace)) {
    return namespaces.get(namespace);
  }
  if (isWindows({ ...stage, platform: undefined })) {
    return 'windows/amd64';
  }
  return images.peek(reference, stage.platform).platform;
}

/** The variant of an architecture does not count, as for BuildKit. */
function isSame(left: string, right: string): boolean {
  const systemOf = (platform: string): string => platform.split('/').slice(0, 2).join('/');
  return systemOf(left) === systemOf(right);
}

function generalImage({ imageSpan }: Stage, { name, reference }: ImageBase, text: string): Fix[] {
  const [namespace = '', image = ''] = reference.repository.split('/');
  if (!namespaces.has(namespace) || text.slice(imageSpan.start, imageSpan.end) !== name) {
    return [];
  }
  const { digest: _digest, ...rest } = reference;
  const general = formatImageReference({ ...rest, repository: `library/${image}` });
  return [{ title: `Take ${general}`, applicability: 'review', edits: [{ span: imageSpan, text: general }] }];
}
