// Tags as IAM sees them. AWS: service authorization reference, "Amazon Kinesis Data Streams", condition keys aws:ResourceTag, aws:RequestTag, aws:TagKeys.

import type { AuthorizationRequest } from '#cell/authorization.ts';
import type { Tags } from './tags.ts';

/** The request with the resource's tags. The same object when it has none: every put asks. */
export function withResourceTags(asked: AuthorizationRequest, tags: Tags): AuthorizationRequest {
  let context: Record<string, string> | undefined;
  for (const key in tags) {
    context ??= {};
    context[`aws:ResourceTag/${key}`] = tags[key] as string;
  }
  return context === undefined ? asked : { ...asked, context };
}

/** The request with the tags, or the keys of tags, that the call is about. */
export function withRequestTags<R extends AuthorizationRequest | undefined>(
  asked: R,
  {
    tags = {},
    keys = Object.keys(tags),
  }: { readonly tags?: Tags | undefined; readonly keys?: readonly string[] | undefined },
): R {
  if (asked === undefined || keys.length === 0) return asked;
  const given = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value]);
  return { ...asked, context: { ...asked.context, ...Object.fromEntries(given), 'aws:TagKeys': keys } };
}
