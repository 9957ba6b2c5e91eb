import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { DeregisterStreamConsumerInput } from '#wire/generated/kinesis.ts';
import type { KinesisState } from '../../state.ts';
import { consumerKey } from '../documents.ts';
import { findConsumer, onConsumer } from '../find-consumer.ts';
import { wakeAllSubscribers } from '../waking.ts';

/** Its subscriptions are woken and end. */
export const deregisterStreamConsumer = operation<KinesisState, DeregisterStreamConsumerInput, object>({
  authorize: onConsumer('DeregisterStreamConsumer'),
  decide(turn, input): Reply<object> {
    const found = findConsumer(turn, input);
    if (isRefused(found)) return found;
    turn.drop(turn.state.consumers, consumerKey(found.consumer));
    wakeAllSubscribers(turn, found.stream);
    return { output: {} };
  },
});
