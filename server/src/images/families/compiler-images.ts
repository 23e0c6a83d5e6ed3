import { releaseOf } from '../tag.ts';
import { alpine, debian, type Family, type FamilyTag, type SystemTraits, ubuntu } from './family.ts';

/** Images that compile and that no variant of is made to run what they compiled. */
interface CompilerImage {
  readonly name: string;
  readonly images: readonly string[];
}

/**
 * Of these it is known which C library their programs are linked to. All tags of Swift stand on Ubuntu, Debian, Amazon Linux
 * or UBI, those of Haskell on Debian, those of GraalVM on Oracle Linux, and those of Crystal on Ubuntu or, by name, on
 * Alpine (the Dockerfiles' names in haskell/docker-haskell, graalvm/container and crystal-lang/distribution-scripts, listed
 * 2026-12-01; Swift by the names of its tags, not looked up).
 */
const compilerImages: readonly CompilerImage[] = [
  { name: 'swift', images: ['swift', 'swiftlang/swift'] },
  { name: 'haskell', images: ['haskell'] },
  {
    name: 'graalvm',
    images: [
      'ghcr.io/graalvm/native-image-community',
      'ghcr.io/graalvm/graalvm-community',
      'container-registry.oracle.com/graalvm/native-image',
      'container-registry.oracle.com/graalvm/jdk',
    ],
  },
  { name: 'crystal', images: ['crystallang/crystal'] },
];

export const compilerFamilies: readonly Family[] = compilerImages.map(({ name, images }) => ({
  name,
  has: (image) => images.includes(image),
  traits: (tag) => ({
    ...(tag.tag.version === undefined ? {} : { version: tag.tag.version }),
    ...systemNamedBy(tag),
  }),
}));

/** The system that a tag names; where it names none, the C library alone is known. */
function systemNamedBy({ tag }: FamilyTag): SystemTraits {
  if (tag.alpine !== undefined) {
    return alpine(tag.alpine.version);
  }
  const release = tag.codename === undefined ? undefined : releaseOf(tag.codename);
  return release === undefined
    ? { libc: 'glibc', hasShell: true }
    : release.id === 'ubuntu'
      ? ubuntu(release.version)
      : debian(tag.codename);
}
