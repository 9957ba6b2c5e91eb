// For tests of partners: a partner, its customer with a queue behind a rule on the partner bus, and what arrives there.

import { type TestCell, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import type { AwsError } from '#model/aws-error.ts';
import { type Scope, scopeOf } from '#model/scope.ts';
import { sqs } from '#services/sqs/service.ts';
import { events } from '../service.ts';

export const PARTNER = scopeOf('111122223333', 'us-east-1');
export const CUSTOMER = scopeOf('444455556666', 'us-east-1');
export const SOURCE = 'aws.partner/example.com/shop/orders';
export const SOURCE_ARN = `arn:aws:events:us-east-1::event-source/${SOURCE}`;
const QUEUE_URL = `http://127.0.0.1:4566/${CUSTOMER.account}/seen`;
const QUEUE_ARN = `arn:aws:sqs:us-east-1:${CUSTOMER.account}:seen`;

export class PartnerBench {
  private constructor(public test: TestCell) {}

  static async open(): Promise<PartnerBench> {
    return new PartnerBench(await testCell([events, deliveries, sqs]));
  }

  call<O = Record<string, unknown>>(scope: Scope, operation: string, input: object): Promise<O> {
    return this.test.call<O>('events', operation, input, { scope });
  }

  async refusal(scope: Scope, operation: string, input: object): Promise<AwsError> {
    const reply = await this.test.reply('events', operation, input, { scope });
    if (!('refused' in reply)) throw new Error(`${operation} was not refused: ${JSON.stringify(reply.output)}`);
    return reply.refused;
  }

  offer(): Promise<unknown> {
    return this.call(PARTNER, 'CreatePartnerEventSource', { Name: SOURCE, Account: CUSTOMER.account });
  }

  /** The bus of the source, with everything on it in the queue. */
  async makeBus(name = SOURCE): Promise<void> {
    await this.call(CUSTOMER, 'CreateEventBus', { Name: name, EventSourceName: name });
    await this.watch(name);
  }

  /** Everything on the bus goes into the queue. */
  async watch(bus: string, scope = CUSTOMER): Promise<void> {
    await this.test.call('sqs', 'CreateQueue', { QueueName: 'seen' }, { scope: CUSTOMER });
    const on = { EventBusName: bus };
    await this.call(scope, 'PutRule', { ...on, Name: 'all', EventPattern: '{"version":["0"]}' });
    await this.call(scope, 'PutTargets', { ...on, Rule: 'all', Targets: [{ Id: 'q', Arn: QUEUE_ARN }] });
  }

  async state(): Promise<unknown> {
    return (await this.call(CUSTOMER, 'DescribeEventSource', { Name: SOURCE }))['State'];
  }

  put(...entries: object[]): Promise<{ FailedEntryCount: number; Entries: Record<string, string>[] }> {
    return this.call(PARTNER, 'PutPartnerEvents', {
      Entries: entries.map((entry) => ({ Source: SOURCE, DetailType: 'sold', Detail: '{"item":1}', ...entry })),
    });
  }

  /** Takes what is in the queue. */
  async seen(): Promise<Record<string, unknown>[]> {
    await this.test.settle();
    const input = { QueueUrl: QUEUE_URL, MaxNumberOfMessages: 10 };
    type Received = { Messages?: { Body: string }[] };
    const received = await this.test.call<Received>('sqs', 'ReceiveMessage', input, { scope: CUSTOMER });
    return (received.Messages ?? []).map(({ Body }) => JSON.parse(Body) as Record<string, unknown>);
  }

  async restart(clean: boolean): Promise<void> {
    this.test = await this.test.restart({ clean });
  }
}
