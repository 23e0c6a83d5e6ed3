import type { Refused } from '../ecosystems/refusal.ts';
import type { Service } from '../facts/service/service.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import { type Dockerfile, rootBase, type Stage, type Step } from '../model/dockerfile.ts';
import { argumentSpan } from '../syntax/tree.ts';
import { table } from '../text/table.ts';
import { jsonWords } from './exec-form.ts';
import type { Fix } from './fix.ts';
import { Layout } from './layout.ts';
import { type Probe, writeProbe } from './write-probe.ts';

/** A probe with what it takes for granted, one sentence each. */
export interface AssumedProbe extends Probe {
  readonly assumptions: readonly string[];
}

/** A probe for a service that nobody asks yet; the reason where there is none. */
export function chooseProbe(
  traits: ImageTraits | undefined,
  { probe }: Service,
  stage: Stage,
): AssumedProbe | Refused {
  if (probe.state === 'unknown') {
    return { code: 'service-unknown', reason: probe.why };
  }
  const { port, portVariable, protocol } = probe.value;
  const written = writeProbe(traits, stage, probe.value);
  const how = { http: 'answers over HTTP', tls: 'answers over TLS', tcp: 'takes connections' }[protocol];
  const assumptions = [
    `The service ${how} on port ${port}${portVariable === undefined ? '' : `, or on the one that ${portVariable} names`}.`,
    ...probe.evidence.map(({ says }) => `${sentenceStart(says)}.`),
  ];
  if (written !== undefined) {
    return { ...written, assumptions };
  }
  return traits === undefined && rootBase(stage).kind !== 'scratch'
    ? { code: 'programs-of-base-unknown', reason: 'it is not known which programs the image has' }
    : {
        code: 'no-program-to-probe',
        reason: 'the image has no program that could ask (curl, wget, an interpreter)',
      };
}

/** The probe that a server's own image has; undefined for other images. */
export function serverProbe(traits: ImageTraits | undefined): AssumedProbe | undefined {
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
const serverProbes: Readonly<Record<string, readonly string[]>> = table({
  pg_isready: ['pg_isready', '-h', '127.0.0.1', '-U', 'postgres'],
  'redis-cli': ['redis-cli', 'ping'],
  'healthcheck.sh': ['healthcheck.sh', '--connect', '--innodb_initialized'],
  mysqladmin: ['mysqladmin', 'ping', '-h', '127.0.0.1'],
  mongosh: ['mongosh', '--quiet', '--eval', "db.adminCommand('ping')"],
  'rabbitmq-diagnostics': ['rabbitmq-diagnostics', '-q', 'ping'],
});

/** Puts a HEALTHCHECK above the start command. */
export function addHealthcheck(dockerfile: Dockerfile, stage: Stage, probe: AssumedProbe): Fix {
  const layout = new Layout(dockerfile.syntax);
  const keyword = layout.keyword('HEALTHCHECK');
  const continuation = dockerfile.syntax.escape;
  const period = probe.timeout === undefined ? '10s' : '3m';
  const lines = [
    `${keyword} --interval=30s --timeout=${probe.timeout ?? 3}s --start-period=${period} ${continuation}`,
    ...probeLines(probe, `    ${layout.keyword('CMD')} `, continuation),
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

/** A line of a probe is broken where it is longer. */
const widestLine = 110;

/** The command of a probe as lines: at the breaks that it names where it is long, in one line otherwise. */
export function probeLines(probe: Probe, start: string, continuation: string): string[] {
  const { command } = probe;
  const text = typeof command === 'string' ? command : jsonWords(command).replace(/(?<!\\)\\n/g, '\n');
  const whole = text.replaceAll('\n', '');
  // What a continued line begins with stays in the text: white space that the languages of probes do not mind.
  return start.length + whole.length <= widestLine
    ? [`${start}${whole}`]
    : text
        .split('\n')
        .map(
          (line, i, all) => `${i === 0 ? start : '        '}${line}${i < all.length - 1 ? continuation : ''}`,
        );
}

/** Writes another command in place of the one of a HEALTHCHECK; its options stay. */
export function replaceProbe(dockerfile: Dockerfile, step: Step, probe: Probe): Fix | undefined {
  const { instruction } = step;
  const place = argumentSpan(instruction);
  const layout = new Layout(dockerfile.syntax);
  if (dockerfile.syntax.comments.some(({ span }) => span.start >= place.start && span.end <= place.end)) {
    return undefined;
  }
  const start = `${layout.keyword('CMD')} `;
  const lines = probeLines(probe, start, dockerfile.syntax.escape);
  return {
    title: `Ask with ${probe.tool}`,
    applicability: 'review',
    edits: [{ span: place, text: lines.join(layout.lineBreak) }],
    assumptions: ['The probe asks the right port and route, as before.'],
  };
}

/** With a capital at the start, as long as no file is named there. */
function sentenceStart(text: string): string {
  return /^\S*[./]/.test(text) ? text : `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
