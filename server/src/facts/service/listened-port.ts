import { type Code, callsOf, splitArguments } from './source-code.ts';

/** A call that makes a server listen, and the port it names; undefined where that is no number in the source. */
interface Listening {
  readonly path: string;
  readonly port: number | undefined;
}

/** What makes a server listen in the sources of a language; the pattern ends with the opening bracket of a call. */
interface Language {
  readonly files: RegExp;
  readonly call: RegExp;
  /** The argument of a call that says where to listen; undefined where the call is another one of that name. */
  readonly place: (parts: readonly string[]) => string | undefined;
}

/** `":3000"`, `"0.0.0.0:3000"`, `"http://*:3000"`. */
const address = /^[&\s]*["'`](?:https?:\/\/)?[^"'`:/]*:(\d{2,5})\/?["'`]/;
const number = /^(\d{2,5})(?:u16)?$/;
const pair = /^\([^()]*,\s*(\d{2,5})(?:u16)?\s*\)$/;

const named =
  (name: RegExp) =>
  (parts: readonly string[]): string | undefined =>
    parts.map((part) => name.exec(part)?.[1]).find((one) => one !== undefined);

const languages: readonly Language[] = [
  { files: /\.[cm]?[jt]sx?$/, call: /\.listen\(/g, place: ([first]) => first },
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
    place: named(/^port\s*=\s*(\S.*)$/s),
  },
  {
    files: /\.(?:java|kt|kts)$/,
    call: /\bembeddedServer\(/g,
    place: named(/^port\s*=\s*(\S.*)$/s),
  },
  { files: /\.cs$/, call: /\.(?:ListenAnyIP|UseUrls)\(|\bapp\.Run(?:Async)?\(/g, place: ([first]) => first },
];

/**
 * Why a program listens to another port than the one exposed: every call that makes it listen names a number, and none
 * of them is that port. Undefined where one of them reads its port from somewhere, or no call is found.
 */
export function otherPort(code: readonly Code[], port: number): string | undefined {
  const found = code.flatMap(listenings);
  const [first] = found;
  return first?.port !== undefined && found.every((one) => one.port !== undefined && one.port !== port)
    ? `EXPOSE says ${port} and ${first.path} listens to ${first.port}`
    : undefined;
}

function listenings({ path, text }: Code): Listening[] {
  return languages
    .filter(({ files }) => files.test(path))
    .flatMap(({ call, place }) =>
      callsOf(text, call).flatMap(({ args }) => {
        const where = place(splitArguments(args));
        const match =
          where === undefined ? undefined : (number.exec(where) ?? address.exec(where) ?? pair.exec(where));
        return where === undefined
          ? []
          : [{ path, port: match?.[1] === undefined ? undefined : Number(match[1]) }];
      }),
    );
}
