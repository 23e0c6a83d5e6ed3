import type { ImageTraits } from '../images/knowledge.ts';
import { allSteps, type Dockerfile, type Stage } from '../model/dockerfile.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';
import type { Service } from './service.ts';

/** A command that asks a service whether it is well, with a program that the image has. */
export interface Probe {
  /** The program, for the title. */
  readonly tool: string;
  readonly command: readonly string[];
  readonly assumptions: readonly string[];
}

/**
 * Chooses a probe for an image: the language's own runtime first, because it is there in every variant, then curl and
 * wget where the image or the stage has them. Exec form, so that it works without a shell. Undefined where the image has
 * none of them for certain.
 */
export function chooseProbe(
  traits: ImageTraits | undefined,
  service: Service,
  stage: Stage,
): Probe | undefined {
  const url = `http://127.0.0.1:${service.port}${service.healthPath ?? '/'}`;
  const isStrict = service.healthPath !== undefined;
  const tools = traits?.tools ?? [];
  const assumptions = [
    `The service answers over HTTP on port ${service.port}.`,
    isStrict
      ? `The route ${service.healthPath} answers with 200 when the service is well (found in the sources).`
      : 'No health route was found in the sources: any answer on / below status 500 counts as healthy.',
  ];
  const node = traits?.family === 'distroless' && tools.includes('node') ? '/nodejs/bin/node' : 'node';
  if (tools.includes('node') && !isOldNode(traits)) {
    const test = isStrict ? 'r.ok' : 'r.status<500';
    const script = `fetch('${url}').then(r=>process.exit(${test}?0:1),()=>process.exit(1))`;
    return { tool: 'node', command: [node, '-e', script], assumptions };
  }
  if (tools.includes('python3') || tools.includes('python')) {
    const python = tools.includes('python') ? 'python' : 'python3';
    const script = isStrict
      ? `import urllib.request as r; r.urlopen('${url}', timeout=2)`
      : `import sys, urllib.request as r, urllib.error as e\ntry: r.urlopen('${url}', timeout=2)\nexcept e.HTTPError as x: sys.exit(x.code >= 500)`;
    return { tool: python, command: [python, '-c', script], assumptions };
  }
  if (tools.includes('curl') || installs(stage, 'curl')) {
    return isStrict
      ? { tool: 'curl', command: ['curl', '-fsS', '-o', '/dev/null', url], assumptions }
      : {
          tool: 'curl',
          command: ['curl', '-sS', '-o', '/dev/null', url],
          assumptions: [
            assumptions[0] ?? '',
            'No health route was found in the sources: any answer on / counts as healthy.',
          ],
        };
  }
  if (tools.includes('wget') || installs(stage, 'wget')) {
    return {
      tool: 'wget',
      command: ['wget', '-q', '-O', '/dev/null', url],
      assumptions: [
        assumptions[0] ?? '',
        isStrict
          ? (assumptions[1] ?? '')
          : 'No health route was found in the sources: / must answer with 200.',
      ],
    };
  }
  if (tools.includes('ruby')) {
    const test = isStrict ? 'r.is_a?(Net::HTTPSuccess)' : 'r.code.to_i < 500';
    const script = `r = Net::HTTP.get_response(URI('${url}')); exit(${test})`;
    return { tool: 'ruby', command: ['ruby', '-rnet/http', '-e', script], assumptions };
  }
  return undefined;
}

/** Node.js before 18 has no global `fetch`. */
function isOldNode(traits: ImageTraits | undefined): boolean {
  const major = Number.parseInt(traits?.version ?? '', 10);
  return Number.isFinite(major) && major < 18;
}

function installs(stage: Stage, name: string): boolean {
  return allSteps(stage).some(
    (step) =>
      step.script?.commands.some(
        (command) =>
          ['apt-get', 'apt', 'apk', 'dnf', 'microdnf', 'yum'].includes(command.name ?? '') &&
          command.args.some((word) => word.value === 'install' || word.value === 'add') &&
          command.args.some((word) => word.value === name),
      ) ?? false,
  );
}

/** Puts a HEALTHCHECK above the start command. */
export function addHealthcheck(dockerfile: Dockerfile, stage: Stage, probe: Probe): Fix {
  const layout = new Layout(dockerfile.syntax);
  const keyword = layout.keyword('HEALTHCHECK');
  const continuation = dockerfile.syntax.escape;
  const lines = [
    `${keyword} --interval=30s --timeout=3s --start-period=10s ${continuation}`,
    `    ${layout.keyword('CMD')} ${JSON.stringify(probe.command).replaceAll('","', '", "')}`,
  ];
  const start = stage.steps.find((step) => ['CMD', 'ENTRYPOINT'].includes(step.instruction.keyword));
  const last = stage.steps.at(-1)?.instruction ?? stage.from;
  const edit =
    start === undefined ? layout.insertAfter(last, lines) : layout.insertBefore(start.instruction, lines);
  return {
    title: `Add HEALTHCHECK with ${probe.tool}`,
    applicability: 'review',
    edits: [edit],
    assumptions: probe.assumptions,
  };
}
