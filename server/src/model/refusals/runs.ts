import { type Flag, findFlag, type SyntaxProblem } from '../../syntax/tree.ts';
import type { ImagePath } from '../../text/path-types.ts';
import type { Step } from '../dockerfile.ts';
import { normalizePath } from '../paths.ts';
import type { Values } from './values.ts';

const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const keys = [
  'type',
  'from',
  'source',
  'src',
  'target',
  'dst',
  'destination',
  'readonly',
  'ro',
  'readwrite',
  'rw',
  'id',
  'sharing',
  'required',
  'size',
  'mode',
  'uid',
  'gid',
  'env',
];
/** Keys that may stand without a value. */
const switches = ['readonly', 'ro', 'readwrite', 'rw', 'required'];
/** What Go reads as true or false. */
const boolean = /^(?:1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/;
const size = /^\d+(?:\.\d+)?\s?(?:[kKmMgGtTpP]i?[bB]?|[bB])?$/;

/** Flags of RUN that BuildKit does not take. */
export function runRefusals({ instruction, before }: Step, values: Values): SyntaxProblem[] {
  if (instruction.keyword !== 'RUN') {
    return [];
  }
  const network = findFlag(instruction, 'network');
  const security = findFlag(instruction, 'security');
  const device = findFlag(instruction, 'device');
  return [
    ...oneOf(network, ['default', 'none', 'host']),
    ...oneOf(security, ['insecure', 'sandbox']),
    ...(device?.value === '' ? [{ message: '--device needs a value.', span: device.span }] : []),
    ...instruction.flags
      .filter((flag) => flag.name === 'mount' && flag.value !== undefined)
      .flatMap((flag) => {
        const message = mountProblem(flag.value ?? '', before.workdir, values);
        return message === undefined ? [] : [{ message, span: flag.span }];
      }),
  ];
}

function oneOf(flag: Flag | undefined, allowed: readonly string[]): SyntaxProblem[] {
  return flag?.value === undefined || allowed.includes(flag.value)
    ? []
    : [{ message: `--${flag.name} takes ${allowed.join(' or ')}.`, span: flag.span }];
}

/** In the order in which BuildKit looks: a key belongs to the type that was named before it. */
function mountProblem(text: string, workdir: ImagePath | undefined, values: Values): string | undefined {
  if (text === '') {
    return '--mount needs a value.';
  }
  const read = new Map<string, string>();
  let type = 'bind';
  let isHidden = false;
  for (const field of text.split(',')) {
    const equals = field.indexOf('=');
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    if (equals < 0) {
      const fits = switches.includes(key) && (key !== 'required' || ['secret', 'ssh'].includes(type));
      if (!fits) {
        return `“${field}” of --mount is written key=value.`;
      }
      continue;
    }
    const written = field.slice(equals + 1);
    const value = key === 'from' ? written : values.of(written);
    const problem = fieldProblem(key, value, type);
    if (problem !== undefined) {
      return problem;
    }
    isHidden ||= value === undefined;
    type = key === 'type' && value !== undefined ? value.toLowerCase() : type;
    read.set(key, value ?? '');
  }
  return isHidden ? undefined : wholeProblem(type, read, workdir);
}

function fieldProblem(key: string, value: string | undefined, type: string): string | undefined {
  if (!keys.includes(key)) {
    return `--mount has no key ${key}.`;
  }
  if ((key === 'required' && !['secret', 'ssh'].includes(type)) || (key === 'size' && type !== 'tmpfs')) {
    return `${key} does not go with a mount of type ${type}.`;
  }
  if (value === undefined) {
    return undefined;
  }
  switch (key) {
    case 'type':
      return types.includes(value.toLowerCase())
        ? undefined
        : `--mount has the types ${types.join(', ')}, not “${value}”.`;
    case 'from':
      return /\$(?=.)/.test(value)
        ? 'from of --mount takes no variables; name a stage that FROM makes with one.'
        : undefined;
    case 'readonly':
    case 'ro':
    case 'readwrite':
    case 'rw':
    case 'required':
      return boolean.test(value) ? undefined : `${key} of --mount takes true or false.`;
    case 'size':
      return size.test(value) ? undefined : 'size of --mount takes a size such as 64m.';
    case 'sharing':
      return ['shared', 'private', 'locked'].includes(value.toLowerCase())
        ? undefined
        : 'sharing of --mount takes shared, private or locked.';
    case 'mode':
      return /^[0-7]{1,11}$/.test(value) ? undefined : 'mode of --mount takes an octal number such as 0755.';
    case 'uid':
    case 'gid':
      return /^\d{1,10}$/.test(value) ? undefined : `${key} of --mount takes a number.`;
    default:
      return undefined;
  }
}

function wholeProblem(
  type: string,
  read: ReadonlyMap<string, string>,
  workdir: ImagePath | undefined,
): string | undefined {
  const get = (...names: readonly string[]): string =>
    [...read].findLast(([name]) => names.includes(name))?.[1] ?? '';
  const target = get('target', 'dst', 'destination');
  const source = get('source', 'src');
  for (const key of ['mode', 'uid', 'gid']) {
    if (read.has(key) && !['secret', 'ssh', 'cache'].includes(type)) {
      return `${key} does not go with a mount of type ${type}.`;
    }
  }
  if (get('sharing') !== '' && type !== 'cache') {
    return `sharing does not go with a mount of type ${type}.`;
  }
  if (type === 'secret') {
    if (get('from') !== '') {
      return 'A secret comes from outside; from does not go with it.';
    }
    if (source === '' && target === '' && get('id') === '') {
      return 'A secret mount needs an id or a target.';
    }
    return source !== '' && get('id') !== '' ? 'A secret mount takes id or source, not both.' : undefined;
  }
  if (type === 'ssh') {
    return source !== '' ? 'An ssh mount has no source.' : undefined;
  }
  const isRoot =
    target.startsWith('/') || workdir !== undefined
      ? normalizePath(target.startsWith('/') ? target : `${workdir}/${target}`) === '/'
      : false;
  return isRoot ? `A mount of type ${type} needs a target below the root folder.` : undefined;
}
