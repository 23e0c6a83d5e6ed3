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
 * Images that set a WORKDIR. Read on 2026-11-30 from the files that they are made with: docker-library/golang, php, httpd,
 * redis, tomcat, wordpress and drupal, keeganwitt/docker-gradle, oven-sh/bun, composer/docker, caddyserver/caddy-docker,
 * Perl/docker-perl, dart-lang/dart-docker, mamba-org/micromamba-docker, jetty/jetty.docker, sbt/docker-sbt, static.bzl of
 * distroless, aws/aws-lambda-base-images (Python 3.12), jupyter/docker-stacks, pytorch/pytorch, CircleCI-Public/cimg-base,
 * astral-sh/uv. Of Joomla and Nextcloud it is known that they stand on the images of PHP.
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
  // Perl's images set /usr/src/app since 2023-08-03, and / before: between 5.34 and 5.38.0 a tag may be of either time.
  {
    images: /^perl$/,
    folder: ({ version = '' }) =>
      /^5\.(?:38(?!\.0)|39|[4-9]\d)/.test(version)
        ? '/usr/src/app'
        : /^5\.(?:\d|[12]\d|3[0-3])(?:\.|$)/.test(version)
          ? '/'
          : undefined,
  },
  {
    images: /^gcr\.io\/distroless\//,
    folder: ({ words }) => (words.includes('nonroot') ? '/home/nonroot' : '/'),
  },
  {
    images: /^cgr\.dev\/chainguard\//,
    // Of the others some set /app, as that of Java does.
    folder: (_, image) => (/\/(?:static|busybox)$/.test(image) ? '/' : undefined),
  },
  { images: /^mambaorg\/micromamba$/, folder: '/tmp' },
  { images: /^(?:sbtscala|hseeberger)\/scala-sbt$/, folder: '/root' },
  // The image of the program alone sets /io; those on a distribution have its folder.
  {
    images: /^(?:ghcr\.io\/astral-sh|astral)\/uv$/,
    folder: ({ words, codename, alpine }) =>
      codename !== undefined || alpine !== undefined || words.includes('debian') ? '/' : '/io',
  },
  // Drupal 8 and older lay in /var/www/html.
  {
    images: /^drupal$/,
    folder: ({ version }) => (/^(?:9|1\d)(?:\.|$)/.test(version ?? '') ? '/opt/drupal' : undefined),
  },
  {
    images: /^(?:wordpress|joomla|nextcloud)$/,
    folder: ({ words }) => (words.includes('cli') ? undefined : '/var/www/html'),
  },
  { images: /^(?:public\.ecr\.aws|amazon)\/(?:lambda\/|aws-lambda-)/, folder: '/var/task' },
  { images: /^(?:(?:quay\.io\/)?jupyter\/)/, folder: '/home/jovyan' },
  { images: /^pytorch\/pytorch$/, folder: '/workspace' },
  { images: /^cimg\//, folder: '/home/circleci/project' },
];

/**
 * Images of no family that set no WORKDIR. Read on 2026-11-30 from their Dockerfiles: swiftlang/swift-docker,
 * haskell/docker-haskell, docker-library/julia, docker, memcached and pypy, rocker-org/rocker and rocker-versioned2,
 * anaconda/docker-images, conda-forge/miniforge-images, microsoft/playwright and playwright-python; of nvidia/cuda from the history of one image (11.8).
 */
const withoutFolder =
  /^(?:swift|haskell|julia|r-base|rocker\/r-ver|hexpm\/(?:elixir|erlang)|continuumio\/(?:miniconda3|anaconda3)|condaforge\/miniforge3|nvidia\/cuda|mcr\.microsoft\.com\/playwright(?:\/python)?|docker|memcached|pypy)$/;

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
