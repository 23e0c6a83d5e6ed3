import type { ImageTraits } from '../../images/knowledge.ts';
import { table } from '../../text/table.ts';

/** A library by the names of its packages: one for Debian 12 and 13 alike, or one for each. */
type DebianPackages = string | readonly [bookworm: string, trixie: string];

/**
 * The packages that a program needs at run time for what it was built with: the package that brings the headers, and
 * those that bring the library. Source: the package lists of Debian 12 and 13, read 2026-11-30.
 */
const debian: Readonly<Record<string, DebianPackages>> = table({
  'libpq-dev': 'libpq5',
  'libmariadb-dev': 'libmariadb3',
  'libmariadb-dev-compat': 'libmariadb3',
  'default-libmysqlclient-dev': 'libmariadb3',
  'libsqlite3-dev': 'libsqlite3-0',
  'libxml2-dev': 'libxml2',
  'libxslt1-dev': 'libxslt1.1',
  'libxslt-dev': 'libxslt1.1',
  'libjpeg-dev': 'libjpeg62-turbo',
  'libjpeg62-turbo-dev': 'libjpeg62-turbo',
  'zlib1g-dev': 'zlib1g',
  'libffi-dev': 'libffi8',
  'libssl-dev': ['libssl3', 'libssl3t64'],
  'libcairo2-dev': 'libcairo2',
  'libpango1.0-dev': 'libpangocairo-1.0-0',
  'libgif-dev': 'libgif7',
  'librsvg2-dev': 'librsvg2-2',
  'libcurl4-openssl-dev': ['libcurl4', 'libcurl4t64'],
  'libpng-dev': ['libpng16-16', 'libpng16-16t64'],
  'libyaml-dev': 'libyaml-0-2',
  'libjemalloc-dev': 'libjemalloc2',
  'libgmp-dev': 'libgmp10',
  'libldap2-dev': ['libldap-2.5-0', 'libldap2'],
  'libldap-dev': ['libldap-2.5-0', 'libldap2'],
  'libsasl2-dev': 'libsasl2-2',
  'libvips-dev': ['libvips42', 'libvips42t64'],
  'libmagickwand-dev': ['libmagickwand-6.q16-6', 'libmagickwand-7.q16-10'],
  'libzip-dev': ['libzip4', 'libzip5'],
  'libicu-dev': ['libicu72', 'libicu76'],
  'libonig-dev': 'libonig5',
  'libfreetype6-dev': 'libfreetype6',
  'libfreetype-dev': 'libfreetype6',
  'libwebp-dev': 'libwebp7',
  'unixodbc-dev': 'unixodbc',
  'libmicrohttpd-dev': ['libmicrohttpd12', 'libmicrohttpd12t64'],
  'libfmt-dev': ['libfmt9', 'libfmt10'],
  'libuv1-dev': ['libuv1', 'libuv1t64'],
  'libevent-dev': ['libevent-2.1-7', 'libevent-2.1-7t64'],
  'libpcre2-dev': 'libpcre2-8-0',
  'libreadline-dev': ['libreadline8', 'libreadline8t64'],
  'libncurses-dev': 'libncurses6',
  'libncurses5-dev': 'libncurses6',
  'libbz2-dev': 'libbz2-1.0',
  'liblzma-dev': 'liblzma5',
  'uuid-dev': 'libuuid1',
  'libgdal-dev': ['libgdal32', 'libgdal36'],
  'libgeos-dev': ['libgeos-c1v5', 'libgeos-c1t64'],
  'libproj-dev': 'libproj25',
  'libsnappy-dev': 'libsnappy1v5',
  'librdkafka-dev': 'librdkafka1',
  'libmemcached-dev': ['libmemcached11', 'libmemcached11t64'],
  'libgl1-mesa-dev': 'libgl1',
  'libglib2.0-dev': ['libglib2.0-0', 'libglib2.0-0t64'],
  'libhiredis-dev': ['libhiredis0.14', 'libhiredis1.1.0'],
  'libmagic-dev': ['libmagic1', 'libmagic1t64'],
  'libcurl4-gnutls-dev': ['libcurl3-gnutls', 'libcurl3t64-gnutls'],
  'libncursesw5-dev': 'libncursesw6',
  'libjsoncpp-dev': ['libjsoncpp25', 'libjsoncpp26'],
  'libyaml-cpp-dev': ['libyaml-cpp0.7', 'libyaml-cpp0.8'],
  'libspdlog-dev': ['libspdlog1.10', 'libspdlog1.15'],
  'libzmq3-dev': 'libzmq5',
  'libpcap-dev': ['libpcap0.8', 'libpcap0.8t64'],
  'libcjson-dev': 'libcjson1',
  'libsodium-dev': 'libsodium23',
  'libmosquitto-dev': 'libmosquitto1',
  'libprotobuf-dev': ['libprotobuf32', 'libprotobuf32t64'],
  'libwebsockets-dev': ['libwebsockets17', 'libwebsockets19t64'],
  'libssh2-1-dev': ['libssh2-1', 'libssh2-1t64'],
  'libusb-1.0-0-dev': 'libusb-1.0-0',
  'libexpat1-dev': 'libexpat1',
  'liburing-dev': 'liburing2',
  'libev-dev': ['libev4', 'libev4t64'],
  'libasound2-dev': ['libasound2', 'libasound2t64'],
  'libx11-dev': 'libx11-6',
  'libxext-dev': 'libxext6',
  'libxrandr-dev': 'libxrandr2',
  'libxi-dev': 'libxi6',
  'libxcursor-dev': 'libxcursor1',
  'libxinerama-dev': 'libxinerama1',
  'libxrender-dev': 'libxrender1',
  'libxfixes-dev': 'libxfixes3',
  'libxft-dev': 'libxft2',
  'libbsd-dev': 'libbsd0',
  'libsdl2-dev': 'libsdl2-2.0-0',
});

