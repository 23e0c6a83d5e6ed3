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

/** Ports on which something else than HTTP answers. */
const otherProtocols = [
  21, 22, 25, 53, 110, 143, 389, 445, 465, 587, 993, 1433, 1521, 1883, 2181, 3306, 3389, 5432, 5671, 5672,
  6379, 9092, 11211, 27017,
];

/** The service that the EXPOSE instructions of a stage tell of; undefined where they tell of none that speaks HTTP. */
export function findService(stage: Stage, project: Project): Service | undefined {
  for (const step of allSteps(stage)) {
    if (step.instruction.keyword !== 'EXPOSE' || !stage.steps.includes(step)) {
      continue;
    }
    for (const word of step.instruction.words) {
      const value = expand(word.value, step.before.variables, '\\') ?? '';
      const match = /^(\d+)(?:\/tcp)?$/i.exec(value);
      const port = Number(match?.[1]);
      if (match !== null && !otherProtocols.includes(port)) {
        return { port, healthPath: findHealthPath(project), span: word.span };
      }
    }
  }
  return undefined;
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
