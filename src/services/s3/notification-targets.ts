// Destinations of a new configuration: whether each is there and lets S3 in, and the test event that S3 sends to queues and topics.
// AWS: S3 user guide, "Granting permissions to publish event notification messages to a destination": "Amazon S3 … sends a test event".

import { parseArn } from '#model/arn.ts';
import { type AwsError, clientError } from '#model/aws-error.ts';
import type { BucketDoc } from './bucket.ts';
import { handOver, s3Principal } from './hand-over.ts';
import type { NotificationRule } from './notification-rules.ts';
import type { S3Turn } from './state.ts';

export function targetsProblem(
  turn: S3Turn,
  bucket: BucketDoc,
  rules: readonly NotificationRule[],
): AwsError | undefined {
  const reasons = new Map<string, string>();
  for (const rule of rules) {
    const reason = reasonOf(turn, bucket, rule);
    // AWS: a function is named with its qualifier, which is none.
    const name = rule.kind === 'function' ? `${rule.targetArn}, null` : rule.targetArn;
    if (reason !== undefined) reasons.set(name, reason);
  }
  if (reasons.size === 0) return undefined;
  const members = [...reasons].flatMap(([arn, reason], at) => [
    [`ArgumentName${at + 1}`, arn],
    [`ArgumentValue${at + 1}`, reason],
  ]);
  return clientError('InvalidArgument', 'Unable to validate the following destination configurations', {
    members: Object.fromEntries(members),
  });
}

function reasonOf(turn: S3Turn, bucket: BucketDoc, { kind, targetArn }: NotificationRule): string | undefined {
  const parsed = parseArn(targetArn);
  // AWS, "Supported event destinations": in the bucket's region, and no FIFO queues or topics.
  if (parsed?.region !== bucket.region) {
    return 'The notification destination service region is not valid for the bucket location constraint';
  }
  const target = turn.doors.targets.get(parsed.service);
  const { principal, sourceArn } = s3Principal(bucket);
  const problem =
    target === undefined
      ? { reason: 'missing', detail: '' }
      : target.problem?.(turn, { targetArn, sourceArn, principal });
  if (problem === undefined) return undefined;
  // AWS: of a function it is not told whether it is missing.
  if (kind === 'function') return `Not authorized to invoke function [${targetArn}]`;
  if (problem.reason === 'missing') return `The destination ${kind} does not exist`;
  if (problem.reason === 'not-fitting') return `${problem.detail} S3 does not send to it.`;
  return `Permissions on the destination ${kind} do not allow S3 to publish notifications from this bucket`;
}

export function sendTestEvents(turn: S3Turn, bucket: BucketDoc, rules: readonly NotificationRule[]): void {
  const seen = new Set<string>();
  for (const { kind, targetArn } of rules) {
    if (kind === 'function' || seen.has(targetArn)) continue;
    seen.add(targetArn);
    const requestId = turn.request?.requestId ?? turn.uuid();
    const event = {
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Time: new Date(turn.nowMs).toISOString(),
      Bucket: bucket.name,
      RequestId: requestId,
      HostId: requestId,
    };
    handOver(turn, bucket, { kind, targetArn, text: JSON.stringify(event) });
  }
}
