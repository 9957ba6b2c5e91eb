// Tags of topics. AWS, "Tagging your Amazon SNS topics" and the errors of TagResource.

import type { AwsError } from '#model/aws-error.ts';
import type { Tag as GivenTag } from '#wire/generated/sns.ts';
import { duplicateTagKeys, invalidParameter, tooManyTags } from './errors.ts';
import { TAG_KEY_LENGTH_MAX, TAG_VALUE_LENGTH_MAX, TAGS_MAX } from './limits.ts';
import type { Tag } from './state.ts';

/** Why the tags of a request are wrong, or undefined. */
export function tagsProblem(tags: readonly GivenTag[] | undefined): AwsError | undefined {
  const keys = new Set<string>();
  for (const { Key: key = '', Value: value } of tags ?? []) {
    if (value === undefined) return invalidParameter(`Tag value is missing for key [${key}]`);
    if (key === '' || key.length > TAG_KEY_LENGTH_MAX || key.toLowerCase().startsWith('aws:')) {
      return invalidParameter(`Tag key [${key}] is not valid`);
    }
    if (value.length > TAG_VALUE_LENGTH_MAX) return invalidParameter(`Tag value is too long for key [${key}]`);
    if (keys.has(key)) return duplicateTagKeys();
    keys.add(key);
  }
  return keys.size > TAGS_MAX ? tooManyTags() : undefined;
}

/** The tags with others added or replaced. */
export function mergedTags(before: readonly Tag[], given: readonly Tag[]): readonly Tag[] {
  const merged = new Map(before.map((tag) => [tag.Key, tag]));
  for (const { Key, Value } of given) merged.set(Key, { Key, Value });
  return [...merged.values()];
}
