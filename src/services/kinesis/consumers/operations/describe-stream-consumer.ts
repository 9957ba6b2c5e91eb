import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { DescribeStreamConsumerInput, DescribeStreamConsumerOutput } from '#wire/generated/kinesis.ts';
import type { KinesisState } from '../../state.ts';
import { findConsumer, onConsumer } from '../find-consumer.ts';
import { describedConsumer } from '../views.ts';

export const describeStreamConsumer = operation<
  KinesisState,
  DescribeStreamConsumerInput,
  DescribeStreamConsumerOutput
>({
  authorize: onConsumer('DescribeStreamConsumer'),
  decide(turn, input): Reply<DescribeStreamConsumerOutput> {
    const found = findConsumer(turn, input);
    if (isRefused(found)) return found;
    return { output: { ConsumerDescription: describedConsumer(found.consumer, found.stream.doc) } };
  },
});