/** Where Ubuntu 22.04 and 24.04 have other names than Debian. Their package lists were not read again. */
const ubuntu: Readonly<Record<string, readonly [jammy: string, noble: string]>> = table({
  'libmysqlclient-dev': ['libmysqlclient21', 'libmysqlclient21'],
  'default-libmysqlclient-dev': ['libmysqlclient21', 'libmysqlclient21'],
  'libjpeg-dev': ['libjpeg-turbo8', 'libjpeg-turbo8'],
  'libssl-dev': ['libssl3', 'libssl3t64'],
  'libcurl4-openssl-dev': ['libcurl4', 'libcurl4t64'],
  'libcurl4-gnutls-dev': ['libcurl3-gnutls', 'libcurl3t64-gnutls'],
  'libpng-dev': ['libpng16-16', 'libpng16-16t64'],
  'libmicrohttpd-dev': ['libmicrohttpd12', 'libmicrohttpd12t64'],
  'libevent-dev': ['libevent-2.1-7', 'libevent-2.1-7t64'],
  'libuv1-dev': ['libuv1', 'libuv1t64'],
  'libfmt-dev': ['libfmt8', 'libfmt9'],
  'libreadline-dev': ['libreadline8', 'libreadline8t64'],
  'libyaml-cpp-dev': ['libyaml-cpp0.7', 'libyaml-cpp0.8'],
  'libhiredis-dev': ['libhiredis0.14', 'libhiredis1.1.0'],
  'libjsoncpp-dev': ['libjsoncpp25', 'libjsoncpp25'],
  'libicu-dev': ['libicu70', 'libicu74'],
  'libspdlog-dev': ['libspdlog1', 'libspdlog1.12'],
  'libglib2.0-dev': ['libglib2.0-0', 'libglib2.0-0t64'],
  'libpcap-dev': ['libpcap0.8', 'libpcap0.8t64'],
  'libprotobuf-dev': ['libprotobuf23', 'libprotobuf32t64'],
  'libssh2-1-dev': ['libssh2-1', 'libssh2-1t64'],
  'libwebsockets-dev': ['libwebsockets16', 'libwebsockets19t64'],
});

/** Libraries that speak TLS and do not bring the certificates for it. */
const httpsLibrary = /^lib(?:curl|ssl)/;

/** Libraries whose package has the same name on Ubuntu as on Debian. */
const sameOnUbuntu =
  /^(?:libpq|libmariadb|libsqlite3|libxml2|libxslt1|zlib1g|libffi|libyaml|libgmp|libncurses|libncurses5|libncursesw5|libpcre2|libbz2|liblzma|uuid|libzmq3|libcjson|libsodium|libmosquitto|libusb-1\.0-0|libexpat1|libsasl2|libx11|libxext|libxrandr|libxi|libxcursor|libxinerama|libxrender|libxfixes|libxft|libbsd|libsdl2)-dev$/;

