// A delivery stream as a target: of rules, schedules, pipes, topics and subscriptions of log groups. A hand-over is a put of one record. AWS: SNS
// developer guide, "Fanout to Firehose delivery streams": the record is the notification's JSON as a line, or the message alone with raw delivery.

import { base64Decode } from '#base/base64.ts';
import { utf8Encode } from '#base/bytes.ts';
import type { HandOver, HandOverResult } from '#cell/target.ts';
import { parseArn } from '#model/arn.ts';
import { renderLine } from '#model/notification-envelope.ts';
import { scopeOf } from '#model/scope.ts';
import { RecordHandedOver } from './facts.ts';
import { permission, streamByArn } from './find-stream.ts';
import { RECORD_BYTES_MAX } from './limits.ts';
import { putRecords } from './put.ts';
import type { FirehoseTurn } from './state.ts';

export function acceptHandOver(asked: FirehoseTurn, handOver: HandOver): HandOverResult {
  const arn = parseArn(handOver.targetArn);
  const content = streamByArn(asked, handOver.targetArn);
  if (arn === undefined || content === undefined) {
    return failure('ResourceNotFoundException', `The delivery stream ${handOver.targetArn} does not exist.`);
  }
  const turn = asked.within(scopeOf(arn.account, arn.region), handOver.principal) as FirehoseTurn;
  const needed = permission(turn, 'PutRecord', { name: content.doc.name });
  const verdict = turn.authorize({ ...needed, principal: handOver.principal, isHandOver: true });
  if (!verdict.isAllowed) return failure('AccessDeniedException', verdict.reason);
  if (content.doc.source !== undefined) {
    return failure(
      'InvalidArgumentException',
      'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
    );
  }
  const data = dataOf(turn, handOver);
  if (data.length > RECORD_BYTES_MAX) {
    return failure(
      'InvalidArgumentException',
      `A record has at most ${RECORD_BYTES_MAX} bytes, this one ${data.length}.`,
    );
  }
  const [id = ''] = putRecords(turn, content, [data]);
  turn.record(RecordHandedOver, { stream: content.number, put: id, payload: handOver.payload });
  return { accepted: true, targetMessageId: id };
}

function dataOf(turn: FirehoseTurn, { content, parameters }: HandOver): Uint8Array {
  if (content.kind === 'event') {
    const bytes = parameters?.isBase64 === true ? base64Decode(content.text) : undefined;
    return bytes ?? utf8Encode(content.text);
  }
  const { message, subscriptionArn } = content;
  if (message.kind === 'plain') return utf8Encode(message.body);
  if (subscriptionArn === undefined) return utf8Encode(message.message);
  const baseUrl = turn.request?.baseUrl ?? turn.advertisedUrl;
  return utf8Encode(renderLine(message, { subscriptionArn, baseUrl }));
}

function failure(code: string, detail: string): HandOverResult {
  return { failure: { code, detail, isRetryable: false } };
}
