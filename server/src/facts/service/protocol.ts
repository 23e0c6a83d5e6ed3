import type { ImageTraits } from '../../images/knowledge.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { memoizeInView } from '../../project/view.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Span } from '../../text/span.ts';
import { type Evidence, type Known, known, unknown } from '../known.ts';
import { springSettings } from './framework-health-route.ts';
import { type Code, callsOf, codeQuestion } from './source-code.ts';
import { isGivenCertificate, makesTlsServer } from './tls-server.ts';

/** What a server speaks on its port. `sockets`: connections are taken, and a request over HTTP gets no answer. */
export type Protocol = 'http' | 'tls' | 'sockets';

/** What a server is recognized by. */
export interface ServerInput {
  /** Where the start command, or what else tells of the service, stands. */
  readonly span: Span;
  /** The start command as one line, variables replaced as far as they are known. */
  readonly line: string;
  readonly environment: ReadonlyMap<string, string>;
  readonly project: Project;
  readonly directory: ContextPath;
  readonly traits: ImageTraits | undefined;
  readonly code: readonly Code[];
}

/** Manifests that name what a program is made with. */
const manifests = [
  ...['package.json', 'requirements.txt', 'pyproject.toml', 'Pipfile', 'go.mod', 'pom.xml', 'build.gradle'],
  ...['build.gradle.kts', 'Cargo.toml', 'Gemfile', 'composer.json', 'mix.exs', 'build.sbt', 'Package.swift'],
  ...['pubspec.yaml', 'package.yaml', 'deps.edn', 'project.clj', 'rebar.config'],
];

/** Frameworks and servers that only serve HTTP, as manifests name them. */
const webDependency =
  /"(?:express|fastify|koa|@nestjs\/core|next|nuxt|hono|restify|@hapi\/hapi|polka|elysia|sails|@remix-run\/serve|@react-router\/serve|@adonisjs\/core|@strapi\/strapi|parse-server|json-server|micro|astro|@sveltejs\/kit)"|\b(?:flask|django|fastapi|starlette|gunicorn|uvicorn|hypercorn|bottle|sanic|quart|falcon|cherrypy|streamlit|gradio|dash|pyramid|litestar|waitress|gin-gonic|labstack\/echo|gorilla\/mux|go-chi|gofiber|beego|spring-boot-starter-(?:web|webmvc|webflux|jetty|undertow|jersey|data-rest|hateoas)|spring-cloud-starter-(?:gateway|netflix-eureka-server)|spring-cloud-(?:config-server|gateway-server)|spring-boot-admin-starter-server|quarkus-(?:rest|resteasy\S*|vertx-http)|micronaut-http-server\S*|ktor-server\S*|javalin|vertx-web|actix-web|axum|warp|rocket|poem|salvo|tide|rails|sinatra|puma|hanami|roda|grape|laravel\/framework|symfony\/framework-bundle|slim\/slim|phoenix|plug_cowboy|bandit|vapor|shelf|scotty|servant-server|yesod|http4s|akka-http|http-kit)\b/i;

