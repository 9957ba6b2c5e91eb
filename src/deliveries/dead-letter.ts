// The last hand-over: to the dead-letter queue or topic. A message arrives as the target would have got it, so that what
// consumes the queue can consume the dead letters too. An event becomes a message with its error beside it, in Lambda's
// or in EventBridge's form.

import type { EventDeadLetter } from '#cell/deliveries-door.ts';
import type { DeliveryFailure, HandOver } from '#cell/target.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { encodeStoredMessage, type PlainMessage, type StoredAttribute } from '#model/stored-message.ts';
import type { RetryCondition } from './retry-schedule.ts';
import { ruleErrorCode, rulePrincipal } from './rule-dead-letter.ts';

export interface DeadLetter {
  readonly handOver: Omit<HandOver, 'deliveryId'>;
  readonly deadLetterArn: string;
  readonly failure: Pick<DeliveryFailure, 'code' | 'detail'>;
  readonly requestId?: string | undefined;
  /** EventBridge's form: see EventDeadLetter. */
  readonly attributes?: EventDeadLetter['attributes'] | undefined;
  /** The text that EventBridge's form shows, when it is not the handed-over one. */
  readonly originalText?: string | undefined;
  readonly attempts: number;
  readonly exhausted?: RetryCondition | undefined;
}

/** AWS, "Retaining records of asynchronous invocations": ErrorMessage holds the first 1 KB of the error. */
const ERROR_MESSAGE_LENGTH_MAX = 1_024;

/** The id that the dead-letter target gave it, if it gives ids; or why it did not take it. */
export type DeadLettered = { readonly id: string | undefined } | { readonly refused: DeliveryFailure };

/** Hands over in this turn. */
export function handDeadLetter(turn: Turn, letter: DeadLetter): DeadLettered {
  const { deadLetterArn } = letter;
  const target = turn.doors.targets.get(parseArn(deadLetterArn)?.service ?? '');
  if (target === undefined) return refusal('TargetNotAvailable', `nothing here delivers to ${deadLetterArn}`);
  const result = target.accept(turn, { ...messageOf(turn, letter), targetArn: deadLetterArn, deliveryId: undefined });
  if ('accepted' in result) return { id: result.targetMessageId };
  if ('failure' in result) return { refused: result.failure };
  return refusal('TargetNotSupported', `${deadLetterArn} cannot take dead letters`);
}

function messageOf(turn: Turn, letter: DeadLetter): Omit<HandOver, 'deliveryId'> {
  const { handOver, attributes } = letter;
  const { content } = handOver;
  if (attributes === undefined && content.kind === 'message') return handOver;
  const message: PlainMessage = {
    kind: 'plain',
    messageId: turn.uuid(),
    body: letter.originalText ?? numberedText(letter),
    attributes: attributes === undefined ? lambdaAttributes(turn, letter) : eventAttributes(letter, attributes),
    system: traceOf(content),
  };
  const payload = turn.storePayload(encodeStoredMessage(message));
  const ruleArn = attributes?.['RULE_ARN'];
  const principal = ruleArn === undefined ? handOver.principal : rulePrincipal(ruleArn);
  return { ...handOver, principal, payload, content: { kind: 'message', message } };
}

/** As the last attempt had it. */
function numberedText({ handOver: { content, parameters }, attempts }: DeadLetter): string {
  const text = textOf(content);
  const placeholder = parameters?.attemptPlaceholder;
  return placeholder === undefined ? text : text.replaceAll(placeholder, String(attempts));
}

/** A queue's message takes its trace along. */
function traceOf(content: HandOver['content']): PlainMessage['system'] {
  const header = content.kind === 'message' ? content.message.system['AWSTraceHeader'] : undefined;
  return header === undefined ? {} : { AWSTraceHeader: header };
}

export function textOf(content: HandOver['content']): string {
  if (content.kind === 'event') return content.text;
  return content.message.kind === 'plain' ? content.message.body : content.message.message;
}

/** AWS: RequestID (String), ErrorCode (Number), ErrorMessage (String). */
function lambdaAttributes(turn: Turn, { failure, requestId }: DeadLetter): readonly StoredAttribute[] {
  const codeType = /^[0-9]+$/.test(failure.code) ? 'Number' : 'String';
  return [
    { name: 'RequestID', dataType: 'String', value: requestId ?? turn.uuid() },
    { name: 'ErrorCode', dataType: codeType, value: failure.code },
    { name: 'ErrorMessage', dataType: 'String', value: failure.detail.slice(0, ERROR_MESSAGE_LENGTH_MAX) },
  ];
}

/**
 * AWS: EventBridge user guide, "Using dead-letter queues": RETRY_ATTEMPTS counts the retries, not the first attempt. Captured of rules: without
 * retries (a missing permission) there is no number of them, and the codes are EventBridge's own.
 */
function eventAttributes(
  { failure, attempts, exhausted }: DeadLetter,
  attributes: EventDeadLetter['attributes'],
): readonly StoredAttribute[] {
  const text = (name: string, value: string): StoredAttribute => ({ name, dataType: 'String', value });
  const isOfRule = attributes['RULE_ARN'] !== undefined;
  const retries: StoredAttribute = {
    name: 'RETRY_ATTEMPTS',
    dataType: 'Number',
    value: String(Math.max(0, attempts - 1)),
  };
  return [
    ...Object.entries(attributes).map(([name, value]) => text(name, value)),
    text('ERROR_CODE', isOfRule ? ruleErrorCode(failure.code) : failure.code),
    text('ERROR_MESSAGE', failure.detail.slice(0, ERROR_MESSAGE_LENGTH_MAX)),
    ...(exhausted === undefined ? [] : [text('EXHAUSTED_RETRY_CONDITION', exhausted)]),
    ...(isOfRule && exhausted === undefined ? [] : [retries]),
  ];
}

function refusal(code: string, detail: string): DeadLettered {
  return { refused: { code, detail, isRetryable: false } };
}
