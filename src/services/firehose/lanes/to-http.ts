// A batch becomes a request to an HTTP endpoint. AWS: Firehose developer guide, "Understand HTTP endpoint delivery request and response
// specifications".

import type { Outcome } from '#cell/turn.ts';
import type { HttpEndpointDestinationDescription } from '#wire/generated/firehose.ts';
import { DELIVER_HTTP, type DeliveryResult, type HttpDelivery } from '../performing.ts';
import { secretsOf } from '../secrets.ts';
import type { FirehoseTurn } from '../state.ts';
import { failBatch } from './end-batch.ts';
import { type FoundRun, findRun } from './running.ts';
import { destinationAnswered, type ErrorForm, giveUp } from './try-destination.ts';

export const HTTP_ANSWERED = 'http-answered';
const FORM: ErrorForm = { type: 'http-endpoint-failed', members: {} };

export function startHttp(found: FoundRun, description: HttpEndpointDestinationDescription): void {
  const { run, content, turn } = found;
  const { trouble } = run.lane;
  if (trouble?.isGivenUp === true) {
    giveUp(found, trouble, FORM);
    return;
  }
  const { accessKey } = secretsOf(turn, content.doc);
  const { CommonAttributes = [], ContentEncoding = 'NONE' } = description.RequestConfiguration ?? {};
  const input: HttpDelivery = {
    blocks: run.blocks,
    url: description.EndpointConfiguration?.Url ?? '',
    requestId: run.requestId,
    atMs: turn.nowMs,
    ...(accessKey === undefined ? {} : { accessKey }),
    commonAttributes: Object.fromEntries(
      CommonAttributes.map(({ AttributeName = '', AttributeValue = '' }) => [AttributeName, AttributeValue]),
    ),
    contentEncoding: ContentEncoding as HttpDelivery['contentEncoding'],
    deliveryStreamArn: content.doc.arn,
  };
  const { payloads, subject } = run;
  turn.perform({ performer: DELIVER_HTTP, input, payloads, then: { reaction: HTTP_ANSWERED, subject } });
}

export function httpAnswered(turn: FirehoseTurn, subject: string, outcome: Outcome): void {
  const found = findRun(turn, subject);
  if (found === undefined) return;
  if ('failed' in outcome) failBatch(found, { code: 'InternalError', message: outcome.failed }, {});
  else destinationAnswered(found, outcome.result as DeliveryResult, FORM);
}
