import { type Span, span } from '../text/span.ts';
import { lineage, type Stage, type Step } from './dockerfile.ts';
import { type ExpandedText, expandedTexts } from './expanded-texts.ts';
import { expandText, type Lookup, type Variables } from './expansion.ts';

/** A variable in an instruction that nothing sets above it. */
export interface UndefinedVariable {
  readonly step: Step;
  readonly name: string;
  /** The name in the text. */
  readonly span: Span;
  /** What is set at that place. */
  readonly known: Iterable<string>;
}

/** Arguments that steer BuildKit itself, and may be named without being declared. */
const steering = ['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE'];

/**
 * The variables that a stage's own instructions use undefined, each once per instruction. `environment` are the names
 * that the base image sets. Nothing is said of a stage whose base stage has ONBUILD: what that sets is not looked into.
 */
export function undefinedVariables(
  stage: Stage,
  escapeChar: string,
  environment: readonly string[],
): UndefinedVariable[] {
  const hasTriggers = lineage(stage)
    .slice(1)
    .some((one) => one.steps.some((step) => step.instruction.keyword === 'ONBUILD'));
  if (hasTriggers) {
    return [];
  }
  const base = new Map<string, undefined>();
  for (const name of ['PATH', ...environment, ...steering]) {
    base.set(name, undefined);
  }
  return stage.steps.flatMap((step) => undefinedIn(step, new Names(base, step.before.variables), escapeChar));
}

/** What is set at an instruction: by the image, above, and by the instruction itself. Looked up, never copied. */
class Names implements Lookup {
  private readonly image: ReadonlyMap<string, undefined>;
  private readonly above: Variables;
  private readonly own = new Set<string>();

  constructor(image: ReadonlyMap<string, undefined>, above: Variables) {
    this.image = image;
    this.above = above;
  }

  add(name: string): void {
    this.own.add(name);
  }

  has(name: string): boolean {
    return this.own.has(name) || this.above.has(name) || this.image.has(name);
  }

  get(name: string): string | undefined {
    return this.own.has(name) ? undefined : this.above.get(name);
  }

  *[Symbol.iterator](): Iterator<string> {
    yield* this.image.keys();
    yield* this.above.keys();
    yield* this.own;
  }
}

function undefinedIn(step: Step, variables: Names, escapeChar: string): UndefinedVariable[] {
  const { instruction } = step;
  const found = new Map<string, UndefinedVariable>();
  const look = ({ text, place, isBody }: ExpandedText): void => {
    const options = isBody ? { escape: '\\', keepsQuotes: true } : { escape: escapeChar };
    for (const name of text.includes('$') ? expandText(text, variables, options).missing : []) {
      if (!found.has(name)) {
        const at = placeOf(instruction.documentText, name, place) ?? instruction.keywordSpan;
        found.set(name, { step, name, span: at, known: variables });
      }
    }
  };
  if (instruction.keyword === 'ARG') {
    for (const { name, value, valueSpan } of instruction.pairs) {
      look({ text: value ?? '', place: valueSpan ?? instruction.span });
      // The next argument of the same instruction sees this one.
      variables.add(name);
    }
  } else {
    expandedTexts(instruction).forEach(look);
  }
  return [...found.values()];
}

/** Where a name stands behind its `$`; undefined where the text is written in another way than it reads. */
function placeOf(text: string, name: string, within: Span): Span | undefined {
  const isWord = /^[\p{L}\p{Nd}_]+$/u.test(name);
  const part = text.slice(within.start, within.end);
  for (let at = part.indexOf(name); at >= 0; at = part.indexOf(name, at + 1)) {
    const before = part.slice(Math.max(0, at - 2), at);
    const follows = part.slice(at + name.length, at + name.length + 1);
    if (/\$\{?$/.test(before) && !(isWord && /[\p{L}\p{Nd}_]/u.test(follows))) {
      return span(within.start + at, within.start + at + name.length);
    }
  }
  return undefined;
}
