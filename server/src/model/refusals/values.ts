import type { Step } from '../dockerfile.ts';
import { expandText, type Lookup } from '../expansion.ts';

interface RefusalOptions {
  /** Quotes stand for themselves, as in the body of a heredoc. */
  readonly keepsQuotes?: boolean;
  /** Names that are set as well, to what nobody knows. */
  readonly alsoSet?: readonly string[];
}

/** The texts of one instruction as BuildKit reads them in a build that is told nothing. */
export class Values {
  private readonly variables: Lookup;
  private readonly escape: string;
  private readonly hasEnvironment: boolean;

  constructor(step: Step, escapeChar: string, environment: readonly string[] | undefined) {
    this.variables = withUnknown(step.before.variables, new Set(['PATH', ...(environment ?? [])]));
    this.escape = escapeChar;
    this.hasEnvironment = environment !== undefined;
  }

  /** The text with its variables replaced; undefined where nobody knows it before the build. */
  of(text: string): string | undefined {
    const { value, missing, leansOnMissing } = expandText(text, this.variables, { escape: this.escape });
    return this.hasEnvironment || (missing.size === 0 && !leansOnMissing) ? value : undefined;
  }

  /** True where BuildKit cannot replace the variables of the text, whatever a build argument or the base image says. */
  isRefused(text: string, { keepsQuotes = false, alsoSet = [] }: RefusalOptions = {}): boolean {
    const options = { escape: keepsQuotes ? '\\' : this.escape, keepsQuotes };
    const variables = withUnknown(this.variables, new Set(alsoSet));
    const first = expandText(text, variables, options);
    if (!first.isRefused || this.hasEnvironment || first.missing.size === 0) {
      return first.isRefused;
    }
    return expandText(text, withUnknown(variables, first.missing), options).isRefused;
  }
}

/** The same variables, and others that are set to what nobody knows. */
function withUnknown(variables: Lookup, names: ReadonlySet<string>): Lookup {
  return {
    has: (name) => variables.has(name) || names.has(name),
    get: (name) => variables.get(name),
  };
}
