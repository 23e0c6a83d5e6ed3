import { sourceQuestion } from '../../ecosystems/source-text.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import { allSteps, lineage, type Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { expand } from '../../model/variables.ts';
import { joinPath } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { rememberInView } from '../../project/view.ts';
import type { Span } from '../../text/span.ts';
import { type Known, unknown } from '../known.ts';
import { apachePorts } from './apache-port.ts';
import { springSettings } from './framework-health-route.ts';
import { readsPort } from './health-route.ts';
import { otherPort } from './listened-port.ts';
import { nginxPorts } from './nginx-port.ts';
import { type ProbeRequest, probeRequest } from './probe-request.ts';
import { serverCode } from './source-code.ts';

/** A service that a container offers on a port. */
export interface Service {
  /** What a probe may ask it. */
  readonly probe: Known<ProbeRequest>;
  /** The word that tells of it: a port in EXPOSE, the start command, or the base image. */
  readonly span: Span;
}

/** Ports on which something else than HTTP answers: by the registry of service names and by habit (debuggers, gRPC). */
const otherProtocols = [
  21, 22, 25, 53, 69, 88, 110, 123, 137, 139, 143, 161, 389, 443, 445, 465, 514, 587, 636, 873, 993, 995,
  1080, 1194, 1433, 1521, 1883, 2049, 2181, 3306, 3389, 5005, 5432, 5671, 5672, 5678, 5858, 6379, 6443, 8443,
  8883, 9092, 9229, 9418, 11211, 27017, 50051, 50052, 50053, 50054, 50055, 50056,
];

/** Ports that mean HTTP by habit: of several, one of these is asked. */
const httpPorts = [80, 8080, 3000, 8000, 5000, 8081, 4000, 8888, 9000];

/** Manifests that tell whether a program speaks gRPC, and whether it speaks HTTP as well. */
const manifests = [
  'package.json',
  'requirements.txt',
  'pyproject.toml',
  'go.mod',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'Cargo.toml',
];
const grpc =
  /@grpc\/grpc-js|\bgrpcio\b|google\.golang\.org\/grpc|grpc-netty|grpc-services|\btonic\b|Grpc\.AspNetCore/;
