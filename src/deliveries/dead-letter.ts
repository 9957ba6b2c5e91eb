// The last hand-over: to the dead-letter queue or topic. A message arrives as the target would have got it, so that what
// consumes the queue can consume the dead letters too. An event becomes a message with its error beside it.

import { utf8Decode } from '#base/bytes.ts';
import type { DeliveryFailure, HandOver } from '#cell/target.ts';
import type { Turn } from '#cell/turn.ts';
import { parseArn } from '#model/arn.ts';
import { encodeStoredMessage, type PlainMessage } from '#model/stored-message.ts';

export interface DeadLetter {
  readonly handOver: Omit<HandOver, 'deliveryId'>;
  readonly deadLetterArn: string;
  /** For a hand-over of an event: its bytes, and what its message tells. */
  readonly event?: {
    readonly bytes?: Uint8Array | undefined;
    readonly failure: Pick<DeliveryFailure, 'code' | 'detail'>;
    readonly requestId?: string | undefined;
  };
}

/** AWS, "Retaining records of asynchronous invocations": ErrorMessage holds the first 1 KB of the error. */
const ERROR_MESSAGE_LENGTH_MAX = 1_024;

/** Hands over in this turn; returns why the dead-letter target did not take it, if so. */
export function handDeadLetter(turn: Turn, letter: DeadLetter): DeliveryFailure | undefined {
  const { deadLetterArn, handOver } = letter;
  const target = turn.doors.targets.get(parseArn(deadLetterArn)?.service ?? '');
  if (target === undefined) return refusal('TargetNotAvailable', `nothing here delivers to ${deadLetterArn}`);
  const asMessage = handOver.content.kind === 'message' ? handOver : asPlainMessage(turn, letter);
  const result = target.accept(turn, { ...asMessage, targetArn: deadLetterArn, deliveryId: undefined });
  if ('accepted' in result) return undefined;
  if ('failure' in result) return result.failure;
  return refusal('TargetNotSupported', `${deadLetterArn} cannot take dead letters`);
}

function asPlainMessage(turn: Turn, { handOver, event }: DeadLetter): Omit<HandOver, 'deliveryId'> {
  const { code, detail } = event?.failure ?? { code: '', detail: '' };
  // AWS: RequestID (String), ErrorCode (Number), ErrorMessage (String).
  const codeType = /^[0-9]+$/.test(code) ? 'Number' : 'String';
  const message: PlainMessage = {
    kind: 'plain',
    messageId: turn.uuid(),
    body: utf8Decode(event?.bytes ?? new Uint8Array()),
    attributes: [
      { name: 'RequestID', dataType: 'String', value: event?.requestId ?? turn.uuid() },
      { name: 'ErrorCode', dataType: codeType, value: code },
      { name: 'ErrorMessage', dataType: 'String', value: detail.slice(0, ERROR_MESSAGE_LENGTH_MAX) },
    ],
    system: {},
  };
  const payload = turn.storePayload(encodeStoredMessage(message));
  return { ...handOver, payload, content: { kind: 'message', message } };
}

function refusal(code: string, detail: string): DeliveryFailure {
  return { code, detail, isRetryable: false };
}
