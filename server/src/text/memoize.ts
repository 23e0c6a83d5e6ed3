/**
 * Memoizes what a function made of the `most` texts asked about last. Files beside a Dockerfile are read anew by every
 * rule and with every letter typed, but change seldom, and a lock file takes milliseconds to parse. The function must
 * depend on the text alone, and what it gives must not be changed by anybody.
 */
export function memoize<T>(read: (text: string) => T, most: number): (text: string) => T {
  const answers = new Map<string, { readonly value: T }>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) {
      return known.value;
    }
    const value = read(text);
    if (answers.size >= most) {
      const oldest = answers.keys().next();
      if (!oldest.done) {
        answers.delete(oldest.value);
      }
    }
    answers.set(text, { value });
    return value;
  };
}

/** Memoizes what a function made of an object that is never changed, for as long as the object lives. */
export function memoizeFor<K extends object, T>(work: (key: K) => T): (key: K) => T {
  const answers = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    let known = answers.get(key);
    if (known === undefined) {
      known = { value: work(key) };
      answers.set(key, known);
    }
    return known.value;
  };
}

/** Memoizes what a function made of two objects that are never changed, for as long as both live. */
export function memoizeForBoth<A extends object, B extends object, T>(
  work: (a: A, b: B) => T,
): (a: A, b: B) => T {
  const of = memoizeFor((a: A) => memoizeFor((b: B) => work(a, b)));
  return (a, b) => of(a)(b);
}

/** Puts work off until somebody asks for its result, and does it once. */
export function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}