/** True where a source makes a server that speaks gRPC. */
const servesGrpc = sourceQuestion(
  /\bgrpc\.NewServer\(|\bgrpc\.(?:aio\.)?server\(|\bNettyServerBuilder\b|\bServerBuilder\.forPort\(|\bServer::builder\(\)|\bnew grpc\.Server\(|\bServerBuilder builder\b/,
  /\.(?:go|py|java|kt|rs|[cm]?[jt]s|cc|cpp)$/,
);
const web =
  /"(?:express|fastify|koa|@nestjs\/core|next|hono|restify|@hapi\/hapi)"|\b(?:flask|django|fastapi|starlette|aiohttp|tornado|gunicorn|uvicorn)\b|gin-gonic|labstack\/echo|gorilla\/mux|go-chi|gofiber|spring-boot-starter-web|\b(?:actix-web|axum|warp|rocket)\b/i;

const onlySpeaksGrpc = rememberInView((project, directory): boolean => {
  const texts = manifests
    .flatMap((name) => [...new Set([name, joinPath(directory, name)])])
    .map((path) => project.reader.read(path) ?? '')
    .join('\n');
  return (grpc.test(texts) || servesGrpc(project, directory)) && !web.test(texts);
});

/** The port that a start command names: options, and addresses that end in a port. */
const namedPorts = [
  /(?:^|\s)(?:--(?:[\w-]+\.)?(?:http-)?port|-p|-Dserver\.port)[= ](\d{2,5})(?=\s|$)/,
  /(?:^|\s)(?:--bind|-b|--listen|-l|--addr|--address|-addr|-S|runserver)[= ](?:tcp:\/\/|https?:\/\/)?[\w.*[\]${}-]*:(\d{2,5})(?=\s|$)/,
  /(?:^|\s)(?:--listen|-l)[= ](\d{2,5})(?=\s|$)/,
  /(?:^|\s)-m http\.server (\d{2,5})(?=\s|$)/,
];

/** Servers that listen to a port of their own where none is named. A setting `PORT` wins where they honour it. */
const usualServers: readonly {
  readonly command: RegExp;
  readonly port: number;
  readonly honours: boolean;
}[] = [
  { command: /(?:^|[/\s])uvicorn\s/, port: 8000, honours: false },
  { command: /(?:^|[/\s])(?:hypercorn|daphne)\s|\bfastapi run\b/, port: 8000, honours: false },
  { command: /(?:^|[/\s])gunicorn\s/, port: 8000, honours: true },
  { command: /\bflask (?:[\w-]+ )*run\b/, port: 5000, honours: false },
  { command: /\bstreamlit run\b/, port: 8501, honours: false },
  { command: /\brails s(?:erver)?\b/, port: 3000, honours: true },
  { command: /\bnext start\b/, port: 3000, honours: true },
  { command: /-m http\.server\s*$/, port: 8000, honours: false },
];

/** Programs that work through a queue and listen to nobody. */
const worker =
  /\bcelery\b(?!.*\bflower\b)|\b(?:sidekiq|dramatiq|huey_consumer|resque|delayed_job|arq)\b|\brq worker\b|\bqueue:work\b|\bhorizon\b/;

/**
 * The service that a stage offers: on the port that the start command names, or that EXPOSE tells of, or that a known
 * server or the base image listens to. Of several exposed ports, the one that a setting names, then the one that means
 * HTTP by habit, else the first. Undefined where none of them tells of one that speaks HTTP.
 */
export function findService(
  stage: Stage,
  project: Project,
  directory: string,
  traits: ImageTraits | undefined,
): Service | undefined {
  if (onlySpeaksGrpc(project, directory) || worker.test(startCommand(stage).words.join(' '))) {
    return undefined;
  }
  const found = findPort(stage, project, directory, traits);
  const isOther = found === undefined || otherProtocols.includes(found.port);
  if (isOther || (found.port === 9000 && isFpm(stage))) {
    return undefined;
  }
  const code = serverCode(project, directory);
  const environment = environmentOf(stage);
  const honoursPort = honoursPortOf(stage) || (found.isChangeable && readsPort(project, directory));
  const doubt = found.doubt ?? (found.isChangeable && !honoursPort ? otherPort(code, found.port) : undefined);
  return {
    span: found.span,
    probe:
      doubt === undefined
        ? probeRequest(
            { line: startLine(stage), span: found.span, environment, project, directory, traits, code },
            { port: found.port, honoursPort, servesFiles: servesFiles(stage, traits) },
          )
        : unknown(doubt),
  };
}

/** The start command as one line, without quotes, variables replaced as far as they are known. */
function startLine(stage: Stage): string {
  return startCommand(stage)
    .words.map((word) => expand(word, stage.end.environment, '\\') ?? word)
    .join(' ')
    .replace(/["']/g, '');
}

/** The environment that the image sets, as plain values. */
function environmentOf(stage: Stage): ReadonlyMap<string, string> {
  const names = allSteps(stage)
    .filter((step) => step.instruction.keyword === 'ENV')
    .flatMap((step) => step.instruction.pairs.map((pair) => pair.name));
  const values = names.map((name) => [name, stage.end.environment.get(name)] as const);
  return new Map(values.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}

/** The port, where it is told of, and whether the program itself may choose another one. */
interface Port extends Pick<Service, 'span'> {
  readonly port: number;
  /** Why the port may be another one, in one sentence without the stop. */
  readonly doubt: string | undefined;
  readonly isChangeable: boolean;
}

/** True for a server that gives out files: the routes of the sources are those of another program. */
function servesFiles(stage: Stage, traits: ImageTraits | undefined): boolean {
  const words = startCommand(stage).words.map((word) => word.replace(/^.*\//, ''));
  const isServer = traits?.isServer === true && traits.family !== 'php';
  return isServer || words.some((word) => /^(?:http-server|serve|sirv|nginx|httpd|caddy)$/.test(word));
}

/** The port of `bind` in a configuration of gunicorn, or the one of Spring's settings; undefined where none says it. */
function configuredInProject(line: string, project: Project, directory: string): number | undefined {
  const read = (name: string): string => project.reader.read(joinPath(directory, name)) ?? '';
  if (/(?:^|[/\s])gunicorn\s/.test(line)) {
    const named = /\s(?:-c|--config)[= ](?:\.\/)?([\w./-]+\.py)(?=\s|$)/.exec(line)?.[1];
    const port = /^[ \t]*bind\s*=\s*["'][^"':]*:(\d+)["']/m.exec(read(named ?? 'gunicorn.conf.py'))?.[1];
    return port === undefined ? undefined : Number(port);
  }
  const settings = springSettings(read);
  const port =
    /^server\.port\s*[=:]\s*(\d+)[ \t]*$|^server:[ \t\r]*\n(?:[ \t].*\n)*?[ \t]+port:[ \t]*(\d+)[ \t]*$/m.exec(
      settings,
    );
  return port === null ? undefined : Number(port[1] ?? port[2]);
}

/** True where the start command takes the port from the variable, or starts a server that does. */
function honoursPortOf(stage: Stage): boolean {
  const words = startCommand(stage).words.join(' ');
  const server = usualServers.find(({ command }) => command.test(`${words} `));
  const isNamed = namedPorts.some((one) => one.test(words)) || /\s(?:-c|--config)[= ]/.test(words);
  return /\$\{?PORT\b/.test(words) || (server?.honours === true && !isNamed);
}

function findPort(
  stage: Stage,
  project: Project,
  directory: string,
  traits: ImageTraits | undefined,
): Port | undefined {
  const start = startCommand(stage);
  const line = startLine(stage);
  const exposed = exposedPorts(stage);
  const startStep = [start.cmd, start.entrypoint].find((one) => one !== undefined)?.step;
  const startSpan =
    startStep !== undefined && stage.steps.includes(startStep)
      ? startStep.instruction.keywordSpan
      : stage.imageSpan;
  const named = namedPorts.map((one) => one.exec(line)?.[1]).find((port) => port !== undefined);
  if (named !== undefined) {
    const port = Number(named);
    const own = exposed.find((one) => one.port === port) ?? exposed[0];
    return { port, span: own?.span ?? startSpan, doubt: undefined, isChangeable: false };
  }
  const configured = stage.end.environment.has('SERVER_PORT')
    ? undefined
    : configuredInProject(line, project, directory);
  if (configured !== undefined) {
    const own = exposed.find((one) => one.port === configured) ?? exposed[0];
    return { port: configured, span: own?.span ?? startSpan, doubt: undefined, isChangeable: false };
  }
  const setting = Number(stage.end.environment.get('PORT') ?? Number.NaN);
  if (exposed.length > 0) {
    const usual = [setting, ...httpPorts]
      .map((port) => exposed.find((one) => one.port === port))
      .find((one) => one !== undefined);
    const chosen = usual ?? exposed[0];
    const contradicts = Number.isInteger(setting) && !exposed.some((one) => one.port === setting);
    const doubt =
      contradicts && chosen !== undefined
        ? `EXPOSE says ${chosen.port} and PORT says ${setting}`
        : contradiction(chosen?.port, configuredPorts(stage, project, traits), traits);
    return chosen === undefined ? undefined : { ...chosen, doubt, isChangeable: true };
  }
  const server = usualServers.find(({ command }) => command.test(`${line} `));
  if (server !== undefined && !line.includes('$')) {
    const port = server.honours && Number.isInteger(setting) ? setting : server.port;
    return { port, span: startSpan, doubt: undefined, isChangeable: false };
  }
  // The image's own server, as long as nothing is exposed that tells of another port.
  const isExposing = allSteps(stage).some((step) => step.instruction.keyword === 'EXPOSE');
  const usual = traits?.isServer === true && !isExposing ? traits.exposedPorts?.[0] : undefined;
  if (usual === undefined) {
    return undefined;
  }
  const own = configuredPorts(stage, project, traits);
  return {
    port: own?.state === 'known' ? (own.value[0] ?? usual) : usual,
    span: stage.imageSpan,
    doubt: own?.state === 'unknown' ? own.why : undefined,
    isChangeable: false,
  };
}

/** The ports of the image's own server by the configuration that a stage brings; undefined for another server. */
function configuredPorts(
  stage: Stage,
  project: Project,
  traits: ImageTraits | undefined,
): Known<readonly number[]> | undefined {
  const isNginx = traits?.family === 'nginx' || traits?.family === 'nginx-unprivileged';
  return isNginx
    ? nginxPorts(stage, project)
    : traits?.isServer === true
      ? apachePorts(stage, project, traits.family)
      : undefined;
}

/** Why the server of the image may listen to another port than the one exposed. */
function contradiction(
  exposed: number | undefined,
  own: Known<readonly number[]> | undefined,
  traits: ImageTraits | undefined,
): string | undefined {
  if (own === undefined || exposed === undefined) {
    return undefined;
  }
  if (own.state === 'unknown') {
    // What could not be read of nginx is mostly a file of another stage, and EXPOSE says its port; Apache's is changed.
    return traits?.family === 'php' || traits?.family === 'httpd' ? own.why : undefined;
  }
  const [first] = own.value;
  return first === undefined || own.value.includes(exposed)
    ? undefined
    : `EXPOSE says ${exposed} and the configuration of the server says ${first}`;
}

/** True where PHP answers by FastCGI, on port 9000, rather than by HTTP. */
function isFpm(stage: Stage): boolean {
  return (
    stage.end.workdir === '/var/www/html' ||
    allSteps(stage).some((step) => /php-?fpm/.test(step.instruction.line.text)) ||
    lineage(stage).some((one) => /fpm/.test(one.from.line.text))
  );
}

/** The ports that a stage exposes, as far as they may speak HTTP. */
function exposedPorts(stage: Stage): { readonly port: number; readonly span: Span }[] {
  return stage.steps
    .filter((step) => step.instruction.keyword === 'EXPOSE')
    .flatMap((step) =>
      step.instruction.words.flatMap((word) => {
        const value = expand(word.value, step.before.variables, '\\') ?? '';
        const match = /^(\d+)(?:\/tcp)?$/i.exec(value);
        const port = Number(match?.[1]);
        const speaksHttp =
          match !== null && !otherProtocols.includes(port) && !(port === 9000 && isFpm(stage));
        return speaksHttp ? [{ port, span: word.span }] : [];
      }),
    );
}
