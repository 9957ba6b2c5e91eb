// Renders the status line and headers of a response. What the server owns (length, connection, date) is added here; what a service gave
// is checked, because a CR LF in a header value would let a client write the next header, or the next response (response splitting).

import { STATUS_CODES } from 'node:http';
import type { WireResponse } from '#wire/http-message.ts';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const BAD_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
const NAMES_MAX = 512;

const statusLines: string[] = [];
const knownNames = new Set<string>();

export function statusLine(status: number): string {
  let line = statusLines[status];
  if (line === undefined) {
    line = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Status'}\r\n`;
    statusLines[status] = line;
  }
  return line;
}

/** The name of the first header that may not be sent, or undefined. */
export function badHeaderOf(headers: WireResponse['headers']): string | undefined {
  for (const [name, value] of headers) {
    if (!isHeaderName(name) || BAD_VALUE.test(value)) return name;
  }
  return undefined;
}

function isHeaderName(name: string): boolean {
  if (knownNames.has(name)) return true;
  if (!NAME.test(name)) return false;
  if (knownNames.size < NAMES_MAX) knownNames.add(name);
  return true;
}

/** The response itself, or what is sent instead of one that would break the protocol. */
export function sendable(response: WireResponse, onBadHeader: (diagnostic: BadHeader) => void): WireResponse {
  const name = badHeaderOf(response.headers);
  if (name === undefined) return response;
  const detail = `the response header ${JSON.stringify(name)} cannot be sent`;
  onBadHeader({ kind: 'bad-response-header', detail, status: 500 });
  const body = '{"message":"The answer could not be rendered."}';
  return { status: 500, headers: [['Content-Type', 'application/json']], body };
}

export interface BadHeader {
  readonly kind: 'bad-response-header';
  readonly detail: string;
  readonly status: number;
}

export function headerLines(headers: WireResponse['headers']): string {
  let lines = '';
  for (const [name, value] of headers) lines += `${name}: ${value}\r\n`;
  return lines;
}

/** Whether a response with this status has no body and no Content-Length by definition. */
export function isBodiless(status: number): boolean {
  return status === 204 || status === 304 || status < 200;
}

/** The `Date` line, rendered once a second. */
export class DateLine {
  private second = Number.NaN;
  private text = '';

  constructor(private readonly wallMs: () => number) {}

  get line(): string {
    const second = Math.floor(this.wallMs() / 1000);
    if (second !== this.second) {
      this.second = second;
      this.text = `Date: ${new Date(second * 1000).toUTCString()}\r\n`;
    }
    return this.text;
  }

  get value(): string {
    return this.line.slice('Date: '.length, -2);
  }
}