/** Boost has the version of the release in the names of its libraries. */
const boost: Readonly<Record<string, string>> = table({
  'debian 12': '1.74.0',
  'debian 13': '1.83.0',
  'ubuntu 22.04': '1.74.0',
  'ubuntu 24.04': '1.83.0',
});

/** The same for Alpine, as of 3.22. Its package lists were not read again. */
const alpine: Readonly<Record<string, string>> = table({
  'postgresql-dev': 'libpq',
  'libpq-dev': 'libpq',
  'mariadb-dev': 'mariadb-connector-c',
  'mariadb-connector-c-dev': 'mariadb-connector-c',
  'sqlite-dev': 'sqlite-libs',
  'libxml2-dev': 'libxml2',
  'libxslt-dev': 'libxslt',
  'jpeg-dev': 'libjpeg-turbo',
  'libjpeg-turbo-dev': 'libjpeg-turbo',
  'zlib-dev': 'zlib',
  'libffi-dev': 'libffi',
  'openssl-dev': 'libssl3',
  'cairo-dev': 'cairo',
  'pango-dev': 'pango',
  'giflib-dev': 'giflib',
  'librsvg-dev': 'librsvg',
  'pixman-dev': 'pixman',
  'glib-dev': 'glib',
  'curl-dev': 'libcurl',
  'libpng-dev': 'libpng',
  'yaml-dev': 'yaml',
  'gmp-dev': 'gmp',
  'openldap-dev': 'libldap',
  'vips-dev': 'vips',
  'libzip-dev': 'libzip',
  'icu-dev': 'icu-libs',
  'oniguruma-dev': 'oniguruma',
  'freetype-dev': 'freetype',
  'libwebp-dev': 'libwebp',
  'ncurses-dev': 'ncurses-libs',
  'readline-dev': 'readline',
  'bzip2-dev': 'libbz2',
  'xz-dev': 'xz-libs',
  'geos-dev': 'geos',
  'gdal-dev': 'gdal',
  'proj-dev': 'proj',
});

/** Headers of the system, of a language or of the compiler itself: what is built with them needs no package of its own. */
const headersOnly =
  /^(?:linux-headers|linux-libc-dev|musl-dev|libc-dev|libc6-dev|gcompat-dev|python[\d.]*-dev|libpython[\d.]*-dev|ruby[\d.]*-dev|php[\d.]*-dev|libstdc\+\+-?[\d.]*-dev|dpkg-dev|.*-headers|nlohmann-json3-dev|libeigen3-dev|libasio-dev|rapidjson-dev|catch2|libgtest-dev|googletest|librapidxml-dev|libboost-dev)$/;

/**
 * The packages that hold the libraries which a package of headers belongs to: empty where there is none, undefined
 * where they are not known for that distribution.
 */
export function runTimeLibraries(name: string, traits: ImageTraits | undefined): string[] | undefined {
  if (headersOnly.test(name)) {
    return [];
  }
  const { distribution } = traits ?? {};
  if (distribution?.id === 'alpine') {
    return alpine[name] === undefined ? undefined : [alpine[name]];
  }
  const part = /^libboost-([a-z-]+?)-dev$/.exec(name)?.[1];
  const version = boost[`${distribution?.id} ${distribution?.version}`];
  if (part !== undefined) {
    return part === 'all' || version === undefined ? undefined : [`libboost-${part}${version}`];
  }
  if (distribution?.id === 'ubuntu') {
    const at = ['22.04', '24.04'].indexOf(distribution.version ?? '');
    const same = sameOnUbuntu.test(name) ? debian[name] : undefined;
    const found = typeof same === 'string' ? same : ubuntu[name]?.[at];
    return at < 0 || found === undefined ? undefined : withCertificates(found);
  }
  const release = ['12', '13'].indexOf(distribution?.version?.split('.')[0] ?? '');
  const found = distribution?.id === 'debian' ? debian[name] : undefined;
  if (found === undefined) {
    return undefined;
  }
  if (typeof found === 'string') {
    return [found];
  }
  const named = found[release];
  return named === undefined ? undefined : withCertificates(named);
}

function withCertificates(name: string): string[] {
  return httpsLibrary.test(name) ? ['ca-certificates', name] : [name];
}
