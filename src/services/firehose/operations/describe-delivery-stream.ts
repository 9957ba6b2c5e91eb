import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { DescribeDeliveryStreamInput, DescribeDeliveryStreamOutput } from '#wire/generated/firehose.ts';
import { DESTINATION_ID } from '../documents.ts';
import { onStream } from '../find-stream.ts';
import { namedStream } from '../named.ts';
import { number, structure, text } from '../settings/shape.ts';
import { STREAM_NAME } from '../settings/shapes.ts';
import type { FirehoseState } from '../state.ts';
import { shownStream } from '../views.ts';

const SHAPE = structure(
  {
    DeliveryStreamName: STREAM_NAME,
    Limit: number(1, 10_000),
    ExclusiveStartDestinationId: text({ min: 1, max: 100 }),
  },
  'DeliveryStreamName',
);

export const describeDeliveryStream = operation<
  FirehoseState,
  DescribeDeliveryStreamInput,
  DescribeDeliveryStreamOutput
>({
  authorize: onStream('DescribeDeliveryStream'),
  decide(turn, input): Reply<DescribeDeliveryStreamOutput> {
    const content = namedStream(turn, input, SHAPE);
    if (isRefused(content)) return content;
    const isAfter = (input.ExclusiveStartDestinationId ?? '') >= DESTINATION_ID;
    return { output: { DeliveryStreamDescription: shownStream(turn, content.doc, isAfter) } };
  },
});
