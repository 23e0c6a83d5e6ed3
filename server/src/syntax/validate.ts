import { table } from '../text/table.ts';
import { splitSpace } from './space.ts';
import { type DockerfileSyntax, type Flag, type Instruction, keywords, type SyntaxProblem } from './tree.ts';
import { readJsonWords } from './words.ts';

/** Flags per instruction, as of Dockerfile syntax 1.20 (BuildKit's instruction parser, read 2026-11). */
const knownFlags: Readonly<Record<string, readonly string[]>> = table({
  ADD: ['chown', 'chmod', 'link', 'keep-git-dir', 'checksum', 'unpack', 'exclude'],
  COPY: ['chown', 'chmod', 'from', 'link', 'exclude', 'parents'],
  FROM: ['platform'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
  RUN: ['mount', 'network', 'security', 'device'],
});

/** Flags that may stand without a value. */
const switches = ['link', 'parents', 'keep-git-dir', 'unpack'];

/** Flags that may be given several times. */
const repeatable = ['mount', 'exclude', 'device'];

/** A port or a range of ports, with an address, a host port and a protocol that the engine ignores. */
const exposedPort = /^(?:[\w.[\]:-]*:)?\d{1,5}(?:-\d{1,5})?(?:\/[a-z]*)?$/i;

const stageName = /^[a-z][a-z0-9-_.]*$/i;

/** What BuildKit's instruction parser refuses, instruction by instruction. */
export function validate(syntax: Omit<DockerfileSyntax, 'problems'>): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  let hasStage = false;
  for (const instruction of syntax.instructions) {
    problems.push(...validateInstruction(instruction));
    hasStage ||= instruction.keyword === 'FROM';
    if (!hasStage && instruction.keyword !== 'ARG' && isKeyword(instruction.keyword)) {
      problems.push({
        message: `${instruction.keyword} stands before the first FROM; only ARG may.`,
        span: instruction.keywordSpan,
      });
      hasStage = true;
    }
  }
  return problems;
}

function isKeyword(keyword: string): boolean {
  return (keywords as readonly string[]).includes(keyword);
}

function validateInstruction(instruction: Instruction): SyntaxProblem[] {
  const { keyword, keywordSpan } = instruction;
  if (!isKeyword(keyword)) {
    return [{ message: `Unknown instruction: ${shorten(keyword)}`, span: keywordSpan }];
  }
  const problems = validateFlags(instruction);
  const message = argumentProblem(instruction);
  if (message !== undefined) {
    problems.push({ message, span: keywordSpan });
  }
  return problems;
}

function validateFlags(instruction: Instruction): SyntaxProblem[] {
  const known = knownFlags[instruction.keyword] ?? [];
  return instruction.flags.flatMap((flag) => {
    if (!known.includes(flag.name)) {
      return [{ message: `${instruction.keyword} has no flag --${shorten(flag.name)}`, span: flag.span }];
    }
    const message = flagProblem(instruction, flag);
    return message === undefined ? [] : [{ message, span: flag.span }];
  });
}

/** A duration as Go writes it: `30s`, `1m30s`, `500ms`; `0` needs no unit. */
const duration = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

function flagProblem(instruction: Instruction, flag: Flag): string | undefined {
  const { name, value } = flag;
  if (value === undefined) {
    return switches.includes(name) ? undefined : `--${name} needs a value.`;
  }
  const first = instruction.flags.find((one) => one.name === name);
  if (first !== flag && !repeatable.includes(name)) {
    return `--${name} is given twice.`;
  }
  if (switches.includes(name) && !['true', 'false'].includes(value.toLowerCase())) {
    return `--${name} takes true or false.`;
  }
  const isTime = ['interval', 'timeout', 'start-period', 'start-interval'].includes(name);
  if (instruction.keyword === 'HEALTHCHECK' && isTime && value !== '') {
    return durationProblem(name, value);
  }
  const isCount = instruction.keyword === 'HEALTHCHECK' && name === 'retries';
  return isCount && (!/^\+?\d*$/.test(value) || Number(value) > Number.MAX_SAFE_INTEGER)
    ? '--retries takes a number.'
    : undefined;
}

const nanoseconds: Readonly<Record<string, number>> = table({
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
});

/** The longest duration that Go holds, in nanoseconds: 292 years. */
const longestDuration = 2 ** 63;

