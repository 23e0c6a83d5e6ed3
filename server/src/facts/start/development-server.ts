import { readNodePackage } from '../../ecosystems/node/package.ts';
import type { Stage } from '../../model/dockerfile.ts';
import { normalizePath } from '../../model/paths.ts';
import { startCommand } from '../../model/start-command.ts';
import type { AnalysisContext } from '../context.ts';
import { programFolderOf } from '../installs/install-order.ts';
import { contextFile } from './context-file.ts';

/** A server for development that a container starts. */
export interface DevelopmentServer {
  /** What runs in the end, scripts of package.json followed: `next dev`. */
  readonly command: string;
  /** What is wrong with it, as the end of a sentence: `a server for development`. */
  readonly what: string;
  /** What production runs instead, as a sentence. */
  readonly production: string;
  /** A word of the start command that makes the difference, and what stands in its place in production. */
  readonly word?: { readonly from: string; readonly to: string };
}

interface Known {
  readonly command: RegExp;
  readonly production: string;
  readonly word?: { readonly from: string; readonly to: string };
  /** Variables of the container that make it a server for production. */
  readonly unless?: readonly [name: string, value: RegExp];
}

const website = 'Build the site, and let a web server serve the result.';
const compiled = 'Build the program in a stage of its own, and start what was built.';

/** Commands that start servers for development, and what production runs instead. Sources: the manuals of the tools. */
const servers: readonly Known[] = [
  { command: /^ng serve\b/, production: website },
  { command: /^next(?: dev)?(?: -|$)/, production: 'Run `next build` in the build, and start `next start`.' },
  {
    command: /^(?:nuxt|nuxi)(?: dev)?(?: -|$)/,
    production: 'Run `nuxt build` in the build, and start what it writes.',
  },
  { command: /^vite(?: (?:dev|serve))?(?: -|$)/, production: website },
  {
    command: /^vite preview\b/,
    production: 'It is made for looking at a build; let a web server serve the result.',
  },
  {
    command: /^(?:react-scripts|craco|react-app-rewired) start\b|^vue-cli-service serve\b|^gatsby develop\b/,
    production: website,
  },
  {
    command: /^(?:webpack serve|webpack-dev-server|parcel(?: serve)?(?: [^b]|$)|live-server|browser-sync)\b/,
    production: website,
  },
  {
    command:
      /^(?:astro|remix|react-router|svelte-kit|storybook|expo|docusaurus|vitepress|vuepress) (?:dev|start)\b/,
    production: website,
  },
  { command: /^nest start\b/, production: 'Run `nest build` in the build, and start `node dist/main`.' },
  {
    command: /^(?:nodemon|ts-node|ts-node-dev)\b|^tsx watch\b/,
    production: 'Compile in the build, and start `node` with the result.',
  },
  {
    command: /^node (?:\S+ )*--watch(?:-path\S*)?\b/,
    production: 'Without `--watch` nothing is watched.',
    word: { from: '--watch', to: '' },
  },
  {
    command: /^dotnet (?:run|watch)\b/,
    production: 'Run `dotnet publish` in the build, and start the DLL it writes.',
  },
  {
    command: /^(?:python[\d.]* -m )?flask\b.*\brun\b/,
    production: 'Start the app with gunicorn or another WSGI server.',
  },
  {
    command: /^python[\d.]* (?:\S*\/)?manage\.py runserver(?:_plus)?\b/,
    production: 'Start the project with gunicorn or another WSGI or ASGI server.',
  },
  {
    command: /^fastapi dev\b/,
    production: '`fastapi run` is the form for production.',
    word: { from: 'dev', to: 'run' },
  },
  {
    command: /^(?:python[\d.]* -m )?(?:uvicorn|gunicorn|hypercorn|granian)\b.* --reload\b/,
    production: 'Without `--reload` nothing is watched.',
    word: { from: '--reload', to: '' },
  },
  { command: /^python[\d.]* -m http\.server\b/, production: 'Let a web server serve the files.' },
  {
    command: /^(?:bundle exec )?(?:\S*bin\/)?rails (?:s|server)\b/,
    production: 'Set RAILS_ENV=production.',
    unless: ['RAILS_ENV', /^(?!development|test)./],
  },
  {
    command: /^php (?:\S*\/)?artisan serve\b/,
    production: 'Serve the folder public with PHP-FPM, Apache or FrankenPHP.',
  },
  { command: /^php (?:\S+ )*-S\b/, production: 'Serve the folder with PHP-FPM, Apache or FrankenPHP.' },
  {
    command: /^symfony (?:server:start|serve)\b|^php (?:\S*\/)?bin\/console server:(?:run|start)\b/,
    production: 'Serve the folder public with PHP-FPM, Apache or FrankenPHP.',
  },
  {
    command:
      /^(?:go|cargo|stack|cabal|swift|crystal|dart|zig) run\b|^(?:air|reflex|CompileDaemon|gow|wgo|cargo-watch)\b|^cargo watch\b/,
    production: compiled,
  },
  {
    command:
      /^(?:\S*\/)?(?:mvnw?|gradlew?)\b.*\b(?:spring-boot:run|quarkus:dev|quarkusDev|bootRun|jetty:run|exec:java)\b|^(?:\S*\/)?gradlew?(?: \S+)* (?::?[\w:-]+:)?run(?= |$)|^(?:sbt|lein) run\b/,
    production: compiled,
  },
  {
    command: /^mix phx\.server\b/,
    production: 'Make a release with `mix release`, or set MIX_ENV=prod.',
    unless: ['MIX_ENV', /^prod/],
  },
  {
    command: /^hugo (?:server|serve)\b|^(?:bundle exec )?jekyll (?:s|serve|server)\b|^mkdocs serve\b/,
    production: website,
  },
];

