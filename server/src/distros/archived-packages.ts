import { commandSteps } from '../model/commands.ts';
import { allSteps, type Stage } from '../model/dockerfile.ts';

/** Where the packages of a release went that the servers named in its images have no more. */
interface Archive {
  readonly host: string;
  /** What fetches the lists of packages: `apt-get update`, `yum install`. */
  readonly command: string;
}

/**
 * The archive of a release whose packages have left the servers that its images ask; undefined for every other one. Debian 10
 * left them in July 2025, those before earlier; releases of Ubuntu without long support leave some months after their end;
 * CentOS's list of mirrors was switched off in July 2024.
 */
function archiveOf(id: string | undefined, version = ''): Archive | undefined {
  const line = version.split('.')[0] ?? '';
  if (id === 'debian' && ['7', '8', '9', '10'].includes(line)) {
    return { host: 'archive.debian.org', command: 'apt-get update' };
  }
  if (
    id === 'ubuntu' &&
    /^(?:1[0-9]|2[0-3])\.(?:10|04)$/.test(version) &&
    !/^[12][02468]\.04$/.test(version)
  ) {
    return { host: 'old-releases.ubuntu.com', command: 'apt-get update' };
  }
  return id === 'centos' && ['6', '7', '8'].includes(line)
    ? { host: 'vault.centos.org', command: 'yum' }
    : undefined;
}

/** Words of a command that points a package manager elsewhere, or passes over what fails. */
const elsewhere =
  /archive\.debian|snapshot\.debian|sources\.list|old-releases|vault\.centos|yum\.repos\.d|\.repo\b|\|\|/;

/**
 * Says that a stage cannot fetch packages any more, one sentence; undefined where it fetches none, asks another server, or the
 * release is still served.
 */
export function packagesGone(
  stage: Stage,
  distribution: { readonly id: string; readonly version?: string } | undefined,
): string | undefined {
  const archive = archiveOf(distribution?.id, distribution?.version);
  if (
    archive === undefined ||
    allSteps(stage).some(({ instruction }) => elsewhere.test(instruction.line.text))
  ) {
    return undefined;
  }
  const fetches = commandSteps(stage).some(({ command: { name, args } }) => {
    const verbs = args.map((word) => word.text);
    return archive.command === 'yum'
      ? ['yum', 'dnf'].includes(name ?? '') &&
          verbs.some((one) => ['install', 'update', 'makecache'].includes(one))
      : ['apt-get', 'apt'].includes(name ?? '') && verbs.includes('update');
  });
  return fetches
    ? `Its packages lie on ${archive.host} by now: \`${archive.command}\` fails here, and with it the build.`
    : undefined;
}
