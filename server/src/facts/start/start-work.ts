import { table } from '../../text/table.ts';
import { baseName } from '../stage.ts';

/** What a start does before the program serves: it compiles, or installs, into the project's folder. */
export type StartWork = 'compiles' | 'installs';

/** Programs that build with Go whenever a source changes. */
export const goReloaders = ['air', 'reflex', 'CompileDaemon', 'gow', 'realize', 'fresh', 'wgo', 'modd'];

/** Programs that compile whatever they are told to do. */
const compilers = new Set([
  ...goReloaders,
  ...(
    'tsc tsup tsdown swc babel webpack webpack-cli webpack-dev-server rollup esbuild parcel gulp grunt ng ' +
    'react-scripts vue-cli-service craco ts-node-dev tsnd gatsby turbo nx lerna svelte-kit sass tailwindcss ' +
    'tsc-watch nodemon gradle gradlew mvn mvnw sbt lein clojure clj make cargo cargo-watch cmake ninja stack cabal ' +
    'mix swift gleam rebar3 dune crystal nim zig'
  ).split(' '),
]);

/** Verbs with which a program compiles. */
const compilingVerbs: Readonly<Record<string, RegExp>> = table({
  next: /^(?:build|dev|export)$/,
  nuxt: /^(?:build|dev|generate|prepare)$/,
  nuxi: /^(?:build|dev|generate|prepare)$/,
  nest: /^(?:start|build)$/,
  vite: /^(?!--version)/,
  astro: /^(?:dev|build|sync)$/,
  remix: /^(?:dev|build|vite:build|vite:dev)$/,
  'react-router': /^(?:dev|build)$/,
  strapi: /^(?:develop|build)$/,
  medusa: /^(?:develop|build)$/,
  go: /^(?:run|build|install|test|generate)$/,
  dotnet: /^(?:run|watch|test|build|publish)$/,
  prisma: /^generate$/,
  rails: /^assets:/,
  rake: /^assets:/,
  'manage.py': /^(?:collectstatic|compilemessages|makemigrations|compress)$/,
  'django-admin': /^(?:collectstatic|compilemessages|makemigrations)$/,
  bun: /^build$/,
  npm: /^(?:rebuild|build)$/,
  jekyll: /^(?:serve|build)$/,
  hugo: /^(?:server|serve|build)?$/,
});

const installers: Readonly<Record<string, RegExp>> = table({
  npm: /^(?:ci|i|install|add|update)$/,
  yarn: /^(?:install|add)?$/,
  pnpm: /^(?:i|install|add|update)$/,
  bun: /^(?:i|install|add)$/,
  pip: /^install$/,
  pip3: /^install$/,
  poetry: /^(?:install|sync)$/,
  uv: /^(?:sync|pip|add)$/,
  pipenv: /^(?:install|sync)$/,
  bundle: /^(?:install|update)?$/,
  gem: /^install$/,
  composer: /^(?:install|update|require|dump-autoload|i)$/,
  playwright: /^install$/,
});

/** What a command compiles or installs when the container starts; undefined for other commands. */
export function startWork(words: readonly string[]): StartWork | undefined {
  const isModule = /^python[\d.]*$/.test(baseName(words[0] ?? '')) && words[1] === '-m';
  const isManaged = /^python[\d.]*$/.test(baseName(words[0] ?? '')) && /manage\.py$/.test(words[1] ?? '');
  const own = isModule ? words.slice(2) : isManaged ? words.slice(1) : words;
  const program = baseName(own[0] ?? '');
  const verb = own.slice(1).find((word) => !word.startsWith('-')) ?? '';
  // `elixir -S mix phx.server`, `iex -S mix`.
  if (['elixir', 'iex'].includes(program) && own.includes('mix')) {
    return 'compiles';
  }
  if (compilers.has(program)) {
    return own.some((word) => ['--version', '--help'].includes(word)) ? undefined : 'compiles';
  }
  const compiles = Object.hasOwn(compilingVerbs, program) ? compilingVerbs[program] : undefined;
  const installs = Object.hasOwn(installers, program) ? installers[program] : undefined;
  return compiles?.test(verb) === true ? 'compiles' : installs?.test(verb) === true ? 'installs' : undefined;
}
