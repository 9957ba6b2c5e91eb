// SubscribeToShard: the reply stays open for up to five minutes; pushing.ts says what it sends.
// AWS: API reference: "If you call SubscribeToShard again with the same ConsumerARN and ShardId within 5 seconds of a successful call, you'll get a
// ResourceInUseException. If you call SubscribeToShard 5 seconds or more after a successful call, the second call takes over the subscription and the
// previous connection expires or fails with a ResourceInUseException."

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { StartingPosition, SubscribeToShardInput, SubscribeToShardOutput } from '#wire/generated/kinesis.ts';
import { shardIdOf, shardIndexOf } from '../../documents.ts';
import { dryRun, shardDoesNotExist, shardNotFound, validationRefusal } from '../../errors.ts';
import type { Shard, Stream } from '../../shard.ts';
import type { KinesisState, KinesisTurn } from '../../state.ts';
import { checkShardId, checks } from '../../validation.ts';
import { anotherSubscription } from '../errors.ts';
import { checkConsumerArn, findConsumer, onConsumer } from '../find-consumer.ts';
import { TAKE_OVER_MS } from '../limits.ts';
import { endSubscription, goOn, subscriptionNews } from '../pushing.ts';
import { checkPosition, startPlace } from '../starting-position.ts';
import type { Subscription } from '../subscriptions.ts';

export const subscribeToShard = operation<KinesisState, SubscribeToShardInput, SubscribeToShardOutput>({
  authorize: onConsumer('SubscribeToShard'),
  decide(turn, input): Reply<SubscribeToShardOutput> {
    const invalid = validationRefusal(checked(input));
    if (invalid !== undefined) return invalid;
    const found = findConsumer(turn, input);
    if (isRefused(found)) return found;
    const { stream, consumer } = found;
    const shard = shardOf(stream, input.ShardId as string);
    if (isRefused(shard)) return shard;
    const start = startPlace(turn, shard, input.StartingPosition as StartingPosition);
    if (isRefused(start)) return start;
    const before = turn.state.subscriptions.latestOf(shard, consumer.arn);
    const inUse = anotherSubscription({
      stream: stream.doc,
      shardId: shardIdOf(shard.doc.index),
      consumer: consumer.name,
    });
    if (before !== undefined && turn.nowMs - before.startedAtMs < TAKE_OVER_MS) return refuse(inUse);
    if (input.DryRun === true) return refuse(dryRun());
    if (before?.isOver === false) endSubscription(turn, before, inUse);
    const subscription: Subscription = {
      ticket: turn.defer(),
      ...{ consumerArn: consumer.arn, stream, shard, startedAtMs: turn.nowMs, ...start },
      ...{ isBusy: false, isOver: false, eventAtMs: Number.NEGATIVE_INFINITY, sequenceNumber: undefined },
    };
    turn.state.subscriptions.add(subscription);
    goOn(turn, subscription);
    return { streaming: subscription.ticket, output: {} };
  },
  streamed: (turn: KinesisTurn, ticket, news) => subscriptionNews(turn, ticket, news),
});

function checked({ ConsumerARN, ShardId, StartingPosition }: SubscribeToShardInput) {
  const validation = checkConsumerArn(checks().required('consumerARN', ConsumerARN), ConsumerARN);
  return checkPosition(checkShardId(validation.required('shardId', ShardId), 'shardId', ShardId), StartingPosition);
}

function shardOf({ doc, shards }: Stream, shardId: string): Shard | Refused {
  const index = shardIndexOf(shardId);
  if (index === undefined) return refuse(shardNotFound(shardId, doc));
  return shards.get(index) ?? refuse(shardDoesNotExist(shardIdOf(index), doc));
}
