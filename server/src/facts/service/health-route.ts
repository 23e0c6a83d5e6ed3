import { type SourceFile, sourceFiles, sourceQuestion } from '../../ecosystems/source-text.ts';
import { memoizeInView } from '../../project/view.ts';
import { memoizeFor } from '../../text/memoize.ts';
import { mentionsWord, wordPlaces } from '../../text/mentions.ts';
import { frameworkRoute, type HealthRoute, routeName } from './framework-health-route.ts';

/** Paths that are made for health checks, by their usual names. */
const route = `(/(?:api/|v\\d/|_)?${routeName}(?:/(?:live|ready))?)`;

const sourceEnding = /\.(?:[cm]?[jt]sx?|py|go|rb|rs|cs|java|kt|php|c|cc|cpp)$/;

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
  // Routes that are chained between the making of a server and its start
  new RegExp(
    `\\b(?:new Elysia|express|polka)\\([^()]*\\)[^;]*?\\.get\\(\\s*["'\`]${route}["'\`][^;]*?\\.listen\\(`,
  ),
  // The HTTP server of the JDK
  new RegExp(`\\bcreateContext\\(\\s*"${route}"`),
  // C and C++, which compare the path that was asked for
  new RegExp(`\\bstrn?cmp\\(\\s*[\\w.>-]+,\\s*"(?:GET )?${route}[ "]`),
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

/** What follows a name that a server is assigned to. */
const becomesServer = new RegExp(`^\\s*(?::[^=\\n]+)?:?=\\s*${makesServer}`);

/** Names that servers have by habit where they come from another file. */
const usualServers = ['app', 'server', 'fastify', 'endpoints'];

/** Settings that put every route below a path of their own. */
const putsBelow =
  /\bsetGlobalPrefix\b|\bMount\(|\badd_subapp\(|\broot_path\s*=|\bbasePath\b|\burl_prefix\b|\.nest\(|web::scope\(/;

/**
 * The path of a route that is made for health checks, with the path that the server answers it at; undefined where none
 * was found, and where it may stand below another path: a probe that asks the wrong one calls a healthy service ill.
 */
export const findHealthRoute = memoizeInView((project, directory): HealthRoute | undefined => {
  const files = sourceFiles(project, directory, sourceEnding).filter(
    ({ path }) => !/\.(?:test|spec|d)\.\w+$/.test(path),
  );
  const own = files.map(routeIn).find((path) => path !== undefined);
  return own === undefined ? frameworkRoute(project, directory, files) : { path: own, unhealthyFrom: 400 };
});

const routeIn = memoizeFor(({ text }: SourceFile) =>
  putsBelow.test(text)
    ? undefined
    : (ownRoutes.map((one) => one.exec(text)?.[1]).find((path) => path !== undefined) ??
      rustRoute.exec(text)?.[1] ??
      [...text.matchAll(routedBy)].find((match) => isServer(match[1] ?? '', text))?.[2]),
);

/** True when the program listens to the port that the variable PORT names, as far as its sources tell. */
export const readsPort = sourceQuestion(
  /\benv(?:iron)?(?:\.PORT\b|\[["']PORT["']\]|\.get\(\s*["']PORT["'])|\bget_?env\(\s*["']PORT["']|\bENV(?:\.fetch\(|\[)\s*["']PORT["']|\bvar(?:_os)?\(\s*"PORT"/i,
  sourceEnding,
);

/** True for a variable that holds the server itself. */
function isServer(name: string, text: string): boolean {
  const isMade = wordPlaces(text, name).some((at) =>
    becomesServer.test(text.slice(at + name.length, at + name.length + 300)),
  );
  const isMounted = [...text.matchAll(mounts)].some((match) => mentionsWord(match[1] ?? '', name));
  return (isMade || usualServers.includes(name)) && !isMounted;
}

const mounts = /\b(?:use|mount|Mount|register|include_router)\(([^()\n]*)/g;
