import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { UntagDeliveryStreamInput, UntagDeliveryStreamOutput } from '#wire/generated/firehose.ts';
import { onStream, streamKey } from '../find-stream.ts';
import { namedStream } from '../named.ts';
import { list, structure, text } from '../settings/shape.ts';
import { STREAM_NAME } from '../settings/shapes.ts';
import type { FirehoseState } from '../state.ts';
import { withoutTags } from '../tags.ts';

const SHAPE = structure(
  { DeliveryStreamName: STREAM_NAME, TagKeys: list(text({ min: 1, max: 128 }), { min: 1, max: 50 }) },
  'DeliveryStreamName',
  'TagKeys',
);

export const untagDeliveryStream = operation<FirehoseState, UntagDeliveryStreamInput, UntagDeliveryStreamOutput>({
  authorize: onStream('UntagDeliveryStream'),
  decide(turn, input): Reply<UntagDeliveryStreamOutput> {
    const content = namedStream(turn, input, SHAPE);
    if (isRefused(content)) return content;
    const { doc } = content;
    const tags = withoutTags(doc.tags, input.TagKeys ?? []);
    turn.put(turn.state.streams, streamKey(turn.scope, doc.name), { ...doc, tags });
    return { output: {} };
  },
});
