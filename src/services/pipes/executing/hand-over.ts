// Handing events over to targets that take them in this turn: what was taken and what is deleted from the source are one entry of the journal. Nothing is
// retried here: what is not taken stays in the source, as with AWS.

import { utf8Encode } from '#base/bytes.ts';
import type { DeliveryFailure, HandOverContent } from '#cell/target.ts';
import { parseArn } from '#model/arn.ts';
import type { Principal } from '#model/principal.ts';
import { scopeOf } from '#model/scope.ts';
import { encodeStoredMessage } from '#model/stored-message.ts';
import type { HandedOn } from '../facts.ts';
import { ASYNCHRONOUS_BYTES_MAX } from '../limits.ts';
import { sessionOf } from '../role.ts';
import type { TargetKind } from '../settings/kinds.ts';
import { type HandOverParts, handOverParts } from '../shaping/dynamic.ts';
import type { Item } from '../shaping/item.ts';
import type { PipesTurn } from '../state.ts';
import { type Execution, type ExecutionEnd, type Failure, NONE_FAILED } from './execution.ts';

type Taken = { readonly targetMessageId: string | undefined } | { readonly failure: DeliveryFailure };

const SHARD = '';

/** Each event by itself, in order. */
export function handOnEach(
  turn: PipesTurn,
  execution: Execution,
  { kind, texts }: { readonly kind: TargetKind; readonly texts: readonly string[] },
): ExecutionEnd {
  const { items, pipe, events } = execution;
  // Records of a stream are all in one order: what comes after one that failed comes again with it.
  const groups = new Map(
    events.map(({ messageId, message }) => [messageId, message === undefined ? SHARD : message.messageGroupId]),
  );
  const failedGroups = new Set<string>();
  const failedItems = new Set<number>();
  const handedOn: HandedOn[] = [];
  let first: DeliveryFailure | undefined;
  for (const [i, item] of items.entries()) {
    const group = groups.get(item.messageId ?? '');
    // The order in a group: nothing overtakes what failed.
    if (group !== undefined && failedGroups.has(group)) {
      failedItems.add(i);
      continue;
    }
    const parts = handOverParts(pipe, { kind, item });
    const taken =
      'problem' in parts
        ? transformationFailure(parts.problem)
        : give(turn, execution, { text: texts[i] ?? '', parts });
    if (!('failure' in taken)) {
      noteHandedOn(handedOn, item, taken);
      continue;
    }
    first ??= taken.failure;
    failedItems.add(i);
    if (group !== undefined) failedGroups.add(group);
    if (groups.has(item.messageId ?? '')) continue;
    // Nobody can tell which message it came from, so that all come back: the others need not go.
    for (let rest = i + 1; rest < items.length; rest += 1) failedItems.add(rest);
    break;
  }
  return endOf(turn, execution, { failedItems, first, handedOn });
}

/** A function that is invoked without waiting for it. */
export function handOnAtOnce(turn: PipesTurn, execution: Execution, text: string): ExecutionEnd {
  const taken = give(turn, execution, { text, parts: {} });
  if (!('failure' in taken)) {
    const end = endOf(turn, execution, { failedItems: new Set(), first: undefined, handedOn: [] });
    return { ...end, together: taken.targetMessageId };
  }
  const failedItems = new Set(execution.items.keys());
  return { ...endOf(turn, execution, { failedItems, first: taken.failure, handedOn: [] }), failedIds: 'all' };
}

