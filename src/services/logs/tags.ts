// Rules for tags of log groups and of what belongs to vended logs. Source: botocore logs/2014-03-28, TagKey, TagValue, Tags; keys that begin
// with aws: are AWS's own (TagResource), in the text of its other services.

import { Validation } from '#model/validation.ts';
import { TAGS_MAX } from './limits.ts';

export type Tags = Readonly<Record<string, string>>;

const RESERVED = /^aws:/i;
const KEY = { test: /^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$/u, shown: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+)$' };
const VALUE = { test: /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u, shown: '^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*)$' };

/** Why the tags of a request are wrong, or undefined. */
export function tagsText(tags: Tags): string | undefined {
  const validation = new Validation().length('tags', Object.keys(tags), { min: 1, max: TAGS_MAX });
  for (const [key, value] of Object.entries(tags)) {
    validation.length('tags', key, { min: 1, max: 128 }).pattern('tags', key, KEY);
    validation.length(`tags.${key}.member`, value, { max: 256 }).pattern(`tags.${key}.member`, value, VALUE);
  }
  if (validation.text !== undefined) return validation.text;
  const isReserved = Object.keys(tags).some((key) => RESERVED.test(key));
  return isReserved ? 'aws: prefixed tag key names are not allowed for external use.' : undefined;
}
