// A stream as the target of a hand-over: of a rule, a pipe, a schedule. One record, in the turn of the one who hands over.

import { base64Decode } from '#base/base64.ts';
import { utf8Encode, utf8Length } from '#base/bytes.ts';
import type { HandOver, HandOverContent, HandOverResult } from '#cell/target.ts';
import { shardIdOf } from './documents.ts';
import { throughputExceeded } from './errors.ts';
import { RecordHandedOver } from './facts.ts';
import { permission, streamByArn } from './find-stream.ts';
import { PARTITION_KEY_LENGTH_MAX } from './limits.ts';
import { Putting } from './put.ts';
import { recordSizeProblem, routeRecord } from './record-input.ts';
import type { KinesisTurn } from './state.ts';
import { hasRoom } from './throughput.ts';

export function acceptHandOver(turn: KinesisTurn, handOver: HandOver): HandOverResult {
  const stream = streamByArn(turn.state, handOver.targetArn);
  if (stream === undefined) {
    return failure('ResourceNotFoundException', `The stream ${handOver.targetArn} does not exist.`);
  }
  const { principal, payload, content } = handOver;
  const verdict = turn.authorize({ ...permission('PutRecord', stream), principal, isHandOver: true });
  if (!verdict.isAllowed) return failure('AccessDeniedException', verdict.reason);
  const partitionKey = partitionKeyOf(turn, handOver);
  if (partitionKey === '' || partitionKey.length > PARTITION_KEY_LENGTH_MAX) {
    return failure('InvalidArgumentException', `A partition key has 1 to ${PARTITION_KEY_LENGTH_MAX} characters.`);
  }
  const text = textOf(content);
  const data = (handOver.parameters?.isBase64 === true ? base64Decode(text) : undefined) ?? utf8Encode(text);
  const problem = recordSizeProblem(stream, { Data: data, PartitionKey: partitionKey });
  if (problem !== undefined) return failure(problem.code, problem.message);
  const shard = routeRecord(stream, partitionKey, undefined);
  if (!hasRoom(turn, shard, data.length + utf8Length(partitionKey))) {
    const { code, message } = throughputExceeded(shardIdOf(shard.doc.index), stream.doc);
    return { failure: { code, detail: message, isRetryable: true } };
  }
  const place = shard.log.endPlace;
  const putting = new Putting(turn, stream);
  const targetMessageId = putting.add(shard, partitionKey, data).text;
  putting.commit();
  turn.record(RecordHandedOver, { stream: stream.doc.number, shard: shard.doc.index, place, payload });
  return { accepted: true, targetMessageId };
}

/** AWS: EventBridge API reference, KinesisParameters: "The default is to use the eventId as the partition key". */
function partitionKeyOf(turn: KinesisTurn, { parameters, content }: HandOver): string {
  const given = parameters?.partitionKey;
  if (given !== undefined) return given;
  return (content.kind === 'event' ? idOf(content.text) : undefined) ?? turn.uuid();
}

function idOf(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const { id } = JSON.parse(text) as { readonly id?: unknown };
    return typeof id === 'string' && id !== '' && id.length <= PARTITION_KEY_LENGTH_MAX ? id : undefined;
  } catch {
    // A text that was made of an event need not be JSON.
    return undefined;
  }
}

function textOf(content: HandOverContent): string {
  if (content.kind === 'event') return content.text;
  return content.message.kind === 'plain' ? content.message.body : content.message.message;
}

function failure(code: string, detail: string): HandOverResult {
  return { failure: { code, detail, isRetryable: false } };
}