function give(
  turn: PipesTurn,
  { pipe }: Execution,
  { text, parts }: { readonly text: string; readonly parts: HandOverParts },
): Taken {
  const { targetArn, arn: sourceArn, account, region } = pipe;
  const service = parseArn(targetArn)?.service ?? '';
  const target = turn.doors.targets.get(service);
  if (target === undefined) return notTaken('TargetNotAvailable', `nothing here delivers to ${targetArn}`);
  const bytes = utf8Encode(text);
  if (service === 'lambda' && bytes.length > ASYNCHRONOUS_BYTES_MAX) {
    return notTaken('RequestTooLargeException', `The events are larger than ${ASYNCHRONOUS_BYTES_MAX} bytes.`);
  }
  const principal = sessionOf(turn, pipe);
  const own = turn.within(scopeOf(account, region), principal);
  const content = service === 'sqs' ? messageOf(turn, { text, targetArn, principal, parts }) : eventOf(text);
  const payload = turn.storePayload(content.kind === 'event' ? bytes : encodeStoredMessage(content.message));
  const result = target.accept(own, {
    sourceArn,
    targetArn,
    principal,
    payload,
    content,
    deliveryId: undefined,
    ...parts,
  });
  if ('accepted' in result) return { targetMessageId: result.targetMessageId };
  if ('failure' in result) return result;
  return notTaken('TargetNotSupported', `${targetArn} does not take events at once`);
}

function eventOf(text: string): HandOverContent {
  return { kind: 'event', text };
}

/** A queue shows who sent a message, and a FIFO queue by which id repetitions are known. */
function messageOf(
  turn: PipesTurn,
  sent: {
    readonly text: string;
    readonly targetArn: string;
    readonly principal: Principal;
    readonly parts: HandOverParts;
  },
): Extract<HandOverContent, { kind: 'message' }> {
  const { text, targetArn, principal, parts } = sent;
  const system: Record<string, string> = principal.kind === 'session' ? { SenderId: principal.userId } : {};
  if (targetArn.endsWith('.fifo')) {
    system['MessageDeduplicationId'] = parts.messageDeduplicationId ?? turn.digest.sha256Hex(text);
  }
  return { kind: 'message', message: { kind: 'plain', messageId: turn.uuid(), body: text, attributes: [], system } };
}

function notTaken(code: string, detail: string): Taken {
  return { failure: { code, detail, isRetryable: false } };
}

function transformationFailure(detail: string): Taken {
  return notTaken('TransformationFailed', detail);
}

function noteHandedOn(
  handedOn: HandedOn[],
  { messageId }: Item,
  { targetMessageId }: { readonly targetMessageId: string | undefined },
): void {
  if (messageId !== undefined && targetMessageId !== undefined) handedOn.push({ from: messageId, to: targetMessageId });
}

function endOf(
  turn: PipesTurn,
  execution: Execution,
  ended: {
    readonly failedItems: ReadonlySet<number>;
    readonly first: DeliveryFailure | undefined;
    readonly handedOn: readonly HandedOn[];
  },
): ExecutionEnd {
  const { log, pipe, items } = execution;
  const { failedItems, first, handedOn } = ended;
  const data = () => ({
    awsRequest: JSON.stringify({ resourceArn: pipe.targetArn, entryCount: items.length }),
    awsResponse: JSON.stringify({ successful: items.length - failedItems.size, failed: failedItems.size }),
  });
  if (first === undefined) {
    log.add(turn, 'TargetInvocationSucceeded', { data });
    return { failedIds: NONE_FAILED, handedOn };
  }
  const { code, detail } = first;
  const failure: Failure = { stage: 'Target', arn: pipe.targetArn, code, detail };
  const isPartial = failedItems.size < items.length;
  log.add(turn, isPartial ? 'TargetInvocationPartiallyFailed' : 'TargetInvocationFailed', { data, error: failure });
  return { failedIds: failedIdsOf(execution, failedItems), failure, handedOn };
}

/** An event that does not say which message it came from: all come back. */
function failedIdsOf({ items, events }: Execution, failedItems: ReadonlySet<number>): ReadonlySet<string> | 'all' {
  const known = new Set(events.map(({ messageId }) => messageId));
  const failedIds = new Set<string>();
  for (const i of failedItems) {
    const id = items[i]?.messageId;
    if (id === undefined || !known.has(id)) return 'all';
    failedIds.add(id);
  }
  return failedIds;
}
