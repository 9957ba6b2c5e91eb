// A batch on its way: its messages become events, those that no filter wants are deleted, the others go on together, in pieces that a function could take. AWS:
// user guide, "Amazon Simple Queue Service as a source"; "Properly filtering Amazon SQS messages".

import { utf8Length } from '#base/bytes.ts';
import type { PolledMessage } from '#cell/poll-source.ts';
import type { Outcome } from '#cell/turn.ts';
import { type QueueRecord, queueRecord } from '#model/queue-record.ts';
import type { SqsFilter } from '#structures/event-pattern/sqs-filter.ts';
import { isPolling, type PipeDoc } from '../documents.ts';
import { type Execution, type ExecutionEnd, newExecution } from '../executing/execution.ts';
import { begin } from '../executing/run.ts';
import { settle } from '../executing/settle.ts';
import { PipeMessagesFilteredOut } from '../facts.ts';
import { BATCH_BYTES_MAX, HELD_CHARACTERS_MAX } from '../limits.ts';
import { compileFilters } from '../settings/source.ts';
import { sourceEvent } from '../shaping/item.ts';
import type { Batch, PipesTurn, Poller } from '../state.ts';
import { settleStream } from '../streams/settle.ts';
import { poll } from './poll.ts';
import { nextMessages, readOn } from './read.ts';
import { mayOnSource, type OpenSource, openSource, pollerOf } from './source.ts';

export function bodiesRead(turn: PipesTurn, subject: string, outcome: Outcome): void {
  const { reading } = turn.state.running;
  const batch = reading.get(subject);
  if (batch === undefined) return;
  reading.delete(subject);
  const pipe = turn.state.pipes.get(batch.key);
  const open = pipe !== undefined && isPolling(pipe) ? openSource(turn, pipe) : undefined;
  // Stopped or deleted meanwhile, or a message was purged while it was read: the messages come back by their visibility.
  if (open === undefined || 'failed' in outcome) {
    dropPiece(turn, batch);
    endBatch(turn, batch);
    return;
  }
  addToPiece(open, batch, outcome.result as readonly Uint8Array[]);
  goOn(turn, open.pipe, batch);
}

/** Until the piece is full. The body of a message that has no room any more is read again for the next piece. */
function addToPiece(open: OpenSource, batch: Batch, payloads: readonly Uint8Array[]): void {
  const { turn } = open;
  const filter = filterOf(pollerOf(turn.state, batch.key), open.pipe);
  const unwanted: PolledMessage[] = [];
  for (const [i, message] of nextMessages(batch).entries()) {
    if (!batch.failedGroups.has(message.messageGroupId ?? '')) {
      const record = recordOf(open, message, payloads[i] as Uint8Array);
      if (filter.wants(filteredPart(record))) {
        const event = sourceEvent(record, message);
        const bytes = utf8Length(event.text);
        if (batch.piece.length > 0 && batch.pieceBytes + bytes > BATCH_BYTES_MAX) {
          batch.pieceBytes = BATCH_BYTES_MAX;
          break;
        }
        batch.piece.push(event);
        batch.pieceBytes += bytes;
        turn.state.running.heldCharacters += event.text.length;
      } else unwanted.push(message);
    }
    batch.next += 1;
  }
  if (unwanted.length > 0) deleteUnwanted(open, batch, unwanted);
}

function recordOf({ turn, pipe, source }: OpenSource, message: PolledMessage, payload: Uint8Array): QueueRecord {
  const { messageId, handle } = message;
  const { body, messageAttributes, md5OfBody, md5OfMessageAttributes, ...rendered } = source.render(
    turn,
    message,
    payload,
  );
  return queueRecord({
    ...{ messageId, handle, body, messageAttributes, md5OfBody },
    attributes: { ...rendered.attributes, ...message.attributes },
    // As pipes show it: events quoted in public articles.
    md5OfMessageAttributes: md5OfMessageAttributes ?? null,
    sourceArn: pipe.sourceArn,
    region: turn.scope.region,
  });
}

/** AWS: user guide, "Amazon EventBridge Pipes filtering": fields "added by the polling operation" cannot be used in patterns. */
function filteredPart({ eventSource: _s, eventSourceARN: _a, awsRegion: _r, ...record }: QueueRecord): QueueRecord {
  return record as QueueRecord;
}

/** Compiled once for as long as the pipe names the same patterns. */
function filterOf(poller: Poller, { source: { filters } }: PipeDoc): SqsFilter {
  if (poller.filter === undefined || poller.filter.texts !== filters) {
    const compiled = compileFilters(filters ?? []);
    // Patterns were checked when they were set.
    const filter = 'filter' in compiled ? compiled.filter : { wants: () => false, explain: () => [] };
    poller.filter = { texts: filters, filter };
  }
  return poller.filter.filter;
}

function deleteUnwanted(open: OpenSource, batch: Batch, unwanted: readonly PolledMessage[]): void {
  const { turn, source, pipe } = open;
  if (!mayOnSource(open, 'DeleteMessage')) return;
  const handles = unwanted.map(({ handle }) => handle);
  source.delete(turn, pipe.sourceArn, handles);
  turn.record(PipeMessagesFilteredOut, { pipe: batch.key, messageIds: unwanted.map(({ messageId }) => messageId) });
}

/** Reads more of the batch, or sends the piece on its way. */
function goOn(turn: PipesTurn, pipe: PipeDoc, batch: Batch): void {
  const isRead = batch.next >= batch.messages.length;
  if (!isRead && batch.pieceBytes < BATCH_BYTES_MAX) {
    readOn(turn, batch);
    return;
  }
  const events = batch.piece;
  batch.piece = [];
  batch.pieceBytes = 0;
  if (events.length === 0) {
    endBatch(turn, batch);
    return;
  }
  const execution = newExecution(turn, { pipe, batch, events });
  goOnAfter(turn, execution, begin(turn, execution));
}

/** What follows a step of an execution: it waits, or has ended and the rest of its batch is next. */
export function goOnAfter(turn: PipesTurn, execution: Execution, end: ExecutionEnd | undefined): void {
  const { executions } = turn.state.running;
  if (end === undefined) {
    execution.log.write(turn);
    executions.set(execution.id, execution);
    return;
  }
  executions.delete(execution.id);
  const { batch, events } = execution;
  for (const { text } of events) turn.state.running.heldCharacters -= text.length;
  if (batch.kind === 'stream') {
    settleStream(turn, { ...execution, batch }, end);
    poll(turn, batch.key);
    makeRoom(turn);
    return;
  }
  settle(turn, { ...execution, batch }, end);
  if (batch.next < batch.messages.length) readOn(turn, batch);
  else endBatch(turn, batch);
}

function dropPiece(turn: PipesTurn, batch: Batch): void {
  for (const { text } of batch.piece) turn.state.running.heldCharacters -= text.length;
  batch.piece = [];
}

function endBatch(turn: PipesTurn, batch: Batch): void {
  const { running } = turn.state;
  const poller = running.pollers.get(batch.key);
  if (poller !== undefined) poller.inFlight -= 1;
  if (poller?.inFlight === 0 && !turn.state.pipes.has(batch.key)) running.pollers.delete(batch.key);
  poll(turn, batch.key);
  makeRoom(turn);
}

/** Pipes that found no room for their events go on. */
export function makeRoom(turn: PipesTurn): void {
  const { running } = turn.state;
  if (running.heldCharacters >= HELD_CHARACTERS_MAX) return;
  for (const key of [...running.crowdedOut]) {
    running.crowdedOut.delete(key);
    poll(turn, key);
  }
}
