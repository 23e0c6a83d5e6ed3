import type { Project } from '../project/project.ts';
import { joinPath } from './node-package.ts';
import { type SourceFile, sourceFiles } from './source-text.ts';

const routeName = '(?:health|healthz|healthcheck|health-check|livez|liveness|readyz|ping|up|status)';

/** Paths that are made for health checks, by their usual names. */
const route = `(/(?:api/|v\\d/|_)?${routeName}(?:/(?:live|ready))?)`;

const sourceEnding = /\.(?:[cm]?[jt]sx?|py|go|rb|rs|cs)$/;

/** Routes that a server answers itself, with no router that may stand below another path. */
const ownRoutes = [
  // request.url === '/health', self.path == "/health"
  new RegExp(`\\b(?:url|pathname|path|Path|URL)\\s*={2,3}\\s*["'\`]${route}["'\`]`),
  new RegExp(`\\bcase\\s+["'\`]${route}["'\`]`),
  new RegExp(`\\bhttp\\.Handle(?:Func)?\\(\\s*["\`](?:GET )?${route}["\`]`),
  // Bottle, whose functions belong to the application that `bottle.run` starts
  new RegExp(`^@bottle\\.(?:get|route)\\(\\s*["']${route}["']`, 'm'),
  // Starlette's Route("/health", …), and aiohttp's web.get("/health", …)
  new RegExp(`(?:(?<![.\\w])Route|\\bweb\\.get)\\(\\s*["']${route}["']`),
  // Elysia, whose routes are chained between its making and its start
  new RegExp(`\\bnew Elysia\\(\\)[^;]*?\\.get\\(\\s*["'\`]${route}["'\`][^;]*?\\.listen\\(`),
  // Sinatra
  new RegExp(`^get\\s+["']${route}["']\\s+do\\b`, 'm'),
];

/** `app.get('/health'`: the variable, and the path. */
const routedBy = new RegExp(
  `\\b(\\w+)\\.(?:get|all|route|use|head|GET|Get|Any|HandleFunc|Handle|MapGet|MapHealthChecks|add_get)\\(\\s*["'\`](?:GET )?${route}/?["'\`]`,
  'g',
);

/** `.route("/health", get(…))` of Rust's frameworks. */
const rustRoute = new RegExp(`\\.route\\(\\s*"${route}",\\s*(?:web::)?get\\(`);

/** What makes the server itself, rather than a part of it that may be mounted somewhere. */
const makesServer =
  '(?:await )?(?:new )?(?:express\\(\\)|[fF]astify\\(|Hono\\(|Elysia\\(|FastAPI\\(|Flask\\(|Sanic\\(|Quart\\(|Starlette\\(|(?:bottle\\.)?Bottle\\(|web\\.Application\\(|http\\.NewServeMux\\(|gin\\.(?:Default|New)\\(|echo\\.New\\(|fiber\\.New\\(|chi\\.New(?:Router|Mux)\\(|mux\\.NewRouter\\(|restify\\.createServer|builder\\.Build\\()';

/** Names that servers have by habit where they come from another file. */
const usualServers = ['app', 'server', 'fastify', 'endpoints'];

/** Settings that put every route below a path of their own. */
const putsBelow =
  /\bsetGlobalPrefix\b|\bMount\(|\badd_subapp\(|\broot_path\s*=|\bbasePath\b|\burl_prefix\b|\.nest\(|web::scope\(/;

/**
 * The path of a route that is made for health checks, with the path that the server answers it at; undefined where none
 * was found, and where it may stand below another path: a probe that asks the wrong one calls a healthy service ill.
 */
export function findHealthRoute(project: Project, directory: string): string | undefined {
  const files = sourceFiles(project, directory, sourceEnding);
  const own = files
    .filter(({ path, text }) => !/\.(?:test|spec|d)\.\w+$/.test(path) && !putsBelow.test(text))
    .map(({ text }) => routeIn(text))
    .find((path) => path !== undefined);
  return own ?? frameworkRoute(project, directory, files);
}

/** Routes by text: sources are the same from one key stroke to the next. */
const remembered = new Map<string, string | undefined>();
const mostRemembered = 500;

function routeIn(text: string): string | undefined {
  if (remembered.has(text)) {
    return remembered.get(text);
  }
  if (remembered.size >= mostRemembered) {
    remembered.clear();
  }
  const found =
    ownRoutes.map((one) => one.exec(text)?.[1]).find((path) => path !== undefined) ??
    rustRoute.exec(text)?.[1] ??
    [...text.matchAll(routedBy)].find((match) => isServer(match[1] ?? '', text))?.[2];
  remembered.set(text, found);
  return found;
}

/** True for a variable that holds the server itself. */
function isServer(name: string, text: string): boolean {
  const isMade = new RegExp(`\\b${name}\\s*(?::[^=\\n]+)?:?=\\s*${makesServer}`).test(text);
  const isMounted = new RegExp(
    `\\b(?:use|mount|Mount|register|include_router)\\([^()\\n]*\\b${name}\\b`,
  ).test(text);
  return (isMade || usualServers.includes(name)) && !isMounted;
}

/** Routes that frameworks give by themselves, or by the place of a file. */
function frameworkRoute(
  project: Project,
  directory: string,
  files: readonly SourceFile[],
): string | undefined {
  const read = (name: string): string => project.reader.read(joinPath(directory, name)) ?? '';
  const isRails = /^\s*get\s+["']\/?up["']\s*=>\s*["']rails\/health#show["']/m.test(read('config/routes.rb'));
  if (isRails) {
    return '/up';
  }
  const settings = ['application.properties', 'application.yml', 'application.yaml']
    .map((name) => read(`src/main/resources/${name}`))
    .join('\n');
  const hasActuator = ['pom.xml', 'build.gradle', 'build.gradle.kts'].some((name) =>
    read(name).includes('spring-boot-starter-actuator'),
  );
  if (hasActuator && !/management|context-path|base-path/.test(settings)) {
    return '/actuator/health';
  }
  const nest = read('package.json').includes('"@nestjs/core"') ? nestRoute(files) : undefined;
  if (nest !== undefined) {
    return nest;
  }
  const nextRoute = files
    .map(({ path }) =>
      /(?:^|\/)(?:app|pages)(\/api\/(?:health|healthz|healthcheck|ping|status))(?:\/route)?\.[jt]s$/.exec(
        path,
      ),
    )
    .find((match) => match !== null)?.[1];
  const isNext =
    read('package.json').includes('"next"') && !files.some(({ text }) => /\bbasePath\b/.test(text));
  return isNext ? nextRoute : undefined;
}

/** `@Controller('health')` with a `@Get()`, or `@Get('health')` of a controller without a path. */
function nestRoute(files: readonly SourceFile[]): string | undefined {
  if (
    files.some(({ text }) => /\bsetGlobalPrefix\(|\benableVersioning\(|\bRouterModule\.register\(/.test(text))
  ) {
    return undefined;
  }
  const name = `["'\`]/?(${routeName})["'\`]`;
  const whole = new RegExp(`@Controller\\(\\s*${name}\\s*\\)[^]*?@Get\\(\\s*\\)`);
  const part = new RegExp(`@Controller\\(\\s*\\)[^]*?@Get\\(\\s*${name}\\s*\\)`);
  const found = files
    .map(({ text }) => (whole.exec(text) ?? part.exec(text))?.[1])
    .find((one) => one !== undefined);
  return found === undefined ? undefined : `/${found}`;
}
