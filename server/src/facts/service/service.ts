import type { UsualServer } from '../../ecosystems/framework.ts';
import { usualServers } from '../../ecosystems/index.ts';
import type { ImageTraits } from '../../images/knowledge.ts';
import { allSteps, lineage, type Stage } from '../../model/dockerfile.ts';
import { startCommand } from '../../model/start-command.ts';
import { expand } from '../../model/variables.ts';
import { joinPath, nameOf } from '../../project/paths.ts';
import type { Project } from '../../project/project.ts';
import { mentionsWord } from '../../text/mentions.ts';
import type { ContextPath } from '../../text/path-types.ts';
import type { Span } from '../../text/span.ts';
import type { AnalysisContext } from '../context.ts';
import { deployment } from '../deployment/deployment.ts';
import { type Known, unknown } from '../known.ts';
import { isGitIgnored } from '../siblings/git-ignore.ts';
import { startedProcess } from '../start/started-process.ts';
import { apachePorts } from './apache-port.ts';
import { springSettings } from './framework-health-route.ts';
import { onlySpeaksGrpc } from './grpc.ts';
import { readsPort } from './health-route.ts';
import { listenings } from './listened-port.ts';
import { namedPorts } from './named-ports.ts';
import { listensOverIpv6Alone, nginxPorts } from './nginx-port.ts';
import { type ProbeRequest, probeRequest } from './probe-request.ts';
import { type Code, codeQuestion, serverCode } from './source-code.ts';
import { tomcatPorts } from './tomcat-port.ts';

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

/** Programs that work through a queue and listen to nobody. */
const worker =
  /\bcelery\b(?!.*\bflower\b)|\b(?:sidekiq|dramatiq|huey_consumer|resque|delayed_job|arq)\b|\brq worker\b|\bqueue:work\b|\bhorizon\b/;

/**
 * The service that a stage offers: on the port that the start command names, or that EXPOSE tells of, or that a known
 * server or the base image listens to. Of several exposed ports, the one that a setting names, then the one that means
 * HTTP by habit, else the first. Undefined where none of them tells of one that speaks HTTP.
 */
