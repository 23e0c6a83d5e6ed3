import { splitSpace } from '../../syntax/space.ts';
import type { SyntaxProblem } from '../../syntax/tree.ts';
import type { Step } from '../dockerfile.ts';
import type { Values } from './values.ts';

/** Ports of EXPOSE that BuildKit does not take. */
export function portRefusals({ instruction }: Step, values: Values): SyntaxProblem[] {
  if (instruction.keyword !== 'EXPOSE') {
    return [];
  }
  return instruction.words.flatMap((word) => {
    const [problem] = splitSpace(values.of(word.value) ?? '').flatMap((port) => portProblem(port) ?? []);
    return problem === undefined ? [] : [{ message: problem, span: word.span }];
  });
}

function portProblem(text: string): string | undefined {
  const parts = text.split(':');
  const own = parts.at(-1) ?? '';
  const host = parts.length > 1 ? parts.at(-2) : '';
  const slash = own.indexOf('/');
  const ports = slash < 0 ? own : own.slice(0, slash);
  const protocol = slash < 0 ? '' : own.slice(slash + 1);
  if (!['', 'tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) {
    return `EXPOSE knows tcp, udp and sctp, not ${protocol}.`;
  }
  const range = portRange(ports);
  if (typeof range === 'string') {
    return range;
  }
  if (host === undefined || host === '') {
    return undefined;
  }
  const onHost = portRange(host);
  if (typeof onHost === 'string') {
    return onHost;
  }
  return range > 0 && onHost !== range ? 'The ranges of EXPOSE hold different numbers of ports.' : undefined;
}

/** By how much a range of ports ends above its start, or what is wrong with it. */
function portRange(text: string): number | string {
  const dash = text.indexOf('-');
  const [start, end] = dash < 0 ? [text, text] : [text.slice(0, dash), text.slice(dash + 1)];
  for (const port of [start, end]) {
    if (!/^\+?\d+$/.test(port)) {
      return `EXPOSE takes a port such as 8080 or 53/udp, not ${text === '' ? 'nothing' : text}.`;
    }
    if (Number(port) > 65_535) {
      return `A port is at most 65535; ${port} is above.`;
    }
  }
  const size = Number(end) - Number(start);
  return size < 0 ? `The range ${text} ends below its start.` : size;
}
