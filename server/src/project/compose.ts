import { isNode, LineCounter } from 'yaml';
import type { ImagePath } from '../text/path-types.ts';
import { type BuildDescription, isRecord, isRemoteContext } from './build-file.ts';
import { scalarText } from './formats/values.ts';
import { parseYaml } from './formats/yaml.ts';
import { privilegeOf } from './privilege.ts';

/** Files that Compose reads by itself, in its order; after them the files that people name with `-f`. */
export const composeFileNames: readonly string[] = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
];
export const composeVariantPattern = /^(?:docker-)?compose[.-].+\.ya?ml$/;

/** Longer files are left alone: the parser takes about a second per megabyte. */
const maxCharacters = 300_000;

/** A folder of the container that something is put over. */
export interface ComposeMount {
  readonly target: ImagePath;
  /** `bind` for a folder of the host, whose owner the host decides. */
  readonly kind: 'volume' | 'bind' | 'tmpfs';
  readonly isReadOnly: boolean;
}

/** A service, with how its container runs. */
export interface ComposeService {
  readonly name: string;
  /** Line of the service, counted from one. */
  readonly line: number;
  /** The build; undefined for a service that only names an image, or that another file builds. */
  readonly build: BuildDescription | undefined;
  /** The image it is started from, or that its build is called; undefined where none is named. */
  readonly image: string | undefined;
  /** As written; undefined where the image decides. */
  readonly user: string | undefined;
  readonly isReadOnly: boolean;
  /** What it is given of the host beyond a plain container; undefined for nothing. */
  readonly privilege: string | undefined;
  readonly mounts: readonly ComposeMount[];
  readonly environment: Readonly<Record<string, string>>;
  /** Names of the settings that it is given; `any` where they come from a file, or as files that it reads. */
  readonly settings: readonly string[] | 'any';
  /** `entrypoint` and `command` as shell text; empty where the image decides. */
  readonly command: string;
  /** What `healthcheck` runs in the container, as shell text; empty where the image decides. */
  readonly probe: string;
  /** True where it says itself how its health is asked, or that it is not. */
  readonly isProbed: boolean;
  /** Ports of the container that are published, or opened to other services, as written. */
  readonly ports: readonly string[];
}

/** Reads the builds of a Compose file; undefined where the text is no Compose file. */
export function readComposeFile(text: string): readonly BuildDescription[] | undefined {
  return readComposeServices(text)?.flatMap((service) => service.build ?? []);
}

/**
 * Reads the services of a Compose file, also those that only change what another file says of them. `include` and other
 * files that `extends` names are not followed: they are found by themselves where they lie beside the Dockerfile or above it. Undefined where the text is no Compose file.
 */
export function readComposeServices(text: string): readonly ComposeService[] | undefined {
  if (text.length > maxCharacters) {
    return undefined;
  }
  const lines = new LineCounter();
  let services: unknown;
  let lineOf: (path: readonly string[]) => number;
  try {
    const document = parseYaml(text, lines);
    if (document === undefined || document.errors.length > 0) {
      return undefined;
    }
    const content: unknown = document.toJS({ maxAliasCount: 100 });
    services = isRecord(content) ? content['services'] : undefined;
    lineOf = (path) => {
      const node = document.getIn(path, true);
      return isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1;
    };
  } catch {
    // The parser throws where aliases multiply beyond reason.
    return undefined;
  }
  if (!isRecord(services)) {
    return undefined;
  }
  const found: ComposeService[] = [];
  for (const [name, written] of Object.entries(services)) {
    if (!isRecord(written)) {
      continue;
    }
    const service = extended(written, services);
    const { build } = service;
    const described = typeof build === 'string' ? { context: build } : build;
    const isBuilt = isRecord(described);
    const line = lineOf(
      isBuilt || service['image'] !== undefined
        ? ['services', name, isBuilt ? 'build' : 'image']
        : ['services', name],
    );
    found.push({
      name,
      line,
      build: isBuilt ? describe(name, line, described) : undefined,
      image: interpolate(service['image']),
      user: interpolate(service['user']),
      isReadOnly: service['read_only'] === true,
      privilege: privilegeOf(service['privileged'], service['devices'], service['cap_add']),
      environment: pairs(service['environment']),
      command: startedBy(service),
      probe: probeOf(service['healthcheck']),
      isProbed: service['healthcheck'] !== undefined,
      ports: [service['ports'], service['expose']].flatMap(portsOf),
      settings: ['env_file', 'secrets', 'configs', 'extends'].some((key) => service[key] !== undefined)
        ? 'any'
        : namesOf(service['environment']),
      mounts: [...mountsOf(service['volumes']), ...temporaryFolders(service['tmpfs'])],
    });
  }
  return found;
}

/** A service with what it takes from another one of the same file by `extends`. */
function extended(
  service: Readonly<Record<string, unknown>>,
  services: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { extends: named } = service;
  const name = isRecord(named) ? (named['file'] === undefined ? named['service'] : undefined) : named;
  const base = typeof name === 'string' ? services[name] : undefined;
  return isRecord(base) ? { ...base, ...service } : service;
}

