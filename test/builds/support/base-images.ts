import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildah, tryBuildah } from './buildah.ts';
import { fetchPrograms } from './fetched-programs.ts';
import { cached, imagesFolder } from './paths.ts';
import { run } from './run.ts';

interface StandIn {
  /** File in test/builds/images, without its ending. */
  readonly file: string;
  readonly args?: Readonly<Record<string, string>>;
  /** Further files of that folder that its Dockerfile copies. */
  readonly copies?: readonly string[];
  /** Stand-ins that this one is made from. */
  readonly from?: readonly string[];
}

const hub = 'docker.io/library/';
const debian = (suite: string, slim: boolean): StandIn => ({
  file: 'debian',
  args: { SUITE: suite, SLIM: slim ? 'yes' : '' },
});
const onTop = (file: string, base: string, args: Record<string, string> = {}): StandIn => ({
  file,
  args: { BASE: hub + base, ...args },
  from: [hub + base],
});
const distroless = (packages: string, runAs: string): StandIn => ({
  file: 'distroless',
  args: { PACKAGES: packages, RUN_AS: runAs },
  from: [`${hub}debian:trixie-slim`],
});
const temurin = (javaPackage: string, suite: string): StandIn =>
  onTop('temurin', `debian:${suite}-slim`, { JAVA_PACKAGE: javaPackage });
const python = (base: string): StandIn => ({
  ...onTop('python', base),
  from: ['localhost/cpython:3.13', hub + base],
});
const ruby = (base: string): StandIn => ({
  ...onTop('ruby', base),
  copies: ['pack-gems.rb'],
  from: [hub + base, `${hub}debian:trixie`],
});
const bun = (base: string): StandIn => onTop('bun', base);
const dotnet = (folders: string): StandIn => onTop('dotnet', 'debian:bullseye-slim', { FOLDERS: folders });
const buildpack = `${hub}buildpack-deps:trixie`;

/**
 * Base images that the suite makes itself because no registry of images is reachable. They carry the names that
 * Dockerfiles use, and the users, paths and settings of the images so named; their sizes are their own.
 */