function durationProblem(name: string, value: string): string | undefined {
  if (!duration.test(value)) {
    return `--${name} takes a duration such as 30s.`;
  }
  let sum = 0;
  for (const [, number = '', unit = ''] of value.matchAll(/(?<![\d.])([\d.]+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    sum += Number(number) * (nanoseconds[unit] ?? 0);
  }
  if (sum >= longestDuration) {
    return `--${name} takes a duration such as 30s.`;
  }
  const isTooShort = sum > 0 && (value.startsWith('-') || sum < 1e6);
  return isTooShort ? `--${name} is at least 1ms.` : undefined;
}

function argumentProblem(instruction: Instruction): string | undefined {
  const { keyword, words, pairs, form } = instruction;
  if (form === 'shell' && holdsOtherThanStrings(instruction)) {
    return 'A JSON array here may hold strings only.';
  }
  switch (keyword) {
    case 'FROM': {
      if (words.length !== 1 && words.length !== 3) {
        return 'FROM takes an image, or an image AS a name.';
      }
      if (words.length === 3) {
        if (words[1]?.value.toUpperCase() !== 'AS') {
          return 'FROM takes an image, or an image AS a name.';
        }
        const name = words[2]?.value ?? '';
        return stageName.test(name)
          ? undefined
          : `The stage name ${shorten(name)} must start with a letter and hold only letters, digits, "-", "_" and ".".`;
      }
      return undefined;
    }
    case 'COPY':
    case 'ADD':
      if (words.length < 2) {
        return `${keyword} needs at least a source and a destination.`;
      }
      return instruction.heredocs.some((heredoc) => heredoc.span.start === words.at(-1)?.span.start)
        ? `${keyword} needs a destination behind the heredoc.`
        : undefined;
    case 'ENV':
    case 'LABEL': {
      if (pairs.length === 0) {
        return `${keyword} needs a name and a value.`;
      }
      const bad = pairs.find((pair) => pair.value === undefined || pair.name === '');
      return bad === undefined
        ? undefined
        : `${keyword} is written name=value; ${shorten(bad.name)} has no value.`;
    }
    case 'ARG':
      return pairs.length === 0 || pairs.some((pair) => pair.name === '') ? 'ARG needs a name.' : undefined;
    case 'EXPOSE': {
      const bad = words.find(
        (word) => !/[$"']/.test(word.value) && splitSpace(word.value).some((port) => !exposedPort.test(port)),
      );
      if (bad !== undefined) {
        return `EXPOSE takes a port such as 8080 or 53/udp, not ${shorten(bad.value)}.`;
      }
      return words.length === 0 ? 'EXPOSE needs an argument.' : undefined;
    }
    case 'MAINTAINER':
    case 'STOPSIGNAL':
    case 'USER':
    case 'VOLUME':
    case 'WORKDIR':
      return words.length === 0 ? `${keyword} needs an argument.` : undefined;
    case 'SHELL':
      return form === 'json' && words.length > 0 ? undefined : 'SHELL takes a JSON array of strings.';
    case 'HEALTHCHECK':
      return healthcheckProblem(instruction);
    case 'ONBUILD':
      return onbuildProblem(instruction);
    default:
      return undefined;
  }
}

function healthcheckProblem(instruction: Instruction): string | undefined {
  const text = instruction.line.text.slice(instruction.argumentsStart, instruction.argumentsEnd);
  const kind = /^[^\t\v\f\r ]*/.exec(text)?.[0].toUpperCase() ?? '';
  const rest = text.slice(kind.length).trim();
  if (kind === 'NONE') {
    return rest === '' ? undefined : 'HEALTHCHECK NONE takes no arguments.';
  }
  if (kind !== 'CMD') {
    return 'HEALTHCHECK takes CMD and a command, or NONE.';
  }
  if (readJsonWords(rest, 0, rest.length) === 'not-strings') {
    return 'A JSON array here may hold strings only.';
  }
  return rest === '' || rest === '[]' ? 'HEALTHCHECK CMD needs a command.' : undefined;
}

function onbuildProblem(instruction: Instruction): string | undefined {
  const trigger = instruction.trigger;
  if (trigger === undefined) {
    return 'ONBUILD needs an instruction.';
  }
  if (['ONBUILD', 'FROM', 'MAINTAINER'].includes(trigger.keyword)) {
    return `${trigger.keyword} is not allowed behind ONBUILD.`;
  }
  // BuildKit looks at the rest only where another image is built upon this one.
  return ['ENV', 'LABEL'].includes(trigger.keyword) ? argumentProblem(trigger) : undefined;
}

function holdsOtherThanStrings(instruction: Instruction): boolean {
  if (!['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME'].includes(instruction.keyword)) {
    return false;
  }
  const { line, argumentsStart, argumentsEnd } = instruction;
  return readJsonWords(line.text, argumentsStart, argumentsEnd) === 'not-strings';
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
