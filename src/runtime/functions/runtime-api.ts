// The Lambda Runtime API (2018-06-01) for one execution environment: a loopback HTTP server on a port of its own, because
// runtimes take `AWS_LAMBDA_RUNTIME_API` as host and port. It knows one invocation at a time and no processes.
// Source: AWS Lambda developer guide, "Using the Lambda runtime API for custom runtimes".

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RESPONSE_BYTES_MAX } from './report.ts';

export interface NextInvocation {
  readonly requestId: string;
  readonly payload: Uint8Array;
  /** Epoch milliseconds of the real clock, which the child sees too. */
  readonly deadlineMs: number;
  readonly invokedArn: string;
  readonly traceId?: string;
  readonly clientContext?: string;
}

export type RuntimeAnswer =
  | { readonly kind: 'response'; readonly payload: Uint8Array }
  | { readonly kind: 'error'; readonly payload: Uint8Array; readonly errorType: string }
  | { readonly kind: 'too-large' };

export interface RuntimeApiListener {
  /** The runtime asks for work: it is initialised, or done with the invocation before. */
  ready(): void;
  initFailed(payload: Uint8Array, errorType: string): void;
  answered(answer: RuntimeAnswer): void;
}

const INVOCATION_PATH = /^\/2018-06-01\/runtime\/invocation\/([0-9a-fA-F-]+)\/(response|error)$/;

export class RuntimeApi {
  private waiting: ServerResponse | undefined;
  private current: NextInvocation | undefined;

  private constructor(
    private readonly server: Server,
    private readonly listener: RuntimeApiListener,
  ) {
    server.on('request', (request, response) => this.serve(request, response));
  }

  static open(listener: RuntimeApiListener): Promise<RuntimeApi> {
    // A runtime may wait for its next invocation for ever: no timeouts.
    const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0, noDelay: true });
    const api = new RuntimeApi(server, listener);
    return new Promise((done, failed) => {
      server.once('error', failed);
      server.listen({ host: '127.0.0.1', port: 0 }, () => done(api));
    });
  }

  /** `127.0.0.1:43211` */
  get address(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Gives the runtime that is waiting its next invocation. */
  dispatch(invocation: NextInvocation): void {
    const response = this.waiting;
    if (response === undefined) throw new Error('no runtime is waiting for an invocation');
    this.waiting = undefined;
    this.current = invocation;
    const headers: Record<string, string> = {
      'Content-Type': 'application/json',
      'Content-Length': String(invocation.payload.length),
      'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
      'Lambda-Runtime-Deadline-Ms': String(Math.floor(invocation.deadlineMs)),
      'Lambda-Runtime-Invoked-Function-Arn': invocation.invokedArn,
    };
    if (invocation.traceId !== undefined) headers['Lambda-Runtime-Trace-Id'] = invocation.traceId;
    if (invocation.clientContext !== undefined)
      headers['Lambda-Runtime-Client-Context'] = inHeader(invocation.clientContext);
    response.writeHead(200, headers);
    response.end(invocation.payload);
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    if (request.method === 'GET' && path === '/2018-06-01/runtime/invocation/next') {
      this.waiting = response;
      this.listener.ready();
      return;
    }
    const errorType = String(request.headers['lambda-runtime-function-error-type'] ?? 'Unhandled');
    const [, requestId, verb] = INVOCATION_PATH.exec(path) ?? [];
    if (request.method === 'POST' && path === '/2018-06-01/runtime/init/error') {
      collect(request, response, (body) => this.listener.initFailed(body ?? Buffer.alloc(0), errorType));
      return;
    }
    if (request.method !== 'POST' || requestId === undefined) {
      refuse(response, 404, 'NotFound', `no ${request.method} ${path}`);
      return;
    }
    if (requestId !== this.current?.requestId) {
      refuse(response, 400, 'InvalidRequestID', `Invalid request ID: ${requestId}`);
      return;
    }
    this.current = undefined;
    collect(request, response, (body) => this.listener.answered(answerOf(verb, body, errorType)));
  }
}

/** JSON that a header can carry: no line breaks (white space in JSON), and characters beyond ASCII as JSON escapes. */
function inHeader(json: string): string {
  let text = '';
  for (const unit of json.split('')) {
    const code = unit.charCodeAt(0);
    if (code < 0x20) text += ' ';
    else text += code < 0x7f ? unit : `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return text;
}

function answerOf(verb: string | undefined, body: Buffer | undefined, errorType: string): RuntimeAnswer {
  if (body === undefined) return { kind: 'too-large' };
  return verb === 'response' ? { kind: 'response', payload: body } : { kind: 'error', payload: body, errorType };
}

/** Reads a body up to the limit for responses; beyond it the body is undefined and the runtime is told 413. */
function collect(request: IncomingMessage, response: ServerResponse, done: (body: Buffer | undefined) => void): void {
  const pieces: Buffer[] = [];
  let bytes = 0;
  request.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= RESPONSE_BYTES_MAX) pieces.push(piece);
    else pieces.length = 0;
  });
  // A body that is cut short means that the process is ending: its exit tells the rest.
  request.on('end', () => {
    if (bytes > RESPONSE_BYTES_MAX) {
      const text = `Exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`;
      refuse(response, 413, 'RequestEntityTooLarge', text);
      done(undefined);
      return;
    }
    reply(response, 202, { status: 'OK' });
    done(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces));
  });
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  reply(response, status, { errorMessage, errorType });
}

function reply(response: ServerResponse, status: number, document: object): void {
  const body = JSON.stringify(document);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) });
  response.end(body);
}
