/** A table to look up text from outside in. It has the entries that are written down, and no `constructor` or `toString`. */
export function table<T>(entries: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), entries);
}
