import type { ImageTraits } from '../knowledge.ts';
import {
  alpine,
  debian,
  type Family,
  type FamilyTag,
  isWindows,
  redHat,
  type SystemTraits,
  systemOf,
  systemUsers,
  withTools,
} from './family.ts';

/** Java versions that distroless still updates on Debian 13 (project page of August 2026). */
const distrolessJava: ReadonlySet<string> = new Set(['17', '21', '25']);

export const javaFamilies: readonly Family[] = [temurin(), corretto(), openjdk(), maven(), gradle(), sbt()];

const jdkTools = ['java', 'javac', 'jlink', 'jar'] as const;

/** Tools of a JDK that a JRE comes without: those that compile, and those that look into a running process. */
const notInJre = 'javac jlink javap jshell jdb jcmd jps jstack jmap jstat jinfo'.split(' ');

function temurin(): Family {
  return {
    name: 'eclipse-temurin',
    has: (name) => name === 'eclipse-temurin',
    traits(tag) {
      const kind = tag.tag.words.includes('jre') ? 'jre' : 'jdk';
      return java(tag, kind, temurinSystem(tag));
    },
    smaller(tag) {
      const version = tag.tag.version ?? tag.version;
      // Tags of Java 8 have a build number behind the version (`8u412-b08`), which is not the same for all images.
      if (isWindows(tag.tag) || version === undefined || version.includes('u') || hasOtherWords(tag)) {
        return [];
      }
      const release = tag.tag.codename === undefined ? '' : `-${tag.tag.codename}`;
      const jre = tag.tag.words.includes('jre');
      const here = jre
        ? tag.tag.alpine === undefined
          ? ['jre-alpine']
          : []
        : tag.tag.alpine === undefined
          ? [`jre${release}`, 'jre-alpine', 'alpine']
          : ['jre-alpine'];
      return [
        ...here.map((variant) => `eclipse-temurin:${version}-${variant}`),
        ...(distrolessJava.has(version) ? [`gcr.io/distroless/java${version}-debian13`] : []),
      ];
    },
  };
}

/** True for a tag of another system than Ubuntu and Alpine, such as `21-jdk-ubi9-minimal`, whose variants are its own. */
function hasOtherWords({ tag }: FamilyTag): boolean {
  const understood = ['latest', 'jdk', 'jre', tag.codename, tag.version, tag.alpine?.version];
  return tag.words.some((word) => !understood.includes(word) && !/^alpine[\d.]*$/.test(word));
}

function temurinSystem(tag: FamilyTag): SystemTraits {
  if (tag.tag.words.includes('minimal')) {
    return redHat('ubi', tag.tag.words.find((word) => /^ubi\d+$/.test(word))?.slice(3), 'microdnf');
  }
  const system = systemOf(tag, () => ({ libc: 'glibc', hasShell: true, packageManager: 'apt' }));
  // The Ubuntu images bring curl and wget "for historical reasons", as their Dockerfiles say.
  return system.libc === 'musl' ? system : withTools(system, ['curl', 'wget']);
}

function java(tag: FamilyTag, kind: 'jdk' | 'jre', system: SystemTraits): Omit<ImageTraits, 'family'> {
  const version = tag.tag.version === undefined ? {} : { version: tag.tag.version };
  if (isWindows(tag.tag)) {
    return { ...version, variant: 'windows' };
  }
  return {
    ...version,
    variant: system.libc === 'musl' ? `${kind}-alpine` : kind,
    ...withTools(system, kind === 'jdk' ? jdkTools : ['java'], kind === 'jre' ? notInJre : []),
    ...systemUsers(system),
    defaultUser: 'root',
    isServer: false,
  };
}

function corretto(): Family {
  return {
    name: 'amazoncorretto',
    has: (name) => name === 'amazoncorretto',
    traits(tag) {
      const kind = tag.tag.words.some((word) => word === 'jre' || word === 'headless' || word === 'headful');
      const version = tag.tag.words.includes('al2')
        ? '2'
        : tag.tag.words.includes('al2023')
          ? '2023'
          : undefined;
      const system =
        tag.tag.alpine === undefined
          ? redHat(
              'amazonlinux',
              version ?? (isMoving(tag) ? '2023' : undefined),
              version === '2' ? 'yum' : 'dnf',
            )
          : systemOf(tag, debian);
      return java(tag, kind ? 'jre' : 'jdk', system);
    },
    smaller(tag) {
      const version = tag.tag.version ?? tag.version;
      if (tag.tag.words.length > 1 || version === undefined || !isMoving(tag)) {
        return [];
      }
      return [
        `amazoncorretto:${version}-alpine`,
        `amazoncorretto:${version}-${version === '8' ? 'jre' : 'headless'}`,
      ];
    },
  };
}

/** True for tags such as `21` or `latest`, which are rebuilt on what is current. */
function isMoving(tag: FamilyTag): boolean {
  return tag.tag.version === undefined || /^\d+$/.test(tag.tag.version);
}

