/** Why a registry or an engine did not answer. */
export type LookupFailure =
  | 'cancelled'
  | 'timeout'
  | 'unreachable'
  | 'certificate'
  | 'not-allowed'
  | 'login'
  | 'forbidden'
  | 'not-found'
  | 'rate-limit'
  | 'server'
  | 'unreadable';

/**
 * A look-up that failed. The message is one line for people: it names the registry and the image, never a header, a
 * token, a password or text that the other side sent.
 */
export class LookupError extends Error {
  override readonly name = 'LookupError';
  readonly failure: LookupFailure;
  /** Milliseconds after which the other side may be asked again, where it said so. */
  readonly retryAfter?: number;

  constructor(
    failure: LookupFailure,
    message: string,
    options: { readonly retryAfter?: number; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.failure = failure;
    if (options.retryAfter !== undefined) {
      this.retryAfter = options.retryAfter;
    }
  }
}

const certificateCodes: ReadonlyMap<string, string> = new Map([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'it is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its chain ends in an unknown authority'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its authority is unknown'],
  ['UNABLE_TO_GET_ISSUER_CERT', 'its authority is unknown'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'its authority is unknown'],
  ['CERT_HAS_EXPIRED', 'it has expired'],
  ['CERT_NOT_YET_VALID', 'it is not valid yet'],
  ['CERT_REVOKED', 'it was revoked'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'it is for another host'],
]);

const networkCodes: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'host not found'],
  ['EAI_AGAIN', 'host name could not be resolved'],
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection closed'],
  ['EPIPE', 'connection closed'],
  ['EHOSTUNREACH', 'no route to the host'],
  ['ENETUNREACH', 'network not reachable'],
  ['ETIMEDOUT', 'no connection in time'],
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection in time'],
  ['UND_ERR_SOCKET', 'connection closed'],
]);

/** Puts what the network layer threw into words about `who`, such as `registry ghcr.io`. */
export function networkError(who: string, error: unknown, signal: AbortSignal): LookupError {
  if (error instanceof LookupError) {
    return error;
  }
  if (signal.aborted) {
    return isTimeout(signal.reason)
      ? new LookupError('timeout', `${capitalize(who)} did not answer in time.`)
      : new LookupError('cancelled', 'The look-up was cancelled.');
  }
  const code = errorCode(error);
  const certificate = certificateCodes.get(code);
  if (certificate !== undefined) {
    return new LookupError('certificate', `The certificate of ${who} is not trusted: ${certificate}.`);
  }
  if (/^(UND_ERR_(HEADERS|BODY)_TIMEOUT)$/.test(code)) {
    return new LookupError('timeout', `${capitalize(who)} did not answer in time.`);
  }
  if (/^(UND_ERR_RES_CONTENT_LENGTH_MISMATCH|HPE_)/.test(code) || code === 'UND_ERR_HEADERS_OVERFLOW') {
    return new LookupError('unreadable', `${capitalize(who)} sent an answer that is cut off or no HTTP.`);
  }
  if (/^(ERR_SSL|ERR_TLS|EPROTO)/.test(code)) {
    return new LookupError('certificate', `No secure connection to ${who} could be made (${code}).`, {
      cause: error,
    });
  }
  return new LookupError(
    'unreachable',
    `${capitalize(who)} cannot be reached: ${networkCodes.get(code) ?? (code || 'network error')}.`,
    { cause: error },
  );
}

/** The code of an error of Node or undici, which may be wrapped or be one of several attempts. */
export function errorCode(error: unknown): string {
  if (error instanceof AggregateError) {
    return errorCode(error.errors[0]);
  }
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return typeof code === 'string' ? code : cause === undefined ? '' : errorCode(cause);
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** True for what a deadline that has passed throws. */
export function isTimeout(reason: unknown): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}
