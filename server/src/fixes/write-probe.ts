import { startName } from '../facts/base/programs.ts';
import type { ProbeRequest } from '../facts/service/probe-request.ts';
import type { ImageTraits } from '../images/knowledge.ts';
import type { Stage } from '../model/dockerfile.ts';
import { installsPackage } from '../model/installed-packages.ts';

/** A command that asks a service whether it is well, with a program that the image has. */
export interface Probe {
  /** The program, for the title. */
  readonly tool: string;
  /** The words of the exec form; a text where a shell has to read it. A line break is a good place to break a long line. */
  readonly command: readonly string[] | string;
  /** Seconds after which no answer counts as ill; 3 where none are said. */
  readonly timeout?: number;
}

/**
 * Writes a probe for an image: with the language's own runtime first, because it is there in every variant, then curl,
 * wget and Bash where the image or the stage has them. Exec form where it can be, so that it works without a shell.
 * Undefined where none of them is there for certain, or could ask in that way.
 */
export function writeProbe(
  traits: ImageTraits | undefined,
  stage: Stage,
  request: ProbeRequest,
): Probe | undefined {
  const has = (tool: string): boolean =>
    traits?.tools?.includes(tool) === true || installsPackage(stage, tool);
  const isPython =
    /^(?:python|uv|pytorch|tensorflow)$/.test(traits?.family ?? '') && has('python')
      ? true
      : traits?.family === 'distroless' && has('python3');
  const named = (program: string): string => startName(traits, program);
  return (
    (has('node') ? withNode(request, named('node')) : undefined) ??
    (has('bun') ? withBun(request) : undefined) ??
    (has('deno') ? withDeno(request) : undefined) ??
    (isPython
      ? withPython(request, named(traits?.family === 'distroless' ? 'python3' : 'python'))
      : undefined) ??
    (has('curl') ? withCurl(request) : undefined) ??
    (traits?.family === 'ruby' ? withRuby(request) : undefined) ??
    (traits?.family === 'php' ? withPhp(request) : undefined) ??
    withWget(request, traits, has('wget')) ??
    (has('bash') ? withBash(request) : undefined)
  );
}

/** The host that a probe asks; undefined where it is the name of the container. */
function hostOf({ address }: ProbeRequest): string | undefined {
  return address === 'hostname'
    ? undefined
    : address === 'loopback'
      ? '127.0.0.1'
      : address === 'ipv6'
        ? '::1'
        : address.literal;
}

/** The same as it stands in a URL. */
function urlHost(request: ProbeRequest): string | undefined {
  return request.address === 'ipv6' ? '[::1]' : hostOf(request);
}

/** The parts of a URL as expressions of a language that joins texts with `+`. */
function urlIn(request: ProbeRequest, hostname: string, port: string): string {
  const scheme = request.protocol === 'tls' ? 'https' : 'http';
  const host = urlHost(request);
  const parts = [
    `'${scheme}://${host ?? ''}`,
    ...(host === undefined ? [`' + ${hostname} + '`] : []),
    request.portVariable !== undefined
      ? `:' + (${port}) + '${request.path}'`
      : `:${request.port}${request.path}'`,
  ];
  return parts.join('').replaceAll("'' + ", '');
}

/** The variable that may name another port. */
function variableOf({ portVariable }: ProbeRequest): string {
  return portVariable ?? 'PORT';
}

/** The host as an expression of a language. */
function hostIn(request: ProbeRequest, hostname: string): string {
  const host = hostOf(request);
  return host === undefined ? hostname : `'${host}'`;
}

function withNode(request: ProbeRequest, program: string): Probe {
  const { protocol, port, portVariable, unhealthyFrom } = request;
  const hostname = "require('os').hostname()";
  const portText = `process.env.${variableOf(request)} || ${port}`;
  const failed = ".on('error', () => process.exit(1))";
  const url = urlIn(request, hostname, portText);
  const options = protocol === 'tls' ? '{ rejectUnauthorized: false }, ' : '';
  const place = `${portVariable !== undefined ? portText : port}, ${hostIn(request, hostname)}`;
  // Not fetch: Node.js before 18 has none.
  const script =
    protocol === 'tcp'
      ? `require('net').connect(${place}, () => process.exit(0)) \n${failed}`
      : `require('${protocol === 'tls' ? 'https' : 'http'}').get(${url}, ${options}\nr => process.exit(r.statusCode < ${unhealthyFrom} ? 0 : 1))${failed}`;
  return { tool: 'node', command: [program, '-e', script] };
}

