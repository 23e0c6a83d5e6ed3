import { familyTag, isWindows } from './families/family.ts';
import { familyNameOf } from './families/index.ts';
import type { ImageReference } from './reference.ts';
import type { TagWords } from './tag.ts';

/** A set of images, by their repository, and the WORKDIR that they set; a function where the tag decides. */
interface FolderOf {
  readonly images: RegExp;
  readonly folder: string | ((tag: TagWords, image: string) => string | undefined);
}

/**
 * Images that set a WORKDIR. Read in 2026-11 from the Dockerfiles that they are made with: docker-library/golang, php,
 * httpd, redis and tomcat, keeganwitt/docker-gradle, oven-sh/bun, composer/docker, caddyserver/caddy-docker,
 * Perl/docker-perl, dart-lang/dart-docker, mamba-org/micromamba-docker, jetty/jetty.docker, static.bzl of distroless. Those
 * of the second list are as their publishers document them.
 */
const folders: readonly FolderOf[] = [
  { images: /^golang$/, folder: '/go' },
  {
    images: /^php$/,
    folder: ({ words }) => (words.includes('apache') || words.includes('fpm') ? '/var/www/html' : '/'),
  },
  { images: /^gradle$/, folder: '/home/gradle' },
  {
    images: /^oven\/bun$/,
    folder: ({ words }) => (words.includes('distroless') ? '/' : '/home/bun/app'),
  },
  { images: /^composer$/, folder: '/app' },
  { images: /^caddy$/, folder: ({ words }) => (words.includes('builder') ? '/usr/bin' : '/srv') },
  { images: /^httpd$/, folder: '/usr/local/apache2' },
  { images: /^redis$/, folder: '/data' },
  { images: /^tomcat$/, folder: '/usr/local/tomcat' },
  { images: /^jetty$/, folder: '/var/lib/jetty' },
  { images: /^dart$/, folder: '/root' },
  // Perl's images set /usr/src/app from 2020 on, and nothing before: which one a tag is made of is not known.
  {
    images: /^perl$/,
    folder: ({ version }) => (/^5\.(?:3[2-9]|[4-9]\d)/.test(version ?? '') ? '/usr/src/app' : undefined),
  },
  {
    images: /^gcr\.io\/distroless\//,
    folder: ({ words }) => (words.includes('nonroot') ? '/home/nonroot' : '/'),
  },
  {
    images: /^cgr\.dev\/chainguard\//,
    folder: (_, image) =>
      /\/(?:static|wolfi-base|glibc-dynamic|busybox|bash|chainguard-base|jre)$/.test(image) ? '/' : undefined,
  },
  { images: /^mambaorg\/micromamba$/, folder: '/tmp' },
  { images: /^sbtscala\/scala-sbt$/, folder: '/root' },

  {
    images: /^(?:wordpress|drupal|joomla|nextcloud)$/,
    folder: ({ words }) => (words.includes('cli') ? undefined : '/var/www/html'),
  },
  { images: /^(?:public\.ecr\.aws|amazon)\/(?:lambda\/|aws-lambda-)/, folder: '/var/task' },
  { images: /^(?:(?:quay\.io\/)?jupyter\/)/, folder: '/home/jovyan' },
  { images: /^pytorch\/pytorch$|^nvcr\.io\/nvidia\/pytorch$/, folder: '/workspace' },
  { images: /^cimg\//, folder: '/home/circleci/project' },
];

/** Images of no family that are known to set no WORKDIR. */
const withoutFolder =
  /^(?:swift|haskell|julia|r-base|rocker\/r-ver|hexpm\/(?:elixir|erlang)|ghcr\.io\/astral-sh\/uv|continuumio\/(?:miniconda3|anaconda3)|condaforge\/miniforge3|nvidia\/cuda|mcr\.microsoft\.com\/playwright(?:\/\w+)?|docker|bash|memcached|pypy|opensuse\/(?:leap|tumbleweed)|archlinux|bitnami\/minideb|jruby|ibmjava|sapmachine|azul\/zulu-openjdk(?:-alpine|-debian)?)$/;

/**
 * The working directory that an image sets, `/` where it is known to set none. Undefined for images that nobody here knows, and
 * for those of Windows.
 */
export function imageFolder(reference: ImageReference): string | undefined {
  const { image, tag } = familyTag(reference);
  if (isWindows(tag)) {
    return undefined;
  }
  const found = folders.find(({ images }) => images.test(image));
  if (found !== undefined) {
    return typeof found.folder === 'string' ? found.folder : found.folder(tag, image);
  }
  return familyNameOf(reference) !== undefined || withoutFolder.test(image) ? '/' : undefined;
}
