// A cell with topics and queues that only count, for decision tests of SNS. Not part of the product.

import { factKind, field } from '#cell/fact.ts';
import type { PayloadId } from '#cell/payloads.ts';
import { defineService, on, type ServiceDefinition } from '#cell/service-definition.ts';
import type { HandOver, HandOverResult } from '#cell/target.ts';
import { type CallOptions, type TestCell, type TestCellOptions, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { type NotificationSigner, renderEnvelope } from '#model/notification-envelope.ts';
import { snsService } from './service.ts';

export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';
export const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:orders`;
export const FIFO_TOPIC_ARN = `${TOPIC_ARN}.fifo`;
export const queueArn = (name: string, account = ACCOUNT): string => `arn:aws:sqs:${REGION}:${account}:${name}`;

const MessageCounted = factKind({
  id: 0xf10,
  name: 'MessageCounted',
  fields: { queue: field.u32, payload: field.count },
});

interface CountingState {
  readonly payloads: number[];
}

/** A signer whose signatures tell what was signed. */
export const testSigner: NotificationSigner = {
  certificatePath: '/SimpleNotificationService-test.pem',
  sign: ({ text, version }) => `v${version}:${text.length}`,
};

/** Stands in for SQS: keeps what it was handed, and answers as told. */
export class TestQueues {
  readonly received: HandOver[] = [];
  /** By ARN: what a queue answers instead of accepting. */
  readonly answers = new Map<string, HandOverResult>();

  get definition(): ServiceDefinition {
    return defineService<CountingState>({
      name: 'sqs',
      createState: () => ({ payloads: [] }),
      tables: () => [],
      facts: [
        on(MessageCounted, (state: CountingState, { payload }, context) => {
          context.payloads.retain(payload as PayloadId);
          state.payloads.push(payload);
        }),
      ],
      operations: {},
      doors: () => ({
        target: {
          accept: (turn, handOver) => {
            this.received.push(handOver);
            const answer = this.answers.get(handOver.targetArn);
            if (answer !== undefined) return answer;
            turn.record(MessageCounted, { queue: 7, payload: handOver.payload });
            return { accepted: true };
          },
        },
      }),
    });
  }

  /** Bodies as a receiver sees them, by the queue's name. */
  bodies(name: string, account = ACCOUNT): string[] {
    return this.received.filter(({ targetArn }) => targetArn === queueArn(name, account)).map(bodyOf);
  }
}

export function bodyOf({ content }: HandOver): string {
  if (content.kind === 'event') return 'event';
  const { message, subscriptionArn } = content;
  if (message.kind === 'plain') return message.body;
  if (subscriptionArn === undefined) return message.message;
  return renderEnvelope(message, { subscriptionArn, baseUrl: 'http://127.0.0.1:4566', signer: testSigner });
}

export interface SnsCell {
  readonly cell: TestCell;
  readonly queues: TestQueues;
  readonly services: readonly ServiceDefinition[];
  /** Calls an operation of SNS; throws when it is refused. */
  call<O = Record<string, unknown>>(operation: string, input: unknown, options?: CallOptions): Promise<O>;
  /** Code and text of the refusal. */
  refusal(operation: string, input: unknown, options?: CallOptions): Promise<string>;
}

export async function snsCell(options: Omit<TestCellOptions, 'services'> = {}): Promise<SnsCell> {
  const queues = new TestQueues();
  const services = [
    snsService({ signer: testSigner }),
    deliveries,
    queues.definition,
  ] as unknown as readonly ServiceDefinition[];
  const cell = await testCell(services, options);
  return {
    cell,
    queues,
    services,
    call: (operation, input, rest) => cell.call('sns', operation, input, rest),
    async refusal(operation, input, rest) {
      const reply = await cell.reply('sns', operation, input, rest);
      return 'refused' in reply ? `${reply.refused.code}: ${reply.refused.message}` : 'not refused';
    },
  };
}
