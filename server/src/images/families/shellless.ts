import type { ImageTraits } from '../knowledge.ts';
import { type Family, type FamilyTag, shellless, withTools } from './family.ts';

const distrolessName =
  /^gcr\.io\/distroless\/(static|base|base-nossl|cc|java-base|java|nodejs|python3|python)(\d+)?(?:-debian(\d+))?$/;

/** Images without a shell: scratch, Google's distroless and Chainguard's. */
export const shelllessFamilies: readonly Family[] = [
  {
    name: 'scratch',
    has: (name) => name === 'scratch',
    traits: () => ({ ...shellless(undefined, 'none'), defaultUser: 'root', users: [], isServer: false }),
  },
  {
    name: 'distroless',
    has: (name) => distrolessName.test(name),
    traits: distroless,
    // latest, nonroot, debug and debug-nonroot are all there is.
    hasNoVersionTags: true,
  },
  {
    name: 'chainguard',
    has: (name) => name.startsWith('cgr.dev/chainguard/'),
    traits: chainguard,
  },
];

function distroless(tag: FamilyTag): Omit<ImageTraits, 'family'> {
  const [, kind = 'base', language, debianVersion] = distrolessName.exec(tag.image) ?? [];
  // `python3` ends in a digit that is part of its name.
  const version = kind === 'python3' ? undefined : language;
  const system = shellless(
    { id: 'debian', ...(debianVersion === undefined ? {} : { version: debianVersion }) },
    kind === 'static' ? 'none' : 'glibc',
  );
  const { words } = tag.tag;
  const entrypoint = entrypoints.get(kind);
  const { hasShell: _, ...debug } = system;
  return {
    ...(version === undefined ? {} : { version }),
    variant: kind,
    // The debug images have a BusyBox shell, but at /busybox/sh: whether a RUN works depends on SHELL.
    ...withTools(words.includes('debug') ? debug : system, programs.get(kind) ?? []),
    defaultUser: words.includes('nonroot') ? '65532' : 'root',
    users: [{ name: 'nonroot', uid: 65532 }],
    ...(entrypoint === undefined || words.includes('debug') ? {} : { entrypoint }),
    isServer: false,
  };
}

const entrypoints: ReadonlyMap<string, readonly string[]> = new Map([
  ['nodejs', ['/nodejs/bin/node']],
  ['java', ['/usr/bin/java', '-jar']],
  ['python3', ['/usr/bin/python3']],
]);

const programs: ReadonlyMap<string, readonly string[]> = new Map([
  ['nodejs', ['node']],
  ['java', ['java']],
  ['python3', ['python3', 'python']],
]);

/** Tags end in `-dev` where a shell and apk are in the image. */
function chainguard(tag: FamilyTag): Omit<ImageTraits, 'family'> {
  const name = tag.image.slice('cgr.dev/chainguard/'.length);
  const hasShell =
    tag.tag.words.includes('dev') || ['wolfi-base', 'bash', 'busybox', 'chainguard-base'].includes(name)
      ? true
      : ['static', 'glibc-dynamic', 'node', 'python', 'jre', 'nginx'].includes(name)
        ? false
        : undefined;
  return {
    ...(tag.tag.version === undefined ? {} : { version: tag.tag.version }),
    variant: name,
    distribution: { id: 'wolfi' },
    libc: name === 'static' ? 'none' : 'glibc',
    ...(hasShell === undefined ? {} : { hasShell }),
    ...(hasShell === true ? { packageManager: 'apk' as const } : {}),
    ...(name === 'wolfi-base' || name === 'bash' || name === 'busybox' ? {} : { defaultUser: '65532' }),
    // The image of Java calls its user `java` (chainguard-images/images, read 2026-11-30).
    users: [{ name: /^(?:jre|jdk)$/.test(name) ? 'java' : 'nonroot', uid: 65532 }],
  };
}
