import { allSteps, type Stage } from '../model/dockerfile.ts';
import { expand } from '../model/variables.ts';
import type { Project } from '../project/project.ts';
import type { Span } from '../text/span.ts';

/** A service that a container offers over HTTP. */
export interface Service {
  readonly port: number;
  /** Path of a route made for health checks; undefined where none was found in the sources. */
  readonly healthPath: string | undefined;
  /** The port in the EXPOSE that names it. */
  readonly span: Span;
}

/** Ports on which something else than HTTP answers: by the registry of service names and by habit (debuggers, gRPC). */
const otherProtocols = [
  21, 22, 25, 53, 69, 88, 110, 123, 137, 139, 143, 161, 389, 443, 445, 465, 514, 587, 636, 873, 993, 995,
  1080, 1194, 1433, 1521, 1883, 2049, 2181, 3306, 3389, 5005, 5432, 5671, 5672, 5678, 5858, 6379, 6443, 8443,
  8883, 9092, 9229, 9418, 11211, 27017, 50051,
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
const web =
  /"(?:express|fastify|koa|@nestjs\/core|next|hono|restify|@hapi\/hapi)"|\b(?:flask|django|fastapi|starlette|aiohttp|tornado|gunicorn|uvicorn)\b|gin-gonic|labstack\/echo|gorilla\/mux|go-chi|gofiber|spring-boot-starter-web|\b(?:actix-web|axum|warp|rocket)\b/i;

/**
 * The service that the EXPOSE instructions of a stage tell of; undefined where they tell of none that speaks HTTP. Of
 * several ports, the one that means HTTP by habit, else the first.
 */
export function findService(stage: Stage, project: Project): Service | undefined {
  const texts = manifests.map((name) => project.reader.read(name) ?? '').join('\n');
  if (grpc.test(texts) && !web.test(texts)) {
    return undefined;
  }
  const isFpm =
    stage.end.workdir === '/var/www/html' ||
    allSteps(stage).some((step) => /php-?fpm/.test(step.instruction.line.text)) ||
    /fpm/.test(stage.from.line.text);
  const ports = stage.steps
    .filter((step) => step.instruction.keyword === 'EXPOSE')
    .flatMap((step) =>
      step.instruction.words.flatMap((word) => {
        const value = expand(word.value, step.before.variables, '\\') ?? '';
        const match = /^(\d+)(?:\/tcp)?$/i.exec(value);
        const port = Number(match?.[1]);
        const speaksHttp = match !== null && !otherProtocols.includes(port) && !(port === 9000 && isFpm);
        return speaksHttp ? [{ port, span: word.span }] : [];
      }),
    );
  const usual = httpPorts
    .map((port) => ports.find((one) => one.port === port))
    .find((one) => one !== undefined);
  const chosen = usual ?? ports[0];
  return chosen === undefined ? undefined : { ...chosen, healthPath: findHealthPath(project) };
}

const healthRoute =
  /["'`(](\/(?:api\/|v\d\/|actuator\/|_)?(?:health|healthz|healthcheck|health-check|livez|liveness|readyz|ping|up|status)(?:\/(?:live|ready))?)["'`)]/;

const sourceFile = /\.(?:[cm]?[jt]sx?|py|go|rb|php|java|kt|rs|cs|ex)$/;
const foldersToSearch = [
  '',
  'src',
  'app',
  'server',
  'lib',
  'api',
  'routes',
  'src/routes',
  'src/app',
  'src/api',
  'cmd',
  'src/health',
  'src/controllers',
];
const mostFiles = 60;

/** Looks for a route made for health checks in a bounded number of source files near the root. */
export function findHealthPath(project: Project): string | undefined {
  let read = 0;
  for (const folder of foldersToSearch) {
    for (const entry of project.reader.list(folder) ?? []) {
      if (
        entry.kind !== 'file' ||
        !sourceFile.test(entry.name) ||
        /\.(?:test|spec|d)\.\w+$/.test(entry.name)
      ) {
        continue;
      }
      if (read++ >= mostFiles) {
        return undefined;
      }
      const text = project.reader.read(folder === '' ? entry.name : `${folder}/${entry.name}`);
      const match = text === undefined ? null : healthRoute.exec(text);
      if (match !== null) {
        return match[1];
      }
    }
  }
  return undefined;
}
