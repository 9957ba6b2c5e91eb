// Batches to a Splunk HTTP Event Collector with indexer acknowledgement: sent through a channel, HEC answers with an `ackId`, and is asked with
// it until the batch is indexed. AWS: API reference, SplunkDestinationConfiguration; Splunk: "HTTP Event Collector REST API endpoints".

import type { HttpOutcome } from '#cell/http-request.ts';
import type { SplunkAnswer, SplunkDelivery, SplunkQuestion, SplunkSent } from '#services/firehose/performing.ts';
import type { HttpClient } from '../../outbound/http-client.ts';
import { baseUrl, type DestinationParts, isObject, jsonObjectOf } from './destination.ts';
import { failedHecAnswer, failedHecRequest, splunkFailure } from './splunk-errors.ts';

const SEND_TIMEOUT_MS = 180_000;
const ASK_TIMEOUT_MS = 30_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
const PATHS = { Raw: '/services/collector/raw', Event: '/services/collector/event' } as const;
const ACK_PATH = '/services/collector/ack';
/** HEC: "invalid data channel". A batch was sent to a node that knows it: this is another one. */
const UNKNOWN_CHANNEL = 11;

export async function deliverToSplunk(
  { client, thread }: DestinationParts,
  delivery: SplunkDelivery,
  packs: readonly Uint8Array[],
): Promise<SplunkSent> {
  const body = await thread.run<Uint8Array>('splunk-body', undefined, packs);
  const path = PATHS[delivery.hecEndpointType];
  const outcome = await post(client, delivery, { path, body, timeoutMs: SEND_TIMEOUT_MS });
  if ('failure' in outcome) return failedHecRequest(outcome.failure);
  const members = jsonObjectOf(outcome);
  if (outcome.status !== 200 || members === undefined) return failedHecAnswer(outcome, members?.['code']);
  const { ackId } = members;
  // Without acknowledgement HEC says success alone: nobody could tell whether the batch is indexed.
  return typeof ackId === 'number' ? { outcome: 'sent', ackId } : splunkFailure('DisabledAck');
}

export async function askSplunk(client: HttpClient, question: SplunkQuestion): Promise<SplunkAnswer> {
  const body = JSON.stringify({ acks: question.ackIds });
  const outcome = await post(client, question, { path: ACK_PATH, body, timeoutMs: ASK_TIMEOUT_MS });
  if ('failure' in outcome) return failedHecRequest(outcome.failure);
  const members = jsonObjectOf(outcome);
  const acks = members?.['acks'];
  if (members?.['code'] === UNKNOWN_CHANNEL) return splunkFailure('ProxyWithoutStickySessions');
  if (outcome.status !== 200 || !isObject(acks)) return failedHecAnswer(outcome, members?.['code']);
  return { outcome: 'answered', indexed: question.ackIds.filter((ackId) => acks[String(ackId)] === true) };
}

interface HecRequest {
  readonly path: string;
  readonly body: Uint8Array | string;
  readonly timeoutMs: number;
}

function post(
  client: HttpClient,
  { hecEndpoint, hecToken, channel }: Pick<SplunkDelivery, 'hecEndpoint' | 'hecToken' | 'channel'>,
  { path, body, timeoutMs }: HecRequest,
): Promise<HttpOutcome> {
  return client.send({
    method: 'POST',
    url: `${baseUrl(hecEndpoint)}${path}?channel=${encodeURIComponent(channel)}`,
    headers: [
      ['Authorization', `Splunk ${hecToken}`],
      ['X-Splunk-Request-Channel', channel],
      ['Content-Type', 'application/json'],
    ],
    body,
    timeoutMs,
    bodyBytesMax: ANSWER_BYTES_MAX,
  });
}
