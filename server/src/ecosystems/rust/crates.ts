import { type LockedCrate, readCargoLock, readCargoManifest } from '../../project/formats/cargo.ts';
import { joinPath, resolvePath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import type { ContextPath } from '../../text/path-types.ts';
import { table } from '../../text/table.ts';

/** C libraries that crates link to when the system has their headers: names of the packages on Debian 12 and 13. */
const linked: Readonly<Record<string, string>> = table({
  'openssl-sys': 'libssl-dev',
  'pq-sys': 'libpq-dev',
  'mysqlclient-sys': 'libmariadb-dev',
  'libsqlite3-sys': 'libsqlite3-dev',
  'curl-sys': 'libcurl4-openssl-dev',
  'bzip2-sys': 'libbz2-dev',
  'lzma-sys': 'liblzma-dev',
  'libz-sys': 'zlib1g-dev',
  magick_rust: 'libmagickwand-dev',
});

/** The packages of Alpine that bring the same headers; ImageMagick's differ from release to release. */
const onAlpine: Readonly<Record<string, string>> = table({
  'libssl-dev': 'openssl-dev',
  'libpq-dev': 'libpq-dev',
  'libmariadb-dev': 'mariadb-connector-c-dev',
  'libsqlite3-dev': 'sqlite-dev',
  'libcurl4-openssl-dev': 'curl-dev',
  'libbz2-dev': 'bzip2-dev',
  'liblzma-dev': 'xz-dev',
  'zlib1g-dev': 'zlib-dev',
});

/** The package of Alpine for one of Debian that brings headers; undefined where it is not known. */
export function alpineHeaders(name: string): string | undefined {
  return onAlpine[name];
}

/** Crates that bring the sources of what they link to, or link to nothing. */
const selfContained =
  /^(?:linux-raw|js|web|windows|dirs|inotify|fsevent|kqueue|core-foundation|core-foundation-rs|coreaudio|security-framework|system-configuration|objc|objc2?-.*|block|cocoa|ndk|jni|wasi|libgit2|libssh2|zstd|lz4|lzma-rust|snappy|tikv-jemalloc|jemalloc|mimalloc|libmimalloc|librocksdb|lmdb|lmdb-master|onig|onig_|aws-lc|aws-lc-fips|secp256k1|ring|blst|sodium|libsodium|esaxx|protobuf|brotli|libwebp|mozjpeg|lua|luajit|mlua|rquickjs|tree-sitter|rdkafka|libdbus-vendored|cty|nettle-vendored|secp256k1-zkp|libbpf|hidapi-rusb|sqlite-vec|ittapi|libfuzzer|cloudflare-zlib|libdeflate|libz-ng|libz-rs|winapi.*|x86_64-.*|wasm-bindgen.*|link-cplusplus|mimalloc-rust|quiche)[-_]?(?:sys|src|sys2)?$/;

/**
 * Crates that link to no library of the system, nor does what they depend on, as long as no feature asks for it. From their
 * manifests on crates.io, read 2026-11-30.
 */
const linkingNothing = new Set(
  'actix-cors actix-files actix-rt actix-web anyhow argon2 askama async-trait axum base64 bytes chrono clap colored crossbeam csv dashmap dotenv dotenvy either env_logger futures futures-util handlebars hex hyper include_dir indexmap itertools lazy_static log maud mime_guess num num-bigint num-traits once_cell parking_lot pretty_env_logger rand rayon regex rocket rust-embed serde serde_json serde_yaml sha2 smallvec structopt strum tempfile tera thiserror time tiny_http tokio toml tower tower-http tracing tracing-subscriber url uuid walkdir warp'.split(
    ' ',
  ),
);

/** Features that bring a library of the system, by what crates call them. */
const linkingFeature = /openssl|native|tls-?(?!rustls)|sqlite|mysql|postgres|curl|zlib|system|sys$/;

/**
 * True where the manifests alone tell that the program is linked to nothing but the C library: each crate they name is known
 * to need no other, or is one of the project's own of which the same holds.
 */
export function linksToNothing(project: Project, directory: ContextPath): boolean {
  const folders = [directory];
  for (let at = 0; at < folders.length && at < 50; at++) {
    const folder = folders[at] ?? '';
    const text = project.reader.read(joinPath(folder, 'Cargo.toml'));
    const manifest = text === undefined ? undefined : readCargoManifest(text);
    const isKnown =
      manifest?.dependencies.every(
        ({ name, path, features, isOdd }) =>
          path !== undefined ||
          (!isOdd && linkingNothing.has(name) && !features.some((one) => linkingFeature.test(one))),
      ) ?? false;
    if (manifest === undefined || !isKnown || manifest.members.some((one) => one.includes('*'))) {
      return false;
    }
    const own = [...manifest.members, ...manifest.dependencies.flatMap((one) => one.path ?? [])];
    folders.push(
      ...own.map((path) => resolvePath(folder, path) ?? '').filter((path) => !folders.includes(path)),
    );
  }
  return folders.length <= 50;
}

/** What the crates of a lock file are linked to. */
export interface LinkedLibraries {
  /** Packages of headers on Debian whose libraries the program needs. */
  readonly packages: readonly string[];
  /** A crate that may link to a library which is not known. */
  readonly unknown: string | undefined;
}

/** Reads from Cargo.lock which C libraries the program needs at run time, on an image that has all headers. */
export function linkedLibraries(lock: string): LinkedLibraries {
  const packages: string[] = [];
  let unknown: string | undefined;
  const crates = readCargoLock(lock);
  const names = new Set(crates.map(({ name }) => name));
  for (const crate of crates.filter(({ name }) => /-sys$|_sys$/.test(name))) {
    const headers = linked[crate.name];
    if (headers === undefined) {
      unknown ??= selfContained.test(crate.name) || !needsLibrary(crate) ? undefined : crate.name;
    } else if (!isBundled(crate, names)) {
      packages.push(headers);
    }
  }
  return { packages, unknown };
}

/** A crate that looks for a library asks pkg-config, or generates its bindings from headers. */
function needsLibrary({ dependencies }: LockedCrate): boolean {
  return dependencies.some((name) => /^(?:pkg-config|system-deps|bindgen)\b/.test(name));
}

/** True where a crate was built with its own copy of the library: Cargo.lock then names what compiles it. */
function isBundled({ name, dependencies }: LockedCrate, names: ReadonlySet<string>): boolean {
  switch (name) {
    case 'openssl-sys':
      return names.has('openssl-src');
    case 'libsqlite3-sys':
      return dependencies.includes('cc');
    case 'pq-sys':
      return names.has('pq-src');
    default:
      return false;
  }
}
