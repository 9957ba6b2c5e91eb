// What an open subscription does next: read and send what is new, tell the end of the shard, be heard of when nothing happens, end in time. Each
// step is a turn; one thing at a time is under way, so that a slow client holds one event in memory and its shard is not read meanwhile.

import type { StreamNews } from '#cell/reply-streams.ts';
import type { Ticket } from '#cell/turn.ts';
import type { AwsError } from '#model/aws-error.ts';
import type { SubscribeToShardEvent } from '#wire/generated/kinesis.ts';
import { findShard } from '../apply.ts';
import { shardIdOf } from '../documents.ts';
import { notFound, unreadable } from '../errors.ts';
import { behindMs, childShards } from '../reading/answer.ts';
import { startRead } from '../reading/pending.ts';
import { RecordsAnswer } from '../reading/records-answer.ts';
import { emptyPage, lastOf, type RecordPage } from '../record-page.ts';
import { sequenceNumber, startingSequenceNumber } from '../sequence-number.ts';
import type { KinesisTurn } from '../state.ts';
import { keptSinceMs } from '../trim.ts';
import { consumerByArn } from './find-consumer.ts';
import { EVENT_BYTES_MAX, EVENT_RECORDS_MAX, KEEP_ALIVE_MS, SUBSCRIPTION_MS } from './limits.ts';
import type { Subscription } from './subscriptions.ts';
import { subscribersKey } from './waking.ts';

/** The operation's `streamed`. */
export function subscriptionNews(turn: KinesisTurn, ticket: Ticket, news: StreamNews): void {
  const subscription = turn.state.subscriptions.find(ticket);
  if (subscription === undefined) return;
  if (news === 'gone') {
    turn.state.subscriptions.end(subscription);
    return;
  }
  if (news === 'taken') subscription.isBusy = false;
  goOn(turn, subscription);
}

export function goOn(turn: KinesisTurn, subscription: Subscription): void {
  const { stream, shard, ticket, eventAtMs } = subscription;
  const lost = lostReason(turn, subscription);
  const isTimeOver = turn.nowMs >= endsAtMs(subscription);
  if (lost !== undefined || isTimeOver) {
    endSubscription(turn, subscription, lost);
    return;
  }
  if (subscription.isBusy) {
    turn.waitFor(ticket, { untilMs: endsAtMs(subscription) });
    return;
  }
  skipExpired(turn, subscription);
  if (subscription.place < shard.log.endPlace) read(turn, subscription);
  else if (shard.isClosed) {
    turn.emit(ticket, event({ Records: [], MillisBehindLatest: 0, ChildShards: childShards(stream, shard) }));
    endSubscription(turn, subscription, undefined);
  } else if (turn.nowMs - eventAtMs >= KEEP_ALIVE_MS)
    send(turn, subscription, { page: emptyPage(subscription.place), MillisBehindLatest: 0 });
  else {
    const untilMs = Math.min(eventAtMs + KEEP_ALIVE_MS, endsAtMs(subscription));
    turn.waitFor(ticket, { wakeKey: subscribersKey(shard), untilMs });
  }
}

export function endSubscription(turn: KinesisTurn, subscription: Subscription, refused: AwsError | undefined): void {
  turn.state.subscriptions.end(subscription);
  turn.endStream(subscription.ticket, refused);
}

function endsAtMs({ startedAtMs }: Subscription): number {
  return startedAtMs + SUBSCRIPTION_MS;
}

/** Why there is nothing to listen to any more. */
function lostReason({ state }: KinesisTurn, { consumerArn, shard, stream }: Subscription): AwsError | undefined {
  const shardId = shardIdOf(shard.doc.index);
  if (findShard(state, shard.doc.stream, shard.doc.index) !== shard) {
    return notFound(`Shard ${shardId} in stream ${stream.doc.name} under account ${stream.doc.account} does not exist`);
  }
  if (consumerByArn(state, consumerArn) !== undefined) return undefined;
  return notFound(`Consumer ${consumerArn}, account ${stream.doc.account} not found.`);
}

function skipExpired(turn: KinesisTurn, subscription: Subscription): void {
  const { log } = subscription.shard;
  subscription.place = Math.max(subscription.place, log.placeSince(sinceMsOf(turn, subscription)));
}

function sinceMsOf(turn: KinesisTurn, { stream, sinceMs }: Subscription): number {
  return Math.max(sinceMs, keptSinceMs(stream, turn.nowMs));
}

function read(turn: KinesisTurn, subscription: Subscription): void {
  const { shard, ticket, place } = subscription;
  subscription.isBusy = true;
  turn.waitFor(ticket, { untilMs: endsAtMs(subscription) });
  const sinceMs = sinceMsOf(turn, subscription);
  const range = { from: place, countMax: EVENT_RECORDS_MAX, bytesMax: EVENT_BYTES_MAX, sinceMs };
  startRead(turn, { shard, range, finish: (later, page) => recordsRead(later, subscription, page) });
}

function recordsRead(turn: KinesisTurn, subscription: Subscription, page: RecordPage | undefined): void {
  if (subscription.isOver) return;
  const { shard, place } = subscription;
  subscription.isBusy = false;
  const isLost = lostReason(turn, subscription) !== undefined;
  if (isLost || (page !== undefined && page.count === 0 && page.next > place)) {
    if (page !== undefined) subscription.place = page.next;
    goOn(turn, subscription);
    return;
  }
  const last = page && lastOf(page);
  if (page === undefined || last === undefined) {
    endSubscription(turn, subscription, unreadable());
    return;
  }
  subscription.place = page.next;
  subscription.sequenceNumber = String(sequenceNumber(shard.doc, last.place, last.atMs));
  const isAtEnd = page.next >= shard.log.endPlace;
  send(turn, subscription, { page, MillisBehindLatest: isAtEnd ? 0 : behindMs(page, turn.nowMs) });
}

function send(
  turn: KinesisTurn,
  subscription: Subscription,
  { page, MillisBehindLatest }: { readonly page: RecordPage; readonly MillisBehindLatest: number },
): void {
  subscription.isBusy = true;
  subscription.eventAtMs = turn.nowMs;
  const ContinuationSequenceNumber = continuation(turn, subscription);
  const records = { shard: subscription.shard, page, written: turn.state.written };
  const content = new RecordsAnswer(records, { ContinuationSequenceNumber, MillisBehindLatest });
  turn.emit(subscription.ticket, event(content));
  turn.waitFor(subscription.ticket, { untilMs: endsAtMs(subscription) });
}

/** Where to go on with AFTER_SEQUENCE_NUMBER, also before the first record. */
function continuation(turn: KinesisTurn, { shard, place, sequenceNumber: last }: Subscription): string {
  if (last !== undefined) return last;
  return place === 0 ? startingSequenceNumber(shard.doc) : String(sequenceNumber(shard.doc, place - 1, turn.nowMs));
}

/**
 * The event at the end of a shard has ChildShards and no ContinuationSequenceNumber: AWS's clients know the end by that
 * (amazon-kinesis-client, FanOutRecordsPublisher; flink-connector-aws, FanOutKinesisShardSubscription).
 */
function event(content: SubscribeToShardEvent): { readonly SubscribeToShardEvent: SubscribeToShardEvent } {
  return { SubscribeToShardEvent: content };
}
