/** The platform whose figures are given where a Dockerfile names none. */
export const defaultPlatform = 'linux/amd64';

/**
 * Brings `--platform` values to the form that registries use: `amd64`, `x86_64` and `linux/amd64` are one platform,
 * `linux/arm64/v8` is `linux/arm64`. Anything with an unresolved variable, or nothing, is the default.
 */
export function normalizePlatform(platform: string | undefined): string {
  if (platform === undefined || platform === '' || platform.includes('$')) {
    return defaultPlatform;
  }
  const parts = platform.toLowerCase().split('/');
  const [os, architecture = '', variant] =
    parts.length === 1 ? (isSystem(parts[0]) ? [parts[0], 'amd64'] : ['linux', parts[0]]) : parts;
  const name = architectureNames.get(architecture) ?? architecture;
  const shortened = (name === 'arm64' && variant === 'v8') || (name === 'amd64' && variant === 'v1');
  const armVariant = name === 'arm' && variant === undefined ? 'v7' : variant;
  return `${os}/${name}${armVariant === undefined || shortened ? '' : `/${armVariant}`}`;
}

function isSystem(name: string | undefined): boolean {
  return name === 'linux' || name === 'windows';
}

const architectureNames: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['aarch64', 'arm64'],
  ['armhf', 'arm'],
  ['i386', '386'],
]);
