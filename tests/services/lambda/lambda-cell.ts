// For tests: Lambda with queues, topics, logs and deliveries in one cell, and a stand-in for the runtime whose answers the test
// gives. Not part of the product.

import { zipSync } from 'fflate';
import type { IamMode } from '#cell/authorization.ts';
import type { Performer } from '#cell/ports.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import { type CallOptions, type PendingCall, TestCell, type TestCellOptions } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { events } from '#services/events/service.ts';
import { iam } from '#services/iam/service.ts';
import type { InvocationOutcome, InvocationRequest } from '#services/lambda/invocation.ts';
import { lambda } from '#services/lambda/service.ts';
import { logs } from '#services/logs/service.ts';
import { sns } from '#services/sns/service.ts';
import { sqs } from '#services/sqs/service.ts';
import { sts } from '#services/sts/service.ts';
import type { Operations } from '#wire/generated/lambda.ts';

type Name = keyof Operations;

/** What the function does with an event: its answer, or an error. */
export type Handler = (event: never, request: InvocationRequest) => unknown;

/** An invocation that a test answers itself. */
export interface HeldInvocation {
  readonly event: unknown;
  readonly request: InvocationRequest;
  answer(value: unknown): void;
}

export const ROLE = 'arn:aws:iam::000000000000:role/tested';
export const CODE = zipSync({ 'app.py': new TextEncoder().encode('def handler(e, c): pass') });

export class LambdaTest {
  handler: Handler = () => null;
  /** When set, invocations wait here for the test. */
  held: HeldInvocation[] | undefined;
  readonly requests: InvocationRequest[] = [];
  readonly tidied: (readonly [performer: string, input: unknown])[] = [];
  cell!: TestCell;
  private options!: TestCellOptions;

  static async open(
    options: {
      readonly iamMode?: IamMode;
      readonly more?: readonly ServiceDefinition[];
      readonly performers?: Readonly<Record<string, Performer>>;
    } = {},
  ): Promise<LambdaTest> {
    const test = new LambdaTest();
    const tidy =
      (performer: string) =>
      async ({ input }: { readonly input: unknown }): Promise<void> => {
        test.tidied.push([performer, input]);
      };
    const { more = [], performers = {}, ...given } = options;
    const services: readonly ServiceDefinition[] = [lambda, sqs, sns, logs, iam, sts, deliveries, events, ...more];
    test.options = {
      services,
      ...given,
      performers: {
        'invoke-function': ({ input, payloads }) => test.run(input as InvocationRequest, payloads[0]),
        'retire-function': tidy('retire-function'),
        'delete-code': tidy('delete-code'),
        'sweep-code': tidy('sweep-code'),
        ...performers,
      },
    };
    test.cell = await new TestCell(test.options).open();
    return test;
  }

  private run(request: InvocationRequest, payload: Uint8Array | undefined): Promise<InvocationOutcome> {
    this.requests.push(request);
    const event: unknown = JSON.parse(new TextDecoder().decode(request.payload ?? payload));
    const { held } = this;
    if (held === undefined) {
      try {
        return Promise.resolve(outcomeOf(request, this.handler(event as never, request)));
      } catch (error) {
        return Promise.resolve(outcomeOf(request, error));
      }
    }
    return new Promise((done) => {
      held.push({ event, request, answer: (value) => done(outcomeOf(request, value)) });
    });
  }

  call<N extends Name>(
    name: N,
    input: Operations[N]['input'],
    options?: CallOptions,
  ): Promise<Operations[N]['output']> {
    return this.cell.call('lambda', name, input, options);
  }

  async refusal<N extends Name>(name: N, input: Operations[N]['input']): Promise<string> {
    const reply = await this.cell.reply('lambda', name, input);
    if (!('refused' in reply)) throw new Error(`${name} was not refused: ${JSON.stringify(reply.output)}`);
    return `${reply.refused.code}: ${reply.refused.message}`;
  }

  async create(input: Partial<Operations['CreateFunction']['input']> = {}): Promise<string> {
    const made = await this.call('CreateFunction', {
      FunctionName: 'tested',
      Role: ROLE,
      Runtime: 'python3.12',
      Handler: 'app.handler',
      Code: { ZipFile: CODE },
      ...input,
    });
    return made.FunctionArn as string;
  }

  async invoke(
    event: unknown,
    input: Partial<Operations['Invoke']['input']> = {},
  ): Promise<Operations['Invoke']['output']> {
    const Payload = new TextEncoder().encode(JSON.stringify(event));
    return this.call('Invoke', { FunctionName: 'tested', Payload, ...input });
  }

  async queue(name = 'orders', attributes: Record<string, string> = {}): Promise<{ url: string; arn: string }> {
    const Attributes = { ...(name.endsWith('.fifo') ? { FifoQueue: 'true' } : {}), ...attributes };
    const made = await this.cell.call<{ QueueUrl: string }>('sqs', 'CreateQueue', { QueueName: name, Attributes });
    return { url: made.QueueUrl, arn: `arn:aws:sqs:us-east-1:000000000000:${name}` };
  }

  send(url: string, body: string, more: object = {}): Promise<unknown> {
    return this.cell.call('sqs', 'SendMessage', { QueueUrl: url, MessageBody: body, ...more });
  }

  /** Calls without waiting for what the call sets going: for tests that hold invocations. */
  async begin(service: string, operation: string, input: unknown): Promise<PendingCall> {
    const pending = this.cell.start(service, operation, input);
    await this.breathe();
    return pending;
  }

  /** Lets everything run that waits for no test. */
  async breathe(): Promise<void> {
    for (let i = 0; i < 100; i += 1) await Promise.resolve();
  }

  /** Visible, in flight, delayed. */
  async counts(QueueUrl: string): Promise<string> {
    const { Attributes } = await this.cell.call<{ Attributes: Record<string, string> }>('sqs', 'GetQueueAttributes', {
      QueueUrl,
      AttributeNames: ['All'],
    });
    return ['', 'NotVisible', 'Delayed'].map((name) => Attributes[`ApproximateNumberOfMessages${name}`]).join(' ');
  }

  /** As after kill -9, whatever was under way; what is held is never answered. */
  async crash(): Promise<void> {
    const { engine, clock } = this.cell;
    this.held = undefined;
    this.cell = new TestCell(this.options, engine);
    this.cell.clock.moveTo(clock.nowMs());
    await this.cell.open();
    await this.cell.settle();
  }

  async restart(options: { readonly clean?: boolean } = {}): Promise<void> {
    this.cell = await this.cell.restart(options);
    await this.cell.settle();
  }
}

function outcomeOf(request: InvocationRequest, value: unknown): InvocationOutcome {
  const isError = value instanceof Error;
  const shown = isError ? { errorMessage: value.message, errorType: value.name } : (value ?? null);
  return {
    payload: new TextEncoder().encode(JSON.stringify(shown)),
    ...(isError ? { functionError: 'Unhandled' as const, errorType: value.name } : {}),
    durationMs: 1,
    billedMs: 1,
    memoryUsedMb: 10,
    logTail: 'dGFpbA==',
    logStream: `2026/01/15/[${request.config.version}]0`,
    lines: [{ atMs: Date.UTC(2026, 0, 15, 12), text: `END RequestId: ${request.requestId}` }],
  };
}

export function payloadOf(output: { readonly Payload?: Uint8Array | undefined }): unknown {
  return JSON.parse(new TextDecoder().decode(output.Payload));
}
