// One target of a matching rule is handed the event, with AWS's retries and dead letter behind it. Targets that take the event as it is share
// its payload. The dead letter is what the target was to get: so it is recorded of AWS, whose guide does not say it.

import { utf8Encode } from '#base/bytes.ts';
import type { DeliveryPolicy } from '#cell/deliveries-door.ts';
import type { PayloadId } from '#cell/payloads.ts';
import type { DeliveryFailure, HandOverContent, TargetParameters } from '#cell/target.ts';
import { eventPolicy } from '#deliveries/policies.ts';
import type { Principal } from '#model/principal.ts';
import { encodeStoredMessage, type PlainMessage } from '#model/stored-message.ts';
import { dynamicValue } from '#structures/input-template/dynamic-value.ts';
import type { Target } from '#wire/generated/events.ts';
import { observeHandOver, observeStart } from '../observing/observe.ts';
import type { RuleDoc } from '../rules/documents.ts';
import type { EventsTurn } from '../state.ts';
import type { RoutedEvent } from './event.ts';
import { EventPublished, EventShaped } from './facts.ts';
import { resolvedHttp } from './http-parameters.ts';
import { mayAssumeRole, serviceFor, sessionOf } from './role.ts';
import { shapeInput } from './shaping/shape-input.ts';

export { EVENTS_SERVICE } from './role.ts';

interface HandedOver {
  readonly routed: RoutedEvent;
  readonly rule: RuleDoc;
  readonly target: Target;
}

type KnownFailure = Pick<DeliveryFailure, 'code' | 'detail'>;

interface Parcel {
  readonly payload: PayloadId;
  readonly content: HandOverContent;
  readonly parameters?: TargetParameters | undefined;
  readonly failure?: KnownFailure;
}

const DEFAULT_POLICY = eventPolicy({});

export function handOver(turn: EventsTurn, handed: HandedOver): void {
  const { routed, rule, target } = handed;
  const { event } = routed;
  const targetArn = target.Arn ?? '';
  const parcel = parcelOf(turn, handed);
  const actor = actorOf(turn, rule, target);
  const messageGroupId = target.SqsParameters?.MessageGroupId || undefined;
  const { payload, content, parameters } = parcel;
  const isBus = targetArn.includes(':event-bus/');
  const observed = { event, rule, target, input: inputOf(content) };
  observeStart(turn, observed);
  if (isBus) turn.state.routing.forwarded = routed;
  const start = turn.doors.deliveries.deliver(turn, {
    handOver: {
      sourceArn: rule.arn,
      targetArn,
      principal: actor.principal,
      payload,
      content,
      messageGroupId,
      parameters,
    },
    policy: policyOf(target),
    failure: parcel.failure ?? actor.failure,
    deadLetterArn: target.DeadLetterConfig?.Arn,
    eventDeadLetter: { attributes: { RULE_ARN: rule.arn, TARGET_ARN: targetArn } },
    reference: event.id,
  });
  if (isBus) turn.state.routing.forwarded = undefined;
  if ('accepted' in start && start.targetMessageId !== undefined && isOf('sns', target)) {
    const publishedId = start.targetMessageId;
    turn.record(EventPublished, { eventId: event.id, rule: rule.number, topic: targetArn, publishedId });
  }
  observeHandOver(turn, observed, start);
}

function inputOf(content: HandOverContent): string {
  if (content.kind === 'event') return content.text;
  return content.message.kind === 'plain' ? content.message.body : content.message.message;
}

function policyOf({ RetryPolicy: retry }: Target): DeliveryPolicy {
  if (retry === undefined) return DEFAULT_POLICY;
  return eventPolicy({ retriesMax: retry.MaximumRetryAttempts, ageSeconds: retry.MaximumEventAgeInSeconds });
}

