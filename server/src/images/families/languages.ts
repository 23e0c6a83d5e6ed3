import type { ImageTraits } from '../knowledge.ts';
import type { DefaultRelease } from '../releases.ts';
import { versionNumbers } from '../tag.ts';
import {
  alpine,
  debian,
  debianWithBuildTools,
  type Family,
  type FamilyTag,
  isWindows,
  type SystemTraits,
  shellless,
  systemOf,
  systemUsers,
  variantsOf,
  withTools,
} from './family.ts';

/** A language image that comes as `22`, `22-slim` and `22-alpine`. */
interface LanguageImage {
  readonly name: string;
  readonly images?: readonly string[];
  /** Tools of every variant. */
  tools(tag: FamilyTag): readonly string[];
  /** What the full variant is built on. */
  readonly full?: (codename: string | undefined) => SystemTraits;
  /** Tools of the slim variant beyond those of every variant. */
  readonly slimTools?: readonly string[];
  readonly alpineTools?: readonly string[];
  readonly extra?: (tag: FamilyTag) => Partial<ImageTraits>;
  /** Variants that exist beside the full one. */
  readonly variants: readonly ('slim' | 'alpine')[];
  /** What a tag that names no release is built on, where that is not today's default of the image. */
  readonly release?: (tag: FamilyTag) => DefaultRelease;
  /** References of other repositories that hold the same version. */
  readonly elsewhere?: (tag: FamilyTag) => readonly string[];
}

export const languageFamilies: readonly Family[] = [
  language({
    name: 'node',
    tools: (tag) => [
      'node',
      'npm',
      'npx',
      // Yarn 1 left the images with Node.js 26, Corepack with Node.js 25.
      ...(major(tag) < 26 ? ['yarn'] : []),
      ...(major(tag) < 25 ? ['corepack'] : []),
    ],
    extra: () => ({
      users: [{ name: 'node', uid: 1000 }],
      entrypoint: ['docker-entrypoint.sh'],
    }),
    variants: ['slim', 'alpine'],
    elsewhere: (tag) =>
      distrolessNode.has(major(tag)) ? [`gcr.io/distroless/nodejs${major(tag)}-debian13`] : [],
  }),
  language({
    name: 'python',
    tools: () => ['python', 'python3', 'pip'],
    variants: ['slim', 'alpine'],
    // The one Python of distroless is Debian's own: 3.13 on Debian 13.
    elsewhere: (tag) =>
      /^3\.13(\.|$)/.test(tag.version ?? '') ? ['gcr.io/distroless/python3-debian13'] : [],
  }),
  language({
    name: 'golang',
    tools: () => ['go'],
    full: (codename) => withTools(debian(codename), ['curl', 'wget', 'git', 'gcc', 'g++', 'make']),
    variants: ['alpine'],
  }),
  language({
    name: 'rust',
    tools: () => ['cargo', 'rustc', 'gcc'],
    variants: ['slim', 'alpine'],
  }),
  language({ name: 'ruby', tools: () => ['ruby', 'gem', 'bundle'], variants: ['slim', 'alpine'] }),
  language({ name: 'perl', tools: () => ['perl'], variants: ['slim'] }),
  language({
    name: 'elixir',
    tools: () => ['elixir', 'mix', 'erl', 'rebar3'],
    variants: ['slim', 'alpine'],
    release: releaseOfElixir,
  }),
  language({
    name: 'erlang',
    tools: () => ['erl', 'rebar3'],
    variants: ['slim', 'alpine'],
    release: (tag) => releaseOfErlang(major(tag)),
  }),
  hexpm(),
  language({
    name: 'dart',
    tools: () => ['dart', 'curl', 'git', 'unzip', 'ssh'],
    full: debian,
    variants: [],
  }),
  language({ name: 'gcc', tools: () => ['gcc', 'g++', 'make'], variants: [] }),
  php(),
  bun(),
  deno(),
];

/** Versions of Node.js that distroless still updates on Debian 13 (project page of August 2026). */
const distrolessNode: ReadonlySet<number> = new Set([22, 24, 26]);

function major(tag: FamilyTag): number {
  return versionNumbers(tag.version ?? '')[0] ?? 0;
}

