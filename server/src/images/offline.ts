/** `BALLAST_OFFLINE` forbids the network, unless it is empty, `0` or `false`. */
export function isOfflineByEnvironment(environment: Readonly<Record<string, string | undefined>>): boolean {
  return !['', '0', 'false'].includes(environment['BALLAST_OFFLINE']?.toLowerCase() ?? '');
}
