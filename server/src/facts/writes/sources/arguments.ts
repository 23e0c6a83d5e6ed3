/** The farthest that the end of a call is looked for. */
const longestCall = 1000;

/** The arguments of a call whose opening bracket stands in front of `start`, as written; those that were closed. */
export function argumentsAt(text: string, start: number): string[] {
  return callAt(text, start).args;
}

/** The arguments of a call, and the offset behind its closing bracket. */
export function callAt(text: string, start: number): { readonly args: string[]; readonly end: number } {
  const args: string[] = [];
  const end = Math.min(text.length, start + longestCall);
  let depth = 0;
  let from = start;
  for (let at = start; at < end; at++) {
    const ch = text.charAt(at);
    if (ch === '"' || ch === "'" || ch === '`') {
      at = endOfQuote(text, at, end);
    } else if ('([{'.includes(ch)) {
      depth++;
    } else if (')]}'.includes(ch)) {
      if (depth === 0) {
        const last = text.slice(from, at).trim();
        return { args: last === '' ? args : [...args, last], end: at + 1 };
      }
      depth--;
    } else if (ch === ',' && depth === 0) {
      args.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  const open = text.slice(from, end).trim();
  return { args: open === '' ? args : [...args, open], end };
}

/** The value of a keyword argument (`mode="w"`, `path: "x"`); undefined where there is none of that name. */
export function keyword(args: readonly string[], name: string): string | undefined {
  for (const one of args) {
    const match = /^(\w+)\s*[=:](?![=:])\s*/.exec(one);
    if (match?.[1] === name) {
      return one.slice(match[0].length);
    }
  }
  return undefined;
}

/** The farthest that the start of a receiver is looked for. */
const longestReceiver = 300;

/**
 * The expression whose method is called at the dot at `end`: names, calls and subscripts (`paths["log"].parent`) joined by
 * dots. Empty where it cannot be told.
 */
export function receiverBefore(text: string, end: number): string {
  const closed = text.slice(Math.max(0, end - longestReceiver), end).trimEnd();
  const open: string[] = [];
  let at = closed.length;
  for (; at > 0; at--) {
    const ch = closed.charAt(at - 1);
    if (ch === ')' || ch === ']') {
      open.push(ch);
    } else if (ch === '(' || ch === '[') {
      if (open.pop() !== (ch === '(' ? ')' : ']')) {
        break;
      }
    } else if (open.length === 0 && !/[\w.]/.test(ch)) {
      break;
    }
  }
  return open.length > 0 ? '' : closed.slice(at);
}

function endOfQuote(text: string, start: number, end: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < end; at++) {
    const ch = text.charAt(at);
    if (ch === '\\') {
      at++;
    } else if (ch === quote || (ch === '\n' && quote !== '`')) {
      return at;
    }
  }
  return end;
}
