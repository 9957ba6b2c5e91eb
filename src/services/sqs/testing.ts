// Queues in a test: a cell with SQS alone, and calls in few words. Not part of the product.

import { type CallOptions, type PendingCall, type TestCell, type TestCellOptions, testCell } from '#cell/testing.ts';
import type { Message, Operations } from '#wire/generated/sqs.ts';
import { sqs } from './service.ts';
import type { SqsState } from './state.ts';

type Name = keyof Operations;

export class SqsTest {
  constructor(readonly cell: TestCell) {}

  static async open(options: Omit<TestCellOptions, 'services'> = {}): Promise<SqsTest> {
    return new SqsTest(await testCell([sqs], options));
  }

  get state(): SqsState {
    return this.cell.cell.registry.services.get('sqs')!.state as SqsState;
  }

  /** The output; throws when refused. */
  call<N extends Name>(
    name: N,
    input: Operations[N]['input'],
    options?: CallOptions,
  ): Promise<Operations[N]['output']> {
    return this.cell.call('sqs', name, input, options);
  }

  /** `Code: text` of the refusal; throws when it was not refused. */
  async refusal<N extends Name>(name: N, input: Operations[N]['input'], options?: CallOptions): Promise<string> {
    const reply = await this.cell.reply('sqs', name, input, options);
    if (!('refused' in reply)) throw new Error(`${name} was not refused: ${JSON.stringify(reply.output)}`);
    return `${reply.refused.queryCode ?? reply.refused.code}: ${reply.refused.message}`;
  }

  start<N extends Name>(name: N, input: Operations[N]['input']): PendingCall {
    return this.cell.start('sqs', name, input);
  }

  /** Creates a queue, a FIFO queue when the name says so; returns its URL. */
  async queue(name = 'orders', attributes: Record<string, string> = {}): Promise<string> {
    const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
    const { QueueUrl } = await this.call('CreateQueue', { QueueName: name, Attributes: { ...fifo, ...attributes } });
    return QueueUrl as string;
  }

  async receive(QueueUrl: string, input: Partial<Operations['ReceiveMessage']['input']> = {}): Promise<Message[]> {
    const { Messages = [] } = await this.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10, ...input });
    return [...Messages];
  }

  async bodies(url: string, input: Partial<Operations['ReceiveMessage']['input']> = {}): Promise<string[]> {
    return (await this.receive(url, input)).map((message) => message.Body as string);
  }

  /** Visible, in flight, delayed. */
  async counts(QueueUrl: string): Promise<string> {
    const { Attributes = {} } = await this.call('GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] });
    const counted = ['', 'NotVisible', 'Delayed'].map((name) => Attributes[`ApproximateNumberOfMessages${name}`]);
    return counted.join(' ');
  }

  /** Facts since the last look, by name. */
  facts(): string[] {
    return this.cell.takeFacts().map(({ name }) => name);
  }

  async restart(options: { readonly clean?: boolean } = {}): Promise<SqsTest> {
    return new SqsTest(await this.cell.restart(options));
  }
}

export function arnOf(name: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${name}`;
}