function language(image: LanguageImage): Family {
  const images = new Set([image.name, ...(image.images ?? [])]);
  return {
    name: image.name,
    has: (name) => images.has(name),
    traits(asked) {
      const tag = withRelease(asked, image.release?.(asked) ?? {});
      const variant = languageVariant(tag);
      const version = tag.tag.version === undefined ? {} : { version: tag.tag.version };
      if (variant === 'windows') {
        return { ...version, variant };
      }
      const system =
        variant === 'full'
          ? systemOf(tag, image.full ?? debianWithBuildTools)
          : withTools(
              systemOf(tag, debian),
              variant === 'slim' ? (image.slimTools ?? []) : (image.alpineTools ?? []),
            );
      return {
        ...version,
        variant,
        ...withTools(system, image.tools(tag)),
        ...systemUsers(system),
        defaultUser: 'root',
        isServer: false,
        ...image.extra?.(tag),
      };
    },
    smaller(tag) {
      const variant = languageVariant(tag);
      const smaller = variant === 'full' ? image.variants : variant === 'slim' ? ['alpine'] : [];
      const here = variantsOf(
        tag,
        smaller.filter((name) => image.variants.some((own) => own === name)),
      );
      return variant === 'windows' ? [] : [...here, ...(image.elsewhere?.(tag) ?? [])];
    },
  };
}

/** The tag as if it stated the release that it is built on. */
function withRelease(asked: FamilyTag, { release, alpine: version }: DefaultRelease): FamilyTag {
  const { tag } = asked;
  if (tag.alpine !== undefined) {
    return tag.alpine.version === undefined && version !== undefined
      ? { ...asked, tag: { ...tag, alpine: { version } } }
      : asked;
  }
  return tag.codename === undefined && release !== undefined
    ? { ...asked, tag: { ...tag, codename: release } }
    : asked;
}

/** What the official images of Erlang are built on. Source: erlang/docker-erlang-otp, 2026-07-28. */
function releaseOfErlang(version: number): DefaultRelease {
  const release =
    version >= 28 ? 'trixie' : version >= 26 ? 'bookworm' : version >= 24 ? 'bullseye' : undefined;
  return release === undefined ? {} : { release, alpine: version >= 26 ? '3.24' : '3.22' };
}

/**
 * The official images of Elixir stand on those of Erlang: of the version that the tag names, or of the newest that the
 * version of Elixir supports. Source: erlef/docker-elixir, 2025-11-15. Older patches stay on what they were built on.
 */
function releaseOfElixir(tag: FamilyTag): DefaultRelease {
  const { words } = tag.tag;
  const named = words[words.indexOf('otp') + 1];
  if (words.includes('otp') && named !== undefined) {
    return releaseOfErlang(Number.parseInt(named, 10));
  }
  const [, minor = 0, patch] = versionNumbers(tag.version ?? '');
  const isLast = patch === undefined || (minor === 18 && patch >= 4) || minor > 18;
  const erlang: Readonly<Record<number, number>> = { 13: 24, 14: 26, 15: 26, 16: 26, 17: 27, 18: 28, 19: 28 };
  return isLast || minor === 17 ? releaseOfErlang(erlang[minor] ?? 0) : {};
}

/** The images that Hex builds of every pair of Elixir and Erlang; their tags state the system whole. */
function hexpm(): Family {
  return {
    name: 'hexpm',
    has: (name) => name === 'hexpm/elixir' || name === 'hexpm/erlang',
    traits(tag) {
      const version = tag.tag.version === undefined ? {} : { version: tag.tag.version };
      const system =
        tag.tag.codename === undefined && tag.tag.alpine === undefined ? {} : systemOf(tag, debian);
      const tools = tag.image.endsWith('elixir') ? ['elixir', 'mix', 'erl'] : ['erl'];
      return {
        ...version,
        variant: tag.tag.alpine === undefined ? 'slim' : 'alpine',
        ...withTools(system, tools),
        ...systemUsers(system),
        defaultUser: 'root',
        isServer: false,
      };
    },
  };
}

function languageVariant(tag: FamilyTag): string {
  if (isWindows(tag.tag)) {
    return 'windows';
  }
  return tag.tag.alpine !== undefined ? 'alpine' : tag.tag.words.includes('slim') ? 'slim' : 'full';
}

