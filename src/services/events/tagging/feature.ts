import type { Feature } from '../feature.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';

export const tagging: Feature = {
  operations: { ListTagsForResource: listTagsForResource, TagResource: tagResource, UntagResource: untagResource },
};
