// A request and a response as the wire layer sees them: HTTP already parsed and its body complete and inflated, nothing decoded.
// The HTTP server fills a WireRequest and writes a WireResponse; it needs to know nothing else about AWS's protocols.

/** Lower-case header name -> value. A null-prototype record, so that a header named `__proto__` is only a name. */
export type WireHeaders = Readonly<Record<string, string | undefined>>;

export interface WireRequest {
  /** Upper case, as sent. */
  readonly method: string;
  /** The path as sent: undecoded, not normalised, without `?`. A signature covers these very characters. */
  readonly path: string;
  /** What stands after the first `?`, as sent; empty when there is none. */
  readonly query: string;
  /** Repeated headers are joined with `, ` in the order they were sent. See {@link wireHeaders}. */
  readonly headers: WireHeaders;
  /**
   * Names (lower case) of headers that arrived more than once. A second `authorization`, `host`, `x-amz-date` or
   * `x-amz-security-token` is refused: who signed and who acts could read different ones.
   */
  readonly repeatedHeaders?: readonly string[];
  /** After `Content-Encoding: gzip` was undone. */
  readonly body: Uint8Array;
  /** The body as it was sent, when that differs from {@link body}: the signature covers these bytes. */
  readonly signedBody?: Uint8Array;
}

export interface WireResponse {
  readonly status: number;
  /** `Content-Length`, `Connection` and `Date` are the server's business. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Text is sent as UTF-8. */
  readonly body: Uint8Array | string;
  /** A body that is written while it is sent; `body` is empty then. */
  readonly pieces?: BodyPieces;
  /** Length of the body that a GET would get, in an answer to HEAD. */
  readonly bodyBytes?: number;
}

/** A body of known length that comes into being piece by piece. */
export interface BodyPieces {
  readonly byteCount: number;
  /**
   * The next piece; undefined behind the last one. It lies in `memory` (of `byteCount` bytes, or of some kibibytes at least) unless one
   * part of it alone is longer, or lies somewhere for good. With memory for all of it there is one piece.
   */
  next(memory: Uint8Array): Uint8Array | undefined;
  /** Behind the last piece, by who will not look at the answer again: what it was made from may be used for others. */
  close?(): void;
}

/** Without any inherited name, and unlike `Object.create(null)` with a shape that engines can cache: lookups cost a third. */
const HeaderBag = function HeaderBag() {} as unknown as new () => Record<string, string | undefined>;
HeaderBag.prototype = Object.create(null);

/** Builds {@link WireHeaders} from pairs: for tests and for servers that hold a list. */
export function wireHeaders(pairs: Iterable<readonly [string, string]>): WireHeaders {
  const headers = new HeaderBag();
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    const before = headers[key];
    headers[key] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}
