import type { ImageTraits } from '../../images/knowledge.ts';
import { readCopy } from '../../model/copy.ts';
import { allSteps, rootBase, type Stage, type Step } from '../../model/dockerfile.ts';
import { installsPackage } from '../../model/installed-packages.ts';
import type { ShellCommand } from '../../syntax/shell/script.ts';
import { findFlag } from '../../syntax/tree.ts';
import { table } from '../../text/table.ts';
import type { AnalysisContext } from '../context.ts';
import { type Evidence, type Known, known, unknown } from '../known.ts';
import { baseTraits } from '../stage.ts';

/**
 * Packages that bring a program under another name than their own. Those of Debian were compared with the files of Debian
 * 13's packages on 2026-11-30; those of Alpine and of the Red Hat family were not.
 */
const packages: Readonly<Record<string, readonly string[]>> = table({
  nc: ['netcat-openbsd', 'netcat-traditional', 'netcat', 'nmap-ncat', 'nc'],
  netcat: ['netcat-openbsd', 'netcat-traditional', 'netcat'],
  ncat: ['ncat', 'nmap-ncat'],
  telnet: ['telnet', 'busybox-extras', 'inetutils-telnet'],
  pgrep: ['procps', 'procps-ng'],
  pkill: ['procps', 'procps-ng'],
  ps: ['procps', 'procps-ng'],
  dig: ['dnsutils', 'bind9-dnsutils', 'bind-tools', 'bind-utils'],
  nslookup: ['dnsutils', 'bind9-dnsutils', 'bind-tools', 'bind-utils'],
  ss: ['iproute2', 'iproute'],
  netstat: ['net-tools'],
  lsof: ['lsof'],
  http: ['httpie'],
  node: ['nodejs', 'nodejs-current'],
  npm: ['npm'],
  python3: ['python3-minimal', 'python3-dev', 'python3-pip', 'python3-venv'],
  python: ['python', 'python-is-python3'],
  pg_isready: ['postgresql-client', 'postgresql'],
  'redis-cli': ['redis-tools', 'redis', 'redis-server'],
  psql: ['postgresql-client', 'postgresql'],
  mysqladmin: ['default-mysql-client', 'mysql-client', 'mariadb-client'],
  mysql: ['default-mysql-client', 'mysql-client', 'mariadb-client'],
  wget: ['google-chrome-stable', 'google-chrome-beta'],
  curl: ['curl-minimal'],
  su: ['util-linux', 'shadow'],
});

/**
 * Programs that neither Debian's nor Ubuntu's image has. Compared with the packages that Debian 12 and 13 call required or
 * that apt needs, on 2026-11-30; Ubuntu's image was not read.
 */
const notInDebian = [
  ...['nc', 'netcat', 'ncat', 'telnet', 'jq', 'dig', 'nslookup', 'netstat', 'ss', 'lsof', 'socat', 'http'],
  ...['zsh', 'fish', 'ksh', 'ash', 'node', 'python', 'ruby', 'php', 'java', 'bun', 'deno', 'httpie'],
];
/** Clients of databases and queues, which no image of a distribution or language brings. */
const clients = [
  ...[
    'pg_isready',
    'psql',
    'redis-cli',
    'valkey-cli',
    'mysql',
    'mysqladmin',
    'mariadb-admin',
    'mongosh',
    'mongo',
  ],
  ...['rabbitmq-diagnostics', 'rabbitmqctl', 'grpcurl', 'kafka-topics.sh', 'cqlsh', 'clickhouse-client'],
];
/** Programs that the compilers and headers of buildpack-deps come without, under the full images of languages. */
const notInFull = [
  ...[
    'nc',
    'netcat',
    'ncat',
    'telnet',
    'jq',
    'dig',
    'nslookup',
    'socat',
    'http',
    'httpie',
    'zsh',
    'fish',
    'ksh',
  ],
  ...['node', 'php', 'java', 'bun', 'deno', 'ruby'],
];
/** Programs that Debian's image lacks, and Ubuntu's has with the package procps. */
const onlyInUbuntu = ['ps', 'pgrep', 'pkill'];
/** Programs that Alpine has neither of its own nor as an applet of BusyBox. */
const notInAlpine = [
  ...['jq', 'dig', 'ss', 'socat', 'http', 'httpie', 'ncat', 'netcat', 'telnet', 'dash', 'zsh', 'fish', 'ksh'],
  ...['node', 'python', 'ruby', 'php', 'java', 'bun', 'deno'],
];

/** Families whose images hold the distribution and what the traits name, and nothing else that a probe may start. */
const plainFamilies = [
  'debian',
  'ubuntu',
  'alpine',
  'node',
  'python',
  'ruby',
  'golang',
  'rust',
  'bun',
  'deno',
];

/** Folders that programs are searched in. */
const searched = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Programs that install packages of a distribution, or may call one that does. */
const installers = ['apt-get', 'apt', 'apk', 'dnf', 'microdnf', 'yum', 'tdnf', 'zypper', 'aptitude'];
const mayInstall =
  /^(?:dpkg|rpm|gdebi|xargs|make|just|task|sh|bash|ash|dash|ansible\S*|nix\S*|conda|mamba|micromamba|install-php-extensions|pacman|emerge|apt-fast|install_packages|source|\.)$/;

/**
 * Whether the container of a stage finds a program by its name. `known` says yes or no with what tells of it; unknown
 * where the image, or a step above it, may bring more than can be read.
 */
