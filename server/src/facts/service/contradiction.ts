import type { Stage } from '../../model/dockerfile.ts';
import type { AnalysisContext } from '../context.ts';
import { programFolderOf } from '../installs/install-order.ts';
import { baseTraits } from '../stage.ts';
import type { ProbeRequest } from './probe-request.ts';
import { findService } from './service.ts';

/** How a probe asks otherwise than the service answers. */
export interface Contradiction {
  /** A verb and what follows it: `asks over HTTP, and …`. */
  readonly says: string;
  readonly severity: 'error' | 'warning';
  /** What the probe has to ask to get an answer. */
  readonly request: ProbeRequest;
}

/** What a probe that is written already asks in vain; undefined where nothing is seen to contradict it. */
export function contradictionOf(
  context: AnalysisContext,
  stage: Stage,
  asked: ProbeRequest,
): Contradiction | undefined {
  const traits = baseTraits(stage, context.images);
  const directory = programFolderOf(context.dockerfile, stage) ?? '';
  const probe = findService(context, stage, directory, traits)?.probe;
  return probe?.state === 'known' ? between(asked, probe.value) : undefined;
}

/** How a probe asks otherwise than the server answers, and what would be right; undefined where the two agree. */
function between(
  asked: ProbeRequest,
  right: ProbeRequest,
):
  | { readonly says: string; readonly severity: 'error' | 'warning'; readonly request: ProbeRequest }
  | undefined {
  if (asked.port !== right.port) {
    return undefined;
  }
  // A server with a certificate may answer plain HTTP with an error, which passes where every answer does.
  if (asked.protocol === 'http' && right.protocol === 'tls' && asked.unhealthyFrom === 400) {
    return {
      says: 'asks over HTTP, and the server speaks TLS alone',
      severity: 'error',
      request: { ...asked, protocol: 'tls', address: right.address },
    };
  }
  if (asked.protocol === 'tls' && right.protocol === 'http') {
    return {
      // Whoever asks over TLS may know of a certificate that no source names.
      says: 'asks over TLS, and as far as its sources tell the server has no certificate',
      severity: 'warning',
      request: { ...asked, protocol: 'http', address: right.address },
    };
  }
  const isNumber = typeof asked.address === 'object';
  if (isNumber && right.address === 'ipv6') {
    return {
      says: 'asks 127.0.0.1, and the server listens over IPv6 alone',
      severity: 'error',
      request: { ...asked, address: right.address },
    };
  }
  return (isNumber || asked.address === 'loopback') && right.address === 'hostname'
    ? {
        says: 'asks the loopback, and the server listens to the address of its host name alone',
        severity: 'error',
        request: { ...asked, address: right.address },
      }
    : undefined;
}