export function findService(
  context: AnalysisContext,
  stage: Stage,
  directory: ContextPath,
  traits: ImageTraits | undefined,
): Service | undefined {
  const { project } = context;
  if (onlySpeaksGrpc(project, directory) || worker.test(startCommand(stage).words.join(' '))) {
    return undefined;
  }
  const line = serverLine(context, stage);
  const found = findPort(stage, project, directory, traits, line);
  const isOther = found === undefined || otherProtocols.includes(found.port);
  if (isOther || (found.port === 9000 && isFpm(stage))) {
    return undefined;
  }
  const code = serverCode(project, directory);
  const environment = environmentOf(stage);
  const asked = askedPort(found, stage, project, directory, code, line);
  const doubt = found.doubt ?? asked.doubt;
  return {
    span: found.span,
    probe:
      doubt === undefined
        ? probeRequest(
            { line, span: found.span, environment, project, directory, traits, code },
            {
              ...asked,
              servesFiles: servesFiles(stage, traits),
              isIpv6Alone: isNginx(traits) && listensOverIpv6Alone(stage, project, asked.port),
            },
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

/** The command that stays, followed through scripts and package managers; the start command where that is not known. */
function serverLine(context: AnalysisContext, stage: Stage): string {
  const started = startedProcess(context, stage);
  const last = started.state === 'known' ? started.value.commands.at(-1)?.words.join(' ') : undefined;
  return last === undefined || last.includes('$') ? startLine(stage) : last.replace(/["']/g, '');
}

/** The port that a probe asks, and the variable that names another one. */
interface AskedPort {
  readonly port: number;
  readonly portVariable: string | undefined;
  /** Why it may be another one, in one sentence without the stop. */
  readonly doubt: string | undefined;
}

/**
 * The port that the sources listen to where the start command names none: what EXPOSE says is a note of the writer, and
 * stands only where the sources do not contradict it.
 */
function askedPort(
  found: Port,
  stage: Stage,
  project: Project,
  directory: ContextPath,
  code: readonly Code[],
  line: string,
): AskedPort {
  const byStart = honoursPortOf(stage, line);
  const isServed = usualServers.some(({ command }) => command.test(`${line} `));
  const listened = !found.isChangeable || byStart || isServed ? [] : listenings(code);
  const settings = settingsOf(stage, project, directory);
  const values = listened.map(({ path, named }) => {
    const set = named?.variable === undefined ? undefined : settings.get(named.variable);
    return { path, variable: named?.variable, port: /^\d+$/.test(set ?? '') ? Number(set) : named?.port };
  });
  const same = values.find(({ port }) => port === found.port);
  const usual = byStart || (found.isChangeable && !isServed && readsPort(project, directory));
  const asFound: AskedPort = {
    port: found.port,
    portVariable: same?.variable ?? (usual && (same === undefined || byStart) ? 'PORT' : undefined),
    doubt: undefined,
  };
  const [first] = values;
  if (first === undefined || same !== undefined || values.some(({ port }) => port === undefined)) {
    return asFound;
  }
  const isOpen = first.variable === undefined || !settings.has(first.variable);
  const isStarted = mentionsWord(line, nameOf(first.path).replace(/\.\w+$/, ''));
  if (first.variable !== undefined && loadsUnreadSettings(project, directory, code)) {
    return {
      ...asFound,
      doubt: `EXPOSE says ${found.port}, ${first.path} listens to ${first.port} unless ${first.variable} says another, and the .env that it loads could not be read`,
    };
  }
  return values.length === 1 && isOpen && isStarted && first.port !== undefined
    ? { port: first.port, portVariable: first.variable, doubt: undefined }
    : { ...asFound, doubt: `EXPOSE says ${found.port} and ${first.path} listens to ${first.port}` };
}

const loadsDotenv = codeQuestion(/\bdotenv\b|\bConfigModule\.forRoot\(/);

/** True where sources load an `.env` that is not here: a probe is another process, and does not see what it sets. */
function loadsUnreadSettings(project: Project, directory: ContextPath, code: readonly Code[]): boolean {
  return (
    project.reader.read(joinPath(directory, '.env')) === undefined &&
    isGitIgnored(project)(joinPath(directory, '.env'), false) &&
    code.some(loadsDotenv)
  );
}

/** What the container is started with: by the image, by Compose files and manifests, and by an `.env` beside the program. */
function settingsOf(stage: Stage, project: Project, directory: ContextPath): ReadonlyMap<string, string> {
  const file = project.reader.read(joinPath(directory, '.env')) ?? '';
  return new Map([
    ...file
      .split('\n')
      .map((line) => /^(\w+)[ \t]*=[ \t]*["']?(\d{2,5})["']?[ \t\r]*$/.exec(line))
      .flatMap((match): [string, string][] => (match === null ? [] : [[match[1] ?? '', match[2] ?? '']])),
    ...environmentOf(stage),
    ...deployment(project).flatMap(({ environment }) => Object.entries(environment)),
  ]);
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

/** True for a server of files: the routes of the sources are those of another program. */
function servesFiles(stage: Stage, traits: ImageTraits | undefined): boolean {
  const words = startCommand(stage).words.map((word) => word.replace(/^.*\//, ''));
  const isServer = traits?.isServer === true && traits.family !== 'php';
  return isServer || words.some((word) => /^(?:http-server|serve|sirv|nginx|httpd|caddy)$/.test(word));
}

/** The port of `bind` in a configuration of gunicorn, or the one of Spring's settings; undefined where none says it. */
function configuredInProject(line: string, project: Project, directory: ContextPath): number | undefined {
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
function honoursPortOf(stage: Stage, line: string): boolean {
  const words = startCommand(stage).words.join(' ');
  const server = usualServers.find(({ command }) => command.test(`${line} `));
  const isNamed = namedPorts.some((one) => one.test(line)) || /\s(?:-c|--config)[= ]/.test(line);
  return /\$\{?PORT\b/.test(words) || (server?.honours === true && !isNamed);
}

function findPort(
  stage: Stage,
  project: Project,
  directory: ContextPath,
  traits: ImageTraits | undefined,
  line: string,
): Port | undefined {
  const start = startCommand(stage);
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
  const own = configuredPorts(stage, project, traits);
  const isAsMade = own?.state === 'known' && own.value.length === 0;
  const [made] = isAsMade && servesFiles(stage, traits) ? (traits?.exposedPorts ?? []) : [];
  if (made !== undefined && exposed.length > 0 && !exposed.some(({ port }) => port === made)) {
    return { port: made, span: exposed[0]?.span ?? startSpan, doubt: undefined, isChangeable: false };
  }
  if (exposed.length > 0) {
    const usual = [setting, ...httpPorts]
      .map((port) => exposed.find((one) => one.port === port))
      .find((one) => one !== undefined);
    const chosen = usual ?? exposed[0];
    const contradicts = Number.isInteger(setting) && !exposed.some((one) => one.port === setting);
    const server = usualServers.find(({ command }) => command.test(`${line} `));
    const other = server === undefined ? undefined : usualPort(server, stage, project, directory, line);
    if (other !== undefined && !exposed.some((one) => one.port === other)) {
      return { port: other, span: exposed[0]?.span ?? startSpan, doubt: undefined, isChangeable: false };
    }
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
  return {
    port: own?.state === 'known' ? (own.value[0] ?? usual) : usual,
    span: stage.imageSpan,
    doubt: own?.state === 'unknown' ? own.why : undefined,
    isChangeable: false,
  };
}

function isNginx(traits: ImageTraits | undefined): boolean {
  return traits?.family === 'nginx' || traits?.family === 'nginx-unprivileged';
}

/** The ports of the image's own server by the configuration that a stage brings; undefined for another server. */
function configuredPorts(
  stage: Stage,
  project: Project,
  traits: ImageTraits | undefined,
): Known<readonly number[]> | undefined {
  if (traits?.family === 'tomcat') {
    return tomcatPorts(stage, project);
  }
  return isNginx(traits)
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

/**
 * The port that a server listens to because nothing tells it another one: no option, no variable and no file of its own.
 * Undefined where one of these may.
 */
function usualPort(
  { port, honours, setBy }: UsualServer,
  stage: Stage,
  project: Project,
  directory: ContextPath,
  line: string,
): number | undefined {
  const isTold =
    line.includes('$') ||
    /\s(?:-c|--config)[= ]/.test(line) ||
    [...settingsOf(stage, project, directory).keys()].some(
      (name) => setBy?.test(name) === true || (honours && name === 'PORT'),
    );
  const file = project.reader.read(joinPath(directory, '.streamlit/config.toml')) ?? '';
  return setBy === undefined || isTold || /^[ \t]*port[ \t]*=/m.test(file) ? undefined : port;
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
