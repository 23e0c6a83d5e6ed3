import type { ImageFacts, ImageTraits } from '../images/knowledge.ts';
import { formatImageReference } from '../images/reference.ts';
import { formatBytes, formatSize, type KnownSize, type SizeAnswer } from '../sizes/size.ts';

/** More rows than this hide the text they stand beside. */
const maxVariants = 5;

/** Programs whose lack people notice: at a probe, a download or a shell session. */
const notedTools = ['curl', 'wget', 'git', 'bash', 'python3'];
const compilers = ['gcc', 'g++', 'make'];

const distributionNames: Readonly<Record<string, string>> = {
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
};

/**
 * What is known of an image, as markdown: sizes, distribution, users, end of life, and smaller images of the same
 * version with what they lack. `today` is an ISO date; `isWaiting` says that the registry has not answered yet.
 */
export function describeImage(
  facts: ImageFacts,
  variants: readonly ImageFacts[],
  today: string,
  isWaiting = false,
): string {
  const shown = variants.slice(0, maxVariants);
  const parts = [
    `**${formatImageReference(facts.reference)}** · ${facts.platform}`,
    summary(facts, today),
    ...(shown.length === 0 ? [] : [table(facts, shown)]),
    sources(facts, shown),
    ...(isWaiting
      ? [`Asking ${facts.reference.registry}; its answer is shown next time.`]
      : facts.lookupProblem === undefined
        ? []
        : [`Not asked anew: ${facts.lookupProblem}.`]),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function summary({ pull, disk, traits, layers, created, endOfLife }: ImageFacts, today: string): string {
  const parts = [
    ...sizes(pull, disk),
    ...(layers === undefined || layers === 0 ? [] : [`${layers} layers`]),
    ...(created === undefined ? [] : [`built ${created.slice(0, 10)}`]),
    ...(traits === undefined ? [] : [...distribution(traits), ...users(traits)]),
    ...(endOfLife === undefined
      ? []
      : [
          endOfLife.date < today
            ? `**not supported since ${endOfLife.date}** (${endOfLife.what}${endOfLife.replacement === undefined ? '' : `; next: \`${endOfLife.replacement}\``})`
            : `supported until ${endOfLife.date} (${endOfLife.what})`,
        ]),
  ];
  return parts.join(' · ');
}

function sizes(pull: SizeAnswer, disk: SizeAnswer): string[] {
  if (pull.kind === 'unknown' && disk.kind === 'unknown') {
    return [`Size not known: ${disk.reason}`];
  }
  return [`Pull ${formatSize(pull)}`, `on disk ${formatSize(disk)}`];
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

function users({ defaultUser, users = [] }: ImageTraits): string[] {
  const others = users
    .filter(({ name }) => name !== defaultUser)
    .map(({ name, uid }) => `\`${name}\` (${uid})`);
  const available = others.length === 0 ? '' : `${others.join(', ')} available`;
  if (defaultUser === undefined) {
    return available === '' ? [] : [`user ${available}`];
  }
  return [`user ${defaultUser}${available === '' ? '' : `, ${available}`}`];
}

function table(own: ImageFacts, variants: readonly ImageFacts[]): string {
  const rows = variants.map((variant) => [
    `\`${formatImageReference(variant.reference)}\``,
    formatSize(variant.pull),
    formatSize(variant.disk),
    saving(own.disk, variant.disk),
    differences(own.traits, variant.traits),
  ]);
  const head = ['smaller', 'pull', 'on disk', 'saves on disk', 'mind'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
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

/** What somebody who takes the smaller image has to know, in a few words. */
function differences(own: ImageTraits | undefined, variant: ImageTraits | undefined): string {
  if (variant === undefined) {
    return '';
  }
  const parts: string[] = [];
  if (variant.libc === 'musl' && own?.libc !== 'musl') {
    parts.push('musl instead of glibc');
  }
  if (variant.hasShell === false) {
    parts.push('no shell: start with the exec form');
  } else {
    const isLost = (tool: string): boolean =>
      own?.tools?.includes(tool) === true && variant.missingTools?.includes(tool) === true;
    const lost = [...notedTools.filter(isLost), ...(compilers.some(isLost) ? ['compilers'] : [])];
    if (lost.length > 0) {
      parts.push(`no ${lost.join(', ')}`);
    }
  }
  return parts.join('; ');
}

function sources(facts: ImageFacts, variants: readonly ImageFacts[]): string {
  const own = [facts.pull, facts.disk].filter((size) => size.kind === 'known');
  const first = own[0];
  if (first === undefined) {
    return '';
  }
  const names = [...new Set(own.map(({ source }) => source))].join('; ');
  const all = [...own, ...variants.flatMap(({ pull, disk }) => [pull, disk])];
  const isEstimated = all.some((size) => size.kind === 'known' && size.basis === 'estimated');
  return `Figures of ${first.date}: ${names}.${isEstimated ? ' ≈ marks an estimate.' : ''}`;
}