export function findsProgram(context: AnalysisContext, stage: Stage, program: string): Known<boolean> {
  const traits = baseTraits(stage, context.images);
  const base = rootBase(stage);
  const image = base.kind === 'image' ? base.name : base.kind === 'scratch' ? 'scratch' : undefined;
  const evidence: Evidence = {
    says: `${image ?? 'the base image'} has no ${program}`,
    at: { kind: 'image', image: image ?? '', source: 'what is known of the image family' },
  };
  if ([program, ...(packages[program] ?? [])].some((name) => installsPackage(stage, name))) {
    return known(true, { ...evidence, says: `the stage installs ${program}` });
  }
  if (traits?.tools?.includes(program) === true && startName(traits, program) === program) {
    return known(true, { ...evidence, says: `${image} has ${program}` });
  }
  const doubt = allSteps(stage)
    .map((step) => doubtOf(context, step, program))
    .find((one) => one !== undefined);
  if (doubt !== undefined) {
    return unknown(doubt, evidence);
  }
  const isMissing =
    base.kind === 'scratch' ||
    (traits !== undefined && (isKnownMissing(traits, program) || traits.tools?.includes(program) === true));
  return isMissing ? known(false, evidence) : unknown(`it is not known whether the image has ${program}`);
}

function isKnownMissing(traits: ImageTraits, program: string): boolean {
  if (traits.missingTools?.includes(program) === true) {
    return true;
  }
  const { family, distribution, variant } = traits;
  // The images of Bun have a `node` that is a link to Bun (oven-sh/bun, read 2026-11-30).
  if (family === 'bun' && program === 'node') {
    return false;
  }
  if (traits.hasShell === false && family === 'distroless') {
    return !(traits.tools ?? []).includes(program);
  }
  if (clients.includes(program) && [...plainFamilies, 'dotnet'].includes(family)) {
    return true;
  }
  if (plainFamilies.includes(family) && variant === 'full' && distribution?.id === 'debian') {
    return program !== family && notInFull.includes(program);
  }
  const isPlain = plainFamilies.includes(family);
  if (!isPlain && family !== 'ubuntu' && family !== 'alpine') {
    return false;
  }
  return distribution?.id === 'alpine'
    ? notInAlpine.includes(program)
    : (distribution?.id === 'debian' || distribution?.id === 'ubuntu') &&
        (notInDebian.includes(program) || (distribution.id === 'debian' && onlyInUbuntu.includes(program)));
}

/** The word that starts a program of the image: its path where it lies outside of the folders that are searched. */
export function startName(traits: ImageTraits | undefined, program: string): string {
  const path = traits?.family === 'distroless' ? traits.entrypoint?.[0] : undefined;
  const isSame = path?.replace(/^.*\//, '') === program;
  return path !== undefined && isSame && !searched.includes(path.replace(/\/[^/]*$/, '')) ? path : program;
}

/** Why a step may bring a program that is not named; undefined where it does not. */
function doubtOf(context: AnalysisContext, step: Step, program: string): string | undefined {
  const { instruction } = step;
  const { keyword } = instruction;
  if (keyword === 'COPY' || keyword === 'ADD') {
    return copies(context, step, program) ? 'files are copied over those of the system' : undefined;
  }
  if (keyword !== 'RUN') {
    return undefined;
  }
  if (step.script?.isUnderstood !== true) {
    return 'a RUN is not understood';
  }
  if (instruction.line.text.includes(`/${program}`)) {
    return `a RUN names a file ${program}`;
  }
  return step.script.commands.some(mayBring) ? 'a RUN may install more than it names' : undefined;
}

function mayBring(command: ShellCommand): boolean {
  const { name, nameWord, args } = command;
  if (installers.includes(name ?? '')) {
    return args.some((word) => word.value === undefined || /\.(?:deb|apk|rpm)$/.test(word.text));
  }
  return (
    name === undefined ||
    nameWord.text.includes('/') ||
    mayInstall.test(name) ||
    args.some((word) => /^(?:--with-deps|install-deps)$/.test(word.text))
  );
}

/** True for a copy that may put a program among those of the system. */
function copies(context: AnalysisContext, step: Step, program: string): boolean {
  const copy = readCopy(step, context.dockerfile);
  if (copy === undefined || copy.target === undefined) {
    return true;
  }
  const { target, sources } = copy;
  const isNamed =
    target.endsWith(`/${program}`) || sources.some((source) => source.value.endsWith(`/${program}`));
  const paths = sources.map((source) => source.value);
  const isOver = ['/', '/usr', '/usr/local', ...searched].includes(target);
  // Single programs under names of their own, and a project that holds no folder of the system, bring no other ones.
  const isOther =
    copy.from === 'context' && findFlag(step.instruction, 'from') === undefined
      ? context.project.isKnown && !holdsSystemFolders(context, paths)
      : searched.includes(target) && paths.every((path) => /\/[\w.-]+$/.test(path) && !path.endsWith('bin'));
  return isNamed || (isOver && !isOther);
}

/** True where one of the copied paths of the project holds folders that lie in the root of a system, or is an archive. */
function holdsSystemFolders({ project }: AnalysisContext, paths: readonly string[]): boolean {
  return paths.some((path) => {
    const folder = path.replace(/^[./]+|(?<![/*.])[/*.]+$/g, '');
    const names = (project.reader.list(folder) ?? []).map((entry) => entry.name);
    return (
      /[*?[$]|\.(?:tar|tgz|gz|xz|bz2)$/.test(path.replace(/\/\*$/, '')) ||
      names.some((name) => /^(?:usr|bin|sbin)$/.test(name))
    );
  });
}
