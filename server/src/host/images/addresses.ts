import { BlockList, isIP } from 'node:net';

/** Where an address lies. Nothing is ever asked at a `forbidden` one. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'forbidden';

/**
 * Who may be connected to. A registry that a Dockerfile names may be anywhere but at a forbidden address, as private
 * registries are common. What a registry on the public internet points to must be public as well, so that it cannot
 * make this machine ask hosts inside its network.
 */
export type Reach = 'named' | 'public';

/** Says of an IP address in text form where it lies. */
export function addressKind(address: string): AddressKind {
  const plain = unmapped(address);
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(plain) === 0 || forbidden.check(plain, family)) {
    return 'forbidden';
  }
  if (loopback.check(plain, family)) {
    return 'loopback';
  }
  return privateRanges.check(plain, family) ? 'private' : 'public';
}

export function isAllowed(kind: AddressKind, reach: Reach): boolean {
  return kind !== 'forbidden' && (reach === 'named' || kind === 'public');
}

/** True for names and addresses of this machine, to which plain HTTP is safe. */
export function isLoopbackHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  return (
    bare === 'localhost' ||
    bare.endsWith('.localhost') ||
    (isIP(bare) !== 0 && addressKind(bare) === 'loopback')
  );
}

/** An IPv4 address in IPv6 clothing counts as what it is: mapped, or behind NAT64, however it is written. */
function unmapped(address: string): string {
  const bare = address.replace(/%.*/s, '');
  if (isIP(bare) !== 6) {
    return bare;
  }
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const prefix = ['::ffff:', '64:ff9b::'].find((one) => short.startsWith(one));
  const parts = prefix === undefined ? [] : short.slice(prefix.length).split(':');
  // A zero is left out where it is the first of two parts.
  const [high, low] = parts.length === 1 ? ['0', ...parts] : parts;
  if (high === undefined || low === undefined || parts.length > 2) {
    return bare;
  }
  const bits = [Number.parseInt(high, 16), Number.parseInt(low || '0', 16)];
  return bits.flatMap((part) => [part >> 8, part & 255]).join('.');
}

/** Link-local addresses (those of cloud metadata services among them), multicast and what is reserved. */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16, 'ipv4');
forbidden.addSubnet('224.0.0.0', 3, 'ipv4');
forbidden.addSubnet('192.0.0.0', 24, 'ipv4');
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addSubnet('ff00::', 8, 'ipv6');
// Networks choose what stands behind NAT64 addresses of their own.
forbidden.addSubnet('64:ff9b:1::', 48, 'ipv6');
// AWS offers its metadata here as well.
forbidden.addAddress('fd00:ec2::254', 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addSubnet('0.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
loopback.addAddress('::', 'ipv6');

const privateRanges = new BlockList();
privateRanges.addSubnet('10.0.0.0', 8, 'ipv4');
privateRanges.addSubnet('172.16.0.0', 12, 'ipv4');
privateRanges.addSubnet('192.168.0.0', 16, 'ipv4');
// Shared by carriers and by overlay networks such as Tailscale.
privateRanges.addSubnet('100.64.0.0', 10, 'ipv4');
privateRanges.addSubnet('198.18.0.0', 15, 'ipv4');
privateRanges.addSubnet('fc00::', 7, 'ipv6');
