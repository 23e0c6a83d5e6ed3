/**
 * Reads the paths out of `.git/index`, the list of what Git tracks (gitformat-index(5), versions 2 to 4). Undefined where
 * the bytes are no index that this reads: a split one, or one of a repository with SHA-256.
 */
export function readGitIndex(bytes: Uint8Array): string[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes.length < 12 || view.getUint32(0) !== signature ? 0 : view.getUint32(4);
  if (version < 2 || version > 4) {
    return undefined;
  }
  const count = view.getUint32(8);
  const decoder = new TextDecoder();
  const paths: string[] = [];
  let before = new Uint8Array(0);
  let at = 12;
  let length = 0;
  for (let i = 0; i < count; i++) {
    const start = at;
    if (start + fixedLength > bytes.length) {
      return undefined;
    }
    const flags = view.getUint16(start + fixedLength - 2);
    at = start + fixedLength + (version >= 3 && (flags & 0x4000) !== 0 ? 2 : 0);
    let kept = 0;
    if (version === 4) {
      const removed = readOffset(bytes, at);
      kept = before.length - removed.value;
      at = removed.end;
    }
    const end = bytes.indexOf(0, at);
    length += kept + end - at;
    if (end < 0 || kept < 0 || kept + end - at > longestPath || length > mostCharacters) {
      return undefined;
    }
    const name = new Uint8Array(kept + end - at);
    name.set(before.subarray(0, kept));
    name.set(bytes.subarray(at, end), kept);
    before = name;
    paths.push(decoder.decode(name));
    // Up to version 3 an entry is filled up with one to eight NULs to a multiple of eight bytes.
    at = version === 4 ? end + 1 : start + ((end - start + 8) & ~7);
  }
  return hasExtension(bytes, view, at, 'link') ? undefined : paths;
}

/** No system has longer paths; an index of version 4 could build them up from a few bytes each. */
const longestPath = 4096;
/** What all paths of half a million files take. */
const mostCharacters = 64_000_000;

const signature = 0x44_49_52_43;
/** Bytes of an entry in front of its path: times, mode, owner, size, SHA-1 and flags. */
const fixedLength = 62;
const hashLength = 20;

/** A number of variable length, as in packs: seven bits a byte, one added for each byte that follows. */
function readOffset(bytes: Uint8Array, start: number): { value: number; end: number } {
  let at = start;
  let byte = bytes[at++] ?? 0;
  let value = byte & 127;
  while ((byte & 128) !== 0) {
    byte = bytes[at++] ?? 0;
    value = (value + 1) * 128 + (byte & 127);
  }
  return { value, end: at };
}

/** True where one of the extensions behind the entries has the name: `link` says that the rest stands in another file. */
function hasExtension(bytes: Uint8Array, view: DataView, start: number, name: string): boolean {
  for (let at = start; at + 8 <= bytes.length - hashLength; at += 8 + view.getUint32(at + 4)) {
    if (String.fromCharCode(...bytes.subarray(at, at + 4)) === name) {
      return true;
    }
  }
  return false;
}
