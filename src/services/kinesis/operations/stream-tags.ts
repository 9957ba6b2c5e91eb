// Tags of a stream by its name: AddTagsToStream, RemoveTagsFromStream, ListTagsForStream.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type {
  AddTagsToStreamInput,
  ListTagsForStreamInput,
  ListTagsForStreamOutput,
  RemoveTagsFromStreamInput,
} from '#wire/generated/kinesis.ts';
import { findStream, onStream } from '../find-stream.ts';
import type { KinesisState } from '../state.ts';
import { withRequestTags } from '../tag-context.ts';
import { checkTagKeys, checkTags, shownTags, tagsProblem, without } from '../tags.ts';
import { updateStream } from '../update-stream.ts';

/** AWS: API reference, ListTagsForStream: at most 50. */
const LIMIT = { min: 1, max: 50 };

export const addTagsToStream = operation<KinesisState, AddTagsToStreamInput, object>({
  authorize: (turn, input) => withRequestTags(onStream('AddTagsToStream')(turn, input), { tags: input.Tags }),
  decide(turn, input): Reply<object> {
    const { Tags } = input;
    const stream = findStream(turn, input, (validation) => checkTags(validation.required('tags', Tags), Tags));
    if (isRefused(stream)) return stream;
    const { name, account, tags } = stream.doc;
    const problem = tagsProblem(Tags, name, account, tags);
    if (problem !== undefined) return refuse(problem);
    updateStream(turn, stream, { tags: { ...tags, ...Tags } });
    return { output: {} };
  },
});

export const removeTagsFromStream = operation<KinesisState, RemoveTagsFromStreamInput, object>({
  authorize: (turn, input) => withRequestTags(onStream('RemoveTagsFromStream')(turn, input), { keys: input.TagKeys }),
  decide(turn, input): Reply<object> {
    const { TagKeys } = input;
    const stream = findStream(turn, input, (validation) =>
      checkTagKeys(validation.required('tagKeys', TagKeys), TagKeys),
    );
    if (isRefused(stream)) return stream;
    updateStream(turn, stream, { tags: without(stream.doc.tags, TagKeys as readonly string[]) });
    return { output: {} };
  },
});

export const listTagsForStream = operation<KinesisState, ListTagsForStreamInput, ListTagsForStreamOutput>({
  authorize: onStream('ListTagsForStream'),
  decide(turn, input): Reply<ListTagsForStreamOutput> {
    const { ExclusiveStartTagKey: after = '', Limit } = input;
    const stream = findStream(turn, input, (validation) =>
      validation
        .range('limit', Limit, LIMIT)
        .length('exclusiveStartTagKey', input.ExclusiveStartTagKey, { min: 1, max: 128 }),
    );
    if (isRefused(stream)) return stream;
    const tags = shownTags(stream.doc.tags).filter(({ Key }) => Key > after);
    const page = tags.slice(0, Limit ?? LIMIT.max);
    return { output: { Tags: page, HasMoreTags: page.length < tags.length } };
  },
});
