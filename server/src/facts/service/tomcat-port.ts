import { lineage, type Stage, type Step } from '../../model/dockerfile.ts';
import type { Project } from '../../project/project.ts';
import { argumentText, findFlag } from '../../syntax/tree.ts';
import { type Known, known, unknown } from '../known.ts';

/**
 * The ports on which Tomcat answers over HTTP by the server.xml that a stage brings; none where that of the image stands as it is.
 * Unknown where a command changes it, or it could not be read.
 */
export function tomcatPorts(stage: Stage, project: Project): Known<readonly number[]> {
  const steps = lineage(stage).flatMap((one) => one.steps);
  const step = steps.findLast(changesServer);
  if (step === undefined) {
    return known([]);
  }
  const text = copiedServer(step, project);
  if (text === undefined) {
    return unknown('what server.xml tells Tomcat of its port could not be read');
  }
  const connectors = [...text.replace(/<!--[\s\S]*?-->/g, '').matchAll(/<Connector\b([^<>]{0,2000})/g)]
    .map(([, attributes = '']) => attributes)
    .filter((attributes) => !/\bSSLEnabled="true"|\bprotocol="[^"]{0,60}ajp/i.test(attributes));
  const ports = connectors.map((attributes) => /\bport="([^"]{0,100})"/.exec(attributes)?.[1] ?? '');
  return ports.length > 0 && ports.every((port) => /^\d+$/.test(port))
    ? known(ports.map(Number))
    : unknown('server.xml names no plain port for HTTP');
}

/** True for an instruction that writes Tomcat's server.xml, or all of its configuration. */
function changesServer({ instruction, before }: Step): boolean {
  if (!['COPY', 'ADD', 'RUN'].includes(instruction.keyword)) {
    return false;
  }
  const target = instruction.words.at(-1)?.value ?? '';
  const path = target.startsWith('/') ? target : `${before.workdir ?? ''}/${target}`;
  return (
    argumentText(instruction).includes('server.xml') ||
    (instruction.keyword !== 'RUN' && /\/tomcat(?:\/conf)?\/?$/.test(path))
  );
}

/** The text of a server.xml that an instruction copies from the build context; undefined where it is another one. */
function copiedServer({ instruction }: Step, project: Project): string | undefined {
  const source = instruction.words
    .slice(0, -1)
    .find(({ value }) => /(?:^|\/)server\.xml$/.test(value))?.value;
  return instruction.keyword === 'RUN' || source === undefined || findFlag(instruction, 'from') !== undefined
    ? undefined
    : project.reader.read(source.replace(/^(?:\.?\/)+/, ''));
}
