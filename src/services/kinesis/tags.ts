// Tags of streams. Texts: answers of AWS as kinesalite's test suite records them; the number is today's.

import type { AwsError } from '#model/aws-error.ts';
import type { Validation } from '#model/validation.ts';
import { invalidArgument } from './errors.ts';
import { TAGS_MAX } from './limits.ts';

export type Tags = Readonly<Record<string, string>>;

const KEY_LENGTH = { min: 1, max: 128 };
const VALUE_LENGTH = { min: 0, max: 256 };
/** AWS: developer guide, "Tag restrictions": keys that begin with it are AWS's own. The text is that of its other services. */
const RESERVED = /^aws:/i;
/** AWS's own set, with all letters and digits. */
const FOREIGN = /[^\p{L}\p{Z}\p{N}_.:/=+\-@%]/u;

export function checkTags(validation: Validation, tags: Tags | undefined): Validation {
  if (tags === undefined) return validation;
  for (const [key, value] of Object.entries(tags)) {
    validation.length('tags', key, KEY_LENGTH).length(`tags.${key}.member`, value, VALUE_LENGTH);
  }
  return validation;
}

/** `before`: tags that the stream has. */
export function tagsProblem(
  tags: Tags | undefined,
  name: string,
  account: string,
  before: Tags = {},
): AwsError | undefined {
  if (tags === undefined) return undefined;
  if (Object.keys(tags).some((key) => RESERVED.test(key))) {
    return invalidArgument('aws: prefixed tag key names are not allowed for external use.');
  }
  const texts = [...Object.keys(tags), ...Object.values(tags)];
  if (texts.some((text) => FOREIGN.test(text))) {
    return invalidArgument(
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @ :.',
    );
  }
  // AWS's other text, which it has for this character.
  if (texts.some((text) => text.includes('%'))) {
    return invalidArgument(
      `Failed to add tags to stream ${name} under account ${account} because some tags contained illegal characters. ` +
        "The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@',':'.",
    );
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(tags)]);
  if (keys.size <= TAGS_MAX) return undefined;
  return invalidArgument(
    `Failed to add tags to stream ${name} under account ${account} because a given stream cannot have more than ${TAGS_MAX} tags associated with it.`,
  );
}

export function shownTags(tags: Tags): readonly { readonly Key: string; readonly Value: string }[] {
  return Object.keys(tags)
    .sort()
    .map((Key) => ({ Key, Value: tags[Key] as string }));
}

export function checkTagKeys(validation: Validation, keys: readonly string[] | undefined): Validation {
  validation.length('tagKeys', keys, { min: 1, max: TAGS_MAX });
  for (const key of keys ?? []) validation.length('tagKeys', key, KEY_LENGTH);
  return validation;
}

export function without(tags: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}
