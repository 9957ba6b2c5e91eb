import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { TagDeliveryStreamInput, TagDeliveryStreamOutput } from '#wire/generated/firehose.ts';
import { tooManyTags } from '../errors.ts';
import { permission, streamKey } from '../find-stream.ts';
import { TAGS_MAX } from '../limits.ts';
import { namedStream } from '../named.ts';
import { list, structure } from '../settings/shape.ts';
import { STREAM_NAME, TAG } from '../settings/shapes.ts';
import type { FirehoseState } from '../state.ts';
import { withTags } from '../tags.ts';

const SHAPE = structure(
  { DeliveryStreamName: STREAM_NAME, Tags: list(TAG, { min: 1, max: 50 }) },
  'DeliveryStreamName',
  'Tags',
);

export const tagDeliveryStream = operation<FirehoseState, TagDeliveryStreamInput, TagDeliveryStreamOutput>({
  authorize: (turn, input) =>
    permission(turn, 'TagDeliveryStream', { name: input.DeliveryStreamName ?? '', tags: input.Tags }),
  decide(turn, input): Reply<TagDeliveryStreamOutput> {
    const content = namedStream(turn, input, SHAPE);
    if (isRefused(content)) return content;
    const { doc } = content;
    const tags = withTags(doc.tags, input.Tags ?? []);
    if (Object.keys(tags).length > TAGS_MAX) return refuse(tooManyTags());
    turn.put(turn.state.streams, streamKey(turn.scope, doc.name), { ...doc, tags });
    return { output: {} };
  },
});