function actorOf(
  turn: EventsTurn,
  rule: RuleDoc,
  { RoleArn: roleArn, Arn: arn = '' }: Target,
): { readonly principal: Principal; readonly failure?: KnownFailure } {
  if (roleArn === undefined) return { principal: serviceFor(rule) };
  const principal = sessionOf(turn, roleArn);
  if (mayAssumeRole(turn, roleArn, rule)) return { principal };
  // Recorded: a bus says NO_PERMISSIONS, other targets tell the role apart.
  const code = arn.includes(':event-bus/') ? 'NO_PERMISSIONS' : 'FAILED_TO_ASSUME_ROLE';
  return { principal, failure: { code, detail: `EventBridge may not assume the role ${roleArn}.` } };
}

function parcelOf(turn: EventsTurn, { routed, rule, target }: HandedOver): Parcel {
  const { event, text: whole, payload } = routed;
  const shaped = shapeInput(target, {
    text: whole,
    ruleArn: rule.arn,
    ruleName: rule.name,
    ingestionTimeMs: turn.nowMs,
  });
  if ('problem' in shaped) {
    return {
      payload,
      content: { kind: 'event', text: whole },
      failure: { code: 'INVALID_JSON', detail: shaped.problem },
    };
  }
  const { text } = shaped;
  const parameters = parametersOf(target, shaped.parameters, routed);
  if (parameters !== undefined && 'problem' in parameters) {
    const failure = { code: 'INVALID_PARAMETER', detail: parameters.problem };
    return { payload, content: { kind: 'event', text: whole }, failure };
  }
  const own = text === whole ? payload : turn.storePayload(utf8Encode(text));
  if (own !== payload) {
    turn.record(EventShaped, { eventId: event.id, rule: rule.number, target: target.Id ?? '', payload: own });
  }
  if (event.traceHeader !== undefined && isOf('sqs', target)) return tracedParcel(turn, { event, text });
  return { payload: own, content: { kind: 'event', text }, parameters };
}

function isOf(service: string, { Arn: arn = '' }: Target): boolean {
  return arn.startsWith(`${service}:`, arn.indexOf(':', 4) + 1);
}

/** AWS: EventBridge user guide, "Tracing": queues get the header as AWSTraceHeader, which the bare text of an event has no room for. */
function tracedParcel(turn: EventsTurn, { event, text }: { event: RoutedEvent['event']; text: string }): Parcel {
  const system: Record<string, string> = event.traceHeader === undefined ? {} : { AWSTraceHeader: event.traceHeader };
  const message: PlainMessage = { kind: 'plain', messageId: event.id, body: text, attributes: [], system };
  return { payload: turn.storePayload(encodeStoredMessage(message)), content: { kind: 'message', message } };
}

/**
 * AWS: API reference, KinesisParameters: the key is what the path leads to in the event, "If you do not include this parameter, the default is to use the
 * eventId". That it is also the id where the path leads to nothing is ours.
 */
function partitionKeyOf({ KinesisParameters: parameters }: Target, eventId: string, text: string): string {
  const found = parameters === undefined ? undefined : dynamicValue(parameters.PartitionKeyPath ?? '', text);
  return found?.slice(0, PARTITION_KEY_LENGTH_MAX) || eventId;
}

const PARTITION_KEY_LENGTH_MAX = 256;

/** AWS: a log line has the event's time, where its template does not say another one. */
function parametersOf(
  target: Target,
  shaped: TargetParameters | undefined,
  { event, text }: RoutedEvent,
): TargetParameters | { readonly problem: string } | undefined {
  if (isOf('kinesis', target)) return { partitionKey: partitionKeyOf(target, event.id, text) };
  if (target.HttpParameters !== undefined) {
    const http = resolvedHttp(target.HttpParameters, text);
    return 'problem' in http ? http : { http };
  }
  if (shaped !== undefined || !isOf('logs', target)) return shaped;
  return { logs: { timestampMs: Math.floor(event.timeMs / 1_000) * 1_000 } };
}
