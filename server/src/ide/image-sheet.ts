import { muslLanguage, packagesWorseOnMusl } from '../facts/needs/musl-packages.ts';
import type { ImageFacts, ImageTraits } from '../images/knowledge.ts';
import { alpineNotes, type MuslEffect } from '../images/musl.ts';
import { formatImageReference } from '../images/reference.ts';
import type { Project } from '../project/project.ts';
import { formatBytes, formatSize, type KnownSize, type SizeAnswer } from '../sizes/size.ts';
import { table } from '../text/table.ts';

/** What is known of an image, in words. Names of images, users and packages stand in backticks. */
export interface ImageSheet {
  readonly name: string;
  readonly platform: string;
  readonly pull: string;
  readonly disk: string;
  /** Pull, disk and layers in words; or why no size is known. */
  readonly sizes: readonly string[];
  /** Distribution, users, end of life, build date. */
  readonly facts: readonly string[];
  /** Smaller images of the same version. */
  readonly smaller: readonly SmallerImage[];
  /** What is to be minded about the image or a smaller one; full sentences. */
  readonly notes: readonly string[];
  /** Why the registry gave no answer, where that is not said yet. */
  readonly problem?: string;
  /** Where the figures come from and of when they are. */
  readonly sources: readonly string[];
}

export interface SmallerImage {
  readonly name: string;
  readonly pull: string;
  readonly disk: string;
  readonly saves: string;
  /** The catch, in a few words; may be empty. */
  readonly differences: string;
}

export interface SheetOptions {
  /** ISO date. */
  readonly today: string;
  /** The project whose packages decide what musl means for it. */
  readonly project?: Project;
  /** True when the registry was asked and has not answered yet. */
  readonly isWaiting?: boolean;
}

/** More rows than this hide the text they stand beside. */
const maxVariants = 5;

/** Programs whose lack people notice, at a probe, a download or a shell session; the first ones stand for the rest. */
const notedTools = ['curl', 'git', 'bash', 'wget', 'python3'];
const mostTools = 2;
const compilers = ['gcc', 'g++', 'make'];

const distributionNames: Readonly<Record<string, string>> = table({
  alpine: 'Alpine',
  amazonlinux: 'Amazon Linux',
  almalinux: 'AlmaLinux',
  azurelinux: 'Azure Linux',
  busybox: 'BusyBox',
  debian: 'Debian',
  fedora: 'Fedora',
  rhel: 'Red Hat Enterprise Linux',
  rockylinux: 'Rocky Linux',
  ubuntu: 'Ubuntu',
  wolfi: 'Wolfi',
});

/** Puts into words what is known of an image and of its smaller variants. */
export function imageSheet(
  facts: ImageFacts,
  variants: readonly ImageFacts[],
  options: SheetOptions,
): ImageSheet {
  const shown = variants.slice(0, maxVariants);
  const onAlpine = [facts, ...shown].find(({ traits }) => traits?.distribution?.id === 'alpine');
  const problem = unsaidProblem(facts);
  const packages = onAlpine === undefined ? [] : muslPackages(options.project, facts.traits?.family);
  return {
    name: formatImageReference(facts.reference),
    platform: facts.platform,
    pull: formatSize(facts.pull),
    disk: formatSize(facts.disk),
    sizes: sizes(facts),
    facts: about(facts, options.today),
    smaller: shown.map((variant) => ({
      name: formatImageReference(variant.reference),
      pull: formatSize(variant.pull),
      disk: formatSize(variant.disk),
      saves: saving(facts.disk, variant.disk),
      differences: differences(facts.traits, variant.traits, packages).join('; '),
    })),
    notes: notes(facts, onAlpine, packages, options.isWaiting === true),
    ...(problem === undefined ? {} : { problem }),
    sources: sources(facts, shown),
  };
}

function sizes({ pull, disk, layers }: ImageFacts): string[] {
  if (pull.kind === 'unknown' && disk.kind === 'unknown') {
    return [`size not known: ${disk.reason.replace(/\.$/, '')}`];
  }
  return [
    `pull ${formatSize(pull)}`,
    `on disk ${formatSize(disk)}`,
    ...(layers === undefined || layers === 0 ? [] : [`${layers} layers`]),
  ];
}

