import { installsPackage } from '../distros/installed-packages.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import type { Dockerfile, Stage } from '../model/dockerfile.ts';
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
 * Chooses a probe for an image: the language's own runtime first, because it is there in every variant, then curl, wget
 * and nc where the image or the stage has them. Exec form, so that it works without a shell. Where none of them is there
 * for certain, the reason.
 */
export function chooseProbe(traits: ImageTraits | undefined, service: Service, stage: Stage): Probe | string {
  const { port, healthPath } = service;
  const url = `http://127.0.0.1:${port}${healthPath ?? '/'}`;
  const has = (tool: string): boolean =>
    traits?.tools?.includes(tool) === true || installsPackage(stage, tool);
  const assumptions = (without: string): string[] => [
    `The service answers over HTTP on port ${port}.`,
    healthPath === undefined
      ? `No health route was found in the sources: ${without}.`
      : `The route ${healthPath} answers with a success when the service is well (found in the sources).`,
  ];
  if (has('node')) {
    const node = traits?.family === 'distroless' ? '/nodejs/bin/node' : 'node';
    // Not fetch: Node.js before 18 has none.
    const limit = healthPath === undefined ? 500 : 400;
    const script = `require('http').get('${url}',r=>process.exit(r.statusCode<${limit}?0:1)).on('error',()=>process.exit(1))`;
    return {
      tool: 'node',
      command: [node, '-e', script],
      assumptions: assumptions('any answer on / below status 500 counts as healthy'),
    };
  }
  if (traits?.family === 'python' || (traits?.family === 'distroless' && has('python3'))) {
    const python = traits.family === 'python' ? 'python' : '/usr/bin/python3';
    const script =
      healthPath === undefined
        ? `import sys, urllib.request as r, urllib.error as e\ntry: r.urlopen('${url}', timeout=2)\nexcept e.HTTPError as x: sys.exit(x.code >= 500)`
        : `import urllib.request as r; r.urlopen('${url}', timeout=2)`;
    return {
      tool: 'python',
      command: [python, '-c', script],
      assumptions: assumptions('any answer on / below status 500 counts as healthy'),
    };
  }
  if (has('curl')) {
    const options = healthPath === undefined ? ['-sS'] : ['-fsS'];
    return {
      tool: 'curl',
      command: ['curl', ...options, '-o', '/dev/null', url],
      assumptions: assumptions('any answer on / counts as healthy'),
    };
  }
  const isBusybox = traits?.distribution?.id === 'alpine' || traits?.family === 'busybox';
  if (healthPath === undefined && isBusybox) {
    return {
      tool: 'nc',
      command: ['nc', '-z', '127.0.0.1', String(port)],
      assumptions: assumptions('whoever accepts a connection counts as healthy'),
    };
  }
  if (healthPath !== undefined && has('wget')) {
    return { tool: 'wget', command: ['wget', '-q', '-O', '/dev/null', url], assumptions: assumptions('') };
  }
  if (traits?.family === 'ruby') {
    const test = healthPath === undefined ? 'r.code.to_i < 500' : 'r.code.to_i < 400';
    const script = `r = Net::HTTP.get_response(URI('${url}')); exit(${test})`;
    return {
      tool: 'ruby',
      command: ['ruby', '-rnet/http', '-e', script],
      assumptions: assumptions('any answer on / below status 500 counts as healthy'),
    };
  }
  return traits === undefined
    ? 'it is not known which programs the image has'
    : 'the image has no program that could ask (curl, wget, an interpreter)';
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