/** What makes a server for HTTP in a source. */
const httpServer = codeQuestion(
  /\bhttp2?\.createServer\(|\(\s*["'](?:node:)?http["']\s*\)|\bfrom\s+["'](?:node:)?http["']|\bBun\.serve\(|\bDeno\.serve\(|\bHTTPServer\(|\bhttp\.server\b|\bmake_server\(|\bweb\.(?:run_app|Application|AppRunner)\(|\btornado\.(?:web|httpserver)\b|\bhttp\.(?:ListenAndServe|Serve|HandleFunc|Handle)\(|\bhttp\.Server\{|\bHttpServer(?:::|\.create\()|\b(?:axum|warp|rocket|hyper|tide|poem)::|\bWebApplication\.Create|\bConfigureWebHostDefaults\(|\bWEBrick\b|\bSinatra\b|\bRack::|\bhttplib::Server\b|\bcrow::|\bdrogon::|\bmicrohttpd\b|Swoole\\Http\\Server|(?:\brequire\(\s*|\bfrom\s+)["'](?:express|fastify|koa|restify|polka|hono|@hapi\/hapi|@nestjs\/core|elysia|micro)["']|\bexpress\(\)|\b[fF]astify\(|\bnew (?:Koa|Hono|Elysia)\(|\bNestFactory\.create\(|\b(?:Flask|FastAPI|Sanic|Quart|Starlette|Bottle|Litestar)\(|\bbottle\.run\(|\b(?:gin\.(?:Default|New)|echo\.New|fiber\.New|chi\.NewRouter|mux\.NewRouter)\(|@RestController\b|@Controller\b|\bbuilder\.Build\(\)|\bHTTP::(?:Daemon|Server)\b|\bMojolicious\b|\bDancer2?\b|\bPlack::/,
);

/** Servers that a start command names. */
const webCommand =
  /(?:^|[/\s])(?:gunicorn|uvicorn|hypercorn|daphne|granian|waitress-serve|puma|thin|unicorn|rackup|plackup|starman|hypnotoad|http-server|sirv|nginx|httpd\S*|apache2\S*|caddy|catalina\.sh|passenger|frankenphp|gradio|chainlit|mlflow|jupyter\S*|remix-serve|react-router-serve|strapi)(?=\s|$)|\b(?:flask (?:[\w-]+ )*run|fastapi run|streamlit run|rails s(?:erver)?|next start|nuxt start|vite preview|artisan (?:serve|octane)|symfony serve|mix phx\.server|bin\/rails s)\b|\bmanage\.py runserver\b|-m http\.server\b|\bphp -S\b|(?:^|\/|npx )serve(?=\s|$)/;

/** Options and settings that give a server a certificate. */
const tlsOption =
  /(?:^|\s)(?:--(?:certfile|keyfile|ssl-certfile|ssl-keyfile|ssl-cert|ssl-key|ssl-certificate|cert|ssl|tls|https|server\.sslCertFile|server\.ssl\.\S+))(?=[= ]|$)|-Dserver\.ssl\.|\bssl:\/\//;

/** What makes a server without one, where another has one. */
const plainServer = codeQuestion(
  /\bhttp\.(?:createServer|Server)\(|\bapp\.listen\(|\bListenAndServe\(|\.Run\(\s*["':]|\(\s*["'](?:node:)?http["']\s*\)\s*\.createServer\(/,
);

/** The same, where what listens has a certificate. */
const ownPlainServer = codeQuestion(
  /\bhttp\.(?:createServer|Server)\(|\bListenAndServe\(|\(\s*["'](?:node:)?http["']\s*\)\s*\.createServer\(/,
);

/** What makes a server of Node.js that answers HTTP/2 and, unless it is allowed, no request of HTTP/1. */
const http2Server = codeQuestion(
  /\bhttp2\.create(?:Secure)?Server\(|\(\s*["'](?:node:)?http2["']\s*\)\s*\.create(?:Secure)?Server\(|\bcreateSecureServer\(|\b[fF]astify(?:["']\s*\))?\(\s*\{[^{}]*\bhttp2\s*:\s*true/,
);
const otherServer = codeQuestion(
  /\ballowHTTP1\s*:\s*true|\bhttps?\.(?:createServer|Server)\(|\(\s*["'](?:node:)?https?["']\s*\)/,
);

function speaksHttp2Alone(code: Code): boolean {
  return http2Server(code) && !otherServer(code);
}

/** What takes connections and speaks a protocol of its own. */
const socketServer = codeQuestion(
  /\bnet\.createServer\(|\bnew (?:WebSocketServer|WebSocket\.Server|WSServer)\(|\bwebsockets\.serve\(|\basyncio\.start_server\(|\bsocketserver\.|\bsocket\.socket\(|\bnet\.Listen\(\s*"tcp|\bTcpListener::bind\(|\bnew ServerSocket\(|\bnew TcpListener\(|\bTCPServer\.(?:new|open)\b|\baccept\s*\(|\bstream_socket_server\(|:gen_tcp\.listen\b|\bIO::Socket::(?:INET6?|IP)->new\([^()]*\bListen\b/,
);

/** A library that answers over sockets, beside a server for HTTP. */
const socketLibrary = codeQuestion(/\bnew Server\(|["']socket\.io["']/);

/** Recognizes what the server of a stage speaks; unknown where nothing tells of one that is known, or several contradict each other. */
export function protocolOf(input: ServerInput): Known<Protocol> {
  const { line, environment, project, directory, traits, code, span } = input;
  const says = (text: string): Evidence => ({ says: text, at: { kind: 'dockerfile', span } });
  const settings = [...environment].map(([name, value]) => `${name}=${value}`).join('\n');
  const read = (name: string): string => project.reader.read(joinPath(directory, name)) ?? '';
  const option = tlsOption.exec(line)?.[0].trim();
  if (option !== undefined) {
    return known('tls', says(`the start command has ${option}`));
  }
  if (configuresTls(line, settings, read)) {
    return known('tls', says('its settings name a certificate'));
  }
  const alone = code.find(speaksHttp2Alone);
  if (alone !== undefined) {
    return known('sockets', inFile(alone.path, 'speaks HTTP/2 alone, which no usual probe does'));
  }
  const secure = code.find(makesTlsServer);
  if (secure !== undefined) {
    // An application that is given a certificate listens with it.
    const plain = code.find(isGivenCertificate(secure) ? ownPlainServer : plainServer);
    return plain === undefined
      ? known('tls', inFile(secure.path, 'makes a server with a certificate'))
      : unknown(
          `the sources make servers with and without TLS (${secure.path}, ${plain.path})`,
          inFile(secure.path, 'makes a server with a certificate'),
        );
  }
  if (/(?:^|\s)(?:--socket|--uwsgi-socket|-s)[= ]/.test(line) && /(?:^|[/\s])uwsgi\s/.test(line)) {
    return known('sockets', says('uWSGI speaks its own protocol on that port'));
  }
  const dependencies = dependenciesOf(project, directory);
  const sockets = onlySockets(code, dependencies);
  if (sockets !== undefined && !webCommand.test(line)) {
    return known('sockets', sockets);
  }
  const server = webCommand.exec(line)?.[0].trim();
  if (server !== undefined || /(?:^|[/\s])uwsgi\s/.test(line)) {
    return known('http', says(`the start command runs ${server?.replace(/^\//, '') ?? 'uwsgi'}`));
  }
  const dependency = dependencies.web?.replaceAll('"', '');
  // Files of components are of the browser's side, as long as something else tells of the server.
  const source =
    code.find((one) => !/\.[jt]sx$/.test(one.path) && httpServer(one)) ??
    (dependency === undefined ? code.find(httpServer) : undefined);
  if (source !== undefined) {
    return known('http', inFile(source.path, 'makes a server for HTTP'));
  }
  if (dependency !== undefined) {
    return known('http', says(`the project depends on ${dependency}`));
  }
  const isServer = traits?.isServer === true || /aspnet|tomcat|jetty|wildfly/.test(traits?.family ?? '');
  return isServer || traits?.variant?.includes('aspnet') === true
    ? known('http', says('the base image is a server for HTTP'))
    : unknown('what the program speaks on its port could not be recognized');
}

/** What the manifests of a project say of its server. */
interface Dependencies {
  /** A framework or server that only serves HTTP, as a manifest names it; undefined where none does. */
  readonly web: string | undefined;
  readonly haveSockets: boolean;
}

const dependenciesOf = memoizeInView(({ reader }, directory): Dependencies => {
  const text = manifests
    .map((name) => reader.read(joinPath(directory, name)) || (reader.read(name) ?? ''))
    .join('\n')
    // What a project says of itself compares it with others.
    .replace(/^[ \t]{0,20}["<]?(?:description|summary|keywords)\b.*$/gm, '');
  return {
    web: webDependency.exec(text)?.[0],
    haveSockets: /"(?:socket\.io|ws|engine\.io|websocket)"/.test(text),
  };
});

/** True where the configuration of a server that is started names a certificate. */
function configuresTls(line: string, settings: string, read: (name: string) => string): boolean {
  if (
    /^(?:GUNICORN_CMD_ARGS=.*--(?:certfile|keyfile)|UVICORN_SSL_\w+=|SERVER_SSL_(?:ENABLED=true|KEY_STORE=|CERTIFICATE=)|STREAMLIT_SERVER_SSL_CERT_FILE=|NITRO_SSL_CERT=)/m.test(
      settings,
    )
  ) {
    return true;
  }
  const urls = /^(?:ASPNETCORE|DOTNET)_URLS=(.*)$/m.exec(settings)?.[1];
  if (urls !== undefined && /https:/.test(urls) && !/http:/.test(urls)) {
    return true;
  }
  if (/(?:^|[/\s])gunicorn\s/.test(line)) {
    const named = /\s(?:-c|--config)[= ](?:\.\/|file:)?([\w./-]+\.py)(?=\s|$)/.exec(line)?.[1];
    return /^certfile\s*=\s*(?!None)/m.test(read(named ?? 'gunicorn.conf.py'));
  }
  if (/\bpuma\b|\brails s/.test(line)) {
    return /^[ \t]*(?:ssl_bind\b|bind\s+["']ssl:)/m.test(read('config/puma.rb'));
  }
  if (/^tls\b|^\[\w+\.tls\]/m.test(read('Rocket.toml'))) {
    return true;
  }
  const urlOf = /"Kestrel"[\s\S]{0,400}?"Url"\s*:\s*"(https?):/.exec(
    read('appsettings.Production.json') + read('appsettings.json'),
  )?.[1];
  if (urlOf === 'https') {
    return true;
  }
  const spring = springSettings(read);
  if (/^quarkus\.http\.insecure-requests\s*[=:]\s*(?:disabled|redirect)/m.test(spring)) {
    return true;
  }
  return /^server\.ssl\.(?:key-store|certificate|bundle)\s*[=:]/m.test(spring) || hasSslBelowServer(spring);
}

/** `ssl:` below `server:` in a YAML file of Spring. */
function hasSslBelowServer(text: string): boolean {
  let isServer = false;
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) {
      isServer = /^server:\s*$/.test(line);
    } else if (isServer && /^\s+ssl:\s*$/.test(line)) {
      return true;
    }
  }
  return false;
}

/** What tells that a program only takes connections: a server of sockets, or one for HTTP that answers no request itself. */
function onlySockets(code: readonly Code[], dependencies: Dependencies): Evidence | undefined {
  const isWeb = dependencies.web !== undefined;
  const raw = code.find(socketServer);
  const withHttp = code.find((one) => httpServer(one) || socketLibrary(one));
  if (raw !== undefined && withHttp === undefined && !isWeb) {
    return inFile(raw.path, 'takes connections and speaks a protocol of its own');
  }
  if (!dependencies.haveSockets || isWeb) {
    return undefined;
  }
  const made = code.flatMap(({ path, text }) =>
    callsOf(text, /\b(?:createServer|http\.Server)\(/g).map(({ args }) => ({ path, text, args })),
  );
  const answers =
    made.some(({ args }) => args.trim() !== '' && !/^\{[\s\S]*\}$/.test(args.trim())) ||
    code.some(({ text }) => /\.on\(\s*["']request["']/.test(text));
  const first = made[0]?.path ?? code.find(({ text }) => /socket\.io|WebSocket|["']ws["']/.test(text))?.path;
  return answers || first === undefined
    ? undefined
    : inFile(first, 'answers over sockets only, and no request over HTTP');
}

function inFile(path: string, text: string): Evidence {
  return { says: `${path} ${text}`, at: { kind: 'file', path } };
}
