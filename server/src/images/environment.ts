const javaNames = ['JAVA_HOME', 'JAVA_VERSION', 'LANG', 'LANGUAGE', 'LC_ALL'];

/**
 * Environment variables that the images of a family set, in whatever version and variant; PATH is left out, which every
 * image has. As known of the Dockerfiles that the publishers make the images with; those of .NET and Python were checked against
 * public files in 2026-11, the others were not. A family that is not here
 * may set anything.
 */
const namesByFamily: ReadonlyMap<string, readonly string[]> = new Map([
  ['scratch', []],
  ['alpine', []],
  ['debian', []],
  ['ubuntu', []],
  ['busybox', []],
  ['buildpack-deps', []],
  ['node', ['NODE_VERSION', 'YARN_VERSION', 'NPM_CONFIG_LOGLEVEL']],
  [
    'python',
    [
      'LANG',
      'GPG_KEY',
      'PYTHON_VERSION',
      'PYTHON_SHA256',
      'PYTHON_PIP_VERSION',
      'PYTHON_SETUPTOOLS_VERSION',
      'PYTHON_GET_PIP_URL',
      'PYTHON_GET_PIP_SHA256',
      'PYTHONIOENCODING',
    ],
  ],
  ['golang', ['GOLANG_VERSION', 'GOTOOLCHAIN', 'GOPATH', 'GOLANG_DOWNLOAD_URL', 'GOLANG_DOWNLOAD_SHA256']],
  ['rust', ['RUSTUP_HOME', 'CARGO_HOME', 'RUST_VERSION']],
  [
    'ruby',
    [
      'LANG',
      'RUBY_VERSION',
      'RUBY_MAJOR',
      'RUBY_DOWNLOAD_URL',
      'RUBY_DOWNLOAD_SHA256',
      'RUBYGEMS_VERSION',
      'BUNDLER_VERSION',
      'GEM_HOME',
      'BUNDLE_PATH',
      'BUNDLE_BIN',
      'BUNDLE_SILENCE_ROOT_WARNING',
      'BUNDLE_APP_CONFIG',
    ],
  ],
  [
    'php',
    [
      'PHPIZE_DEPS',
      'PHP_INI_DIR',
      'PHP_CFLAGS',
      'PHP_CPPFLAGS',
      'PHP_LDFLAGS',
      'GPG_KEYS',
      'PHP_VERSION',
      'PHP_URL',
      'PHP_ASC_URL',
      'PHP_SHA256',
      'PHP_MD5',
      'PHP_EXTRA_BUILD_DEPS',
      'PHP_EXTRA_CONFIGURE_ARGS',
      'APACHE_CONFDIR',
      'APACHE_ENVVARS',
    ],
  ],
  ['eclipse-temurin', javaNames],
  ['amazoncorretto', javaNames],
  [
    'openjdk',
    [
      ...javaNames,
      'JAVA_URL_VERSION',
      'JAVA_BASE_URL',
      'JAVA_URL_BASE',
      'JAVA_DEBIAN_VERSION',
      'JAVA_ALPINE_VERSION',
      'CA_CERTIFICATES_JAVA_VERSION',
    ],
  ],
  ['maven', [...javaNames, 'MAVEN_HOME', 'MAVEN_CONFIG', 'MAVEN_VERSION']],
  ['gradle', [...javaNames, 'GRADLE_HOME', 'GRADLE_VERSION']],
  ['gcc', ['GPG_KEYS', 'GCC_MIRRORS', 'GCC_VERSION']],
  [
    'dotnet',
    [
      'APP_UID',
      'ASPNETCORE_HTTP_PORTS',
      'ASPNETCORE_URLS',
      'ASPNET_VERSION',
      'COMPlus_EnableDiagnostics',
      'DOTNET_CLI_TELEMETRY_OPTOUT',
      'DOTNET_GENERATE_ASPNET_CERTIFICATE',
      'DOTNET_NOLOGO',
      'DOTNET_RUNNING_IN_CONTAINER',
      'DOTNET_SDK_VERSION',
      'DOTNET_SYSTEM_GLOBALIZATION_INVARIANT',
      'DOTNET_USE_POLLING_FILE_WATCHER',
      'DOTNET_VERSION',
      'NUGET_XMLDOC_MODE',
      'POWERSHELL_DISTRIBUTION_CHANNEL',
    ],
  ],
  ['nginx', ['NGINX_VERSION', 'NJS_VERSION', 'NJS_RELEASE', 'ACME_VERSION', 'PKG_RELEASE', 'DYNPKG_RELEASE']],
]);

/** Environment variables that an image of the family may set; undefined where they are not known. */
export function environmentOf(family: string): readonly string[] | undefined {
  return namesByFamily.get(family);
}
