import { findNodeAtLocation, getNodeValue, type Node, parseTree } from 'jsonc-parser';
import { LineIndex } from '../text/lines.ts';
import { type BuildDescription, isRecord, isRemoteContext } from './build-file.ts';
import { isDeepJson } from './formats/jsonc.ts';
import { scalarText } from './formats/values.ts';
import { type HclValue, parseHcl } from './hcl.ts';

/** Files that `docker buildx bake` reads by itself; `.override` files only change what these describe. */
export const bakeFileNames: readonly string[] = ['docker-bake.json', 'docker-bake.hcl'];

type Attributes = Readonly<Record<string, unknown>>;

interface BakeFile {
  readonly targets: Attributes;
  readonly variables: Readonly<Record<string, string>>;
  lineOf(target: string): number;
}

/** Reads the targets of a `docker-bake.json`. Undefined where the text is not JSON. */
export function readBakeJson(text: string): readonly BuildDescription[] | undefined {
  const errors: { error: number; offset: number; length: number }[] = [];
  const tree = isDeepJson(text) ? undefined : parseTree(text, errors);
  if (tree === undefined || errors.length > 0) {
    return undefined;
  }
  const lines = new LineIndex(text);
  const content: unknown = getNodeValue(tree);
  const variables = isRecord(content) ? section(content, 'variable') : {};
  return describeTargets({
    targets: isRecord(content) ? section(content, 'target') : {},
    variables: defaultsOf(variables),
    lineOf: (target) => lineOfNode(lines, findNodeAtLocation(tree, ['target', target])),
  });
}

/** Reads the targets of a `docker-bake.hcl` as far as they are literal (see hcl.ts). */
export function readBakeHcl(text: string): readonly BuildDescription[] | undefined {
  const blocks = parseHcl(text);
  if (blocks === undefined) {
    return undefined;
  }
  const targets: Record<string, HclValue> = Object.create(null);
  const variables: Record<string, unknown> = Object.create(null);
  const lines = new Map<string, number>();
  for (const block of blocks) {
    const [label] = block.labels;
    if (label !== undefined && block.type === 'target') {
      targets[label] = block.attributes;
      lines.set(label, block.line);
    } else if (label !== undefined && block.type === 'variable') {
      variables[label] = block.attributes;
    }
  }
  return describeTargets({
    targets,
    variables: defaultsOf(variables),
    lineOf: (target) => lines.get(target) ?? 1,
  });
}

function lineOfNode(lines: LineIndex, node: Node | undefined): number {
  return node === undefined ? 1 : lines.lineAt(node.offset) + 1;
}

function section(
  content: Readonly<Record<string, unknown>>,
  name: string,
): Readonly<Record<string, unknown>> {
  const value = content[name];
  return isRecord(value) ? value : {};
}

function defaultsOf(variables: Readonly<Record<string, unknown>>): Record<string, string> {
  const defaults: Record<string, string> = Object.create(null);
  for (const [name, variable] of Object.entries(variables)) {
    const value = isRecord(variable) ? variable['default'] : undefined;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      defaults[name] = String(value);
    }
  }
  return defaults;
}

function describeTargets(file: BakeFile): BuildDescription[] {
  const known = new Map<string, Attributes>();
  return Object.keys(file.targets).map((name) => {
    const target = inherited(file, name, known);
    const resolve = (value: unknown) => substitute(value, file.variables);
    const context = target['context'] === undefined ? '.' : resolve(target['context']);
    const stage = resolve(target['target']);
    const isInline = target['dockerfile-inline'] !== undefined;
    const dockerfile = target['dockerfile'] === undefined ? 'Dockerfile' : resolve(target['dockerfile']);
    return {
      name,
      line: file.lineOf(name),
      context: context !== undefined && isRemoteContext(context) ? undefined : context,
      dockerfile: isInline ? undefined : dockerfile,
      ...(typeof target['dockerfile-inline'] === 'string' ? { inline: target['dockerfile-inline'] } : {}),
      ...(stage === undefined ? {} : { target: stage }),
      args: resolvePairs(target['args'], resolve),
      additionalContexts: resolvePairs(target['contexts'], resolve),
    };
  });
}

/** The attributes of a target, those of the targets it inherits from included; later ones win, maps are joined. */
function inherited(file: BakeFile, name: string, known: Map<string, Attributes>): Attributes {
  const found = known.get(name);
  if (found !== undefined) {
    return found;
  }
  // Set before the parents are asked, so that targets which inherit from each other come to an end.
  known.set(name, {});
  const own = Object.hasOwn(file.targets, name) ? file.targets[name] : undefined;
  if (!isRecord(own)) {
    return {};
  }
  const parents: unknown[] = Array.isArray(own['inherits']) ? own['inherits'] : [];
  const result: Record<string, unknown> = {};
  for (const layer of [...parents.map((parent) => inherited(file, scalarText(parent), known)), own]) {
    for (const [key, value] of Object.entries(layer)) {
      const before = result[key];
      result[key] = isRecord(before) && isRecord(value) ? { ...before, ...value } : value;
    }
  }
  known.set(name, result);
  return result;
}

function resolvePairs(
  value: unknown,
  resolve: (value: unknown) => string | undefined,
): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, written] of isRecord(value) ? Object.entries(value) : []) {
    const text = resolve(written);
    if (text !== undefined && name !== '__proto__') {
      result[name] = text;
    }
  }
  return result;
}

/** Replaces `${NAME}` by the default of the variable; undefined where it has none or the expression is more than a name. */
function substitute(value: unknown, variables: Readonly<Record<string, string>>): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value !== 'string') {
    return undefined;
  }
  let isKnown = true;
  const text = value.replace(/\$\{([^}]*)\}/g, (_, expression: string) => {
    const name = expression.trim();
    const found = Object.hasOwn(variables, name) ? variables[name] : undefined;
    isKnown &&= found !== undefined;
    return found ?? '';
  });
  return isKnown ? text : undefined;
}
