// The room of EventBridge in a cell, with queues that are real and functions that answer as told. Not part of the product.

import { assertDefined } from '#base/assert.ts';
import { defineService, type ServiceDefinition } from '#cell/service-definition.ts';
import type { HandOver, HandOverResult } from '#cell/target.ts';
import { type CallOptions, type DecidedFact, type TestCell, type TestCellOptions, testCell } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { sqs } from '#services/sqs/service.ts';
import type { Operations, PutEventsRequestEntry, Target } from '#wire/generated/events.ts';
import { events } from './service.ts';
import type { EventsState } from './state.ts';

type Name = keyof Operations;

export const ACCOUNT = '000000000000';
export const OTHER_ACCOUNT = '111122223333';
export const REGION = 'us-east-1';
export const busArnOf = (name: string, account = ACCOUNT, region = REGION): string =>
  `arn:aws:events:${region}:${account}:event-bus/${name}`;
export const ruleArnOf = (path: string): string => `arn:aws:events:${REGION}:${ACCOUNT}:rule/${path}`;
export const queueArnOf = (name: string, account = ACCOUNT): string => `arn:aws:sqs:${REGION}:${account}:${name}`;
export const FUNCTION_ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:f`;
export const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/events`;

export interface ShownEvent {
  readonly id: string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly time: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly 'detail-type': string;
  readonly resources: readonly string[];
}

export interface ShownMessage {
  readonly Body: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
}

/** Stands in for Lambda: keeps what it was handed, and answers with what its script says, then accepts. */
export class TestFunctions {
  readonly received: HandOver[] = [];
  readonly script: HandOverResult[] = [];
  /** Said when the script is over. */
  always: HandOverResult = { accepted: true };

  get definition(): ServiceDefinition {
    return defineService<object>({
      name: 'lambda',
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {},
      doors: () => ({
        target: {
          accept: (_turn, handOver) => {
            this.received.push(handOver);
            return this.script.shift() ?? this.always;
          },
        },
      }),
    });
  }
}

export class EventsTest {
  private constructor(
    public cell: TestCell,
    readonly functions: TestFunctions,
  ) {}

  static async open(
    more: readonly ServiceDefinition[] = [],
    options: Omit<TestCellOptions, 'services'> = {},
  ): Promise<EventsTest> {
    const functions = new TestFunctions();
    return new EventsTest(await testCell([events, deliveries, sqs, functions.definition, ...more], options), functions);
  }

  get state(): EventsState {
    return this.cell.cell.registry.services.get('events')?.state as EventsState;
  }

  call<N extends Name>(
    name: N,
    input: Operations[N]['input'],
    options?: CallOptions,
  ): Promise<Operations[N]['output']> {
    return this.cell.call('events', name, input, options);
  }

  /** `Code: text` of the refusal; throws when it was not refused. */
  async refusal<N extends Name>(name: N, input: Operations[N]['input'], options?: CallOptions): Promise<string> {
    const reply = await this.cell.reply('events', name, input, options);
    if (!('refused' in reply)) throw new Error(`${name} was not refused: ${JSON.stringify(reply.output)}`);
    return `${reply.refused.code}: ${reply.refused.message}`;
  }

  async queue(name: string, options?: CallOptions): Promise<void> {
    const Attributes = name.endsWith('.fifo') ? { FifoQueue: 'true', ContentBasedDeduplication: 'true' } : {};
    await this.cell.call('sqs', 'CreateQueue', { QueueName: name, Attributes }, options);
  }

  /** A rule for events of a source, with targets; a text as target is the name of a queue. */
  async rule(
    name: string,
    targets: readonly (string | Partial<Target>)[],
    { bus, source = 'shop' }: { readonly bus?: string; readonly source?: string } = {},
    options?: CallOptions,
  ): Promise<void> {
    const EventBusName = bus;
    await this.call(
      'PutRule',
      { Name: name, EventBusName, EventPattern: JSON.stringify({ source: [source] }) },
      options,
    );
    if (targets.length === 0) return;
    const Targets = targets.map((target, i) =>
      typeof target === 'string' ? { Id: String(i), Arn: queueArnOf(target) } : { Id: String(i), ...target },
    );
    await this.call('PutTargets', { Rule: name, EventBusName, Targets }, options);
  }

  /** Puts one event of the source `shop`; its id. */
  async put(change: PutEventsRequestEntry = {}, options?: CallOptions): Promise<string> {
    const entry = { Source: 'shop', DetailType: 'sold', Detail: '{"item":1}', ...change };
    const { Entries = [] } = await this.call('PutEvents', { Entries: [entry] }, options);
    return assertDefined(Entries[0]?.EventId, `the event is put: ${JSON.stringify(Entries)}`);
  }

  /** Takes everything that waits in a queue. */
  async messages(queue: string, account = ACCOUNT): Promise<readonly ShownMessage[]> {
    const QueueUrl = `http://127.0.0.1:4566/${account}/${queue}`;
    const all: ShownMessage[] = [];
    const names = { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'], MaxNumberOfMessages: 10 };
    for (;;) {
      type Received = { Messages?: (ShownMessage & { ReceiptHandle: string })[] };
      const { Messages = [] } = await this.cell.call<Received>('sqs', 'ReceiveMessage', { QueueUrl, ...names });
      if (Messages.length === 0) return all;
      all.push(...Messages);
      for (const { ReceiptHandle } of Messages) {
        await this.cell.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
      }
    }
  }

  async eventsIn(queue: string, account = ACCOUNT): Promise<readonly ShownEvent[]> {
    return (await this.messages(queue, account)).map(({ Body }) => JSON.parse(Body) as ShownEvent);
  }

  factsNamed(name: string): readonly DecidedFact['fact'][] {
    return this.cell
      .takeFacts()
      .filter((decided) => decided.name === name)
      .map(({ fact }) => fact);
  }

  /** As after kill -9; `isClean`: as after an orderly stop, with a snapshot. */
  async restart(isClean: boolean): Promise<void> {
    this.cell = await this.cell.restart({ clean: isClean });
  }
}

/** Attributes of a dead letter by name. */
export function attributesOf(message: ShownMessage | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]),
  );
}
