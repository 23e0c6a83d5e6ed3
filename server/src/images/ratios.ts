import type { ImageTraits } from './knowledge.ts';

/** How much larger an image gets when it is unpacked, by the kind of image. */
export interface DiskRatio {
  readonly ratio: number;
  /** The kind of image in words, for the source of an estimate. */
  readonly kind: string;
}

/** Month of the figures the ratios were taken from. */
export const ratiosDate = '2026-09';

/**
 * Size on disk divided by the size of the pull, medians over 32 images whose both sizes are known (the rows of
 * scripts/catalogue/base-image-sizes.json that have both, other builds left out). One ratio for all would be wrong by
 * half for some kinds: it goes from 1.8 (Ruby) to 3.4 (Go on Alpine).
 */
export function diskRatio(traits: ImageTraits | undefined): DiskRatio {
  const family = traits?.family ?? '';
  const onAlpine = traits?.libc === 'musl';
  const isFull = traits?.tools?.includes('gcc') === true;
  if (family === 'ruby' && !isFull) {
    return { ratio: 1.82, kind: 'Ruby images' };
  }
  if (family === 'golang' && onAlpine) {
    return { ratio: 3.36, kind: 'Go images on Alpine' };
  }
  if (javaFamilies.has(family)) {
    return traits?.variant?.startsWith('jre')
      ? onAlpine
        ? { ratio: 2.75, kind: 'Java runtimes on Alpine' }
        : { ratio: 2.63, kind: 'Java runtimes' }
      : { ratio: 2.06, kind: 'Java development kits' };
  }
  if (family === 'distroless') {
    return { ratio: 2.82, kind: 'distroless images' };
  }
  if (family === 'alpine' || family === 'busybox') {
    return { ratio: 2.19, kind: 'Alpine base images' };
  }
  if (baseFamilies.has(family)) {
    return { ratio: 2.64, kind: 'Debian and Ubuntu base images' };
  }
  if (traits?.isServer === true) {
    return onAlpine ? { ratio: 2.43, kind: 'servers on Alpine' } : { ratio: 2.69, kind: 'servers on Debian' };
  }
  if (onAlpine) {
    return { ratio: 2.73, kind: 'language images on Alpine' };
  }
  if (isFull) {
    return { ratio: 2.77, kind: 'full language images' };
  }
  return traits === undefined
    ? { ratio: 2.7, kind: 'images of all kinds' }
    : { ratio: 2.83, kind: 'language images on Debian slim' };
}

const javaFamilies: ReadonlySet<string> = new Set([
  'eclipse-temurin',
  'amazoncorretto',
  'openjdk',
  'maven',
  'gradle',
]);

const baseFamilies: ReadonlySet<string> = new Set([
  'debian',
  'ubuntu',
  'fedora',
  'amazonlinux',
  'rockylinux',
  'almalinux',
  'oraclelinux',
  'centos',
  'ubi',
]);
