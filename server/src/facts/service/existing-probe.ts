import type { Stage, Step } from '../../model/dockerfile.ts';
import type { ShellCommand, ShellScript } from '../../syntax/shell/script.ts';
import { argumentText } from '../../syntax/tree.ts';
import type { AnalysisContext } from '../context.ts';
import { contextFile } from '../start/context-file.ts';
import type { ProbeRequest } from './probe-request.ts';

/** A HEALTHCHECK that is written already. */
export interface ExistingProbe {
  /** The programs that it starts first, which have to be there for it to pass. */
  readonly programs: readonly string[];
  /** What it asks, where that can be said in other words; undefined where it does more than ask one URL. */
  readonly request: ProbeRequest | undefined;
}

/** Reads a HEALTHCHECK; undefined for NONE, and where its text was not understood. */
export function readProbe(context: AnalysisContext, step: Step): ExistingProbe | undefined {
  const { instruction } = step;
  const words = wordsOf(step);
  if (words === undefined) {
    const text = argumentText(instruction).replace(/^CMD\s+/i, '');
    return /^NONE\b/i.test(text) || text === '' ? undefined : readScript(context.shell.parse(text));
  }
  const [program = '', option, script] = words;
  if (/(?:^|\/)(?:ba|da|a)?sh$/.test(program) && /^-\w*c$/.test(option ?? '') && script !== undefined) {
    const inner = readScript(context.shell.parse(script));
    return inner === undefined ? undefined : { ...inner, programs: [program, ...inner.programs] };
  }
  return program === ''
    ? undefined
    : { programs: [program], request: requestOf(program.replace(/^.*\//, ''), words.slice(1)) };
}

/** The programs that the probe of a service or workload starts first; none where its text was not understood. */
export function probedPrograms(context: AnalysisContext, text: string): readonly string[] {
  const [shell = '', option = ''] = text.split(' ', 2);
  const isShell =
    ['sh', 'bash', 'ash', 'dash'].includes(shell.replace(/^.*\//, '')) && /^-\w*c$/.test(option);
  const inner = isShell ? text.slice(shell.length + option.length + 2) : undefined;
  // The words of a list stand side by side, without their quotes: only the first one is sure.
  return inner === undefined
    ? text.split(/\s/, 1).filter((word) => /^[\w./-]+$/.test(word))
    : (readScript(context.shell.parse(inner))?.programs ?? []);
}

/** A script of the project that a probe starts, and the programs that it needs. */
export interface ProbeScript {
  /** Path in the build context. */
  readonly file: string;
  readonly programs: readonly string[];
}

/** The script that a probe starts by its path; undefined where it starts none, or it looks for its programs by itself. */
export function probeScript(
  context: AnalysisContext,
  stage: Stage,
  probe: ExistingProbe,
): ProbeScript | undefined {
  for (const word of probe.programs) {
    const paths = word.startsWith('/') ? [word] : searched.map((folder) => `${folder}/${word}`);
    const file = paths
      .map((path) => contextFile(context.dockerfile, context.project, stage, path))
      .find((one) => one?.path !== undefined);
    const isShell = file !== undefined && /^#![^\n]*\b(?:ba|da|a)?sh\b/.test(file.text);
    if (file?.path !== undefined && isShell && !/\b(?:command -v|which|type|hash)\b/.test(file.text)) {
      const script = context.shell.parse(file.text);
      const commands = script.commands.filter((one) => one.isUnconditional);
      const found = readScript({ ...script, commands });
      return found === undefined ? undefined : { file: file.path, programs: found.programs };
    }
  }
  return undefined;
}

const searched = ['/usr/local/bin', '/usr/bin', '/bin'];

/** The words of the exec form, CMD left off; undefined for the shell form. */
function wordsOf({ instruction }: Step): readonly string[] | undefined {
  const text = argumentText(instruction).replace(/^CMD\s+/i, '');
  if (!text.startsWith('[')) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}

function readScript(script: ShellScript): ExistingProbe | undefined {
  if (!script.isUnderstood || script.commands.length === 0) {
    return undefined;
  }
  const [first, ...rest] = script.commands;
  // What stands behind `||` may do without what stands in front of it.
  const alternatives = rest.filter(
    ({ operator, name }) => operator === '||' && !['exit', 'kill', 'false', 'echo'].includes(name ?? ''),
  );
  const needed =
    alternatives.length > 0
      ? []
      : script.commands.filter(({ operator }) => operator !== '||' && operator !== '&&');
  const isPlain =
    first?.isTopLevel === true &&
    first.redirects.every(({ target }) => target?.text === '/dev/null' || target?.text === '1') &&
    rest.every(({ operator, name }) => operator === '||' && ['exit', 'false'].includes(name ?? ''));
  return {
    programs: needed.flatMap(({ nameWord }) => (/[$`]/.test(nameWord.text) ? [] : [nameWord.text])),
    request: isPlain ? requestOf(first.name ?? '', textsOf(first)) : undefined,
  };
}

function textsOf(command: ShellCommand): string[] {
  return command.args.map((word) => word.value ?? word.text.replace(/^"|"$/g, ''));
}

/** Options of curl and wget that change nothing about what is asked; those that take a value with it. */
const harmless =
  /^(?:-[fsSLkqvOI]+-?|-nv|--fail|--silent|--show-error|--location|--insecure|--head|--spider|--quiet|--no-verbose|--no-check-certificate|--(?:max-time|connect-timeout|tries|timeout|retry|retry-delay|output|output-document|request)=\S*|-[mtT]\d+)$/;
const valued =
  /^(?:-o|-O|-m|-t|-T|-X|-qO|-sSo|-so|-fsSo|-fso|--output|--output-document|--max-time|--connect-timeout|--tries|--timeout|--retry|--retry-delay|--request)$/;
const unchanging = /^(?:\/dev\/null|-|\d+(?:\.\d+)?s?|GET|HEAD)$/;

function requestOf(program: string, words: readonly string[]): ProbeRequest | undefined {
  if (program !== 'curl' && program !== 'wget') {
    return undefined;
  }
  const urls: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (valued.test(word)) {
      const value = words[at + 1] ?? '';
      if (!unchanging.test(value)) {
        return undefined;
      }
      at++;
    } else if (word.startsWith('-')) {
      if (!harmless.test(word)) {
        return undefined;
      }
    } else {
      urls.push(word);
    }
  }
  const [url] = urls;
  const match =
    /^(?:(https?):\/\/)?(localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(\d+|\$\{?PORT\}?|\$\{PORT:-(\d+)\}))?(\/[^\s'"\\$]*)?$/.exec(
      url ?? '',
    );
  if (match === null || urls.length !== 1) {
    return undefined;
  }
  const [, scheme = 'http', host, port, fallback, path = '/'] = match;
  const isTls = scheme === 'https';
  const number = Number(fallback ?? port ?? (isTls ? 443 : 80));
  // curl passes with every answer unless it is told otherwise.
  const fails = program === 'wget' || words.some((word) => /^-[a-zA-Z]*f/.test(word) || word === '--fail');
  return Number.isNaN(number)
    ? undefined
    : {
        protocol: isTls ? 'tls' : 'http',
        // The name stands for both families, and a number for one of them.
        address: host === 'localhost' ? 'loopback' : host === '[::1]' ? 'ipv6' : { literal: '127.0.0.1' },
        port: number,
        portVariable: fallback === undefined ? undefined : 'PORT',
        path,
        unhealthyFrom: fails ? 400 : 500,
      };
}
