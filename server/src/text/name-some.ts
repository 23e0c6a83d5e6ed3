/** Names for a message, the first three of many: `a, b, c and 2 more`. */
export function nameSome(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
}
