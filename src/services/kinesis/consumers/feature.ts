import { bind } from '#cell/service-definition.ts';
import type { Feature } from '../feature.ts';
import { deregisterStreamConsumer } from './operations/deregister-stream-consumer.ts';
import { describeStreamConsumer } from './operations/describe-stream-consumer.ts';
import { listStreamConsumers } from './operations/list-stream-consumers.ts';
import { registerStreamConsumer } from './operations/register-stream-consumer.ts';
import { subscribeToShard } from './operations/subscribe-to-shard.ts';

/** Enhanced fan-out. */
export const consumersFeature: Feature = {
  tables: (state) => [bind(state.consumers)],
  operations: {
    RegisterStreamConsumer: registerStreamConsumer,
    DeregisterStreamConsumer: deregisterStreamConsumer,
    DescribeStreamConsumer: describeStreamConsumer,
    ListStreamConsumers: listStreamConsumers,
    SubscribeToShard: subscribeToShard,
  },
};
