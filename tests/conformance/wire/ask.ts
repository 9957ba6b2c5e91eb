// Raw requests against the wire layer, and replies as plain values: for tests that need no SDK.
import { decode, encodeError, encodeOutput } from '../../../src/wire/codec.ts';
import { readCredential } from '../../../src/wire/credential.ts';
import { service as events } from '../../../src/wire/generated/events.ts';
import { service as firehose } from '../../../src/wire/generated/firehose.ts';
import { service as iam } from '../../../src/wire/generated/iam.ts';
import { service as kinesis } from '../../../src/wire/generated/kinesis.ts';
import { service as lambda } from '../../../src/wire/generated/lambda.ts';
import { service as logs } from '../../../src/wire/generated/logs.ts';
import { service as pipes } from '../../../src/wire/generated/pipes.ts';
import { service as scheduler } from '../../../src/wire/generated/scheduler.ts';
import { service as schemas } from '../../../src/wire/generated/schemas.ts';
import { service as sns } from '../../../src/wire/generated/sns.ts';
import { service as sqs } from '../../../src/wire/generated/sqs.ts';
import { service as sts } from '../../../src/wire/generated/sts.ts';
import { type WireRequest, type WireResponse, wireHeaders } from '../../../src/wire/http-message.ts';
import { identify } from '../../../src/wire/identify.ts';
import { WireServices } from '../../../src/wire/services.ts';

export const SCHEMAS = [sqs, sns, lambda, logs, iam, sts, events, scheduler, pipes, schemas, kinesis, firehose];
export const wire = new WireServices(SCHEMAS);

export interface Raw {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export function rawRequest({ method = 'POST', url = '/', headers = {}, body = '' }: Raw): WireRequest {
  const [path = '/', ...query] = url.split('?');
  return {
    method,
    path,
    query: query.join('?'),
    headers: wireHeaders(Object.entries(headers)),
    body: typeof body === 'string' ? Buffer.from(body) : body,
  };
}

/** An Authorization header that claims a service and verifies as nothing. */
export function claim(service: string): Record<string, string> {
  const credential = `AKIDEXAMPLE/20261123/us-east-1/${service}/aws4_request`;
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=${'0'.repeat(64)}`,
  };
}

export const sqsJson = (operation: string): Record<string, string> => ({
  'x-amz-target': `AmazonSQS.${operation}`,
  'content-type': 'application/x-amz-json-1.0',
});

export interface Answered {
  readonly service?: string;
  readonly protocol?: string;
  readonly operation?: string;
  readonly input?: unknown;
  /** When it was refused. */
  readonly response?: WireResponse;
}

/** What the wire layer makes of a request: the input, or the response that refuses it. */
export function ask(raw: Raw): Answered {
  const request = rawRequest(raw);
  const found = identify(wire, request, readCredential(request).credential);
  if ('refused' in found) return { response: encodeError(found, found.refused, 'request-id') };
  const known = { service: found.service.prefix, protocol: found.protocol, operation: found.operation.name };
  const decoded = decode(found, request);
  if ('refused' in decoded) return { ...known, response: encodeError(found, decoded.refused, 'request-id') };
  return { ...known, input: decoded.input };
}

/** The reply to a request whose operation gave this output. */
export function reply(raw: Raw, output: object): WireResponse {
  const request = rawRequest(raw);
  const found = identify(wire, request, readCredential(request).credential);
  if ('refused' in found) throw new Error(found.refused.message);
  return encodeOutput(found, output, 'request-id');
}

export function header(response: WireResponse | undefined, name: string): string | undefined {
  return response?.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
}
