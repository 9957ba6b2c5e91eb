// Scheduler in a cell with targets that remember what they were handed and answer as told. Not part of the product.

import { defineService, operation, type ServiceDefinition } from '#cell/service-definition.ts';
import type { DeliveryFailure, HandOver } from '#cell/target.ts';
import { type CallOptions, TEST_NOW_MS, type TestCell, type TestCellOptions, testCell } from '#cell/testing.ts';
import type { Turn } from '#cell/turn.ts';
import { deliveries } from '#deliveries/service.ts';
import type { CreateScheduleInput, Operations } from '#wire/generated/scheduler.ts';
import { service as sqsWire } from '#wire/generated/sqs.ts';
import { WireServices } from '#wire/services.ts';
import { schedulerService } from './service.ts';
import type { SchedulerState } from './state.ts';

type Name = keyof Operations;

export const QUEUE_ARN = 'arn:aws:sqs:us-east-1:000000000000:jobs';
export const DEAD_ARN = 'arn:aws:sqs:us-east-1:000000000000:dead';
export const ROLE_ARN = 'arn:aws:iam::000000000000:role/scheduler';
export const NOW = new Date(TEST_NOW_MS);

export interface Received {
  readonly at: string;
  readonly text: string;
  readonly handOver: HandOver;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Stands in for SQS: takes hand-overs, and calls of SendMessage by universal targets. Under another name, for its service. */
export class TestQueues {
  readonly received: Received[] = [];
  /** SendMessage, as it was called. */
  readonly called: { readonly principal: string; readonly input: unknown }[] = [];
  /** How `jobs` answers: as long as it is set, it fails. */
  failure: DeliveryFailure | undefined;
  /** What SendMessage does instead of succeeding. */
  behaviour: 'succeeds' | 'throws' | 'refuses' | 'answers later' = 'succeeds';

  constructor(private readonly name = 'sqs') {}

  get definition(): ServiceDefinition {
    return defineService<object>({
      name: this.name,
      createState: () => ({}),
      tables: () => [],
      facts: [],
      operations: {
        SendMessage: operation<object, object, object>({
          authorize: undefined,
          decide: (turn, input) => this.sendMessage(turn, input),
        }),
        PurgeQueue: operation<object, object, object>({
          authorize: undefined,
          prepare: (input) => Promise.resolve(input),
          decide: () => ({ output: {} }),
        }),
      },
      doors: () => ({ target: { accept: (turn, handOver) => this.accept(turn, handOver) } }),
    });
  }

  of(name: string): readonly Received[] {
    return this.received.filter(({ handOver }) => handOver.targetArn.endsWith(`:${name}`));
  }

  private sendMessage(turn: Turn, input: object) {
    const { principal } = turn;
    this.called.push({ principal: 'arn' in principal ? principal.arn : principal.kind, input });
    if (this.behaviour === 'throws') throw new Error('a defect of SendMessage');
    if (this.behaviour === 'refuses') {
      return { refused: { code: 'Busy', message: 'too much', status: 503, fault: 'server' as const } };
    }
    if (this.behaviour === 'succeeds') return { output: {} };
    const ticket = turn.defer();
    turn.resolve(ticket, { output: {} });
    return { deferred: ticket };
  }

  private accept(turn: Turn, handOver: HandOver) {
    const { content } = handOver;
    const plain = content.kind === 'message' && content.message.kind === 'plain' ? content.message : undefined;
    const text = content.kind === 'event' ? content.text : (plain?.body ?? '');
    const attributes = Object.fromEntries((plain?.attributes ?? []).map(({ name, value }) => [name, String(value)]));
    this.received.push({ at: new Date(turn.nowMs).toISOString(), text, handOver, attributes });
    const failure = handOver.targetArn === QUEUE_ARN ? this.failure : undefined;
    return failure === undefined ? { accepted: true as const } : { failure };
  }
}

export class SchedulerTest {
  private constructor(
    readonly cell: TestCell,
    readonly queues: TestQueues,
    readonly buses: TestQueues,
  ) {}

  static async open(options: Omit<TestCellOptions, 'services'> = {}): Promise<SchedulerTest> {
    const queues = new TestQueues();
    const buses = new TestQueues('events');
    const scheduler = schedulerService({ wire: new WireServices([sqsWire]) });
    const services = [deliveries, queues.definition, buses.definition, scheduler];
    return new SchedulerTest(await testCell(services, options), queues, buses);
  }

  get state(): SchedulerState {
    return this.cell.cell.registry.services.get('scheduler')!.state as SchedulerState;
  }

  call<N extends Name>(
    name: N,
    input: Operations[N]['input'],
    options?: CallOptions,
  ): Promise<Operations[N]['output']> {
    return this.cell.call('scheduler', name, input, options);
  }

  /** `Code: text` of the refusal; throws when it was not refused. */
  async refusal<N extends Name>(name: N, input: Operations[N]['input'], options?: CallOptions): Promise<string> {
    const reply = await this.cell.reply('scheduler', name, input, options);
    if (!('refused' in reply)) throw new Error(`${name} was not refused: ${JSON.stringify(reply.output)}`);
    return `${reply.refused.code}: ${reply.refused.message}`;
  }

  create(expression: string, more: Partial<CreateScheduleInput> = {}): Promise<unknown> {
    return this.call('CreateSchedule', scheduleInput(expression, more));
  }

  /** Minutes of the day at which `jobs` was handed something, with their dates. */
  get times(): readonly string[] {
    return this.queues.of('jobs').map(({ at }) => at.slice(0, 16));
  }

  advanceMinutes(minutes: number): Promise<void> {
    return this.cell.advance(minutes * 60_000);
  }

  async restart(options: { readonly clean?: boolean } = {}): Promise<SchedulerTest> {
    return new SchedulerTest(await this.cell.restart(options), this.queues, this.buses);
  }
}

export function scheduleInput(expression: string, more: Partial<CreateScheduleInput> = {}): CreateScheduleInput {
  const { Target, ...rest } = more;
  return {
    Name: 'nightly',
    ScheduleExpression: expression,
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: QUEUE_ARN, RoleArn: ROLE_ARN, Input: 'go', ...Target },
    ...rest,
  };
}