function about({ traits, created, endOfLife }: ImageFacts, today: string): string[] {
  const next = endOfLife?.successor ?? endOfLife?.replacement;
  return [
    ...(traits === undefined ? [] : [...distribution(traits), ...users(traits)]),
    ...(created === undefined || !/^\d{4}-\d\d-\d\d(?:T|$)/.test(created)
      ? []
      : [`built ${created.slice(0, 10)}, ${age(created, today)}`]),
    ...(endOfLife === undefined
      ? []
      : endOfLife.date < today
        ? [
            `**not supported since ${endOfLife.date}** (${endOfLife.what}${next === undefined ? '' : `; next: \`${next}\``})`,
          ]
        : [`supported until ${endOfLife.date} (${endOfLife.what})`]),
  ];
}

function age(created: string, today: string): string {
  const days = Math.floor((Date.parse(today) - Date.parse(created.slice(0, 10))) / 86_400_000);
  return days <= 0 ? 'today' : days === 1 ? 'a day ago' : `${days} days ago`;
}

function distribution({ distribution, libc }: ImageTraits): string[] {
  const library = libc === undefined || libc === 'none' ? '' : libc;
  if (distribution === undefined) {
    return library === '' ? [] : [library];
  }
  const name = distributionNames[distribution.id] ?? distribution.id;
  const version = distribution.version === undefined ? '' : ` ${distribution.version}`;
  return [`${name}${version}${library === '' ? '' : ` (${library})`}`];
}

/** A user as an image has it: where it is more than a name, as code, in which no image and no link is followed. */
function shownUser(text: string): string {
  return /^[\w.-]{1,64}(?::[\w.-]{1,64})?$/.test(text) ? text : asCode(text);
}

function asCode(text: string): string {
  const plain = text.replace(/[^\x20-\x5f\x61-\x7e]/g, '').slice(0, 64);
  return plain === '' ? 'not shown' : `\`${plain}\``;
}

function users({ defaultUser, users = [] }: ImageTraits): string[] {
  const others = users
    .filter(({ name }) => name !== defaultUser)
    .map(({ name, uid }) => `${asCode(name)} (${uid})`);
  const available = others.length === 0 ? '' : `${others.join(', ')} available`;
  if (defaultUser === undefined) {
    return available === '' ? [] : [`user ${available}`];
  }
  return [`user ${shownUser(defaultUser)}${available === '' ? '' : `, ${available}`}`];
}

function saving(own: SizeAnswer, variant: SizeAnswer): string {
  if (own.kind !== 'known' || variant.kind !== 'known') {
    return 'not known';
  }
  const bytes = Math.max(0, middle(own) - middle(variant));
  const isExact = [own, variant].every(({ basis, low, high }) => basis !== 'estimated' && low === high);
  return `${isExact ? '' : '≈ '}${formatBytes(bytes)}`;
}

function middle({ low, high }: KnownSize): number {
  return (low + high) / 2;
}

/** What somebody who takes the smaller image has to know, the gravest first. */
function differences(
  own: ImageTraits | undefined,
  variant: ImageTraits | undefined,
  packages: readonly string[],
): string[] {
  if (variant === undefined) {
    return [];
  }
  const isNewToMusl = variant.libc === 'musl' && own?.libc !== 'musl';
  const libc = isNewToMusl ? [packages.length === 0 ? 'musl' : `musl: ${packages.join(', ')}`] : [];
  if (variant.hasShell === false) {
    return [...libc, ...(own?.hasShell === false ? [] : ['no shell: exec form only'])];
  }
  const isLost = (tool: string): boolean =>
    own?.tools?.includes(tool) === true && variant.missingTools?.includes(tool) === true;
  const lost = [
    ...notedTools.filter(isLost).slice(0, mostTools),
    ...(compilers.some(isLost) ? ['compilers'] : []),
  ];
  return lost.length === 0 ? libc : [...libc, `no ${lost.join(', ')}`];
}

const effects: readonly (readonly [MuslEffect, string])[] = [
  ['cannot-run', 'has no build'],
  ['compiles', 'compiles at install'],
  ['may-compile', 'may compile at install'],
];

/** Packages of a project that are worse off on musl, in a few words: `` `canvas` may compile at install ``. */
function muslPackages(project: Project | undefined, family: string | undefined): string[] {
  const problems = project === undefined ? [] : (packagesWorseOnMusl(project, muslLanguage(family)) ?? []);
  return effects.flatMap(([effect, words]) => {
    const names = problems.filter((problem) => problem.effect === effect).map(({ name }) => name);
    return names.length === 0 ? [] : [`${list(names)} ${names.length === 1 ? words : plural(words)}`];
  });
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `\`${name}\``);
  return names.length > shown.length
    ? `${shown.join(', ')} and ${names.length - shown.length} more`
    : shown.join(', ');
}

function plural(words: string): string {
  return words.replace('has', 'have').replace('compiles', 'compile');
}

function notes(
  facts: ImageFacts,
  onAlpine: ImageFacts | undefined,
  packages: readonly string[],
  isWaiting: boolean,
): string[] {
  const version = onAlpine?.traits?.distribution?.version;
  return [
    ...(onAlpine === facts ? packages.map((words) => `On musl, ${words}.`) : []),
    ...(onAlpine === undefined
      ? []
      : [`Alpine${version === undefined ? '' : ` ${version}`}: ${alpineNotes(version).join('; ')}.`]),
    ...(isWaiting ? [`Asking ${facts.reference.registry}; its answer is shown next time.`] : []),
  ];
}

/** The reason that stands for a missing size is not said again. */
function unsaidProblem({ lookupProblem, pull, disk }: ImageFacts): string | undefined {
  const isSaid = [pull, disk].every((size) => size.kind === 'unknown' && size.reason === lookupProblem);
  return isSaid ? undefined : lookupProblem;
}

function sources({ pull, disk }: ImageFacts, variants: readonly ImageFacts[]): string[] {
  const all = [pull, disk, ...variants.flatMap((variant) => [variant.pull, variant.disk])];
  const isEstimated = all.some((size) => size.kind === 'known' && size.basis === 'estimated');
  const own =
    pull.kind === 'known' && disk.kind === 'known' && pull.source === disk.source && pull.date === disk.date
      ? [`${pull.source}, ${pull.date}`]
      : [
          ...(pull.kind === 'known' ? [`pull: ${pull.source}, ${pull.date}`] : []),
          ...(disk.kind === 'known' ? [`disk: ${withoutPull(disk.source, pull)}, ${disk.date}`] : []),
        ];
  return isEstimated ? [...own, '≈ is an estimate'] : own;
}

/** An estimate from the pull names its source too, which has been said then. */
function withoutPull(source: string, pull: SizeAnswer): string {
  return pull.kind === 'known' ? source.replace(`; pull from ${pull.source}`, '') : source;
}
