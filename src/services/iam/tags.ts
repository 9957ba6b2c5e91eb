// Tags of roles, users and policies. Keys of roles and users have no case, keys of policies have; as with AWS.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import { duplicateTagKeys, quotaExceeded, reservedTagKey } from './errors.ts';
import { TAG_KEY_MAX, TAG_KEY_PATTERN, TAG_VALUE_MAX, TAG_VALUE_PATTERN, TAGS_MAX } from './limits.ts';
import { byText } from './pages.ts';
import type { TagDoc } from './state.ts';
import { Validation } from './validation.ts';

export interface TagInput {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export interface TagRules {
  readonly isCaseless: boolean;
  /** Name in the quota's message: `TagsPerRole`. */
  readonly quota: string;
}

export const ROLE_TAGS: TagRules = { isCaseless: true, quota: 'TagsPerRole' };
export const USER_TAGS: TagRules = { isCaseless: true, quota: 'TagsPerUser' };
export const POLICY_TAGS: TagRules = { isCaseless: false, quota: 'TagsPerPolicy' };

export function parseTags(input: readonly TagInput[] | undefined, rules: TagRules): readonly TagDoc[] | Refused {
  const tags = input ?? [];
  const validation = new Validation();
  if (tags.length > TAGS_MAX) validation.add('tags', `Member must have length less than or equal to ${TAGS_MAX}`);
  for (const [index, tag] of tags.entries()) {
    const member = `tags.${index + 1}.member`;
    validation.text(`${member}.key`, tag.Key, { max: TAG_KEY_MAX, pattern: TAG_KEY_PATTERN });
    validation.text(`${member}.value`, tag.Value, { min: 0, max: TAG_VALUE_MAX, pattern: TAG_VALUE_PATTERN });
  }
  if (validation.error !== undefined) return refuse(validation.error);
  const docs = tags.map(({ Key, Value }) => ({ key: Key as string, value: Value as string }));
  if (docs.some(({ key }) => key.toLowerCase().startsWith('aws:'))) return refuse(reservedTagKey());
  const keys = new Set(docs.map(({ key }) => fold(key, rules)));
  return keys.size < docs.length ? refuse(duplicateTagKeys(rules.isCaseless)) : docs;
}

/** The tags there are with the given ones set. */
export function mergeTags(
  before: readonly TagDoc[],
  given: readonly TagDoc[],
  rules: TagRules,
): readonly TagDoc[] | Refused {
  const merged = new Map(before.map((tag) => [fold(tag.key, rules), tag]));
  for (const tag of given) merged.set(fold(tag.key, rules), tag);
  return merged.size > TAGS_MAX ? refuse(quotaExceeded(rules.quota, TAGS_MAX)) : [...merged.values()];
}

export function withoutTags(before: readonly TagDoc[], keys: readonly string[], rules: TagRules): readonly TagDoc[] {
  const dropped = new Set(keys.map((key) => fold(key, rules)));
  return before.filter(({ key }) => !dropped.has(fold(key, rules)));
}

export function tagKeysProblem(keys: readonly string[] | undefined): AwsError | undefined {
  const validation = new Validation();
  if (keys === undefined) validation.add('tagKeys', 'Member must not be null');
  else if (keys.length > TAGS_MAX) {
    validation.add('tagKeys', `Member must have length less than or equal to ${TAGS_MAX}`);
  } else {
    for (const key of keys) {
      if (key.length < 1 || key.length > TAG_KEY_MAX) {
        validation.add(
          'tagKeys',
          `Member must satisfy constraint: [Member must have length less than or equal to ${TAG_KEY_MAX}, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ${TAG_KEY_PATTERN}, Member must not be null]`,
        );
        break;
      }
    }
  }
  return validation.error;
}

export function renderTags(tags: readonly TagDoc[]): { Key: string; Value: string }[] {
  return tags.map(({ key, value }) => ({ Key: key, Value: value }));
}

export function sortedTags(tags: readonly TagDoc[]): readonly TagDoc[] {
  return [...tags].sort(byText((tag) => tag.key));
}

function fold(key: string, { isCaseless }: TagRules): string {
  return isCaseless ? key.toLowerCase() : key;
}
