// Parses the request line and headers of HTTP/1.x straight from the received bytes: one pass, one string for the whole head, values as
// slices of it. Stricter than RFC 9112 allows a server to be, because every leniency is a way to make two parsers disagree about
// where a request ends (request smuggling). What it refuses is listed in the README and has a test each.

import type { WireHeaders } from '#wire/http-message.ts';
import {
  HEADER_CONNECTION,
  HEADER_CONTENT_ENCODING,
  HEADER_CONTENT_LENGTH,
  HEADER_EXPECT,
  HEADER_HOST,
  HEADER_ORDINARY,
  HEADER_TRANSFER_ENCODING,
  HEADER_UNIQUE,
  headerName,
  TOKEN_LOWER,
} from './header-names.ts';
import type { HttpRefusal } from './http-refusal.ts';
import * as refusals from './http-refusal.ts';

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']);
const METHOD_SHAPE = /^[A-Z]{1,32}$/;
/** Origin form only. Clients percent-encode everything that is not printable ASCII; a fragment is never sent. */
const TARGET = /^\/[!-"$-~]*$/;
const VERSION = /^HTTP\/\d\.\d$/;
/** Host name or address with an optional port; it becomes part of queue URLs, so nothing else may come through. */
export const HOST = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;
const CONTENT_LENGTH = /^[0-9]{1,15}$/;

/** 1 for bytes of a header value: tab, printable ASCII, and what lies above ASCII. */
const VALUE = new Uint8Array(256).fill(1, SPACE);
VALUE[TAB] = 1;
VALUE[0x7f] = 0;

/** A plain object without any inherited name, which unlike `Object.create(null)` starts with a shape the engine can cache. */
export const HeaderBag = function HeaderBag() {} as unknown as new () => Record<string, string | undefined>;
HeaderBag.prototype = Object.create(null);

export class RequestHead {
  method = '';
  path = '';
  query = '';
  readonly headers: WireHeaders = new HeaderBag();
  repeatedHeaders: string[] | undefined = undefined;
  /** -1 when the header is absent. */
  contentLength = -1;
  isChunked = false;
  isKeptAlive = true;
  isHttp10 = false;
  expectsContinue = false;
  contentEncoding = '';
}

export interface HeadRange {
  readonly start: number;
  /** Behind the CR LF of the last header line, before the empty line. */
  readonly end: number;
  readonly headerCountMax: number;
}

export function parseRequestHead(bytes: Buffer, range: HeadRange): RequestHead | HttpRefusal {
  const head = new RequestHead();
  const text = bytes.toString('latin1', range.start, range.end);
  const lineEnd = text.indexOf('\r\n');
  const refused = parseRequestLine(head, text, lineEnd) ?? parseHeaders(head, bytes, text, lineEnd + 2, range);
  return refused ?? checkTogether(head) ?? head;
}

function parseRequestLine(head: RequestHead, text: string, lineEnd: number): HttpRefusal | undefined {
  const methodEnd = text.indexOf(' ');
  const targetEnd = text.indexOf(' ', methodEnd + 1);
  if (methodEnd === -1 || targetEnd === -1 || targetEnd > lineEnd) return refusals.badRequestLine;
  const method = text.slice(0, methodEnd);
  const target = text.slice(methodEnd + 1, targetEnd);
  const version = text.slice(targetEnd + 1, lineEnd);
  if (version !== 'HTTP/1.1') {
    if (version === 'HTTP/1.0') head.isHttp10 = true;
    else return VERSION.test(version) ? refusals.badVersion : refusals.badRequestLine;
  }
  if (!METHODS.has(method)) {
    if (method === 'CONNECT') return refusals.badTarget;
    return METHOD_SHAPE.test(method) ? refusals.unknownMethod : refusals.badRequestLine;
  }
  if (target !== '/' && !TARGET.test(target)) return refusals.badTarget;
  const mark = target.indexOf('?');
  head.method = method;
  head.path = mark === -1 ? target : target.slice(0, mark);
  head.query = mark === -1 ? '' : target.slice(mark + 1);
  head.isKeptAlive = !head.isHttp10;
  return undefined;
}

function parseHeaders(
  head: RequestHead,
  bytes: Buffer,
  text: string,
  from: number,
  range: HeadRange,
): HttpRefusal | undefined {
  const { start, end } = range;
  const headers = head.headers as Record<string, string | undefined>;
  let at = start + from;
  let left = range.headerCountMax;
  // Every line is known to end with CR LF before `end`, and neither is a token or value byte: the inner loops cannot run away.
  while (at < end) {
    const nameStart = at;
    let hash = 0;
    let lower = TOKEN_LOWER[bytes[at] as number] as number;
    while (lower !== 0) {
      hash = (Math.imul(hash, 31) + lower) | 0;
      at += 1;
      lower = TOKEN_LOWER[bytes[at] as number] as number;
    }
    if (bytes[at] !== COLON || at === nameStart) return nameRefusal(bytes, nameStart, at);
    const { name, kind } = headerName(hash, bytes, nameStart, at);
    at += 1;
    while (bytes[at] === SPACE || bytes[at] === TAB) at += 1;
    const valueStart = at;
    at = valueEndOf(bytes, at);
    if (bytes[at] !== CR || bytes[at + 1] !== LF) {
      return bytes[at] === LF ? refusals.lineWithoutCarriageReturn : refusals.badHeaderValue;
    }
    let valueEnd = at;
    while (valueEnd > valueStart && (bytes[valueEnd - 1] === SPACE || bytes[valueEnd - 1] === TAB)) valueEnd -= 1;
    const value = text.slice(valueStart - start, valueEnd - start);
    at += 2;
    left -= 1;
    if (left < 0) return refusals.tooManyHeaders;
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (mayRepeat(kind)) joinRepeated(head, name, value);
    else return refusals.repeatedHeader;
    if (kind > HEADER_UNIQUE) {
      const refused = noteHeader(head, kind, value);
      if (refused !== undefined) return refused;
    }
  }
  return undefined;
}

/**
 * The first byte from `from` on that may not stand in a value. Four at a time takes half the time of one by one; the four may reach into
 * the empty line behind the head, never beyond it.
 */
function valueEndOf(bytes: Buffer, from: number): number {
  // Written out and with one type, because calls in here are not inlined into the long caller.
  const all = bytes as unknown as readonly number[];
  const is = VALUE as unknown as readonly number[];
  let at = from;
  while ((is[all[at]!]! & is[all[at + 1]!]! & is[all[at + 2]!]! & is[all[at + 3]!]!) === 1) at += 4;
  while (is[all[at]!] === 1) at += 1;
  return at;
}

function mayRepeat(kind: number): boolean {
  return kind === HEADER_ORDINARY || kind === HEADER_CONNECTION || kind === HEADER_CONTENT_ENCODING;
}

function joinRepeated(head: RequestHead, name: string, value: string): void {
  const headers = head.headers as Record<string, string | undefined>;
  headers[name] = `${headers[name]}, ${value}`;
  head.repeatedHeaders ??= [];
  if (!head.repeatedHeaders.includes(name)) head.repeatedHeaders.push(name);
}

function nameRefusal(bytes: Buffer, nameStart: number, at: number): HttpRefusal {
  const first = bytes[nameStart];
  if (first === SPACE || first === TAB) return refusals.foldedHeader;
  return bytes[at] === LF ? refusals.lineWithoutCarriageReturn : refusals.badHeaderName;
}

function noteHeader(head: RequestHead, kind: number, value: string): HttpRefusal | undefined {
  switch (kind) {
    case HEADER_HOST:
      return HOST.test(value) ? undefined : refusals.badHost;
    case HEADER_CONTENT_LENGTH:
      if (!CONTENT_LENGTH.test(value)) return refusals.badContentLength;
      head.contentLength = Number(value);
      return undefined;
    case HEADER_TRANSFER_ENCODING:
      if (value.toLowerCase() !== 'chunked') return refusals.badTransferEncoding;
      head.isChunked = true;
      return undefined;
    case HEADER_CONNECTION:
      noteConnection(head, value);
      return undefined;
    case HEADER_EXPECT:
      if (value.toLowerCase() !== '100-continue') return refusals.unknownExpectation;
      head.expectsContinue = !head.isHttp10;
      return undefined;
    case HEADER_CONTENT_ENCODING:
      head.contentEncoding = (head.headers['content-encoding'] ?? '').toLowerCase();
      return undefined;
    default:
      return undefined;
  }
}

function noteConnection(head: RequestHead, value: string): void {
  if (value === 'keep-alive' && !head.isHttp10) return;
  const options = value.toLowerCase().split(',');
  if (options.some((option) => option.trim() === 'close')) head.isKeptAlive = false;
  else if (head.isHttp10 && options.some((option) => option.trim() === 'keep-alive')) head.isKeptAlive = true;
}

function checkTogether(head: RequestHead): HttpRefusal | undefined {
  if (head.isChunked) {
    if (head.contentLength !== -1) return refusals.lengthAndEncoding;
    if (head.isHttp10) return refusals.badTransferEncoding;
  }
  if (head.headers['host'] === undefined && !head.isHttp10) return refusals.badHost;
  return undefined;
}
