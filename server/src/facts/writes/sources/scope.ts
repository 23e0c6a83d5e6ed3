import type { SourceFile } from '../../../ecosystems/source-text.ts';
import type { Variables } from '../../../model/expansion.ts';
import { memoizeFor } from '../../../text/memoize.ts';
import type { Scope } from './expression.ts';

/** Gives for a file what its names stand for: what it sets them to itself, else what another of the files does. */
export function scopesOf(files: readonly SourceFile[], environment: Variables): (file: SourceFile) => Scope {
  const elsewhere = namesOf(files);
  return (file) => {
    const own = assignmentsOf(file);
    return { environment, valueOf: (name) => own.get(name) ?? elsewhere.get(name) };
  };
}

/** The expressions that names are set to in a file, the first of each. */
const assignmentsOf = memoizeFor(({ path, text }: SourceFile): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  const isPython = path.endsWith('.py');
  const several = new Set<string>();
  const assignment =
    /\b([A-Za-z_]\w{0,60})["'\]]{0,2}(?::[ \t]*[\w.<>[\]]+[ \t]*(?==))?[ \t]*(?::=|=(?![=>~])|:(?!:))[ \t]*(?=([^\n;]{1,300}))/g;
  for (const match of text.matchAll(assignment)) {
    const name = match[1] ?? '';
    // `name: str` is an annotation in Python; a key of a dictionary stands in quotes.
    const isAnnotation = isPython && /^\w+\s*:(?!=)[^=]*$/.test(match[0]);
    if (!values.has(name) && !isAnnotation) {
      values.set(name, (match[2] ?? '').trim());
    } else if (name.length === 1) {
      several.add(name);
    }
  }
  // A single letter that is set more than once stands for whatever is at hand.
  for (const name of several) {
    values.delete(name);
  }
  return values;
});

/** Names that one file alone sets: what another file imports from there. */
function namesOf(files: readonly SourceFile[]): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const several = new Set<string>();
  for (const file of files) {
    for (const [name, value] of assignmentsOf(file)) {
      if (values.has(name) && values.get(name) !== value) {
        several.add(name);
      }
      values.set(name, value);
    }
  }
  for (const name of [...values.keys()]) {
    // Short names stand for something else in every file.
    if (several.has(name) || name.length < 5) {
      values.delete(name);
    }
  }
  return values;
}