const standIns: Readonly<Record<string, StandIn>> = {
  [`${hub}debian:bullseye-slim`]: debian('bullseye', true),
  [`${hub}debian:bookworm`]: debian('bookworm', false),
  [`${hub}debian:bookworm-slim`]: debian('bookworm', true),
  [`${hub}debian:trixie`]: debian('trixie', false),
  [`${hub}debian:trixie-slim`]: debian('trixie', true),
  [`${hub}buildpack-deps:bookworm`]: {
    file: 'buildpack-deps',
    args: { SUITE: 'bookworm' },
    from: [`${hub}debian:bookworm`],
  },
  [`${hub}buildpack-deps:trixie`]: {
    file: 'buildpack-deps',
    args: { SUITE: 'trixie' },
    from: [`${hub}debian:trixie`],
  },
  [`${hub}node:22`]: onTop('node', 'buildpack-deps:bookworm'),
  [`${hub}node:22-slim`]: onTop('node', 'debian:bookworm-slim'),
  'docker.io/oven/bun:1': bun('debian:bookworm'),
  'docker.io/oven/bun:1-slim': bun('debian:bookworm-slim'),
  'localhost/cpython:3.13': { file: 'cpython', from: [buildpack] },
  [`${hub}python:3.13`]: python('buildpack-deps:trixie'),
  [`${hub}python:3.13-slim`]: python('debian:trixie-slim'),
  'ghcr.io/astral-sh/uv:latest': { file: 'uv', from: [`${hub}python:3.13-slim`] },
  [`${hub}golang:1.24`]: { file: 'golang', from: [buildpack] },
  [`${hub}rust:1`]: onTop('rust', 'buildpack-deps:trixie'),
  [`${hub}rust:1-slim`]: onTop('rust', 'debian:trixie-slim'),
  [`${hub}gcc:14`]: { file: 'gcc', from: [buildpack] },
  [`${hub}eclipse-temurin:21`]: temurin('openjdk-21-jdk-headless', 'trixie'),
  [`${hub}eclipse-temurin:21-jre`]: temurin('openjdk-21-jre-headless', 'trixie'),
  [`${hub}eclipse-temurin:17`]: temurin('openjdk-17-jdk-headless', 'bookworm'),
  [`${hub}eclipse-temurin:17-jre`]: temurin('openjdk-17-jre-headless', 'bookworm'),
  [`${hub}gradle:jdk17`]: { file: 'gradle', from: [`${hub}eclipse-temurin:17`] },
  [`${hub}maven:3-eclipse-temurin-21`]: { file: 'maven', from: [`${hub}eclipse-temurin:21`] },
  'mcr.microsoft.com/dotnet/sdk:3.1': dotnet('dotnet host shared sdk packs templates'),
  'mcr.microsoft.com/dotnet/aspnet:3.1': dotnet('dotnet host shared'),
  [`${hub}php:8.4-apache`]: { file: 'php-apache', from: [`${hub}debian:trixie-slim`] },
  [`${hub}composer:2`]: { file: 'composer', from: [`${hub}debian:trixie-slim`] },
  [`${hub}ruby:3.3`]: ruby('buildpack-deps:trixie'),
  [`${hub}ruby:3.3-slim`]: ruby('debian:trixie-slim'),
  [`${hub}nginx:stable`]: {
    file: 'nginx',
    args: { PORT: '80', RUN_AS: 'root' },
    from: [`${hub}debian:trixie-slim`],
  },
  'docker.io/nginxinc/nginx-unprivileged:stable': {
    file: 'nginx',
    args: { PORT: '8080', RUN_AS: '101' },
    from: [`${hub}debian:trixie-slim`],
  },
  // Debian's nginx under the name of the Alpine variant: nothing built for Alpine can be had here.
  'docker.io/nginxinc/nginx-unprivileged:stable-alpine': {
    file: 'nginx',
    args: { PORT: '8080', RUN_AS: '101' },
    from: [`${hub}debian:trixie-slim`],
  },
  [`${hub}ubuntu:24.04`]: onTop('ubuntu', 'debian:trixie-slim'),
  [`${hub}busybox:1.37`]: { file: 'busybox' },
  'gcr.io/distroless/nodejs22-debian13:latest': {
    file: 'distroless-node',
    args: { BASE: 'gcr.io/distroless/cc-debian13:nonroot' },
    from: ['gcr.io/distroless/cc-debian13:nonroot'],
  },
  'gcr.io/distroless/nodejs22-debian13:nonroot': {
    file: 'distroless-node',
    args: { BASE: 'gcr.io/distroless/cc-debian13:nonroot', RUN_AS: '65532' },
    from: ['gcr.io/distroless/cc-debian13:nonroot'],
  },
  'gcr.io/distroless/static-debian13:latest': distroless('', '0'),
  'gcr.io/distroless/static-debian13:nonroot': distroless('', '65532'),
  'gcr.io/distroless/static:nonroot': distroless('', '65532'),
  'gcr.io/distroless/cc-debian13:nonroot': distroless(
    'libc6 libssl3t64 libgcc-s1 libstdc++6 libgomp1',
    '65532',
  ),
  'gcr.io/distroless/base-debian13:nonroot': distroless('libc6 libssl3t64', '65532'),
};

