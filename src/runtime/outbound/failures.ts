// What went wrong, from the errors of Node's sockets, TLS and HTTP parser.

import type { HttpFailure, HttpFailureKind } from '#cell/http-request.ts';

/** Thrown inside the client; becomes the outcome. */
export class OutboundFailure extends Error {
  override readonly name = 'OutboundFailure';
  constructor(
    readonly kind: HttpFailureKind,
    detail: string,
  ) {
    super(detail);
  }
}

const NAME_CODES = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NODATA', 'EAI_NONAME']);

export function failureOf(error: unknown, host: string): HttpFailure {
  if (error instanceof OutboundFailure) return { kind: error.kind, detail: error.message };
  const code = codeOf(error);
  if (NAME_CODES.has(code)) return { kind: 'name-not-found', detail: `the name ${host} has no address` };
  if (code.startsWith('HPE_')) return { kind: 'answer', detail: `${host} answered with what is not HTTP (${code})` };
  if (code.startsWith('Z_')) return { kind: 'answer', detail: `the answer of ${host} is not encoded as it says` };
  if (isOfTls(code)) return { kind: 'tls', detail: `no secure connection to ${host} (${code})` };
  if (isOfRequest(code)) return { kind: 'request', detail: `the request cannot be sent (${code})` };
  return { kind: 'connection', detail: `no connection to ${host} (${code === '' ? 'closed early' : code})` };
}

function isOfTls(code: string): boolean {
  return /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|INVALID_PURPOSE|EPROTO)/.test(
    code,
  );
}

/** What Node refuses to send: names and values of headers, methods and paths that HTTP does not allow. */
function isOfRequest(code: string): boolean {
  return /^ERR_(INVALID_|HTTP_INVALID_|UNESCAPED_)/.test(code);
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}