/** `source:target:mode`, a target alone, or the long form. */
function mountsOf(volumes: unknown): ComposeMount[] {
  return (Array.isArray(volumes) ? volumes : []).flatMap((one: unknown): ComposeMount[] => {
    if (isRecord(one)) {
      const target = interpolate(one['target']);
      const kind = one['type'] === 'bind' ? 'bind' : one['type'] === 'tmpfs' ? 'tmpfs' : 'volume';
      return target === undefined ? [] : [{ target, kind, isReadOnly: one['read_only'] === true }];
    }
    const written = typeof one === 'string' ? one : undefined;
    // What a variable of the host names is a folder of the host: nothing says otherwise.
    const text = interpolate(one) ?? written?.replace(/\$(?:\{[^{}]*\}|\w+)/g, '/host');
    const parts = text?.split(':') ?? [];
    const [source = '', target, mode] = parts.length === 1 ? ['', parts[0]] : parts;
    return target?.startsWith('/') === true
      ? [
          {
            target,
            kind: /^[./~]/.test(source) ? 'bind' : 'volume',
            isReadOnly: mode?.split(',').includes('ro') === true,
          },
        ]
      : [];
  });
}

/** `8080:80/tcp`, with an address before it, a port alone, or the long form. */
function portsOf(ports: unknown): string[] {
  return (Array.isArray(ports) ? ports : []).map((one: unknown) => {
    const text = scalarText(isRecord(one) ? one['target'] : one);
    return text.replace(/\/\w+$/, '').replace(/^.*:(?=\d)/, '');
  });
}

function temporaryFolders(tmpfs: unknown): ComposeMount[] {
  const list: readonly unknown[] = Array.isArray(tmpfs) ? tmpfs : [tmpfs];
  return list.flatMap((one): ComposeMount[] => {
    const target = interpolate(one)?.split(':')[0];
    return target?.startsWith('/') === true ? [{ target, kind: 'tmpfs', isReadOnly: false }] : [];
  });
}

/** The commands that services of a Compose file start, those without a build of their own included, as shell text. */
export function composeCommands(text: string): readonly string[] {
  if (text.length > maxCharacters) {
    return [];
  }
  try {
    const content: unknown = parseYaml(text)?.toJS({ maxAliasCount: 100 });
    const services = isRecord(content) && isRecord(content['services']) ? content['services'] : {};
    return Object.values(services).flatMap((service) => (isRecord(service) ? startedBy(service) : []));
  } catch {
    return [];
  }
}

function startedBy(service: Readonly<Record<string, unknown>>): string {
  return ['entrypoint', 'command']
    .map((key) => service[key])
    .map((value) =>
      Array.isArray(value)
        ? value.map((word) => `'${scalarText(word).replaceAll("'", "'\\''")}'`).join(' ')
        : typeof value === 'string'
          ? value
          : '',
    )
    .filter((text) => text !== '')
    .join(' ');
}

/** `[CMD, word …]`, `[CMD-SHELL, text]`, or text, which a shell runs as well. */
function probeOf(healthcheck: unknown): string {
  const test = isRecord(healthcheck) && healthcheck['disable'] !== true ? healthcheck['test'] : undefined;
  const [form, ...words] = Array.isArray(test) ? test.map(scalarText) : ['CMD-SHELL', test];
  return form === 'CMD'
    ? words.join(' ')
    : form === 'CMD-SHELL' && typeof words[0] === 'string'
      ? `sh -c ${words[0]}`
      : '';
}

function describe(name: string, line: number, build: Readonly<Record<string, unknown>>): BuildDescription {
  const context = build['context'] === undefined ? '.' : interpolate(build['context']);
  const target = interpolate(build['target']);
  return {
    name,
    line,
    context: context !== undefined && isRemoteContext(context) ? undefined : context,
    dockerfile: dockerfileOf(build),
    ...(typeof build['dockerfile_inline'] === 'string' ? { inline: build['dockerfile_inline'] } : {}),
    ...(target === undefined ? {} : { target }),
    args: pairs(build['args']),
    additionalContexts: pairs(build['additional_contexts']),
  };
}

/** The names of pairs, also of those whose value comes from elsewhere. */
function namesOf(value: unknown): readonly string[] {
  return Array.isArray(value)
    ? value.map((item) => scalarText(item).split('=', 1)[0] ?? '')
    : isRecord(value)
      ? Object.keys(value)
      : [];
}

function dockerfileOf(build: Readonly<Record<string, unknown>>): string | undefined {
  if (build['dockerfile_inline'] !== undefined) {
    return undefined;
  }
  return build['dockerfile'] === undefined ? 'Dockerfile' : interpolate(build['dockerfile']);
}

/** Compose writes pairs as a mapping or as a list of `name=value`; a name without a value comes from the environment. */
function pairs(value: unknown): Record<string, string> {
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((item): [string, unknown] => {
        const [name = '', ...rest] = scalarText(item).split('=');
        return [name, rest.length > 0 ? rest.join('=') : undefined];
      })
    : isRecord(value)
      ? Object.entries(value)
      : [];
  const result: Record<string, string> = {};
  for (const [name, written] of entries) {
    const text = interpolate(written);
    if (text !== undefined && name !== '__proto__') {
      result[name] = text;
    }
  }
  return result;
}

/**
 * The value with Compose's variables replaced by the default written with them. Undefined where there is no
 * default, because the environment of the build is not known.
 */
function interpolate(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value !== 'string') {
    return undefined;
  }
  let isKnown = true;
  const text = value.replace(
    /\$(?:\$|\{\w+(?::?-([^{}$]*)|:?[?+][^{}]*)?\}|\w+)/g,
    (match, fallback: string | undefined) => {
      if (match === '$$') {
        return '$';
      }
      isKnown &&= fallback !== undefined;
      return fallback ?? '';
    },
  );
  return isKnown ? text : undefined;
}