function withBun(request: ProbeRequest): Probe | undefined {
  const { protocol, port, unhealthyFrom } = request;
  if (protocol === 'tcp') {
    return withNode(request, 'bun');
  }
  const url = urlIn(request, "require('os').hostname()", `process.env.${variableOf(request)} || ${port}`);
  const tls = protocol === 'tls' ? ', { tls: { rejectUnauthorized: false } }' : '';
  return {
    tool: 'bun',
    command: [
      'bun',
      '-e',
      `fetch(${url}${tls})\n.then(r => process.exit(r.status < ${unhealthyFrom} ? 0 : 1), () => process.exit(1))`,
    ],
  };
}

function withDeno(request: ProbeRequest): Probe | undefined {
  const { protocol, port, unhealthyFrom, portVariable, address } = request;
  const portText = `Deno.env.get('${variableOf(request)}') || ${port}`;
  if (protocol === 'tls' || address === 'hostname') {
    return undefined;
  }
  const script =
    protocol === 'tcp'
      ? `Deno.connect({ hostname: ${hostIn(request, '')}, port: ${portVariable !== undefined ? `Number(${portText})` : port} })\n.then(() => Deno.exit(0), () => Deno.exit(1))`
      : `fetch(${urlIn(request, '', portText)})\n.then(r => Deno.exit(r.status < ${unhealthyFrom} ? 0 : 1), () => Deno.exit(1))`;
  return { tool: 'deno', command: ['deno', 'eval', script] };
}

function withPython(request: ProbeRequest, program: string): Probe {
  const { protocol, port, portVariable, path, unhealthyFrom, address } = request;
  const asked = portVariable !== undefined ? `int(os.environ.get('${portVariable}', ${port}))` : `${port}`;
  const host = hostIn(request, 'socket.gethostname()');
  const needsSocket = address === 'hostname' || protocol === 'tcp';
  const modules = [...(portVariable !== undefined ? ['os'] : []), ...(needsSocket ? ['socket'] : [])];
  // Not urllib: it follows redirects, and a service behind a proxy sends to https what comes without.
  const script =
    protocol === 'tcp'
      ? `import ${modules.join(', ')}; socket.create_connection((${host}, ${asked}), 2)`
      : protocol === 'tls'
        ? `import ${[...modules, 'ssl', 'sys', 'http.client'].join(', ')}; \nc = http.client.HTTPSConnection(${host}, ${asked}, timeout=2, context=ssl._create_unverified_context()); \nc.request('GET', '${path}'); sys.exit(c.getresponse().status >= ${unhealthyFrom})`
        : `import ${[...modules, 'sys', 'http.client'].join(', ')}; \nc = http.client.HTTPConnection(${host}, ${asked}, timeout=2); \nc.request('GET', '${path}'); sys.exit(c.getresponse().status >= ${unhealthyFrom})`;
  return { tool: 'python', command: [program, '-c', script] };
}

/** A URL as a shell reads it between double quotes. */
function shellUrl(request: ProbeRequest): string {
  const { protocol, port, portVariable, path } = request;
  const host = urlHost(request) ?? '$(hostname)';
  return `${protocol === 'tls' ? 'https' : 'http'}://${host}:${portVariable !== undefined ? `\${${portVariable}:-${port}}` : port}${path}`;
}

function withCurl(request: ProbeRequest): Probe | undefined {
  const { protocol, unhealthyFrom, portVariable, address } = request;
  if (protocol === 'tcp') {
    return undefined;
  }
  const url = shellUrl(request);
  const insecure = protocol === 'tls' ? 'k' : '';
  if (unhealthyFrom === 500) {
    return {
      tool: 'curl',
      command: `curl -s${insecure} -o /dev/null -w '%{http_code}' "${url}" | grep -q '^[1-4]'`,
    };
  }
  const isPlain = portVariable === undefined && address !== 'hostname';
  return {
    tool: 'curl',
    command: isPlain
      ? ['curl', `-fsS${insecure}`, '-o', '/dev/null', url]
      : `curl -fsS${insecure} -o /dev/null "${url}"`,
  };
}