/** The server for development that a stage starts; undefined where it starts none that is known. */
export function developmentServer(context: AnalysisContext, stage: Stage): DevelopmentServer | undefined {
  const { command, fetched } = followedCommand(context, stage);
  const found = servers.find((one) => one.command.test(command));
  if (found === undefined) {
    return fetched === undefined
      ? serverOfSource(context, stage, command)
      : {
          command: `${fetched} ${command}`,
          what: 'which is fetched from the registry whenever a container starts',
          production: 'Install it in the build, or let a web server serve the files.',
        };
  }
  const [name, value] = found.unless ?? [];
  if (name !== undefined && value?.test(stage.end.environment.get(name) ?? '') === true) {
    return undefined;
  }
  return {
    command,
    what:
      found.production === compiled
        ? 'which compiles whenever a container starts'
        : 'a server for development',
    production: found.production,
    ...(found.word === undefined ? {} : { word: found.word }),
  };
}

/** Settings with which a source of Python has its server watch the sources or debug, each a call up to its first bracket. */
const developmentCalls: readonly { readonly call: RegExp; readonly production: string }[] = [
  {
    call: /^[ \t]*(?:uvicorn|granian|sanic|app|application)\.run\((?:[^()\n]|\n){0,400}?\b(?:reload|auto_reload)\s{0,3}=\s{0,3}True\b/m,
    production: 'Without `reload=True` nothing is watched.',
  },
  {
    call: /^[ \t]*(?:app|application|server)\.run(?:_server)?\((?:[^()\n]|\n){0,400}?\bdebug\s{0,3}=\s{0,3}True\b/m,
    production: 'Start the app with gunicorn or another server, without `debug=True`.',
  },
];

/** The server for development that a file of Python starts by itself. */
function serverOfSource(
  context: AnalysisContext,
  stage: Stage,
  command: string,
): DevelopmentServer | undefined {
  const file = /^python[\d.]* (?:-u )?(?:\.\/)?([\w./-]+\.py)(?: |$)/.exec(command)?.[1];
  const place = stage.end.workdir;
  const path = file === undefined || file.startsWith('/') ? file : `${place}/${file}`;
  const text =
    path === undefined || place === undefined
      ? undefined
      : contextFile(context.dockerfile, context.project, stage, normalizePath(path))?.text;
  const found = text === undefined ? undefined : developmentCalls.find(({ call }) => call.test(text));
  return found === undefined
    ? undefined
    : { command, what: 'a server for development', production: found.production };
}

/** The start command without what only passes it on, scripts of package.json followed; `fetched` is what fetches it first. */
function followedCommand(
  context: AnalysisContext,
  stage: Stage,
): { readonly command: string; readonly fetched: string | undefined } {
  const folder = programFolderOf(context.dockerfile, stage);
  const manifest = folder === undefined ? undefined : readNodePackage(context.project, folder);
  let whole = startCommand(stage).words.join(' ');
  for (let depth = 0; depth < 5; depth++) {
    const script = /^(?:npm|pnpm|yarn|bun)(?: run(?:-script)?)? ([\w:.-]+)(?: -.*)?$/.exec(bare(whole))?.[1];
    const body = script === undefined ? undefined : manifest?.scripts[script];
    if (body === undefined || /[;&|]/.test(body)) {
      break;
    }
    whole = body;
  }
  const command = bare(whole);
  const runner = /^(?:npx|bunx|pnpm dlx|yarn dlx)(?= )/.exec(whole)?.[0];
  const name = /^(?:@[\w-]+\/)?[\w.-]+/.exec(command)?.[0] ?? '';
  const isInstalled =
    manifest === undefined ||
    manifest.dependencies[name] !== undefined ||
    manifest.devDependencies[name] !== undefined;
  const isFetched =
    runner !== undefined && !isInstalled && /^(?:serve|http-server|sirv|local-web-server)$/.test(name);
  return { command, fetched: isFetched ? runner : undefined };
}

/** Takes off shells, init programs, environment assignments and runners of packages. */
function bare(text: string): string {
  let rest = text.trim().replace(/^(?:\S*\/)?(?:ba|da|a)?sh -[a-z]*c /, '');
  const passedOn =
    /^(?:exec |(?:\S*\/)?(?:tini|dumb-init)(?: -\w+)* -- |(?:cross-)?env |[A-Z_][A-Z0-9_]*=\S* |(?:npx|bunx|pnpm exec|pnpm dlx|yarn dlx|poetry run|uv run|pipenv run|\.\/node_modules\/\.bin\/|node_modules\/\.bin\/)(?:--\S+ )*)/;
  for (let match = passedOn.exec(rest); match !== null; match = passedOn.exec(rest)) {
    rest = rest.slice(match[0].length).trimStart();
  }
  return rest;
}
