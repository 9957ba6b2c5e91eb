// Events that were written go to the destinations of their group's subscription filters, in the same entry of the journal. What a destination does not take now is
// retried for a day. Source: CloudWatch Logs user guide, "Real-time processing of log data with subscriptions": retries "for up to 24 hours".

import { base64Encode } from '#base/base64.ts';
import { utf8Encode } from '#base/bytes.ts';
import { eventPolicy } from '#deliveries/policies.ts';
import { parseArn } from '#model/arn.ts';
import { scopeOf } from '#model/scope.ts';
import type { BlockEvent } from '../event-block.ts';
import { formatEventId } from '../event-id.ts';
import { compileStoredPattern } from '../filter-pattern/filter-pattern.ts';
import type { LogsTurn } from '../find-group.ts';
import type { LogStream, LogsState } from '../state.ts';
import { dataMessage, recordsOf, type ShippedEvent } from './data-message.ts';
import type { CompiledFilter, SubscriptionFilterDoc } from './documents.ts';
import { groupArnOf, mayAssumeRole, serviceFor, sessionOf } from './role.ts';

const POLICY = eventPolicy({});

/** `firstSequence`: number of the first of the events. */
export function shipToSubscribers(
  turn: LogsTurn,
  stream: LogStream,
  { events, firstSequence }: { readonly events: readonly BlockEvent[]; readonly firstSequence: number },
): void {
  for (const { doc, pattern } of filtersOf(turn.state, stream.groupId)) {
    const shipped: ShippedEvent[] = [];
    for (const [i, { timestampMs, message }] of events.entries()) {
      if (!pattern.test(message)) continue;
      const id = formatEventId({ ms: timestampMs, sequence: firstSequence + i });
      // Seen by AWS's own readers of subscriptions: awslabs/amazon-elasticsearch-lambda-samples.
      const fields = pattern.extract === undefined ? {} : { extractedFields: pattern.extract(message) };
      shipped.push({ id, timestamp: timestampMs, message, ...fields });
    }
    for (const record of recordsOf(shipped))
      handOver(turn, doc, { stream, data: dataMessage(doc, stream.name, record) });
  }
}

/** Compiled until one of the group's filters changes. */
function filtersOf(state: LogsState, groupId: number): readonly CompiledFilter[] {
  if (state.subscriptionFilters.size === 0) return NONE;
  let compiled = state.compiledFilters.get(groupId);
  if (compiled === undefined) {
    compiled = state.subscriptionFilters.by('byGroup', String(groupId)).flatMap((doc) => {
      const pattern = compileStoredPattern(doc.pattern);
      return 'test' in pattern ? [{ doc, pattern }] : [];
    });
    state.compiledFilters.set(groupId, compiled);
  }
  return compiled;
}

const NONE: readonly CompiledFilter[] = [];

function handOver(
  turn: LogsTurn,
  doc: SubscriptionFilterDoc,
  { stream, data }: { readonly stream: LogStream; readonly data: Uint8Array },
): void {
  const { destinationArn: targetArn, roleArn, account, region, service, distribution } = doc;
  const base64 = base64Encode(data);
  const isFunction = parseArn(targetArn)?.service === 'lambda';
  const text = isFunction ? JSON.stringify({ awslogs: { data: base64 } }) : base64;
  // AWS groups by log stream; how the key is made of its name it does not say.
  const partitionKey = distribution === 'Random' ? turn.uuid() : turn.digest.md5Hex(`${doc.groupName}:${stream.name}`);
  const principal = roleArn === undefined ? serviceFor(doc, service) : sessionOf(turn, roleArn);
  const own = turn.within(scopeOf(account, region), principal);
  own.doors.deliveries.deliver(own, {
    handOver: {
      sourceArn: groupArnOf(doc),
      targetArn,
      principal,
      payload: turn.storePayload(utf8Encode(text)),
      content: { kind: 'event', text },
      ...(isFunction ? {} : { parameters: { isBase64: true, partitionKey } }),
    },
    policy: POLICY,
    ...(roleArn === undefined || mayAssumeRole(own, doc, roleArn) ? {} : { failure: notAssumable(roleArn) }),
  });
}

function notAssumable(roleArn: string) {
  return { code: 'AccessDeniedException', detail: `CloudWatch Logs may not assume the role ${roleArn}.` };
}
