// Tags of a queue. AWS: "Amazon SQS cost allocation tags", quotas: 50 tags, keys to 128, values to 256 characters, no key that starts with aws:.

import type { AwsError } from '#model/aws-error.ts';
import { invalidParameterValue } from './errors.ts';
import { limits } from './limits.ts';

export type Tags = Readonly<Record<string, string>>;

const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

export function tagProblem(all: Tags, queueName: string): AwsError | undefined {
  const entries = Object.entries(all);
  if (entries.length > limits.tagsMax) return invalidParameterValue(`Too many tags added for queue ${queueName}.`);
  for (const [key, value] of entries) {
    if (key === '' || key.length > limits.tagKeyLengthMax) {
      return invalidParameterValue(
        `Tag key ${key} is invalid: tag keys must be between 1 and 128 characters in length.`,
      );
    }
    if (value.length > limits.tagValueLengthMax) {
      return invalidParameterValue(
        `The value of tag ${key} is invalid: tag values must be at most 256 characters in length.`,
      );
    }
    if (key.toLowerCase().startsWith('aws:')) {
      return invalidParameterValue(`Tag key ${key} is invalid: the prefix aws: is reserved for system use.`);
    }
    if (!ALLOWED.test(key) || !ALLOWED.test(value)) {
      return invalidParameterValue(
        "Tag keys and values may only contain unicode letters, digits, white space, or one of these symbols: _ . : / = + - @'",
      );
    }
  }
  return undefined;
}
