// Invocation records as objects: a bucket as the destination of failed events and of discarded batches. The record becomes a blob first, then an object in the turn that
// ends what it tells of. Source: Lambda developer guide, "Retaining records of asynchronous invocations" and "Retain discarded batch records", S3 destinations.

import type { StoredBody, TextToStore } from '#cell/objects-door.ts';
import { STORE_TEXT } from '#cell/objects-door.ts';
import type { Outcome } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { isRefused } from '#model/aws-error.ts';
import type { FoundVersion, LambdaTurn } from './find-function.ts';
import { sessionOf } from './roles.ts';

export function isBucket(arn: string): boolean {
  return parseArn(arn)?.service === 's3';
}

export function storeRecord(
  turn: LambdaTurn,
  text: string,
  then: { readonly reaction: string; readonly subject: string },
) {
  const input: TextToStore = { text };
  turn.perform({ performer: STORE_TEXT, input, then });
}

/** `…/2026/01/15/2026-01-15T12.00.00-<uuid>` */
export function recordKey(turn: LambdaTurn, prefix: string): string {
  const instant = new Date(turn.nowMs).toISOString();
  const [day = ''] = instant.split('T');
  return `${prefix}/${day.replaceAll('-', '/')}/${instant.slice(0, 19).replaceAll(':', '.')}-${turn.uuid()}`;
}

/** Why there is no object, or undefined when it was written, as the function's role. */
export function putRecord(
  turn: LambdaTurn,
  found: FoundVersion,
  { bucketArn, key, outcome }: { readonly bucketArn: string; readonly key: string; readonly outcome: Outcome },
): string | undefined {
  const { objects } = turn.doors;
  if (objects === undefined) return 'there are no buckets here';
  if ('failed' in outcome) return outcome.failed;
  const put = objects.put(turn, {
    bucket: parseArn(bucketArn)?.resource ?? '',
    key,
    body: outcome.result as StoredBody,
    contentType: 'application/json',
    principal: sessionOf(turn, found.doc, found.settings),
    scope: found.reference.scope,
  });
  return isRefused(put) ? `${put.refused.code}: ${put.refused.message}` : undefined;
}