/** Versions that have no stand-in of their own, and the one that is near enough to build and run what asks for them. */
const relatives: readonly (readonly [RegExp, string])[] = [
  [/^node:(?:[\d.]+|lts|latest|current)(?:-(?:bookworm|bullseye|buster|trixie))?$/, `${hub}node:22`],
  [
    /^node:(?:[\d.]+|lts|latest|current)(?:-(?:bookworm|bullseye|buster|trixie))?-slim$/,
    `${hub}node:22-slim`,
  ],
  [/^python:(?:3[\d.]*|latest)(?:-(?:bookworm|bullseye|buster|trixie))?$/, `${hub}python:3.13`],
  [/^python:(?:3[\d.]*-)?slim(?:-(?:bookworm|bullseye|buster|trixie))?$/, `${hub}python:3.13-slim`],
  [
    /^golang:(?:(?:1[\d.]*|latest)(?:-(?:bookworm|bullseye|buster|trixie))?|bookworm|bullseye|buster|trixie)$/,
    `${hub}golang:1.24`,
  ],
  [/^rust:(?:1[\d.]*|latest)(?:-(?:bookworm|bullseye|buster|trixie))?$/, `${hub}rust:1`],
  [/^rust:(?:1[\d.]*-)?slim(?:-(?:bookworm|bullseye|buster|trixie))?$/, `${hub}rust:1-slim`],
  [/^gcc:(?:[\d.]+|latest)(?:-(?:bookworm|trixie))?$/, `${hub}gcc:14`],
  [/^debian:(?:latest|13|stable)$/, `${hub}debian:trixie`],
  [/^debian:(?:13|stable)-slim$/, `${hub}debian:trixie-slim`],
  [/^debian:12$/, `${hub}debian:bookworm`],
  [/^debian:12-slim$/, `${hub}debian:bookworm-slim`],
  [/^ubuntu:(?:latest|2[46][\d.]*|noble)$/, `${hub}ubuntu:24.04`],
  [/^nginx:(?:[\d.]+|latest|mainline)(?:-(?:bookworm|trixie))?$/, `${hub}nginx:stable`],
  [/^php:(?:[78][\d.]*-)?apache(?:-(?:bookworm|trixie))?$/, `${hub}php:8.4-apache`],
  [/^maven:(?:latest|3[\d.]*(?:-[a-z]+-(?:8|11|17|21))?)$/, `${hub}maven:3-eclipse-temurin-21`],
  [/^(?:openjdk|eclipse-temurin):(?:8|11|17)(?:-jdk(?:-[a-z]+)?)?$/, `${hub}eclipse-temurin:17`],
  [/^(?:openjdk|eclipse-temurin):(?:8|11|17)-jre(?:-[a-z]+)?$/, `${hub}eclipse-temurin:17-jre`],
  [/^eclipse-temurin:21-jdk(?:-[a-z]+)?$/, `${hub}eclipse-temurin:21`],
  [/^eclipse-temurin:21-jre-[a-z]+$/, `${hub}eclipse-temurin:21-jre`],
];

/** An image that a Dockerfile names, and what is taken for it. */
export interface BaseImage {
  /** Full name, as an engine understands it. */
  readonly image: string;
  /** Full name of the stand-in; another one where there is none of that very version. */
  readonly standIn: string;
}

/** What is taken for an image that a FROM or COPY --from names; nothing when no stand-in is near enough. */
export function standInFor(name: string): BaseImage | undefined {
  const tagged = /[:@][^/]*$/.test(name) ? name : `${name}:latest`;
  const own = [tagged, `docker.io/${tagged}`, hub + tagged].find((one) => one in standIns);
  if (own !== undefined) return { image: own, standIn: own };
  const standIn = relatives.find(([pattern]) => pattern.test(tagged))?.[1];
  return standIn === undefined ? undefined : { image: hub + tagged, standIn };
}

/** Makes what stands in for an image that a Dockerfile names, under that name; throws when nothing does. */
export async function prepareBaseImage(name: string): Promise<BaseImage> {
  const base = standInFor(name);
  if (base === undefined) throw new Error(`There is no stand-in for the base image ${name}`);
  await prepareBaseImages([base.standIn]);
  if (base.image !== base.standIn) await buildah(['tag', base.standIn, base.image]);
  return base;
}

/** Makes the base images that are missing or whose recipe changed, and those below them. */
async function prepareBaseImages(images: readonly string[]): Promise<void> {
  for (const image of images) {
    const standIn = standIns[image];
    if (standIn === undefined) throw new Error(`No stand-in for the base image ${image}`);
    await prepareBaseImages(standIn.from ?? []);
    const recipe = recipeOf(image);
    if ((await recordedRecipe(image)) !== recipe) await makeBaseImage(image, standIn, recipe);
  }
}

