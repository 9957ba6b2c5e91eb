// Tags of functions and of event source mappings. AWS: developer guide, "Using tags on Lambda functions": 50, keys to 128, values to 256 characters,
// letters, digits, white space and _ . : / = + - @; keys that begin with aws: are AWS's own. Texts are those of its other services.

import type { AwsError } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import { invalidParameter, tooManyTags, validationFailed } from './errors.ts';
import { TAGS_MAX } from './limits.ts';

export type Tags = Readonly<Record<string, string>>;

const RESERVED = /^aws:/i;
const KEY_LENGTH = { min: 1, max: 128 };
const VALUE_LENGTH = { max: 256 };
const TEXT = { test: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, shown: '[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*' };

/** Why the tags of a request cannot be added to those that are there, or undefined. */
export function tagsProblem(given: Tags | undefined, before: Tags = {}): AwsError | undefined {
  const validation = new Validation();
  for (const [key, value] of Object.entries(given ?? {})) {
    validation.length('tags', key, KEY_LENGTH).pattern('tags', key, TEXT);
    validation.length(`tags.${key}.member`, value, VALUE_LENGTH).pattern(`tags.${key}.member`, value, TEXT);
  }
  if (validation.text !== undefined) return validationFailed(validation.text);
  if (Object.keys(given ?? {}).some((key) => RESERVED.test(key))) {
    return invalidParameter('aws: prefixed tag key names are not allowed for external use.');
  }
  return Object.keys({ ...before, ...given }).length > TAGS_MAX ? tooManyTags() : undefined;
}
