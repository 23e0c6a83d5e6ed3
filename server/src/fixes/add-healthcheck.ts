import type { Service } from '../facts/service/service.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import { type Dockerfile, rootBase, type Stage } from '../model/dockerfile.ts';
import { installsPackage } from '../model/installed-packages.ts';
import { jsonWords } from './exec-form.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';

/** A command that asks a service whether it is well, with a program that the image has. */
export interface Probe {
  /** The program, for the title. */
  readonly tool: string;
  /** The words of the exec form; a text where a shell has to read it. */
  readonly command: readonly string[] | string;
  /** Seconds after which no answer counts as ill; 3 where none are said. */
  readonly timeout?: number;
  readonly assumptions: readonly string[];
}

/**
 * Chooses a probe for an image: the language's own runtime first, because it is there in every variant, then curl, wget
 * and Bash where the image or the stage has them. Exec form where it can be, so that it works without a shell. Where none
 * of them is there for certain, the reason.
 */
export function chooseProbe(traits: ImageTraits | undefined, service: Service, stage: Stage): Probe | string {
  const { port, obeysPort, health, doubt } = service;
  if (doubt !== undefined) {
    return doubt;
  }
  const path = health?.path ?? '/';
  const limit = health?.illFrom ?? 500;
  const shellPort = obeysPort ? `\${PORT:-${port}}` : `${port}`;
  const url = `http://127.0.0.1:${shellPort}${path}`;
  /** The same URL as an expression of a language that joins texts with `+` and reads variables in its own way. */
  const urlIn = (variable: string): string =>
    obeysPort ? `'http://127.0.0.1:'+${variable}+'${path}'` : `'${url}'`;
  const nodeUrl = urlIn(`(process.env.PORT||${port})`);
  const denoUrl = urlIn(`(Deno.env.get('PORT')||${port})`);
  const rubyUrl = urlIn(`ENV.fetch('PORT', '${port}')`);
  const has = (tool: string): boolean =>
    traits?.tools?.includes(tool) === true || installsPackage(stage, tool);
  const probe = (tool: string, command: Probe['command']): Probe => ({
    tool,
    command,
    assumptions: [
      `The service answers over HTTP on port ${port}${obeysPort ? ', or on the one that PORT names' : ''}.`,
      health === undefined
        ? 'No health route was found in the sources: any answer on / below status 500 counts as healthy.'
        : `The route ${path} answers ${limit === 400 ? 'with a success' : 'below status 500'} when the service is well (found in the sources).`,
    ],
  });
  if (has('node')) {
    // Not fetch: Node.js before 18 has none.
    const script = `require('http').get(${nodeUrl},r=>process.exit(r.statusCode<${limit}?0:1)).on('error',()=>process.exit(1))`;
    return probe('node', [traits?.family === 'distroless' ? '/nodejs/bin/node' : 'node', '-e', script]);
  }
  if (has('bun')) {
    const script = `fetch(${nodeUrl}).then(r=>process.exit(r.status<${limit}?0:1),()=>process.exit(1))`;
    return probe('bun', ['bun', '-e', script]);
  }
  if (has('deno')) {
    const script = `fetch(${denoUrl}).then(r=>Deno.exit(r.status<${limit}?0:1),()=>Deno.exit(1))`;
    return probe('deno', ['deno', 'eval', script]);
  }
  if (traits?.family === 'python' || (traits?.family === 'distroless' && has('python3'))) {
    // Not urllib: it follows redirects, and a service behind a proxy sends to https what comes without.
    const asked = obeysPort ? `int(os.environ.get('PORT', ${port}))` : `${port}`;
    const script = `import ${obeysPort ? 'os, ' : ''}sys, http.client; c = http.client.HTTPConnection('127.0.0.1', ${asked}, timeout=2); c.request('GET', '${path}'); sys.exit(c.getresponse().status >= ${limit})`;
    return probe('python', [traits.family === 'python' ? 'python' : '/usr/bin/python3', '-c', script]);
  }
  if (has('curl')) {
    const isPlain = limit === 400 && !obeysPort;
    const shell =
      limit === 400
        ? `curl -fsS -o /dev/null "${url}"`
        : `curl -s -o /dev/null -w '%{http_code}' "${url}" | grep -q '^[1-4]'`;
    return probe('curl', isPlain ? ['curl', '-fsS', '-o', '/dev/null', url] : shell);
  }
  if (traits?.family === 'ruby') {
    const script = `exit(Net::HTTP.get_response(URI(${rubyUrl})).code.to_i < ${limit})`;
    return probe('ruby', ['ruby', '-rnet/http', '-e', script]);
  }
  if (limit === 400 && has('wget')) {
    return probe(
      'wget',
      obeysPort ? `wget -q -O /dev/null "${url}"` : ['wget', '-q', '-O', '/dev/null', url],
    );
  }
  if (traits?.distribution?.id === 'alpine' || traits?.family === 'busybox') {
    // BusyBox's wget fails with every status from 400 on: its first line tells whether anybody answered.
    return probe('wget', `wget -qSO /dev/null "${url}" 2>&1 | grep -q 'HTTP/1.[01] [1-4]'`);
  }
  if (has('bash')) {
    const request = `GET ${path} HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n`;
    const script = `exec 3<>/dev/tcp/127.0.0.1/${shellPort} && printf '${request}' >&3 && read -r _ status _ <&3 && [ "$status" -lt ${limit} ]`;
    return probe('bash', ['bash', '-c', script]);
  }
  return traits === undefined && rootBase(stage).kind !== 'scratch'
    ? 'it is not known which programs the image has'
    : 'the image has no program that could ask (curl, wget, an interpreter)';
}

/** The probe that a server's own image has; undefined for other images. */
export function serverProbe(traits: ImageTraits | undefined): Probe | undefined {
  if (traits?.isServer !== true) {
    return undefined;
  }
  const tool = Object.keys(serverProbes).find((name) => traits.tools?.includes(name) === true);
  const command = tool === undefined ? undefined : serverProbes[tool];
  return tool === undefined || command === undefined
    ? undefined
    : {
        tool,
        command,
        timeout: 10,
        assumptions: ['The server listens on its usual port, and its data are set up within three minutes.'],
      };
}

/** How servers tell whether they are well. By 127.0.0.1, because while they set up their data they listen on a socket only. */
const serverProbes: Readonly<Record<string, readonly string[]>> = {
  pg_isready: ['pg_isready', '-h', '127.0.0.1', '-U', 'postgres'],
  'redis-cli': ['redis-cli', 'ping'],
  'healthcheck.sh': ['healthcheck.sh', '--connect', '--innodb_initialized'],
  mysqladmin: ['mysqladmin', 'ping', '-h', '127.0.0.1'],
  mongosh: ['mongosh', '--quiet', '--eval', "db.adminCommand('ping')"],
  'rabbitmq-diagnostics': ['rabbitmq-diagnostics', '-q', 'ping'],
};

/** Puts a HEALTHCHECK above the start command. */
export function addHealthcheck(dockerfile: Dockerfile, stage: Stage, probe: Probe): Fix {
  const layout = new Layout(dockerfile.syntax);
  const keyword = layout.keyword('HEALTHCHECK');
  const continuation = dockerfile.syntax.escape;
  const command = typeof probe.command === 'string' ? probe.command : jsonWords(probe.command);
  const period = probe.timeout === undefined ? '10s' : '3m';
  const lines = [
    `${keyword} --interval=30s --timeout=${probe.timeout ?? 3}s --start-period=${period} ${continuation}`,
    `    ${layout.keyword('CMD')} ${command}`,
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
