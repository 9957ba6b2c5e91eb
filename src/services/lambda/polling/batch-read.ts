// The payloads of a batch were read: messages that no filter wants are deleted, the others become the function's event.
// A batch whose event would be larger than an invocation takes is given in several.

import { utf8Encode } from '#base/bytes.ts';
import type { PolledMessage } from '#cell/poll-source.ts';
import type { Outcome } from '#cell/turn.ts';
import { MessagesFilteredOut } from '../facts.ts';
import type { LambdaTurn } from '../find-function.ts';
import { startInvocation } from '../invoking/start.ts';
import { SYNCHRONOUS_BYTES_MAX } from '../limits.ts';
import { filtersOf, isWanted } from './filters.ts';
import { type Polled, poll, polledOf } from './poll.ts';
import { type SqsRecord, sqsRecord } from './sqs-record.ts';

interface Part {
  readonly messages: PolledMessage[];
  readonly records: string[];
  bytes: number;
}

export function batchRead(turn: LambdaTurn, subject: string, outcome: Outcome): void {
  const { running } = turn.state;
  const batch = running.batches.get(subject);
  if (batch === undefined) return;
  running.batches.delete(subject);
  const polled = polledOf(turn, batch.mappingKey);
  const poller = running.pollers.get(batch.mappingKey);
  if (poller !== undefined) poller.inFlight -= 1;
  // Disabled or deleted meanwhile, or a message was purged while it was read: the messages come back by their visibility.
  if (polled === undefined || 'failed' in outcome) return;
  const payloads = outcome.result as readonly Uint8Array[];
  const parts = partsOf(polled, batch.messages, payloads);
  for (const part of parts) invoke(polled, part);
  if (parts.length === 0) poll(turn, batch.mappingKey);
}

function partsOf(polled: Polled, messages: readonly PolledMessage[], payloads: readonly Uint8Array[]): Part[] {
  const { turn, mapping, source, key } = polled;
  const filters = filtersOf(polled.poller, mapping.filters);
  const unwanted: PolledMessage[] = [];
  const parts: Part[] = [];
  for (const [i, message] of messages.entries()) {
    const rendered = source.render(turn, message, payloads[i] as Uint8Array);
    const record: SqsRecord = sqsRecord({ message, rendered, sourceArn: mapping.sourceArn, region: turn.scope.region });
    if (isWanted(filters, record)) add(parts, message, JSON.stringify(record));
    else unwanted.push(message);
  }
  if (unwanted.length > 0) {
    // AWS, "Lambda event filtering": for SQS, messages that do not meet the criteria are deleted from the queue.
    source.delete(
      turn,
      mapping.sourceArn,
      unwanted.map((message) => message.handle),
    );
    turn.record(MessagesFilteredOut, { mapping: key, messageIds: unwanted.map((message) => message.messageId) });
  }
  return parts;
}

function add(parts: Part[], message: PolledMessage, record: string): void {
  const last = parts[parts.length - 1];
  if (last !== undefined && last.bytes + record.length * 2 <= SYNCHRONOUS_BYTES_MAX) {
    last.messages.push(message);
    last.records.push(record);
    last.bytes += record.length;
  } else parts.push({ messages: [message], records: [record], bytes: record.length });
}

function invoke({ turn, key, mapping, found, poller }: Polled, { messages, records }: Part): void {
  const { functionArn, sourceArn, reportsItemFailures } = mapping;
  poller.inFlight += 1;
  startInvocation(turn, {
    found,
    requestId: turn.uuid(),
    invokedArn: functionArn,
    event: { bytes: utf8Encode(`{"Records":[${records.join(',')}]}`) },
    purpose: { kind: 'batch', batch: { mappingKey: key, functionArn, sourceArn, reportsItemFailures, messages } },
    traceId: messages.length === 1 ? messages[0]?.attributes['AWSTraceHeader'] : undefined,
  });
}
