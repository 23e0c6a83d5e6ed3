import { commandsOfStep, pathOf } from '../../model/commands.ts';
import { lineage, type Stage, type Step } from '../../model/dockerfile.ts';
import { expand } from '../../model/variables.ts';
import type { Project } from '../../project/project.ts';
import { argumentText } from '../../syntax/tree.ts';
import { type Known, known, unknown } from '../known.ts';
import { copiedConfigurations } from './copied-configuration.ts';

const folder = '/etc/nginx';
const siteOfImage = `${folder}/conf.d/default.conf`;

/**
 * The ports on which nginx answers over HTTP by the configuration that a stage brings; none where that of the image
 * stands as it is. Unknown where a configuration could not be read, or is written by a command.
 */
export function nginxPorts(stage: Stage, project: Project): Known<readonly number[]> {
  const steps = lineage(stage).flatMap((one) => one.steps);
  const copied = steps
    .flatMap((step) => copiedConfigurations(step, project, folder))
    .map((one) => ({ ...one, target: placeOf(one.target) }));
  const unread = copied.find(({ text }) => text === undefined);
  if (unread !== undefined) {
    return unknown(`${unread.source}, which tells nginx its port, could not be read`);
  }
  const writer = steps.map(writerOf).find((one) => one !== undefined);
  if (writer !== undefined) {
    return unknown(`\`${writer}\` of a RUN writes the configuration of nginx`);
  }
  const listens = copied.flatMap(({ text = '' }) => listensOf(text));
  const values = listens.map(({ port }) => expand(port, stage.end.environment, '\\') ?? port);
  const hidden = values.find((one) => !/^\d+$/.test(one));
  if (hidden !== undefined) {
    return unknown(`the configuration of nginx takes its port from ${hidden}`);
  }
  const ports = listens.flatMap(({ isTls }, i) => (isTls ? [] : [Number(values[i])]));
  const isReplaced =
    steps.some(removesSite) ||
    copied.some(
      ({ target, text = '' }) =>
        target === siteOfImage || (target === `${folder}/nginx.conf` && !/include\s[^;]*conf\.d/.test(text)),
    );
  return ports.length === 0 && isReplaced
    ? unknown('no configuration of nginx that was found names a port for HTTP')
    : known(ports);
}

/** True where nginx takes connections on a port over IPv6 alone: `listen [::]:80` without another for IPv4 beside it. */
export function listensOverIpv6Alone(stage: Stage, project: Project, port: number): boolean {
  const listens = lineage(stage)
    .flatMap((one) => one.steps)
    .flatMap((step) => copiedConfigurations(step, project, folder))
    .flatMap(({ text = '' }) => text.split('\n'))
    .map((line) => /^\s*(?:server\s*\{\s*)?listen\s+([^\s;]+)([^;]*)/.exec(line))
    .filter((match) => match !== null)
    .filter(([, place = '']) => place.replace(/^.*:/, '') === `${port}`);
  return (
    listens.length > 0 &&
    listens.every(([, place = '', rest = '']) => place.startsWith('[') && !rest.includes('ipv6only=off'))
  );
}

function listensOf(text: string): { port: string; isTls: boolean }[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(?:server\s*\{\s*)?listen\s+(?:[\d.*]+:|\[[\da-f:]*\]:)?(\d+|\$\{?\w+\}?)([^;]*)/.exec(
      line,
    );
    return match === null
      ? []
      : [{ port: match[1] ?? '', isTls: /\b(?:ssl|quic)\b/.test(match[2] ?? '') || match[1] === '443' }];
  });
}

/** Templates of the image become sites of the same name. */
function placeOf(target: string): string {
  return target.replace(`${folder}/templates/`, `${folder}/conf.d/`).replace(/\.template$/, '');
}

function removesSite(step: Step): boolean {
  return commandsOfStep(step).some(
    ({ command, directory }) =>
      command.name === 'rm' &&
      command.args.some((word) => {
        const path = pathOf(word, directory);
        return path === siteOfImage || path === `${folder}/conf.d` || path === folder;
      }),
  );
}

/** The command of a RUN that writes a configuration: what it says is not read. */
function writerOf(step: Step): string | undefined {
  if (step.instruction.keyword !== 'RUN') {
    return undefined;
  }
  const text = argumentText(step.instruction);
  if (/>>?\s{0,5}["']?\/etc\/nginx\//.test(text)) {
    return text.trim().split(/\s/, 1)[0];
  }
  return commandsOfStep(step).find(({ command: { name = '', args } }) => {
    const isNamed = args.some((word) => word.text.includes(`${folder}/`));
    const isSed = name === 'sed' && /listen|\b80\b/.test(text);
    return isNamed && (isSed || /^(?:tee|cp|mv|ln|envsubst|install)$/.test(name));
  })?.command.name;
}
