// Requests that are no valid HTTP, or more than this server takes: answered before any AWS protocol is known, then the connection
// is closed, because nobody can say any more where the next request begins.

export class HttpRefusal {
  constructor(
    readonly status: number,
    /** Told to the client and to diagnostics. Never contains what the client sent. */
    readonly reason: string,
  ) {}
}

export const badRequestLine = new HttpRefusal(400, 'The request line is malformed.');
export const badTarget = new HttpRefusal(400, 'The request target must be an absolute path.');
export const badVersion = new HttpRefusal(505, 'Only HTTP/1.0 and HTTP/1.1 are spoken here.');
export const unknownMethod = new HttpRefusal(501, 'The method is not implemented.');
export const lineWithoutCarriageReturn = new HttpRefusal(400, 'Lines must end with CR LF.');
export const badHeaderName = new HttpRefusal(400, 'A header name holds a character that is not allowed.');
export const foldedHeader = new HttpRefusal(400, 'Folded header lines are not accepted.');
export const badHeaderValue = new HttpRefusal(400, 'A header value holds a character that is not allowed.');
export const repeatedHeader = new HttpRefusal(400, 'A header that must be unique was sent more than once.');
export const badHost = new HttpRefusal(400, 'The Host header is missing or malformed.');
export const badContentLength = new HttpRefusal(400, 'Content-Length is not a number of bytes.');
export const lengthAndEncoding = new HttpRefusal(400, 'Content-Length and Transfer-Encoding exclude each other.');
export const badTransferEncoding = new HttpRefusal(
  501,
  'The only transfer coding spoken here is chunked, on HTTP/1.1.',
);
export const unknownExpectation = new HttpRefusal(417, 'The only expectation that can be met is 100-continue.');
export const headTooLarge = new HttpRefusal(431, 'The request line and headers are too large.');
export const tooManyHeaders = new HttpRefusal(431, 'The request has too many headers.');
export const bodyTooLarge = new HttpRefusal(413, 'The request body is too large.');
export const badChunk = new HttpRefusal(400, 'The chunked body is malformed.');
export const badContentEncoding = new HttpRefusal(400, 'The body is not what its Content-Encoding says.');
export const requestTimedOut = new HttpRefusal(408, 'The request did not arrive in time.');
