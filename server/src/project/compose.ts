import { isNode, LineCounter, parseDocument } from 'yaml';
import { type BuildDescription, isRecord, isRemoteContext } from './build-file.ts';

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

/**
 * Reads the builds of a Compose file. `extends` and `include` are not followed: the files they name are found by
 * themselves where they lie beside the Dockerfile or above it. Undefined where the text is no Compose file.
 */
export function readComposeFile(text: string): readonly BuildDescription[] | undefined {
  if (text.length > maxCharacters) {
    return undefined;
  }
  const lines = new LineCounter();
  let services: unknown;
  let lineOf: (path: readonly string[]) => number;
  try {
    const document = parseDocument(text, { merge: true, lineCounter: lines, logLevel: 'silent' });
    if (document.errors.length > 0) {
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
  const builds: BuildDescription[] = [];
  for (const [name, service] of Object.entries(services)) {
    const build = isRecord(service) ? service['build'] : undefined;
    const described = typeof build === 'string' ? { context: build } : isRecord(build) ? build : undefined;
    if (described !== undefined) {
      builds.push(describe(name, lineOf(['services', name, 'build']), described));
    }
  }
  return builds;
}

/** The commands that services of a Compose file start, those without a build of their own included, as shell text. */
export function composeCommands(text: string): readonly string[] {
  if (text.length > maxCharacters) {
    return [];
  }
  try {
    const content: unknown = parseDocument(text, { merge: true, logLevel: 'silent' }).toJS({
      maxAliasCount: 100,
    });
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
        ? value.map((word) => `'${String(word).replaceAll("'", "'\\''")}'`).join(' ')
        : typeof value === 'string'
          ? value
          : '',
    )
    .filter((text) => text !== '')
    .join(' ');
}

function describe(name: string, line: number, build: Readonly<Record<string, unknown>>): BuildDescription {
  const context = build['context'] === undefined ? '.' : interpolate(build['context']);
  const target = interpolate(build['target']);
  return {
    name,
    line,
    context: context !== undefined && isRemoteContext(context) ? undefined : context,
    dockerfile: dockerfileOf(build),
    ...(target === undefined ? {} : { target }),
    args: pairs(build['args']),
    additionalContexts: pairs(build['additional_contexts']),
  };
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
        const [name = '', ...rest] = String(item).split('=');
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
