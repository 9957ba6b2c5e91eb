// What a service asks of the world outside in HTTP (the performer `http-request`), and what comes back. The runtime
// implements it in `runtime/outbound`; nothing here knows a socket. It always comes back with an outcome, a failure included.

/** Name of the performer that the runtime registers. */
export const HTTP_REQUEST = 'http-request';

export interface HttpRequest {
  readonly method: string;
  /** `http:` or `https:`, without user and password. */
  readonly url: string;
  /** In the order in which they are sent. Host and Content-Length are the client's own. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
  /** For all of it: finding the address, connecting, and the answer to its last byte. */
  readonly timeoutMs: number;
  /** Bytes of the answer's body, decompressed, that are read; it is cut there. */
  readonly bodyBytesMax: number;
}

export type HttpOutcome = HttpAnswer | { readonly failure: HttpFailure };

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; of repeated ones the values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly isBodyCut: boolean;
}

export interface HttpFailure {
  readonly kind: HttpFailureKind;
  /** For people: names the host at most, never a path, a query or a header: those may hold secrets. */
  readonly detail: string;
}

/**
 * - `timeout`: no complete answer in time.
 * - `address-not-allowed`: the URL leads where this server does not go; see `--allow-outbound`.
 * - `name-not-found`: the host's name has no address.
 * - `connection`: refused, reset or unreachable.
 * - `tls`: no secure connection, a certificate that is not trusted included.
 * - `answer`: what came back is not HTTP, or not the encoding it says.
 * - `request`: the request cannot be sent as it is (a URL or header that HTTP does not allow).
 */
export type HttpFailureKind =
  | 'timeout'
  | 'address-not-allowed'
  | 'name-not-found'
  | 'connection'
  | 'tls'
  | 'answer'
  | 'request';
