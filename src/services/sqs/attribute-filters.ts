// Which attributes a receiver asked to see.

import { type AwsError, type Refused, refuse } from '#model/aws-error.ts';
import type { StoredAttribute } from '#model/stored-message.ts';
import { unknownAttribute } from './errors.ts';

/** AWS: ReceiveMessage, MessageSystemAttributeNames. */
const SYSTEM_NAMES = new Set([
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
]);

export type SystemFilter = (name: string) => boolean;

/** AttributeNames is the older name of MessageSystemAttributeNames; both count. */
export function parseSystemFilter(
  names: readonly string[] | undefined,
  olderNames: readonly string[] | undefined,
): SystemFilter | Refused {
  const wanted = new Set([...(names ?? []), ...(olderNames ?? [])]);
  const unknown = [...wanted].find((name) => name !== 'All' && !SYSTEM_NAMES.has(name));
  if (unknown !== undefined) return refuse(unknownAttribute(unknown) satisfies AwsError);
  return wanted.has('All') ? () => true : (name) => wanted.has(name);
}

/** AWS: `All` and `.*` for all, `prefix.*` for what starts with the prefix; names that nothing has are no error. */
export function filterMessageAttributes(
  attributes: readonly StoredAttribute[],
  names: readonly string[] | undefined,
): readonly StoredAttribute[] {
  if (names === undefined || names.length === 0 || attributes.length === 0) return [];
  if (names.some((name) => name === 'All' || name === '.*' || name === '*')) return attributes;
  return attributes.filter((attribute) =>
    names.some((name) =>
      name.endsWith('.*') ? attribute.name.startsWith(name.slice(0, -2)) : attribute.name === name,
    ),
  );
}
