// Tags of objects and buckets. AWS: S3 user guide, "Categorizing your objects using tags"; texts as recorded in LocalStack's snapshots.

import type { AwsError, Refused } from '#model/aws-error.ts';
import { refuse } from '#model/aws-error.ts';
import type { Tag } from '#wire/generated/s3.ts';
import { badRequest, invalidArgument, invalidTag, malformedXml } from './errors.ts';
import { BUCKET_TAGS_MAX, OBJECT_TAGS_MAX, TAG_KEY_MAX, TAG_VALUE_MAX } from './limits.ts';
import type { ObjectTag } from './state.ts';

/** Letters, digits, spaces and `+ - = . _ : / @`. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const SYSTEM_TAGS = 'System tags cannot be added/updated by requester';

/** The document of PutObjectTagging and PutBucketTagging. */
export function readTags(tags: readonly Tag[] | undefined, of: 'object' | 'bucket'): readonly ObjectTag[] | Refused {
  if (tags === undefined) return refuse(malformedXml());
  const read: ObjectTag[] = [];
  for (const { Key, Value } of tags) {
    if (Key === undefined || Value === undefined) return refuse(malformedXml());
    read.push({ Key, Value });
  }
  const problem = tagsProblem(read, of);
  return problem === undefined ? read : refuse(problem);
}

/** The header `x-amz-tagging`: `a=1&b=2`, URL-encoded. */
export function parseTagging(header: string | undefined): readonly ObjectTag[] | undefined | Refused {
  if (header === undefined || header === '') return undefined;
  const tags: ObjectTag[] = [];
  for (const pair of header.split('&')) {
    const at = pair.indexOf('=');
    const Key = decoded(at < 0 ? pair : pair.slice(0, at));
    const Value = decoded(at < 0 ? '' : pair.slice(at + 1));
    if (Key === undefined || Value === undefined) return refuse(unreadable(header));
    tags.push({ Key, Value });
  }
  const isDouble = new Set(tags.map(({ Key }) => Key)).size !== tags.length;
  if (isDouble) return refuse(unreadable(header));
  const problem = tagsProblem(tags, 'object');
  if (problem === undefined) return tags;
  // AWS: in the header a character that tags cannot have is a matter of its form.
  return refuse(problem.code === 'InvalidTag' ? unreadable(header) : problem);
}

const unreadable = (header: string): AwsError =>
  invalidArgument(
    'x-amz-tagging',
    header.slice(0, 200),
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
  );

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function tagsProblem(tags: readonly ObjectTag[], of: 'object' | 'bucket'): AwsError | undefined {
  const max = of === 'object' ? OBJECT_TAGS_MAX : BUCKET_TAGS_MAX;
  if (tags.length > max) {
    return badRequest(`${of === 'object' ? 'Object tags' : 'Bucket tag count'} cannot be greater than ${max}`);
  }
  const seen = new Set<string>();
  for (const { Key, Value } of tags) {
    if (seen.has(Key)) return invalidTag('Cannot provide multiple Tags with the same key', { TagKey: Key });
    seen.add(Key);
    if (Key === '' || Key.length > TAG_KEY_MAX || !ALLOWED.test(Key)) {
      return invalidTag('The TagKey you have provided is invalid', { TagKey: Key });
    }
    if (Value.length > TAG_VALUE_MAX || !ALLOWED.test(Value)) {
      return invalidTag('The TagValue you have provided is invalid', { TagKey: Key, TagValue: Value });
    }
    if (Key.toLowerCase().startsWith('aws:')) {
      const text = of === 'object' ? 'Your TagKey cannot be prefixed with aws:' : SYSTEM_TAGS;
      return invalidTag(text, { TagKey: Key });
    }
  }
  return undefined;
}
