import { codenameOf, releaseOf } from '../tag.ts';
import {
  alpine,
  debian,
  debianWithBuildTools,
  type Family,
  redHat,
  systemUsers,
  ubuntu,
  withTools,
} from './family.ts';

export const distributionFamilies: readonly Family[] = [
  {
    name: 'debian',
    has: (name) => name === 'debian',
    traits(tag) {
      const codename = debianCodename(tag.tag.words, tag.tag.version, tag.tag.codename);
      const version = codename === undefined ? undefined : releaseOf(codename)?.version;
      return {
        ...(version === undefined ? {} : { version }),
        variant: tag.tag.words.includes('slim') ? 'slim' : 'full',
        ...debian(codename),
        defaultUser: 'root',
        users: [],
        isServer: false,
      };
    },
    smaller: (tag) =>
      ['slim', 'backports', 'experimental', 'rc'].some((word) => tag.tag.words.includes(word))
        ? []
        : [`debian:${tag.tag.words[0] === 'latest' ? 'stable' : tag.tag.words.join('-')}-slim`],
  },
  {
    name: 'ubuntu',
    has: (name) => name === 'ubuntu',
    traits(tag) {
      const version =
        tag.tag.codename === undefined
          ? tag.version?.match(/^\d\d\.\d\d/)?.[0]
          : releaseOf(tag.tag.codename)?.version;
      const system = ubuntu(version);
      return {
        ...(version === undefined ? {} : { version }),
        ...system,
        ...systemUsers(system),
        defaultUser: 'root',
        isServer: false,
      };
    },
  },
  {
    name: 'alpine',
    has: (name) => name === 'alpine',
    traits(tag) {
      const version = tag.tag.words[0] === 'edge' ? undefined : tag.version?.match(/^\d+\.\d+/)?.[0];
      return {
        ...(version === undefined ? {} : { version }),
        ...alpine(version),
        defaultUser: 'root',
        users: [],
        isServer: false,
      };
    },
  },
  {
    name: 'busybox',
    has: (name) => name === 'busybox',
    traits(tag) {
      const libc = tag.tag.words.includes('musl')
        ? 'musl'
        : tag.tag.words.includes('uclibc')
          ? undefined
          : 'glibc';
      return {
        ...(tag.tag.version === undefined ? {} : { version: tag.tag.version }),
        variant: ['musl', 'uclibc', 'glibc'].find((word) => tag.tag.words.includes(word)) ?? 'glibc',
        distribution: { id: 'busybox' },
        ...(libc === undefined ? {} : { libc }),
        hasShell: true,
        tools: ['wget', 'adduser', 'addgroup'],
        missingTools: ['bash', 'curl', 'git', 'gcc', 'g++', 'make', 'python3', 'perl', 'useradd'],
        defaultUser: 'root',
        isServer: false,
      };
    },
  },
  {
    name: 'buildpack-deps',
    has: (name) => name === 'buildpack-deps',
    traits(tag) {
      const small = tag.tag.words.includes('curl') || tag.tag.words.includes('scm');
      return {
        variant: small ? (tag.tag.words.includes('curl') ? 'curl' : 'scm') : 'full',
        ...(small
          ? withTools(debian(tag.tag.codename), ['curl', 'wget'])
          : debianWithBuildTools(tag.tag.codename)),
        defaultUser: 'root',
        isServer: false,
      };
    },
  },
  redHatFamily('fedora', ['fedora', 'quay.io/fedora/fedora'], 'dnf'),
  redHatFamily('amazonlinux', ['amazonlinux', 'public.ecr.aws/amazonlinux/amazonlinux'], 'dnf'),
  redHatFamily('rockylinux', ['rockylinux', 'rockylinux/rockylinux'], 'dnf', 'minimal'),
  redHatFamily('almalinux', ['almalinux'], 'dnf', 'minimal'),
  redHatFamily('oraclelinux', ['oraclelinux'], 'dnf', 'slim'),
  redHatFamily('centos', ['centos'], 'yum'),
  {
    name: 'ubi',
    has: (name) =>
      /^(registry\.access\.redhat\.com|registry\.redhat\.io)\/ubi\d+\/ubi(-minimal|-micro)?$/.test(name),
    traits(tag) {
      const [, version, variant] = /\/ubi(\d+)\/ubi(?:-(minimal|micro))?$/.exec(tag.image) ?? [];
      const { packageManager, ...withoutManager } = redHat(
        'rhel',
        version,
        variant === 'minimal' ? 'microdnf' : 'dnf',
      );
      return {
        ...(version === undefined ? {} : { version }),
        variant: variant ?? 'full',
        ...(variant === undefined ? withTools(withoutManager, ['useradd']) : withoutManager),
        ...(variant === 'micro' || packageManager === undefined ? {} : { packageManager }),
        defaultUser: 'root',
        isServer: false,
      };
    },
    smaller: (tag) =>
      tag.image.endsWith('/ubi')
        ? [`${tag.image}-minimal`, `${tag.image}-micro`]
        : tag.image.endsWith('-minimal')
          ? [tag.image.replace(/-minimal$/, '-micro')]
          : [],
  },
];

/** Debian's tags name a release, or the number of one, or its place in the cycle. */
function debianCodename(
  words: readonly string[],
  version: string | undefined,
  codename: string | undefined,
): string | undefined {
  if (codename !== undefined) {
    return codename;
  }
  const number = version?.match(/^\d+/)?.[0];
  if (number !== undefined && number.length <= 2) {
    return codenameOf('debian', number);
  }
  // Debian 13 is stable since 2025-08-09.
  return {
    latest: 'trixie',
    stable: 'trixie',
    oldstable: 'bookworm',
    oldoldstable: 'bullseye',
    slim: 'trixie',
  }[words[0] ?? ''];
}

function redHatFamily(
  name: string,
  images: readonly string[],
  manager: 'dnf' | 'yum',
  smallWord?: 'minimal' | 'slim',
): Family {
  return {
    name,
    has: (image) => images.includes(image),
    traits(tag) {
      const stream = tag.tag.words.find((word) => /^stream\d+$/.test(word));
      const version = stream ?? /^\d+/.exec(tag.version ?? '')?.[0];
      const small = smallWord !== undefined && tag.tag.words.includes(smallWord);
      const old = (name === 'amazonlinux' && version === '2') || version === '7';
      const system = redHat(name, version, small ? 'microdnf' : old ? 'yum' : manager);
      // The small images, and all of Amazon's, come without the package shadow-utils; Oracle's small one has it.
      const hasUseradd = name === 'oraclelinux' || (name !== 'amazonlinux' && !small);
      return {
        ...(version === undefined ? {} : { version }),
        ...(smallWord === undefined ? {} : { variant: small ? smallWord : 'full' }),
        ...(hasUseradd ? withTools(system, ['useradd']) : system),
        defaultUser: 'root',
        isServer: false,
      };
    },
    smaller: (tag) =>
      // Minor versions do not have a small image in every family.
      smallWord !== undefined && /^\d+$/.test(tag.tag.words.join('-'))
        ? [`${tag.image}:${tag.tag.version}-${smallWord}`]
        : [],
  };
}
