import { releaseOf, versionNumbers } from '../tag.ts';
import {
  alpine,
  debian,
  type Family,
  type FamilyTag,
  isWindows,
  type SystemTraits,
  shellless,
  ubuntu,
  withTools,
} from './family.ts';

/** The images up to .NET Core 3.1 lie below `dotnet/core`. */
const repository = /^mcr\.microsoft\.com\/dotnet\/(?:core\/)?(sdk|aspnet|runtime|runtime-deps)$/;

/** Microsoft's images of .NET: Debian up to 9.0, Ubuntu from 10.0 on, with Alpine and Ubuntu Chiseled variants. */
export const dotnetFamily: Family = {
  name: 'dotnet',
  has: (name) => repository.test(name),
  traits(tag) {
    const kind = repository.exec(tag.image)?.[1] ?? 'runtime';
    const version = tag.tag.version === undefined ? {} : { version: tag.tag.version };
    if (isWindows(tag.tag)) {
      return { ...version, variant: `${kind}-windows` };
    }
    const chiseled = isChiseled(tag);
    const system = systemOfDotnet(tag);
    const tools = [
      ...(kind === 'runtime-deps' ? [] : ['dotnet']),
      ...(kind === 'sdk' ? ['curl', 'wget', 'git'] : []),
    ];
    const major = versionNumbers(tag.version ?? '')[0];
    const variant = chiseled ? 'chiseled' : system.libc === 'musl' ? 'alpine' : 'full';
    return {
      ...version,
      variant: `${kind}-${variant}`,
      ...withTools(system, tools),
      // Before .NET 8 the user of the chiselled images had another number.
      defaultUser: chiseled ? (major !== undefined && major < 8 ? 'app' : '1654') : 'root',
      // The user came with .NET 8, and with it port 8080 instead of 80.
      ...(major !== undefined && major >= 8
        ? { users: [{ name: 'app', uid: 1654 }, ...ubuntuUser(system)] }
        : {}),
      isServer: false,
    };
  },
  smaller(tag) {
    const kind = repository.exec(tag.image)?.[1];
    const { version, words } = tag.tag;
    // Small variants have tags for the two numbers of a release, not for every patch.
    const hasVariants = version !== undefined && /^\d+\.\d+$/.test(version);
    if (
      !hasVariants ||
      isWindows(tag.tag) ||
      isChiseled(tag) ||
      words.some((word) => word.startsWith('alpine'))
    ) {
      return [];
    }
    const number = versionNumbers(version)[0] ?? 0;
    const release = number >= 11 ? 'resolute' : number >= 9 ? 'noble' : 'jammy';
    // Chiselled images came with .NET 6.
    const chiseled = kind === 'sdk' || number < 6 ? [] : [`${tag.image}:${version}-${release}-chiseled`];
    return [`${tag.image}:${version}-alpine`, ...chiseled];
  },
};

function isChiseled(tag: FamilyTag): boolean {
  return tag.tag.words.includes('chiseled') || tag.tag.words.includes('distroless');
}

function systemOfDotnet(tag: FamilyTag): SystemTraits {
  const release = tag.tag.codename === undefined ? undefined : releaseOf(tag.tag.codename);
  if (isChiseled(tag)) {
    return shellless(
      release ?? (tag.tag.words.includes('chiseled') ? { id: 'ubuntu' } : { id: 'azurelinux' }),
      'glibc',
    );
  }
  if (tag.tag.alpine !== undefined) {
    return alpine(tag.tag.alpine.version);
  }
  if (release !== undefined) {
    return release.id === 'ubuntu' ? ubuntu(release.version) : debian(tag.tag.codename);
  }
  if (tag.tag.words.some((word) => /^(azurelinux|cbl|mariner)/.test(word))) {
    return { distribution: { id: 'azurelinux' }, libc: 'glibc', hasShell: true };
  }
  const major = versionNumbers(tag.version ?? '')[0];
  if (major === undefined) {
    return {};
  }
  return major >= 10 ? ubuntu('24.04') : debian(debianOf(major));
}

/** The Debian below a version of .NET, for tags that name none (dotnet/dotnet-docker, release notes of each; #3276 for Debian 11). */
function debianOf(major: number): string {
  return major >= 8 ? 'bookworm' : major >= 6 ? 'bullseye' : major >= 3 ? 'buster' : 'stretch';
}

function ubuntuUser(system: SystemTraits): readonly { name: string; uid: number }[] {
  return system.hasShell === true &&
    system.distribution?.id === 'ubuntu' &&
    Number(system.distribution.version) >= 23.04
    ? [{ name: 'ubuntu', uid: 1000 }]
    : [];
}
