import { wordPlaces } from '../../text/mentions.ts';
import { type Code, callsOf, splitArguments } from './source-code.ts';

/** A port as a source names it. */
interface NamedPort {
  /** Undefined where no number is named. */
  readonly port: number | undefined;
  /** The variable of the environment that wins over the number; undefined where there is none. */
  readonly variable: string | undefined;
}

/** A call that makes a server listen, and the port it names; undefined where that is not plain to see. */
export interface Listening {
  readonly path: string;
  readonly named: NamedPort | undefined;
}

/** What makes a server listen in the sources of a language; the pattern ends with the opening bracket of a call. */
interface Language {
  readonly files: RegExp;
  readonly call: RegExp;
  /** The argument of a call that says where to listen; undefined where the call is another one of that name. */
  readonly place: (parts: readonly string[], call: string, text: string) => string | undefined;
}

/** `":3000"`, `"0.0.0.0:3000"`, `"http://*:3000"`. */
const address = /^[&\s]*["'`](?:https?:\/\/)?[^"'`:/]*:(\d{2,5})\/?["'`]/;
const number = /^["'`]?(\d{2,5})(?:u16)?["'`]?$/;
const pair = /^\([^()]*,\s*(\d{2,5})(?:u16)?\s*\)$/;

const named =
  (name: RegExp) =>
  (parts: readonly string[]): string | undefined =>
    parts.map((part) => name.exec(part)?.[1]).find((one) => one !== undefined);

/** Ports of servers in Python that are given none. */
const usualPorts: readonly (readonly [RegExp, string, RegExp])[] = [
  [/^uvicorn\.run/, '8000', /./],
  [/^web\.run_app/, '8080', /./],
  [/^(?:app|application)\.run/, '5000', /\bFlask\(|\bfrom flask\b/],
];

const languages: readonly Language[] = [
  {
    files: /\.[cm]?[jt]sx?$/,
    call: /\.listen\(|\bBun\.serve\(|(?<![.\w])serve\(/g,
    place: ([first = '']) => {
      if (!first.startsWith('{')) {
        return /^(?:async\b|function\b|\()/.test(first) ? undefined : first;
      }
      const value = /[{,]\s*port\s*:\s*([^,}]+)/.exec(first)?.[1];
      return value ?? (/[{,]\s*port\s*[,}]/.test(first) ? 'port' : undefined);
    },
  },
  {
    files: /\.go$/,
    call: /\bhttp\.ListenAndServe\(|\.(?:Run|Start|Listen)\(/g,
    place: ([first = '']) => (/^["`][^"`]*:|^":"|port|addr/i.test(first) ? first : undefined),
  },
  { files: /\.go$/, call: /\bhttp\.Server\{/g, place: named(/^Addr:\s*(\S.*)$/s) },
  {
    files: /\.rs$/,
    call: /(?:\.bind|\bTcpListener::bind|\bServer::(?:try_)?bind)\(/g,
    place: ([first]) => first,
  },
  {
    files: /\.py$/,
    call: /\b(?:app|uvicorn|web|socketio|application)\.run(?:_app)?\(|\b(?:serve|run_simple)\(/g,
    place: (parts, call, text) => {
      const isHidden = parts.some((part) => part.startsWith('*'));
      const positional = /^["']/.test(parts[0] ?? '') && /^\d+$/.test(parts[1] ?? '') ? parts[1] : undefined;
      return (
        named(/^port\s*=\s*(\S.*)$/s)(parts) ??
        positional ??
        (isHidden
          ? undefined
          : usualPorts.find(([start, , when]) => start.test(call) && when.test(text))?.[1])
      );
    },
  },
  {
    files: /\.(?:java|kt|kts)$/,
    call: /\bembeddedServer\(/g,
    place: named(/^port\s*=\s*(\S.*)$/s),
  },
  { files: /\.cs$/, call: /\.(?:ListenAnyIP|UseUrls)\(|\bapp\.Run(?:Async)?\(/g, place: ([first]) => first },
];

/** The calls of the sources that make a server listen. */
export function listenings(code: readonly Code[]): Listening[] {
  return code.flatMap((one) =>
    languages
      .filter(({ files }) => files.test(one.path))
      .flatMap(({ call, place }) =>
        callsOf(one.text, call).flatMap(({ args, match }) => {
          const where = place(splitArguments(args), match[0], one.text);
          return where === undefined ? [] : [{ path: one.path, named: portNamed(where, one, code, 0) }];
        }),
      ),
  );
}

/** Definitions of a name are followed this far. */
const mostSteps = 3;

const variablePattern =
  /\b(?:process\.env|Bun\.env|os\.environ)(?:\.([A-Z_]\w*)|\[["'](\w+)["']\])|\b(?:os\.environ\.get|os\.getenv|getenv|os\.Getenv|env::var|Deno\.env\.get|environ\.get)\(\s*["'](\w+)["']|\.get(?:OrThrow)?(?:<[^<>]*>)?\(\s*["']([A-Z][A-Z_]*)["']/;

/** What an expression says of a port; undefined where it is not understood. */
function portNamed(written: string, own: Code, all: readonly Code[], steps: number): NamedPort | undefined {
  const text = written.trim();
  const plain = number.exec(text)?.[1] ?? address.exec(text)?.[1] ?? pair.exec(text)?.[1];
  if (plain !== undefined) {
    return { port: Number(plain), variable: undefined };
  }
  if (steps > mostSteps) {
    return undefined;
  }
  const match = variablePattern.exec(text);
  const variable = match?.slice(1).find((one) => one !== undefined);
  if (match !== null && variable !== undefined) {
    const rest = text.slice(match.index + match[0].length);
    const fallback = /(?:\|\||\?\?|[,:])\s*["'`]?(\d{2,5})\b/.exec(rest)?.[1];
    const name = /(?:\|\||\?\?)\s*([A-Za-z_$][\w.$]*)/.exec(rest)?.[1];
    const other = name === undefined ? undefined : portNamed(name, own, all, steps + 1);
    return { port: fallback === undefined ? other?.port : Number(fallback), variable };
  }
  const name = nameIn(text);
  if (name === undefined) {
    return undefined;
  }
  const near = definitionsOf(name, own.text);
  const found = near.length > 0 ? near : all.flatMap((one) => definitionsOf(name, one.text));
  return merged(found.map((one) => portNamed(one, own, all, steps + 1)));
}

/** The name that an expression takes the port from: `Number(port)`, `config.port`, `":" + port`, `app.get('port')`. */
function nameIn(text: string): string | undefined {
  const inner = text
    .replace(/^["'`]:["'`]\s*\+\s*/, '')
    .replace(/^fmt\.Sprintf\(\s*"[^"]*:%[sdv]"\s*,\s*/, '')
    .replace(/^[`"'f]{1,2}[^`"'${]*:\$?\{([^{}]+)\}[`"']$/, '$1')
    .replace(/^(?:\+|await\s+)/, '')
    .replace(/^(?:Number|parseInt|int|String|str|normalizePort)\(/, '')
    .replace(/(?<!\))\){1,4}$/, '')
    .replace(/,\s{0,3}10$/, '');
  const setting = /^\w+\.get\(\s*["'](\w+)["']$/.exec(inner)?.[1];
  const name = setting ?? /^(?:[\w$]+\.)*([A-Za-z_$][\w$]*)$/.exec(inner)?.[1];
  return name !== undefined && /port/i.test(name) ? name : undefined;
}

/** The expressions that a name is set to in a text. */
function definitionsOf(name: string, text: string): string[] {
  return wordPlaces(text, name).flatMap((at) => {
    const rest = text.slice(at + name.length, at + name.length + 200);
    const isSet = /\.set\(\s*["']$/.test(text.slice(Math.max(0, at - 10), at));
    const value = isSet
      ? /^["']\s*,\s*([^\n;]+)/.exec(rest)?.[1]?.replace(/\)\s*$/, '')
      : /^["']?\s*(?::\s*[A-Za-z]\w*\s*(?==))?(?::?=(?![=>])|:(?![:=]))\s*([^\n;]+)/.exec(rest)?.[1];
    return value === undefined ? [] : [value.replace(/,\s*$/, '').trim()];
  });
}

/** What several definitions say together; undefined where they contradict each other. */
function merged(found: readonly (NamedPort | undefined)[]): NamedPort | undefined {
  const told = found.filter((one) => one !== undefined);
  const ports = new Set(told.flatMap(({ port }) => port ?? []));
  const variables = new Set(told.flatMap(({ variable }) => variable ?? []));
  return told.length === 0 || ports.size > 1 || variables.size > 1
    ? undefined
    : { port: [...ports][0], variable: [...variables][0] };
}
