// Tags of delivery streams.

import type { Tag } from '#wire/generated/firehose.ts';
import type { StreamDoc } from './documents.ts';

type Tags = StreamDoc['tags'];

export const tagsOf = (given: readonly Tag[]): Tags => withTags({}, given);

export function withTags(tags: Tags, added: readonly Tag[]): Tags {
  const entries = new Map(Object.entries(tags));
  for (const { Key = '', Value = '' } of added) entries.set(Key, Value);
  return Object.fromEntries(entries);
}

export function withoutTags(tags: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}
