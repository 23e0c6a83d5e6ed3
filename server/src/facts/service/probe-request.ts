import type { Project } from '../../project/project.ts';
import { type Evidence, type Known, known, unknown } from '../known.ts';
import { type Address, addressOf } from './address.ts';
import type { HealthRoute } from './framework-health-route.ts';
import { guardOf } from './guard.ts';
import { writerOf } from './handlers.ts';
import { findHealthRoute } from './health-route.ts';
import { type Protocol, protocolOf, type ServerInput } from './protocol.ts';
import type { Code } from './source-code.ts';

/** What a probe asks a service. */
export interface ProbeRequest {
  /** `tcp`: whether the port takes connections, and nothing more. */
  readonly protocol: 'http' | 'tls' | 'tcp';
  readonly address: Address;
  readonly port: number;
  /** The variable that names another port if it is set when the container starts; undefined where none does. */
  readonly portVariable: string | undefined;
  readonly path: string;
  /** The lowest status that means that the service is ill: 500 where a healthy one may refuse the probe. */
  readonly unhealthyFrom: 400 | 500;
}

/** The port that was found, and the variable that the program takes another one from. */
export interface PortInput {
  readonly port: number;
  readonly portVariable: string | undefined;
  /** True for a server of files: routes of the sources are those of another program. */
  readonly servesFiles: boolean;
  /** True where the configuration of the image's own server takes connections over IPv6 alone. */
  readonly isIpv6Alone: boolean;
}

/**
 * What a probe may ask a service so that a healthy one passes: protocol and address as its start command, settings and
 * sources say, a route that they name for health checks, no route that asks for a login or whose handler writes. Unknown
 * where one of these could not be read.
 */
export function probeRequest(server: ServerInput, found: PortInput): Known<ProbeRequest> {
  const { project, directory, code } = server;
  const health = found.servesFiles ? undefined : findHealthRoute(project, directory);
  const protocol = orByRoute(protocolOf(server), health, server);
  if (protocol.state === 'unknown') {
    return protocol;
  }
  const address: Known<Address> = found.isIpv6Alone
    ? known('ipv6', {
        says: 'The configuration of the server listens over IPv6 alone',
        at: { kind: 'dockerfile', span: server.span },
      })
    : addressOf(server);
  if (address.state === 'unknown') {
    return address;
  }
  const evidence: Evidence[] = [
    ...protocol.evidence,
    ...(address.value === 'loopback' ? [] : address.evidence),
  ];
  const base = { address: address.value, port: found.port, portVariable: found.portVariable };
  const tcp = (says: string): Known<ProbeRequest> =>
    known({ ...base, protocol: 'tcp', path: '/', unhealthyFrom: 500 }, ...evidence, {
      says,
      at: evidence[0]?.at ?? { kind: 'dockerfile', span: server.span },
    });
  if (protocol.value === 'sockets') {
    return tcp('the probe only asks whether the port takes connections');
  }
  const own = found.servesFiles ? [] : code;
  const writer = health === undefined ? undefined : writerOf(own, health.path);
  const path = writer === undefined ? (health?.path ?? '/') : '/';
  const guard = guardOf(project, directory, own, path);
  if (guard !== undefined) {
    return unknown(`${guard}, so that a probe without one gets no success`);
  }
  const writes = writerOf(own, path);
  if (writes !== undefined) {
    return tcp(
      `what answers GET ${path} in ${writes} writes data, so that the probe only asks whether the port takes connections`,
    );
  }
  const unhealthyFrom =
    path === '/' ? 500 : hostsAreLimited(own, project) ? 500 : (health?.unhealthyFrom ?? 500);
  evidence.push({
    says:
      path === '/'
        ? 'No health route was found in the sources: any answer on / below status 500 counts as healthy'
        : `The route ${path} answers ${unhealthyFrom === 400 ? 'with a success' : 'below status 500'} when the service is well (found in the sources)`,
    at: { kind: 'dockerfile', span: server.span },
  });
  return known({ ...base, protocol: protocol.value, path, unhealthyFrom }, ...evidence);
}

/** A route for health checks tells of HTTP where nothing else does. */
function orByRoute(
  protocol: Known<Protocol>,
  health: HealthRoute | undefined,
  { span }: ServerInput,
): Known<Protocol> {
  const isContradicted = protocol.state === 'unknown' && protocol.looked.length > 0;
  return protocol.state === 'known' || health === undefined || isContradicted
    ? protocol
    : known('http', { says: `the sources answer ${health.path}`, at: { kind: 'dockerfile', span } });
}

/** True where a program refuses requests for other hosts than its own, as that of the probe. */
function hostsAreLimited(code: readonly Code[], project: Project): boolean {
  const settings = project.reader.read('appsettings.json') ?? '';
  const rails = code.some(
    ({ path, text }) =>
      path.endsWith('config/environments/production.rb') && /^[ \t]*config\.hosts\b/m.test(text),
  );
  const allowed = /"AllowedHosts"\s*:\s*"([^"]*)"/.exec(settings)?.[1];
  return (
    rails ||
    code.some(({ text }) => /\bTrustedHostMiddleware\b/.test(text)) ||
    (allowed !== undefined && allowed !== '*')
  );
}