/** The deprecated official image. Its tags without a distribution were built on Oracle Linux from version 12 on. */
function openjdk(): Family {
  return {
    name: 'openjdk',
    has: (name) => name === 'openjdk' || name === 'java',
    traits(tag) {
      const kind = tag.tag.words.includes('jre') ? 'jre' : 'jdk';
      const onDebian = tag.tag.codename !== undefined || tag.tag.words.includes('slim');
      const oracle = tag.tag.words.find((word) => word.startsWith('oracle'));
      const number = Number.parseInt(tag.tag.version ?? '', 10);
      const system = tag.tag.alpine
        ? alpine(tag.tag.alpine.version)
        : !onDebian && (oracle !== undefined || number >= 12)
          ? redHat('oraclelinux', oracle?.replace(/\D/g, '') || undefined, 'microdnf')
          : debian(tag.tag.codename);
      const traits = java(tag, kind, system);
      return tag.tag.words.includes('slim') ? { ...traits, variant: `${kind}-slim` } : traits;
    },
  };
}

function maven(): Family {
  return {
    name: 'maven',
    has: (name) => name === 'maven',
    traits(tag) {
      const version = tag.tag.version === undefined ? {} : { version: tag.tag.version };
      const words = tag.tag.words;
      const onTemurin = words.includes('temurin');
      const onAmazon = words.includes('amazoncorretto');
      const system: SystemTraits =
        tag.tag.alpine !== undefined
          ? alpine(tag.tag.alpine.version)
          : onAmazon
            ? redHat('amazonlinux', '2023', 'dnf')
            : // Maven's images are built for each Ubuntu release by name; those without one moved with time.
              systemOf(tag, () => ({
                ...(onTemurin ? { distribution: { id: 'ubuntu' } } : {}),
                libc: 'glibc',
                hasShell: true,
                packageManager: 'apt',
              }));
      return {
        ...version,
        variant: [
          ...words.filter(
            (word) => word !== tag.tag.version && !/^alpine/.test(word) && word !== tag.tag.codename,
          ),
          ...(tag.tag.alpine === undefined ? [] : ['alpine']),
        ].join('-'),
        ...withMavenTools(system, tag.tag.alpine !== undefined, onTemurin),
        defaultUser: 'root',
        isServer: false,
      };
    },
    smaller: (tag) =>
      tag.tag.alpine === undefined && tag.tag.words.includes('temurin')
        ? [`maven:${tag.tag.words.filter((word) => word !== tag.tag.codename).join('-')}-alpine`]
        : [],
  };
}

/** What carlossg/docker-maven adds to the JDK's image, read 2026-08-05: bash on Alpine, Git beside Temurin's own curl and wget. */
function withMavenTools(system: SystemTraits, onAlpine: boolean, onTemurin: boolean): SystemTraits {
  const own = ['mvn', 'java', 'javac'];
  if (onAlpine) {
    return withTools(system, [...own, 'bash', ...(onTemurin ? ['curl'] : [])]);
  }
  if (onTemurin) {
    return withTools(system, [...own, 'git', 'curl', 'wget']);
  }
  // Which of them the other vendors' images have is not known.
  const { missingTools = [] } = system;
  return withTools(
    { ...system, missingTools: missingTools.filter((tool) => !['git', 'curl', 'wget'].includes(tool)) },
    own,
  );
}

function gradle(): Family {
  return {
    name: 'gradle',
    has: (name) => name === 'gradle',
    traits(tag) {
      const jdk = tag.tag.words.find((word) => /^(jdk|jre)\d*$/.test(word));
      const system: SystemTraits =
        tag.tag.alpine !== undefined
          ? alpine(tag.tag.alpine.version)
          : systemOf(tag, () => ({ libc: 'glibc', hasShell: true }));
      return {
        ...(tag.tag.version === undefined ? {} : { version: tag.tag.version }),
        variant: `${jdk ?? 'jdk'}${tag.tag.alpine === undefined ? '' : '-alpine'}`,
        // keeganwitt/docker-gradle, read 2026-11-30: all variants install Git, unzip and wget; curl comes with most JDK images.
        ...withTools(system, ['gradle', 'java', 'javac', 'git', 'unzip', 'wget', 'curl']),
        defaultUser: 'root',
        users: [{ name: 'gradle', uid: 1000 }],
        isServer: false,
      };
    },
    smaller: (tag) =>
      tag.tag.alpine === undefined && tag.tag.words.some((word) => /^jdk\d+$/.test(word))
        ? [`gradle:${tag.tag.words.filter((word) => word !== tag.tag.codename).join('-')}-alpine`]
        : [],
  };
}

/** Images with sbt on a JDK, whose tags name the JDK first: `eclipse-temurin-21.0.5_11_1.10.7_3.6.2`. */
function sbt(): Family {
  return {
    name: 'scala-sbt',
    has: (name) => /^(?:sbtscala|hseeberger)\/scala-sbt$/.test(name),
    traits(tag) {
      const { words, alpine: onAlpine } = tag.tag;
      const system: SystemTraits =
        onAlpine !== undefined
          ? alpine(onAlpine.version)
          : words.includes('temurin')
            ? { distribution: { id: 'ubuntu' }, libc: 'glibc', hasShell: true, packageManager: 'apt' }
            : words.includes('amazoncorretto')
              ? redHat('amazonlinux', '2023', 'dnf')
              : { libc: 'glibc', hasShell: true };
      return {
        variant: onAlpine === undefined ? 'jdk' : 'jdk-alpine',
        ...withTools(system, ['sbt', ...jdkTools, 'bash', 'git']),
        users: [{ name: 'sbtuser', uid: 1001 }],
        defaultUser: 'root',
        isServer: false,
      };
    },
  };
}