/** PHP keeps its compilers in the Debian variants, and curl in all of them. */
function php(): Family {
  return {
    name: 'php',
    has: (name) => name === 'php',
    traits(tag) {
      const server = ['fpm', 'apache', 'zts', 'cli'].find((word) => tag.tag.words.includes(word)) ?? 'cli';
      const onAlpine = tag.tag.alpine !== undefined;
      const system = withTools(
        systemOf(tag, (codename) => withTools(debian(codename), ['gcc', 'g++', 'make'])),
        ['php', 'curl'],
        ['composer'],
      );
      return {
        ...(tag.tag.version === undefined ? {} : { version: tag.tag.version }),
        variant: onAlpine ? `${server}-alpine` : server,
        ...system,
        defaultUser: 'root',
        users: [{ name: 'www-data', uid: onAlpine ? 82 : 33 }],
        entrypoint: ['docker-php-entrypoint'],
        isServer: server === 'fpm' || server === 'apache',
        ...(server === 'fpm' ? { exposedPorts: [9000] } : server === 'apache' ? { exposedPorts: [80] } : {}),
      };
    },
    smaller(tag) {
      const { words, alpine: onAlpine } = tag.tag;
      const server = ['fpm', 'zts', 'cli'].find((word) => words.includes(word));
      if (onAlpine !== undefined || words.includes('apache')) {
        return [];
      }
      return variantsOf(tag, [server === undefined ? 'alpine' : `${server}-alpine`]);
    },
  };
}

function bun(): Family {
  return {
    name: 'bun',
    has: (name) => name === 'oven/bun',
    traits(tag) {
      const variant = ['alpine', 'slim', 'distroless', 'debian'].find((word) => tag.tag.words.includes(word));
      const version = tag.tag.version === undefined ? {} : { version: tag.tag.version };
      if (variant === 'distroless') {
        return { ...version, variant, ...withTools(shellless({ id: 'debian' }, 'glibc'), ['bun']) };
      }
      const system = variant === 'alpine' ? alpine(tag.tag.alpine?.version) : debian(tag.tag.codename);
      return {
        ...version,
        variant: variant === 'debian' || variant === undefined ? 'full' : variant,
        ...withTools(system, ['bun']),
        defaultUser: 'root',
        users: [{ name: 'bun', uid: 1000 }],
        isServer: false,
      };
    },
    smaller: (tag) =>
      tag.tag.alpine === undefined && !tag.tag.words.includes('distroless')
        ? variantsOf(
            tag,
            ['slim', 'alpine', 'distroless'].filter((name) => !tag.tag.words.includes(name)),
          )
        : [],
  };
}

/** The words before which the image's own entry script puts `deno` (denoland/deno_docker, read 2026-11-30). */
const denoVerbs =
  'add bench bundle cache check compile completions coverage doc eval fmt help info install jupyter lint lsp publish repl run serve task test types uninstall upgrade'.split(
    ' ',
  );

function deno(): Family {
  return {
    name: 'deno',
    has: (name) => name === 'denoland/deno',
    traits(tag) {
      const version =
        tag.tag.words
          .map((word) => /^v?(\d+\.\d+\.\d+)$/.exec(word)?.[1])
          .find((word) => word !== undefined) ?? tag.tag.version;
      const versioned = version === undefined ? {} : { version };
      if (tag.tag.words.includes('distroless')) {
        return {
          ...versioned,
          variant: 'distroless',
          ...withTools(shellless({ id: 'debian' }, 'glibc'), ['deno']),
        };
      }
      const onAlpine = tag.tag.alpine !== undefined;
      return {
        ...versioned,
        variant: onAlpine ? 'alpine' : 'full',
        ...withTools(onAlpine ? alpine(undefined) : debian(undefined), ['deno']),
        // Neither sets a user; the image on Alpine gives another number (denoland/deno_docker, read 2026-11-30).
        defaultUser: 'root',
        users: [{ name: 'deno', uid: onAlpine ? 1000 : 1993 }],
        entryVerbs: { program: 'deno', verbs: denoVerbs },
        isServer: false,
      };
    },
    // Tags state whole versions, with the variant in front of them.
    smaller: (tag) =>
      tag.tag.words.includes('alpine') ||
      tag.tag.words.includes('distroless') ||
      (tag.tag.version !== undefined && !/^\d+\.\d+\.\d+$/.test(tag.tag.version))
        ? []
        : ['alpine', 'distroless'].map((name) =>
            tag.tag.version === undefined
              ? `denoland/deno:${name}`
              : `denoland/deno:${name}-${tag.tag.version}`,
          ),
  };
}
