/** Commands that build something: a program, and where it does other things as well, the words of which one says so. */
export interface BuildCommand {
  readonly programs: readonly string[];
  /** One of them has to be among the arguments; none means that every call builds. */
  readonly words?: readonly string[];
  /** What an argument has to match instead of being one of the words. */
  readonly argument?: RegExp;
}

/** A language or a tool whose builds are recognized, and which Ballast does not convert. */
export interface UnsupportedBuild {
  readonly id: string;
  /** As people call it: `Haskell`. */
  readonly title: string;
  readonly commands: readonly BuildCommand[];
  /** What the two stages would be, as the end of a sentence. */
  readonly form: string;
}

/** The builds that Ballast knows by name only, in the order of the alphabet. */
export const unsupportedBuilds: readonly UnsupportedBuild[] = [
  {
    id: 'ada',
    title: 'Ada',
    commands: [{ programs: ['gprbuild', 'gnatmake'] }, { programs: ['alr'], words: ['build'] }],
    form: 'the program would go to a plain image of the same system, with the libraries it is linked to.',
  },
  {
    id: 'ant',
    title: 'Ant',
    commands: [{ programs: ['ant'] }],
    form: 'the jar that the build file writes would go to an image with a JRE of the same version.',
  },
  {
    id: 'bazel',
    title: 'Bazel',
    commands: [{ programs: ['bazel', 'bazelisk', 'buck2', 'pants'], words: ['build', 'run', 'package'] }],
    form: 'what the target writes to its output folder would go to an image of the language it is written in.',
  },
  {
    id: 'clojure-tools',
    title: 'Clojure with Boot or shadow-cljs',
    commands: [
      { programs: ['boot'], words: ['build', 'uber', 'jar'] },
      { programs: ['shadow-cljs'], words: ['release', 'compile'] },
    ],
    form: 'the uberjar would go to an image with a JRE of the same version, what browsers load to a web server.',
  },
  {
    id: 'crystal',
    title: 'Crystal',
    commands: [
      { programs: ['crystal'], words: ['build'] },
      { programs: ['shards'], words: ['build'] },
    ],
    form: 'the program would go to a plain image of the same system, or to scratch where `--static` links it.',
  },
  {
    id: 'd',
    title: 'D',
    commands: [{ programs: ['dub'], words: ['build'] }, { programs: ['dmd', 'ldc2', 'gdc'] }],
    form: 'the program would go to a plain image of the same system, with the libraries it is linked to.',
  },
  {
    id: 'elm',
    title: 'Elm',
    commands: [{ programs: ['elm'], words: ['make'] }],
    form: 'the pages would go to a web server such as nginxinc/nginx-unprivileged.',
  },
  {
    id: 'erlang',
    title: 'Erlang',
    commands: [
      { programs: ['rebar3'], words: ['release', 'tar', 'compile', 'escriptize'] },
      { programs: ['erlc'] },
    ],
    form: 'the release, which brings its own run-time system, would go to a plain image of the same system with libstdc++, OpenSSL and ncurses.',
  },
  {
    id: 'flutter',
    title: 'Flutter',
    commands: [{ programs: ['flutter'], words: ['build'] }],
    form: 'the folder build/web would go to a web server such as nginxinc/nginx-unprivileged.',
  },
  {
    id: 'fortran',
    title: 'Fortran',
    commands: [{ programs: ['gfortran', 'ifort', 'ifx', 'flang'] }, { programs: ['fpm'], words: ['build'] }],
    form: 'the program would go to a plain image of the same system, with libgfortran.',
  },
  {
    id: 'haskell',
    title: 'Haskell',
    commands: [
      { programs: ['cabal', 'stack'], argument: /^(?:v[12]-|new-)?(?:build|install|copy)$/ },
      { programs: ['ghc'], argument: /\.l?hs$/ },
    ],
    form: 'the program would go to a plain image of the same Debian, with libgmp10, ca-certificates and the other libraries it is linked to.',
  },
  {
    id: 'julia',
    title: 'Julia',
    commands: [{ programs: ['julia'], argument: /create_(?:app|sysimage)|PackageCompiler/ }],
    form: 'the folder that PackageCompiler writes would go to a plain image of the same system.',
  },
  {
    id: 'kotlin',
    title: 'Kotlin',
    commands: [{ programs: ['kotlinc', 'kotlinc-native', 'kotlinc-jvm'] }],
    form: 'the jar would go to an image with a JRE of the same version, or the program to a plain image of the same system.',
  },
  {
    id: 'lisp',
    title: 'Lisp',
    commands: [
      { programs: ['sbcl', 'ecl', 'ccl'], argument: /save-lisp-and-die|asdf:make|program-op/ },
      { programs: ['raco'], words: ['exe', 'distribute'] },
    ],
    form: 'the image that is saved would go to a plain image of the same system.',
  },
  {
    id: 'nim',
    title: 'Nim',
    commands: [
      { programs: ['nimble'], words: ['build', 'install', 'c'] },
      { programs: ['nim'], words: ['c', 'cc', 'cpp', 'compile'] },
    ],
    form: 'the program would go to a plain image of the same system, with the libraries it loads.',
  },
  {
    id: 'nix',
    title: 'Nix',
    commands: [{ programs: ['nix'], words: ['build', 'bundle'] }, { programs: ['nix-build'] }],
    form: 'what `nix-store --query --requisites` lists of the result would go to scratch.',
  },
  {
    id: 'ocaml',
    title: 'OCaml',
    commands: [
      { programs: ['dune', 'esy'], words: ['build', 'install'] },
      { programs: ['opam'], argument: /^(?:dune|\.\/?)$/ },
      { programs: ['ocamlopt', 'ocamlc', 'ocamlbuild'] },
    ],
    form: 'the program would go to a plain image of the same system, with the libraries it is linked to.',
  },
  {
    id: 'pascal',
    title: 'Pascal',
    commands: [{ programs: ['fpc', 'lazbuild'] }],
    form: 'the program would go to a plain image of the same system.',
  },
  {
    id: 'purescript',
    title: 'PureScript',
    commands: [{ programs: ['spago'], words: ['build', 'bundle', 'bundle-app'] }],
    form: 'the bundle would go to an image with Node.js alone, or to a web server.',
  },
  {
    id: 'python-binary',
    title: 'packed Python programs',
    commands: [
      { programs: ['pyinstaller', 'nuitka', 'nuitka3', 'shiv', 'pex'] },
      { programs: ['maturin'], words: ['build'] },
    ],
    form: 'the packed program would go to a plain image of the same system.',
  },
  {
    id: 'scala-tools',
    title: 'Scala with Mill or Scala CLI',
    commands: [
      { programs: ['mill'], argument: /\.(?:assembly|compile|jar|launcher)$/ },
      { programs: ['scala-cli', 'scala'], words: ['package', 'compile', '--power'] },
      { programs: ['scalac'] },
    ],
    form: 'the jar with everything in it would go to an image with a JRE of the same version.',
  },
  {
    id: 'site',
    title: 'static pages',
    commands: [
      { programs: ['jekyll'], words: ['build', 'b'] },
      { programs: ['bundle', 'bundler'], words: ['jekyll', 'middleman', 'bridgetown', 'nanoc'] },
      { programs: ['mkdocs', 'mdbook', 'zola', 'jupyter-book', 'middleman', 'bridgetown'], words: ['build'] },
      { programs: ['hugo', 'sphinx-build', 'asciidoctor', 'antora', 'pelican'] },
    ],
    form: 'the pages would go to a web server such as nginxinc/nginx-unprivileged.',
  },
  {
    id: 'swift',
    title: 'Swift',
    commands: [{ programs: ['swift'], words: ['build', 'package'] }, { programs: ['swiftc'] }],
    form: 'what `swift build -c release --static-swift-stdlib` writes would go to the slim variant of the same image or to plain Ubuntu.',
  },
  {
    id: 'v',
    title: 'V',
    commands: [{ programs: ['v'], argument: /^-prod$|\.v$/ }],
    form: 'the program would go to a plain image of the same system.',
  },
  {
    id: 'zig',
    title: 'Zig',
    commands: [{ programs: ['zig'], words: ['build', 'build-exe', 'build-lib', 'cc', 'c++'] }],
    form: 'the program would go to scratch, or to a plain image of the same system where it is linked to a C library.',
  },
];