/** Changes when the Dockerfile, its arguments or anything below the image changes. */
function recipeOf(image: string): string {
  const standIn = standIns[image];
  if (standIn === undefined) throw new Error(`No stand-in for the base image ${image}`);
  const hash = createHash('sha256').update(readFileSync(join(imagesFolder, `${standIn.file}.Dockerfile`)));
  hash.update(JSON.stringify(standIn.args ?? {}));
  for (const file of standIn.copies ?? []) hash.update(readFileSync(join(imagesFolder, file)));
  for (const below of standIn.from ?? []) hash.update(recipeOf(below));
  return hash.digest('hex').slice(0, 16);
}

/** The recipe that an image in the storage was made from: kept in a file, so that the image's labels stay its own. */
async function recordedRecipe(image: string): Promise<string | undefined> {
  const file = recipeFile(image);
  const present = await tryBuildah(['inspect', '--type', 'image', '--format', '{{.FromImageID}}', image]);
  return present.code === 0 && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function recipeFile(image: string): string {
  return join(cached('recipes'), image.replaceAll(/[/:]/g, '_'));
}

async function makeBaseImage(image: string, standIn: StandIn, recipe: string): Promise<void> {
  console.log(`# making the stand-in for ${image}`);
  const context = cached('context');
  copyCertificates(context);
  for (const file of standIn.copies ?? []) cpSync(join(imagesFolder, file), join(context, file));
  if (standIn.file === 'debian') await makeRoot(context, standIn.args?.['SUITE'] ?? '');
  await fetchPrograms(standIn.file, context);
  if (standIn.file === 'busybox') cpSync('/bin/busybox', join(context, 'busybox'));
  const args = Object.entries(standIn.args ?? {}).flatMap(([name, value]) => [
    '--build-arg',
    `${name}=${value}`,
  ]);
  if (standIn.file === 'node') args.push('--build-arg', `NPM_REGISTRY=${await npmRegistry()}`);
  const file = join(imagesFolder, `${standIn.file}.Dockerfile`);
  await buildah([
    'bud',
    '--format',
    'docker',
    '--pull-never',
    '--layers=false',
    ...args,
    '-f',
    file,
    '-t',
    image,
    context,
  ]);
  writeFileSync(recipeFile(image), recipe);
}

/** Certificate authorities that this machine added to Debian's own: without them nothing can be downloaded in a build. */
function copyCertificates(context: string): void {
  const source = '/usr/local/share/ca-certificates';
  const target = join(context, 'certificates');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  if (existsSync(source)) cpSync(source, target, { recursive: true });
  const texts = readdirSync(target, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.crt'))
    .map((name) => readFileSync(join(target, name), 'utf8'));
  writeFileSync(join(context, 'extra-ca.pem'), texts.join('\n'));
}

/** The registry that npm is set up with here: corepack asks another host for Yarn unless it is told of this one. */
async function npmRegistry(): Promise<string> {
  const { stdout } = await run('npm', ['config', 'get', 'registry']);
  return stdout.trim().replace(/\/$/, '');
}

async function makeRoot(context: string, suite: string): Promise<void> {
  const archive = join(context, `root-${suite}.tar`);
  if (existsSync(archive)) return;
  const root = join(context, `root-${suite}`);
  rmSync(root, { recursive: true, force: true });
  await run('debootstrap', ['--variant=minbase', suite, root, 'http://deb.debian.org/debian']);
  await run('tar', [
    '-C',
    root,
    '-cf',
    `${archive}.part`,
    '--exclude=./dev/*',
    '--exclude=./proc/*',
    '--exclude=./sys/*',
    '.',
  ]);
  await run('mv', [`${archive}.part`, archive]);
  rmSync(root, { recursive: true, force: true });
}
