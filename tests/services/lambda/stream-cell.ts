// For tests: a function with a mapping of a stream that the test writes by hand. Not part of the product.

import type { Operations } from '#wire/generated/lambda.ts';
import { FakeStream, fakeStreams, woken } from '../streams/fake-stream.ts';
import { type Handler, LambdaTest } from './lambda-cell.ts';

export type MappingInput = Partial<Operations['CreateEventSourceMapping']['input']>;

export interface StreamEvent {
  readonly Records: readonly {
    readonly kinesis: { readonly data: string; readonly sequenceNumber: string; readonly partitionKey: string };
    readonly eventID: string;
  }[];
  readonly window?: object;
  readonly state?: Record<string, number>;
  readonly isFinalInvokeForWindow?: boolean;
  readonly isWindowTerminatedEarly?: boolean;
}

export const SHARD = 'shardId-000000000000';

export class StreamTest {
  private constructor(
    readonly tested: LambdaTest,
    readonly stream: FakeStream,
  ) {}

  static async open(options: { readonly iamMode?: 'enforce' } = {}): Promise<StreamTest> {
    const stream = new FakeStream();
    const tested = await LambdaTest.open({ ...options, more: [fakeStreams([stream])] });
    if (options.iamMode === undefined) await tested.create();
    return new StreamTest(tested, stream);
  }

  async map(input: MappingInput = {}): Promise<string> {
    const made = await this.tested.call('CreateEventSourceMapping', {
      FunctionName: 'tested',
      EventSourceArn: this.stream.arn,
      StartingPosition: 'TRIM_HORIZON',
      ...input,
    });
    return made.UUID as string;
  }

  /** A record that nobody is told of yet. */
  add(data: string, key = 'k', shard = SHARD) {
    return this.stream.add(shard, { key, data, atMs: this.tested.cell.clock.nowMs() });
  }

  async put(...texts: string[]): Promise<void> {
    for (const text of texts) this.add(text);
    await this.wake();
  }

  wake(): Promise<void> {
    return woken(this.tested.cell, this.stream);
  }

  get events(): StreamEvent[] {
    return this.tested.requests.map(({ payload }) => JSON.parse(new TextDecoder().decode(payload)) as StreamEvent);
  }

  /** Data of each batch that was invoked. */
  get batches(): string[][] {
    return this.events.map(dataOf);
  }

  set handler(handler: Handler) {
    this.tested.handler = handler;
  }

  async received(QueueUrl: string): Promise<Record<string, never>[]> {
    const input = { QueueUrl, MaxNumberOfMessages: 10 };
    const { Messages = [] } = await this.tested.cell.call<{ Messages?: { Body: string }[] }>(
      'sqs',
      'ReceiveMessage',
      input,
    );
    return Messages.map(({ Body }) => JSON.parse(Body) as Record<string, never>);
  }
}

export function dataOf(event: StreamEvent): string[] {
  return event.Records.map(({ kinesis }) => Buffer.from(kinesis.data, 'base64').toString());
}

/** A function that fails with such batches. */
export function failing(isBad: (data: readonly string[]) => boolean) {
  return (event: StreamEvent) => {
    if (isBad(dataOf(event))) throw new Error('cannot');
    return null;
  };
}
