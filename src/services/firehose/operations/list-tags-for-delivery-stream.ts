import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { ListTagsForDeliveryStreamInput, ListTagsForDeliveryStreamOutput } from '#wire/generated/firehose.ts';
import { onStream } from '../find-stream.ts';
import { TAGS_MAX } from '../limits.ts';
import { namedStream } from '../named.ts';
import { number, structure, text } from '../settings/shape.ts';
import { STREAM_NAME } from '../settings/shapes.ts';
import type { FirehoseState } from '../state.ts';

const SHAPE = structure(
  {
    DeliveryStreamName: STREAM_NAME,
    ExclusiveStartTagKey: text({ min: 1, max: 128 }),
    Limit: number(1, 50),
  },
  'DeliveryStreamName',
);

export const listTagsForDeliveryStream = operation<
  FirehoseState,
  ListTagsForDeliveryStreamInput,
  ListTagsForDeliveryStreamOutput
>({
  authorize: onStream('ListTagsForDeliveryStream'),
  decide(turn, input): Reply<ListTagsForDeliveryStreamOutput> {
    const content = namedStream(turn, input, SHAPE);
    if (isRefused(content)) return content;
    const { ExclusiveStartTagKey: after = '', Limit: limit = TAGS_MAX } = input;
    const entries = Object.entries(content.doc.tags).sort(([a], [b]) => (a < b ? -1 : 1));
    const behind = entries.filter(([key]) => key > after);
    const Tags = behind.slice(0, limit).map(([Key, Value]) => ({ Key, Value }));
    return { output: { Tags, HasMoreTags: behind.length > limit } };
  },
});
