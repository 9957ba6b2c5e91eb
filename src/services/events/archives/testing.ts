// A cell with an archive on a bus, a rule that takes every event to a queue, and the runtime's blocks.

import { assertDefined } from '#base/assert.ts';
import type { IamMode } from '#cell/authorization.ts';
import type { PerformRequest } from '#cell/ports.ts';
import { type PendingCall, TestCell, type TestCellOptions, TestEngine } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { blockPerformers } from '#runtime/blocks/performers.ts';
import { sqs } from '#services/sqs/service.ts';
import { READ_RECORDS, type ReadPage } from '#structures/append-log/effects.ts';
import { events } from '../service.ts';

export const ACCOUNT = '000000000000';
export const BUS_ARN = `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/shop`;
export const ARCHIVE_ARN = `arn:aws:events:us-east-1:${ACCOUNT}:archive/sales`;
const QUEUE_URL = `http://127.0.0.1:4566/${ACCOUNT}/orders`;
const QUEUE_ARN = `arn:aws:sqs:us-east-1:${ACCOUNT}:orders`;

export interface ReceivedEvent {
  readonly id: string;
  readonly time: string;
  readonly 'replay-name'?: string;
  readonly detail: { readonly item: number };
}

export class ArchiveBench {
  test!: TestCell;
  /** Set: a replay's reads wait here until they are released. */
  private held: (() => void)[] | undefined;
  private eventsPerStep: number[] = [];
  /** Performers at work, not those that are held. */
  private busyCount = 0;
  /** Of the process. */
  private generation = 0;

  private constructor(
    readonly engine: TestEngine,
    private readonly options: { readonly more: TestCellOptions['services']; readonly iamMode: IamMode },
  ) {}

  static async open(more: TestCellOptions['services'] = [], iamMode: IamMode = 'off'): Promise<ArchiveBench> {
    const bench = new ArchiveBench(new TestEngine(), { more, iamMode });
    bench.test = await bench.newCell().open();
    await bench.test.call('sqs', 'CreateQueue', { QueueName: 'orders' });
    await bench.call('CreateEventBus', { Name: 'shop' });
    await bench.call('PutRule', { EventBusName: 'shop', Name: 'all', EventPattern: '{"source":["shop"]}' });
    await bench.call('PutTargets', { EventBusName: 'shop', Rule: 'all', Targets: [{ Id: 'q', Arn: QUEUE_ARN }] });
    return bench;
  }

  private newCell(): TestCell {
    const performers = [...blockPerformers(this.engine.blobs)].map(([name, perform]) => {
      const { generation } = this;
      const watched = async (request: PerformRequest): Promise<unknown> => {
        const { held } = this;
        if (name === READ_RECORDS && held !== undefined) await new Promise<void>((go) => held.push(go));
        this.busyCount += 1;
        const result = await perform(request).finally(() => {
          this.busyCount -= 1;
        });
        // Nobody is there any more whom it could be told.
        if (generation !== this.generation) await new Promise(() => {});
        if (name === READ_RECORDS) this.note(result as ReadPage);
        return result;
      };
      return [name, watched] as const;
    });
    return new TestCell(
      {
        services: [events, deliveries, sqs, ...this.options.more],
        iamMode: this.options.iamMode,
        performers: Object.fromEntries(performers),
      },
      this.engine,
    );
  }

  private note(page: ReadPage): void {
    if ('records' in page) this.eventsPerStep.push(page.records.length);
  }

  holdReads(): void {
    this.held = [];
  }

  /** Starts a call that cannot be waited for, because reads are held. */
  async start(operation: string, input: unknown): Promise<PendingCall> {
    const call = this.test.start('events', operation, input);
    await this.quiet();
    return call;
  }

  /** Lets one read go on, and all that follows until the next one. */
  async releaseRead(): Promise<void> {
    assertDefined(this.held?.shift(), 'a read that waits')();
    await this.quiet();
  }

  /** As kill -9: what waits in memory is gone; `hasSnapshot`: after a snapshot was taken. */
  async crash(hasSnapshot: boolean): Promise<void> {
    if (hasSnapshot) await this.test.cell.housekeeping.run();
    if (this.held !== undefined) this.held = [];
    this.generation += 1;
    const next = this.newCell();
    next.clock.moveTo(this.test.clock.nowMs());
    this.test = await next.open();
    await this.quiet();
  }

  /** How many events each read brought while `work` ran. */
  async watchingSteps(work: () => Promise<void>): Promise<{ readonly eventsPerStep: readonly number[] }> {
    this.eventsPerStep = [];
    await work();
    return { eventsPerStep: this.eventsPerStep };
  }

  private async quiet(): Promise<void> {
    do for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
    while (this.busyCount > 0);
  }

  call<O = Record<string, unknown>>(operation: string, input: unknown): Promise<O> {
    return this.test.call<O>('events', operation, input);
  }

  /** As DeleteRule with Force does. */
  async dropRule(name: string): Promise<void> {
    const service = assertDefined(this.test.cell.registry.services.get('events'), 'the service');
    const rules = assertDefined(this.test.cell.registry.tables.get('events.rules')?.table, 'the rules');
    this.test.cell.runInternal(service, (turn) => turn.drop(rules, `${ACCOUNT}/us-east-1/shop|${name}`));
    await this.test.settle();
  }

  async refusal(operation: string, input: unknown): Promise<string> {
    const reply = await this.test.reply('events', operation, input);
    return 'refused' in reply ? `${reply.refused.code}: ${reply.refused.message}` : 'done';
  }

  archive(settings: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return this.call('CreateArchive', { ArchiveName: 'sales', EventSourceArn: BUS_ARN, ...settings });
  }

  /** One event per item; `atMs` sets its time. */
  async put(
    items: readonly number[],
    change: { readonly source?: string; readonly atMs?: (item: number) => number } = {},
  ) {
    const entries = items.map((item) => ({
      EventBusName: 'shop',
      Source: change.source ?? 'shop',
      DetailType: 'sold',
      Detail: `{"item":${item}}`,
      Time: change.atMs?.(item),
    }));
    for (let i = 0; i < entries.length; i += 10) await this.call('PutEvents', { Entries: entries.slice(i, i + 10) });
  }

  replay(settings: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return this.call('StartReplay', this.replayInput(settings));
  }

  replayInput(settings: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      ReplayName: 'again',
      EventSourceArn: ARCHIVE_ARN,
      EventStartTime: 0,
      EventEndTime: this.test.clock.nowMs() + 86_400_000,
      Destination: { Arn: BUS_ARN },
      ...settings,
    };
  }

  describeReplay(name = 'again'): Promise<Record<string, unknown>> {
    return this.call('DescribeReplay', { ReplayName: name });
  }

  /** Takes everything that waits in the queue, in order. */
  async received(): Promise<ReceivedEvent[]> {
    const found: ReceivedEvent[] = [];
    for (;;) {
      const { Messages = [] } = await this.test.call<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
        'sqs',
        'ReceiveMessage',
        { QueueUrl: QUEUE_URL, MaxNumberOfMessages: 10 },
      );
      if (Messages.length === 0) return found;
      for (const { Body, ReceiptHandle } of Messages) {
        found.push(JSON.parse(Body));
        await this.test.call('sqs', 'DeleteMessage', { QueueUrl: QUEUE_URL, ReceiptHandle });
      }
    }
  }

  async restart(clean = false): Promise<void> {
    this.test = await this.test.restart({ clean });
    await this.test.settle();
  }
}

export const itemsOf = (events: readonly ReceivedEvent[]): number[] => events.map(({ detail }) => detail.item);
