// Two services for tests of the retry engine: a caller that hands over, and targets that answer as the test scripts them.
// Not part of the product.

import { utf8Encode } from '#base/bytes.ts';
import type { DeliveryPolicy, DeliveryRequest } from '#cell/deliveries-door.ts';
import { defineService, operation, type ServiceDefinition } from '#cell/service-definition.ts';
import type { DeliveryFailure, HandOver, HandOverResult } from '#cell/target.ts';
import type { Turn } from '#cell/turn.ts';
import { encodeStoredMessage, type PlainMessage, type StoredMessage } from '#model/stored-message.ts';

export const SOURCE_ARN = 'arn:aws:sns:us-east-1:000000000000:alarms';
export const TARGET_ARN = 'arn:aws:scripted:us-east-1:000000000000:target';
export const DEAD_LETTER_ARN = 'arn:aws:letters:us-east-1:000000000000:dead';

export const FAILED_FOR_NOW: DeliveryFailure = { code: 'Throttled', detail: 'too fast', isRetryable: true };
export const FAILED_FOR_GOOD: DeliveryFailure = {
  code: 'AccessDenied',
  detail: 'the policy forbids it',
  isRetryable: false,
};

export const MESSAGE: PlainMessage = {
  kind: 'plain',
  messageId: 'd0000000-0000-4000-8000-000000000001',
  body: 'smoke in the server room',
  attributes: [{ name: 'floor', dataType: 'Number', value: '3' }],
  system: {},
};

/** What a target was handed, in order. */
export interface Received {
  readonly atMs: number;
  readonly deliveryId: number | undefined;
  readonly principal: string;
  readonly message: StoredMessage | 'event';
}

/** A target that answers with what its script says next, and accepts when the script is over. */
export class ScriptedTarget {
  readonly received: Received[] = [];
  readonly script: HandOverResult[] = [];

  constructor(readonly name: string) {}

  get definition(): ServiceDefinition {
    return defineService<object>({
      name: this.name,
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {
        /** Reports the outcome of an attempt that was under way. */
        Report: operation<object, { delivery: number; failure?: DeliveryFailure }, object>({
          authorize: undefined,
          decide(turn, { delivery, failure }) {
            turn.doors.deliveries.ended(turn, delivery, failure === undefined ? { succeeded: true } : { failure });
            return { output: {} };
          },
        }),
      },
      doors: () => ({ target: { accept: (turn, handOver) => this.accept(turn, handOver) } }),
    });
  }

  private accept(turn: Turn, handOver: HandOver): HandOverResult {
    const { content, principal, deliveryId } = handOver;
    this.received.push({
      atMs: turn.nowMs,
      deliveryId,
      principal: principal.kind === 'service' ? principal.service : principal.kind,
      message: content.kind === 'message' ? content.message : 'event',
    });
    return this.script.shift() ?? { accepted: true };
  }
}

export type HandOverInput = Pick<DeliveryRequest, 'policy' | 'deadLetterArn' | 'requestId'> & {
  readonly event?: string;
  readonly targetArn?: string;
};

/** Hands one message, or one event, to the scripted target. */
export const caller = defineService<object>({
  name: 'caller',
  createState: () => ({}),
  tables: () => [],
  facts: [],
  operations: {
    HandOver: operation<object, HandOverInput, object>({
      authorize: undefined,
      decide(turn, { event, targetArn = TARGET_ARN, ...request }) {
        const payload = turn.storePayload(event === undefined ? encodeStoredMessage(MESSAGE) : utf8Encode(event));
        turn.doors.deliveries.deliver(turn, {
          ...request,
          handOver: {
            sourceArn: SOURCE_ARN,
            targetArn,
            principal: {
              kind: 'service',
              service: 'sns.amazonaws.com',
              sourceArn: SOURCE_ARN,
              account: '000000000000',
            },
            payload,
            content: event === undefined ? { kind: 'message', message: MESSAGE } : { kind: 'event', text: event },
          },
        });
        return { output: {} };
      },
    }),
  },
});

/**
 * A short table to try things with: an asynchronous invocation that failed. AWS, "How Lambda handles errors and retries with asynchronous invocation": two
 * more attempts, one minute before the first and two before the second, for at most six hours.
 */
export const LAMBDA_ASYNC: DeliveryPolicy = {
  retriesMax: 2,
  ageMsMax: 6 * 3_600_000,
  backoffMs: [60_000, 120_000],
};
