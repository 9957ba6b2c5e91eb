// One batch to an HTTP endpoint. AWS: Firehose developer guide, "Understand HTTP endpoint delivery request and response specifications" and
// "Troubleshoot HTTP endpoints" (codes and texts). An answer that is not as specified counts as a failure, whatever its status.

import type { HttpAnswer, HttpFailure } from '#cell/http-request.ts';
import type { DeliveryResult, FailedDelivery, HttpDelivery } from '#services/firehose/performing.ts';
import type { HttpBody } from '../work/bodies.ts';
import {
  type DestinationParts,
  failedDelivery,
  isUnreachable,
  jsonObjectOf,
  textOf,
  withDetail,
} from './destination.ts';

/** "HTTP endpoints have 3 minutes to respond". */
const TIMEOUT_MS = 180_000;
/** "The response body must be 1 MiB or less in size." */
const ANSWER_BYTES_MAX = 1024 * 1024;
/** Of an answer, in messages. */
const TOLD_CHARACTERS = 1_024;
const ANSWER_MEMBERS = new Set(['requestId', 'timestamp', 'errorMessage']);

export async function deliverToHttp(
  { client, thread }: DestinationParts,
  delivery: HttpDelivery,
  packs: readonly Uint8Array[],
): Promise<DeliveryResult> {
  const { requestId, atMs, contentEncoding } = delivery;
  const body = await thread.run<Uint8Array>(
    'http-body',
    { requestId, atMs, contentEncoding } satisfies HttpBody,
    packs,
  );
  const outcome = await client.send({
    method: 'POST',
    url: delivery.url,
    headers: headersOf(delivery),
    body,
    timeoutMs: TIMEOUT_MS,
    bodyBytesMax: ANSWER_BYTES_MAX,
  });
  if ('failure' in outcome) return failedRequest(outcome.failure);
  return failedAnswer(outcome, requestId) ?? { outcome: 'delivered', refused: [] };
}

function headersOf(delivery: HttpDelivery): readonly (readonly [string, string])[] {
  const { accessKey, commonAttributes } = delivery;
  return [
    ['Content-Type', 'application/json'],
    ['X-Amz-Firehose-Protocol-Version', '1.0'],
    ['X-Amz-Firehose-Request-Id', delivery.requestId],
    ['X-Amz-Firehose-Source-Arn', delivery.deliveryStreamArn],
    ...(accessKey === undefined ? [] : ([['X-Amz-Firehose-Access-Key', accessKey]] as const)),
    ...(Object.keys(commonAttributes).length === 0
      ? []
      : ([['X-Amz-Firehose-Common-Attributes', asciiJson({ commonAttributes })]] as const)),
    ...(delivery.contentEncoding === 'GZIP' ? ([['Content-Encoding', 'gzip']] as const) : []),
    ['User-Agent', 'Amazon Kinesis Data Firehose Agent/1.0'],
  ];
}

/** Headers carry ASCII; JSON can say everything in it. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Undefined: delivered. */
function failedAnswer(answer: HttpAnswer, requestId: string): FailedDelivery | undefined {
  if (answer.isBodyCut) {
    return failedDelivery(
      'HttpEndpoint.ResponseTooLarge',
      'The response received from the endpoint is too large. Contact the owner of the endpoint to resolve this issue.',
    );
  }
  if (answer.status !== 200) {
    const told = textOf(answer).slice(0, TOLD_CHARACTERS);
    return failedDelivery(
      'HttpEndpoint.DestinationException',
      `The following response was received from the endpoint destination. ${answer.status}: ${told}`,
      // "Response code 413 (size exceeded) is considered as a permanent failure".
      answer.status !== 413,
    );
  }
  const why = whyInvalid(answer, requestId);
  if (why === undefined) return undefined;
  const told = textOf(answer).slice(0, TOLD_CHARACTERS);
  return failedDelivery(
    'HttpEndpoint.InvalidResponseFromDestination',
    'The response received from the specified endpoint is invalid. Contact the owner of the endpoint to resolve the issue. ' +
      `Response for request ${requestId} ${why}. Raw response received: 200 ${told}`,
  );
}

function whyInvalid(answer: HttpAnswer, requestId: string): string | undefined {
  const { headers } = answer;
  const contentType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (contentType !== 'application/json') return 'does not contain a content-type: application/json header';
  if (headers['content-encoding'] !== undefined) return 'is content-encoded';
  if (headers['content-length'] === undefined) return 'does not contain a Content-Length header';
  const members = jsonObjectOf(answer);
  if (members === undefined || Object.keys(members).some((name) => !ANSWER_MEMBERS.has(name))) {
    return 'is not recognized as valid JSON or has unexpected fields';
  }
  if (typeof members['requestId'] !== 'string') return 'does not contain a requestId';
  if (members['requestId'] !== requestId) return 'contains a requestId that does not match';
  return typeof members['timestamp'] === 'number' ? undefined : 'does not contain a timestamp that is a number';
}

function failedRequest(failure: HttpFailure): FailedDelivery {
  const owner = 'Contact the owner of the endpoint to resolve this issue.';
  if (failure.kind === 'timeout') {
    const text = 'The delivery timed out before a response was received and will be retried.';
    return failedDelivery('HttpEndpoint.RequestTimeout', withDetail(text, failure));
  }
  if (failure.kind === 'tls') {
    const text = `Unable to complete an SSL handshake with the endpoint. ${owner}`;
    return failedDelivery('HttpEndpoint.SSLHandshakeFailure', withDetail(text, failure));
  }
  if (failure.kind === 'answer') {
    const text = `The response received from the specified endpoint is invalid. ${owner}`;
    return failedDelivery('HttpEndpoint.InvalidResponseFromDestination', withDetail(text, failure));
  }
  if (isUnreachable(failure)) {
    const text = `Unable to connect to the destination endpoint. ${owner}`;
    return failedDelivery('HttpEndpoint.ConnectionFailed', withDetail(text, failure));
  }
  const text = `Unable to maintain connection with the endpoint. ${owner}`;
  return failedDelivery('HttpEndpoint.ConnectionReset', withDetail(text, failure));
}
