import { joinPath } from '../../project/paths.ts';
import { type Evidence, type Known, known, unknown } from '../known.ts';
import type { ServerInput } from './protocol.ts';
import { type Code, callsOf, splitArguments } from './source-code.ts';

/**
 * Where a server listens: `loopback` is asked at 127.0.0.1, `ipv6` at ::1 because it takes no connection over IPv4,
 * `hostname` at the address of the container's own name.
 */
export type Address = 'loopback' | 'ipv6' | 'hostname' | { readonly literal: string };

/** Options of start commands that name what a server binds to. */
const bindOption =
  /(?:^|\s)(?:--bind|-b|--host|--hostname|-H|--address|--listen|--server\.address|--ip|-o|--http|--http-socket)[= ]([^\s]+)/;

const asksHostname =
  /\bos\.hostname\(\)|\bhostname\(\)|\bgethostname\b|\bos\.Hostname\(|\$\(hostname\)|\$\{?HOSTNAME\b|process\.env\.HOSTNAME\b/;

/** The interface that the server of a stage listens to; unknown where what names it could not be read. */
export function addressOf(input: ServerInput): Known<Address> {
  const { line, environment, project, directory, code, span } = input;
  const here = (says: string): Evidence => ({ says, at: { kind: 'dockerfile', span } });
  if (/(?:^|\s)--(?:uds|unix-socket|unix)[= ]|\bunix:/.test(line)) {
    return unknown(
      'the server listens to a Unix socket, not to a port',
      here('the start command names a socket'),
    );
  }
  const option = bindOption.exec(line)?.[1];
  if (option !== undefined && anyOfIpv6.test(option) && opensIpv6Alone(line)) {
    return known('ipv6', here(`the start command binds to ${option}, which its server opens for IPv6 alone`));
  }
  if (option !== undefined && /[.:$\w]/.test(option) && !/^\d+$/.test(option)) {
    return fromText(
      option.replace(/^\w+:\/\//, ''),
      `the start command binds to ${option}`,
      here('start command'),
    );
  }
  const settings = socketSettings(input);
  if (settings !== undefined) {
    return unknown(`${settings} has the server listen to a Unix socket, not to a port`, {
      says: `${settings} names a socket`,
      at: { kind: 'file', path: settings },
    });
  }
  const manifest = project.reader.read(joinPath(directory, 'package.json')) ?? '';
  const isStandalone =
    manifest.includes('"next"') && /(?:^|[/\s])server\.js(?=\s|$)/.test(line) && /^node\s/.test(line);
  const isOwn = code.some(({ path }) => /(?:^|\/)server\.js$/.test(path));
  if (isStandalone && !isOwn) {
    // The server of the standalone output binds to HOSTNAME, which engines set to the name of the container.
    const named = environment.get('HOSTNAME');
    return named === undefined
      ? known('hostname', here('the server of Next.js binds to HOSTNAME, which is the name of the container'))
      : fromText(named, `HOSTNAME is ${named}`, here(`HOSTNAME is ${named}`));
  }
  for (const one of code) {
    const found = inCode(one, environment);
    if (found !== undefined) {
      return found;
    }
  }
  return known('loopback', here('no other interface is named'));
}

/** Every interface, over IPv6: whether IPv4 comes along is for who opens the socket to say. */
const anyOfIpv6 = /^["'[]*::["'\]]*$/;

/** True for the servers that open it for IPv6 alone: those of asyncio and of Tornado, which set IPV6_V6ONLY. */
function opensIpv6Alone(line: string): boolean {
  // Uvicorn opens the socket by itself where several workers share it.
  return /\buvicorn\s|\bfastapi run\b/.test(line)
    ? !/\bgunicorn\b|\s(?:--workers[= ](?!1\b)|--reload\b|--fd\b)/.test(line)
    : /\bstreamlit run\b|-m aiohttp\.web\b/.test(line);
}

/** What has a source take connections over IPv6 alone. */
const ipv6Alone =
  /\bipv6Only\s*:\s*true\b|\bnet\.Listen(?:TCP)?\(\s*"tcp6"|\bNetwork\s*:\s*(?:"tcp6"|fiber\.NetworkTCP6)|\bonly_v6\(\s*true\s*\)|\bset_only_v6\(\s*true\s*\)|\bIPV6_V6ONLY\s*,\s*(?:1|True|true)\b|\bIPV6_V6ONLY\s*=>?\s*(?:1|true)\b|\bV6Only\s*=>?\s*1\b/;
/** Calls of asyncio and Tornado that are given every interface of IPv6. */
const asyncioOnIpv6 =
  /\b(?:run_app|TCPSite|uvicorn\.run|uvicorn\.Config|create_server|start_server|websockets\.serve|ws_serve)\((?:[^()]|\([^()]*\)){0,200}["']::["']/;

/** Servers that read what they listen to from a file of settings: where it lies, and what names a socket or a port there. */
const serverSettings: readonly {
  readonly line: RegExp;
  readonly files: readonly string[];
  readonly socket: RegExp;
  readonly port: RegExp;
}[] = [
  {
    line: /(?:^|[/\s])(?:puma|pumactl)(?=\s|$)|\brails s(?:erver)?\b/,
    files: ['config/puma.rb', 'config/puma/production.rb', 'puma.rb'],
    socket: /^[ \t]*bind\b[ \t(]*["']unix:/m,
    port: /^[ \t]*(?:port\b|bind\b[ \t(]*["'](?:tcp|ssl):)/m,
  },
  {
    line: /(?:^|[/\s])unicorn(?:_rails)?(?=\s|$)/,
    files: ['config/unicorn.rb', 'unicorn.rb'],
    socket: /^[ \t]*listen\b[^\n#]{0,200}\.sock\b/m,
    port: /^[ \t]*listen\b[ \t(]*(?:\d|ENV|["'][\w.*]{0,60}:)/m,
  },
  {
    line: /(?:^|[/\s])gunicorn(?=\s|$)/,
    files: ['gunicorn.conf.py'],
    socket: /^[ \t]*bind[ \t]{0,9}=[ \t]{0,9}(?:\[[ \t]{0,9})?f?["']unix:/m,
    port: /^[ \t]*bind[ \t]{0,9}=[ \t]{0,9}(?:\[[ \t]{0,9})?f?["'](?!unix:)/m,
  },
];

/** The file of settings that has the server listen to a socket of the file system alone; undefined where none does. */
function socketSettings({ line, project, directory }: ServerInput): string | undefined {
  const server = serverSettings.find((one) => one.line.test(line));
  if (server === undefined) {
    return undefined;
  }
  const named = /(?:^|\s)(?:-[cC]|--config)[= ](?:file:)?([\w./-]+)/.exec(line)?.[1];
  return (named === undefined ? server.files : [named.replace(/^\.\//, '')]).find((file) => {
    const text = project.reader.read(joinPath(directory, file)) ?? '';
    return server.socket.test(text) && !server.port.test(text);
  });
}

/** What listens to a socket of the file system in a source. */
const unixSocket =
  /\bnet\.Listen\(\s*"unix"|\.listen\(\s*(?:["'`](?:\/|[\w.-]{1,40}\.sock)|\{\s*path\s*:)|\bUnixSite\(|\buds\s*=\s*["']|\bUnixListener::bind\(|\bListenUnixSocket\(/;

/** What listens to a port, too. */
const portToo =
  /\bListenAndServe(?:TLS)?\(|\bnet\.Listen\(\s*"tcp|\.listen\(\s*(?:\d|\w*[pP]ort\b|process\.env)/;

function inCode(code: Code, environment: ReadonlyMap<string, string>): Known<Address> | undefined {
  if (unixSocket.test(code.text) && !portToo.test(code.text)) {
    const at: Evidence = {
      says: `${code.path} listens to a Unix socket`,
      at: { kind: 'file', path: code.path },
    };
    return unknown(`${code.path} listens to a Unix socket, not to a port`, at);
  }
  const isAsyncio = code.path.endsWith('.py') && asyncioOnIpv6.test(code.text);
  if (ipv6Alone.test(code.text) || isAsyncio) {
    const says = `${code.path} listens over IPv6 alone`;
    return known('ipv6', { says, at: { kind: 'file', path: code.path } });
  }
  for (const expression of hostExpressions(code)) {
    const at: Evidence = {
      says: `${code.path} listens on ${expression}`,
      at: { kind: 'file', path: code.path },
    };
    const found = evaluate(expression, code, environment, at, 0);
    if (found !== undefined && !(found.state === 'known' && found.value === 'loopback')) {
      return found;
    }
  }
  return undefined;
}

/** The expressions that a source gives its servers as what to listen to. */
function hostExpressions({ text, path }: Code): string[] {
  const found: string[] = [];
  if (/\.[cm]?[jt]sx?$/.test(path)) {
    for (const { args } of callsOf(text, /(?:\.listen|\bserve)\(/g)) {
      const [first = '', second] = splitArguments(args);
      const inObject = /\b(?:host|hostname)\s*:\s*([^,}\n]+)/.exec(first.startsWith('{') ? first : '')?.[1];
      const isShort = first.startsWith('{') && /[{,]\s*(host|hostname)\s*[,}]/.exec(first)?.[1];
      const isCallback = second === undefined || /^(?:async\b|function\b|\()|=>/.test(second);
      found.push(
        ...[inObject, isShort === false || isShort === undefined ? undefined : isShort]
          .filter((one) => one !== undefined && one !== null && one !== '')
          .map(String),
      );
      if (!isCallback && !first.startsWith('{')) {
        found.push(second);
      }
    }
  } else if (path.endsWith('.py')) {
    for (const { args } of callsOf(
      text,
      /\b(?:run|run_app|run_simple|serve|create_server|start_server|TCPSite)\(/g,
    )) {
      const parts = splitArguments(args);
      const named = parts
        .map((part) => /^host\s*=\s*(\S[\s\S]*)$/.exec(part)?.[1])
        .find((one) => one !== undefined);
      found.push(...(named === undefined ? [] : [named]));
    }
    for (const { args } of callsOf(text, /\b(?:HTTPServer|TCPServer|ThreadingHTTPServer|make_server)\(/g)) {
      const first = /^(?:\(\s*|\s+)?([^\s,()][^,()]*(?:\(\)\s*)?),/.exec(args)?.[1];
      found.push(...(first === undefined ? [] : [first]));
    }
  } else if (path.endsWith('.go')) {
    const pattern = /(?:\bListenAndServe(?:TLS)?|\.Run|\.Start|\.Listen|\bnet\.Listen)\(/g;
    for (const { args } of callsOf(text, pattern)) {
      const first = splitArguments(args).find((part) => part !== '"tcp"');
      found.push(...(first === undefined || first === '' ? [] : [first]));
    }
    const field = /\bAddr:\s*([^,\n}]+)/.exec(text)?.[1];
    found.push(...(field === undefined ? [] : [field]));
  }
  return found.map((one) => one.trim());
}

/** Definitions of a name are followed this far. */
const mostSteps = 3;

function evaluate(
  expression: string,
  code: Code,
  environment: ReadonlyMap<string, string>,
  at: Evidence,
  steps: number,
): Known<Address> | undefined {
  const variable = /\benv(?:iron)?(?:\.|\[["']|\.get\(\s*["'])(\w+)|\bgetenv\(\s*["'](\w+)/i.exec(expression);
  const set = environment.get(variable?.[1] ?? variable?.[2] ?? '');
  if (set !== undefined) {
    return fromText(set, at.says, at);
  }
  if (asksHostname.test(expression)) {
    return known('hostname', at);
  }
  // A host and a port that are put together: `host + ":8080"`, `fmt.Sprintf("%s:%d", host, port)`.
  const joined =
    /^([A-Za-z_$][\w$.]*)\s*\+\s*["'`]:/.exec(expression)?.[1] ??
    /^(?:fmt\.Sprintf\(\s*["`]%[sv]:%[svd]["`]\s*,|net\.JoinHostPort\()\s*([A-Za-z_][\w.]*)/.exec(
      expression,
    )?.[1];
  if (joined !== undefined) {
    return (
      evaluate(joined, code, environment, at, steps + 1) ??
      unknown(`${code.path} reads what it listens on from \`${joined}\``, at)
    );
  }
  const literal = /["'`]([^"'`]*)["'`]\s*\)?$/.exec(expression)?.[1];
  if (literal !== undefined && !/^["'`]?\w*["'`]?\]?$/.test(expression)) {
    const isPort = /^:?\$?\{?[\w.]*\}?$/.test(literal) && (literal.startsWith(':') || literal === '');
    return isPort ? known('loopback', at) : fromText(literal, at.says, at);
  }
  if (literal !== undefined) {
    return fromText(literal, at.says, at);
  }
  const name = /^(?:this\.)?([A-Za-z_$][\w$]*)$/.exec(expression)?.[1];
  const definition = name === undefined || steps >= mostSteps ? undefined : definitionOf(name, code.text);
  if (definition !== undefined) {
    return evaluate(definition, code, environment, at, steps + 1);
  }
  const mayBeHost = /host|addr|bind|interface|\bip\b/i.test(expression);
  return mayBeHost ? unknown(`${code.path} reads what it listens on from \`${expression}\``, at) : undefined;
}

/** What a name is set to in a source; undefined where that is not found. */
function definitionOf(name: string, text: string): string | undefined {
  for (const line of text.split('\n')) {
    const at = line.indexOf(name);
    const rest = at < 0 ? '' : line.slice(at + name.length);
    const isWhole = at >= 0 && !/[\w$.]/.test(line.charAt(at - 1)) && !/^[\w$]/.test(rest);
    const value = isWhole
      ? /^\s*(?::\s*\w+\s*)?(?:,\s*\w+\s*)?:?=(?!=)\s*([^;]+)/.exec(rest)?.[1]?.trim()
      : undefined;
    if (value !== undefined) {
      return value;
    }
  }
  return undefined;
}

function fromText(text: string, says: string, at: Evidence): Known<Address> {
  const plain = text.replace(/["']/g, '');
  // The last number of an address of IPv6 is no port, unless brackets stand around the address.
  const isIpv6 = plain.includes('::') && /^[\da-f:.]+$/i.test(plain);
  const host = isIpv6 ? plain : plain.replace(/:(?:\d+|\$\{?\w[^}]*\}?)?$/, '');
  const evidence = { ...at, says };
  if (asksHostname.test(host)) {
    return known('hostname', evidence);
  }
  if (/^(?:|\*|0|0\.0\.0\.0|\[?::\]?|localhost|127(?:\.\d+){3}|true)$/.test(host)) {
    return known('loopback', evidence);
  }
  if (/^\[?::1\]?$/.test(host)) {
    return known('ipv6', evidence);
  }
  return /^\d+(?:\.\d+){3}$/.test(host)
    ? known({ literal: host }, evidence)
    : /[$%{]/.test(host)
      ? unknown(`${says}, which is not known before the container starts`, evidence)
      : known('loopback', evidence);
}