function withRuby(request: ProbeRequest): Probe {
  const { protocol, port, portVariable, path, unhealthyFrom } = request;
  const portText = `ENV.fetch('${variableOf(request)}', '${port}')`;
  const host = hostIn(request, 'Socket.gethostname');
  if (protocol === 'tcp') {
    return {
      tool: 'ruby',
      command: [
        'ruby',
        '-rsocket',
        '-e',
        `TCPSocket.new(${host}, ${portVariable !== undefined ? portText : port}).close`,
      ],
    };
  }
  if (protocol === 'tls') {
    const options = 'use_ssl: true, verify_mode: OpenSSL::SSL::VERIFY_NONE';
    return {
      tool: 'ruby',
      command: [
        'ruby',
        '-ropenssl',
        '-rnet/http',
        '-e',
        `Net::HTTP.start(${host}, ${portVariable !== undefined ? portText : port}, ${options}) \n{ |c| exit(c.get('${path}').code.to_i < ${unhealthyFrom}) }`,
      ],
    };
  }
  const url = urlIn(request, 'Socket.gethostname', portText);
  return {
    tool: 'ruby',
    command: [
      'ruby',
      '-rnet/http',
      '-e',
      `exit(Net::HTTP.get_response(URI(${url}))\n.code.to_i < ${unhealthyFrom})`,
    ],
  };
}

function withPhp(request: ProbeRequest): Probe | undefined {
  const { protocol, port, portVariable } = request;
  return protocol === 'tcp'
    ? {
        tool: 'php',
        command: [
          'php',
          '-r',
          `exit(@fsockopen(${request.address === 'ipv6' ? "'[::1]'" : hostIn(request, 'gethostname()')}, ${portVariable !== undefined ? `getenv('${portVariable}') ?: ${port}` : port}) ? 0 : 1);`,
        ],
      }
    : undefined;
}

function withWget(
  request: ProbeRequest,
  traits: ImageTraits | undefined,
  isThere: boolean,
): Probe | undefined {
  const { protocol, unhealthyFrom, portVariable, address, port } = request;
  const isBusyBox = traits?.distribution?.id === 'alpine' || traits?.family === 'busybox';
  const url = shellUrl(request);
  const insecure = protocol === 'tls' ? ['--no-check-certificate'] : [];
  if (protocol === 'tcp') {
    const isPlain = portVariable === undefined && address !== 'hostname';
    const host = hostOf(request) ?? '$(hostname)';
    return traits?.distribution?.id !== 'alpine'
      ? undefined
      : {
          tool: 'nc',
          command: isPlain
            ? ['nc', '-z', host, `${port}`]
            : `nc -z ${host} ${portVariable !== undefined ? `"\${${portVariable}:-${port}}"` : port}`,
        };
  }
  if (unhealthyFrom === 400 && isThere) {
    const isPlain = portVariable === undefined && address !== 'hostname';
    return {
      tool: 'wget',
      command: isPlain
        ? ['wget', ...insecure, '-q', '-O', '/dev/null', url]
        : `wget ${[...insecure, '-q', '-O', '/dev/null'].join(' ')} "${url}"`,
    };
  }
  // BusyBox's wget fails with every status from 400 on: its first line tells whether anybody answered.
  return isBusyBox
    ? {
        tool: 'wget',
        command: `wget ${[...insecure, '-qSO', '/dev/null'].join(' ')} "${url}" 2>&1 | grep -q 'HTTP/1.[01] [1-4]'`,
      }
    : undefined;
}

function withBash(request: ProbeRequest): Probe | undefined {
  const { protocol, port, portVariable, path, unhealthyFrom } = request;
  if (protocol === 'tls') {
    return undefined;
  }
  const host = hostOf(request) ?? '$HOSTNAME';
  const place = `/dev/tcp/${host}/${portVariable !== undefined ? `\${${portVariable}:-${port}}` : port}`;
  const http = `GET ${path} HTTP/1.0\\r\\nHost: 127.0.0.1\\r\\n\\r\\n`;
  const script =
    protocol === 'tcp'
      ? `exec 3<>${place}`
      : `exec 3<>${place} && \nprintf '${http}' >&3 && read -r _ status _ <&3 && [ "$status" -lt ${unhealthyFrom} ]`;
  return { tool: 'bash', command: ['bash', '-c', script] };
}
