// For tests: Pipes with everything that it reads from and hands on to in one cell, and stand-ins for the runtime and for HTTP endpoints whose answers the test
// gives. Not part of the product.

import { zipSync } from 'fflate';
import type { HttpOutcome, HttpRequest } from '#cell/http-request.ts';
import type { ServiceDefinition } from '#cell/service-definition.ts';
import { type CallOptions, TestCell, type TestCellOptions } from '#cell/testing.ts';
import { deliveries } from '#deliveries/service.ts';
import { events } from '#services/events/service.ts';
import { iam } from '#services/iam/service.ts';
import type { InvocationOutcome, InvocationRequest } from '#services/lambda/invocation.ts';
import { lambda } from '#services/lambda/service.ts';
import { logs } from '#services/logs/service.ts';
import { sns } from '#services/sns/service.ts';
import { sqs } from '#services/sqs/service.ts';
import { sts } from '#services/sts/service.ts';
import type { CreatePipeInput, DescribePipeOutput, Operations } from '#wire/generated/pipes.ts';
import { pipes } from './service.ts';

type Name = keyof Operations;

export const ROLE = 'arn:aws:iam::000000000000:role/pipe';
export const ARN = 'arn:aws:pipes:us-east-1:000000000000:pipe/orders';
const FUNCTION_PREFIX = 'arn:aws:lambda:us-east-1:000000000000:function:';
const CODE = zipSync({ 'app.py': new TextEncoder().encode('def handler(e, c): pass') });

export interface Queue {
  readonly url: string;
  readonly arn: string;
}

export interface Received {
  readonly MessageId: string;
  readonly Body: string;
  readonly Attributes: Readonly<Record<string, string>>;
}

/** An invocation that a test answers itself. */
export interface HeldInvocation {
  readonly event: unknown;
  answer(value: unknown): void;
}

/** An answer in bytes of its own, JSON or not. */
export class RawAnswer {
  constructor(readonly text: string) {}
}

export class PipesTest {
  /** By function name: what it does with an event. An Error fails the invocation. */
  readonly functions = new Map<string, (event: never) => unknown>();
  readonly invoked: { readonly name: string; readonly event: unknown }[] = [];
  /** When set, invocations wait here for the test. */
  held: HeldInvocation[] | undefined;
  http: (request: HttpRequest) => HttpOutcome = () => ok('{}');
  readonly requests: HttpRequest[] = [];
  cell!: TestCell;
  private options!: TestCellOptions;

  static async open(
    options: Pick<TestCellOptions, 'iamMode' | 'performers'> & { readonly more?: readonly ServiceDefinition[] } = {},
  ): Promise<PipesTest> {
    const test = new PipesTest();
    const { more = [], performers = {}, ...given } = options;
    test.options = {
      ...given,
      services: [pipes, sqs, sns, lambda, events, logs, iam, sts, deliveries, ...more],
      performers: {
        ...performers,
        'invoke-function': ({ input, payloads }) => test.invoke(input as InvocationRequest, payloads[0]),
        'retire-function': async () => {},
        'delete-code': async () => {},
        'sweep-code': async () => {},
        'http-request': async ({ input }) => {
          test.requests.push(input as HttpRequest);
          return test.http(input as HttpRequest);
        },
      },
    };
    test.cell = await new TestCell(test.options).open();
    return test;
  }

  private invoke(request: InvocationRequest, payload: Uint8Array | undefined): Promise<InvocationOutcome> {
    const event: unknown = JSON.parse(new TextDecoder().decode(request.payload ?? payload));
    const name = request.config.functionName;
    this.invoked.push({ name, event });
    const { held } = this;
    if (held !== undefined) {
      return new Promise((done) => held.push({ event, answer: (value) => done(outcomeOf(request, value)) }));
    }
    try {
      return Promise.resolve(outcomeOf(request, this.functions.get(name)?.(event as never)));
    } catch (error) {
      return Promise.resolve(outcomeOf(request, error));
    }
  }

  call<N extends Name>(
    name: N,
    input: Operations[N]['input'],
    options?: CallOptions,
  ): Promise<Operations[N]['output']> {
    return this.cell.call('pipes', name, input, options);
  }

  async refusal<N extends Name>(name: N, input: Operations[N]['input']): Promise<string> {
    const reply = await this.cell.reply('pipes', name, input);
    if (!('refused' in reply)) throw new Error(`${name} was not refused: ${JSON.stringify(reply.output)}`);
    return `${reply.refused.code}: ${reply.refused.message}`;
  }

  /** A pipe with the name `orders` that reads the queue of that name, which is made when it is missing. */
  async pipe(input: Partial<CreatePipeInput> & { readonly Target: string }): Promise<void> {
    if (input.Source === undefined) await this.queue('orders');
    await this.call('CreatePipe', { Name: 'orders', Source: queueArn('orders'), RoleArn: ROLE, ...input });
  }

  describe(Name = 'orders'): Promise<DescribePipeOutput> {
    return this.call('DescribePipe', { Name });
  }

  async function(name: string, handler: (event: never) => unknown = () => null): Promise<string> {
    this.functions.set(name, handler);
    const Role = 'arn:aws:iam::000000000000:role/function';
    const settings = { Role, Runtime: 'python3.12', Handler: 'app.handler', Code: { ZipFile: CODE } };
    await this.cell.call('lambda', 'CreateFunction', { FunctionName: name, ...settings });
    return FUNCTION_PREFIX + name;
  }

  async queue(name: string, attributes: Record<string, string> = {}): Promise<Queue> {
    const Attributes = { ...(name.endsWith('.fifo') ? { FifoQueue: 'true' } : {}), ...attributes };
    await this.cell.call('sqs', 'CreateQueue', { QueueName: name, Attributes });
    return { url: queueUrl(name), arn: queueArn(name) };
  }

  async send(body: unknown, more: object = {}, queue = 'orders'): Promise<string> {
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    const sent = await this.cell.call<{ MessageId: string }>('sqs', 'SendMessage', {
      QueueUrl: queueUrl(queue),
      MessageBody,
      ...more,
    });
    return sent.MessageId;
  }

  async receive(queue: string): Promise<readonly Received[]> {
    const output = await this.cell.call<{ Messages?: readonly Received[] }>('sqs', 'ReceiveMessage', {
      QueueUrl: queueUrl(queue),
      MaxNumberOfMessages: 10,
      AttributeNames: ['All'],
    });
    return output.Messages ?? [];
  }

  async bodies(queue: string): Promise<readonly string[]> {
    return (await this.receive(queue)).map(({ Body }) => Body);
  }

  /** Visible, in flight. */
  async counts(queue = 'orders'): Promise<string> {
    const { Attributes } = await this.cell.call<{ Attributes: Record<string, string> }>('sqs', 'GetQueueAttributes', {
      QueueUrl: queueUrl(queue),
      AttributeNames: ['All'],
    });
    return ['', 'NotVisible'].map((name) => Attributes[`ApproximateNumberOfMessages${name}`]).join(' ');
  }

  async logLines(logGroupName: string): Promise<readonly { readonly message: string; readonly stream: string }[]> {
    const { events: found } = await this.cell.call<{
      events: readonly { message: string; logStreamName: string }[];
    }>('logs', 'FilterLogEvents', { logGroupName });
    return found.map(({ message, logStreamName }) => ({ message, stream: logStreamName }));
  }

  /** Lets everything run that waits for no test. */
  async breathe(): Promise<void> {
    for (let i = 0; i < 200; i += 1) await Promise.resolve();
  }

  facts(name: string): readonly Record<string, unknown>[] {
    return this.cell
      .takeFacts()
      .filter((fact) => fact.name === name)
      .map(({ fact }) => fact as Record<string, unknown>);
  }

  /** As after kill -9, whatever was under way. */
  async crash(): Promise<void> {
    const { engine, clock } = this.cell;
    this.cell = new TestCell(this.options, engine);
    this.cell.clock.moveTo(clock.nowMs());
    await this.cell.open();
    await this.breathe();
  }

  async restart(options: { readonly clean?: boolean } = {}): Promise<void> {
    this.cell = await this.cell.restart(options);
    await this.cell.settle();
  }
}

export function ok(body: string): HttpOutcome {
  return { status: 200, headers: {}, body: new TextEncoder().encode(body), isBodyCut: false };
}

export function queueArn(name: string): string {
  return `arn:aws:sqs:us-east-1:000000000000:${name}`;
}

function queueUrl(name: string): string {
  return `http://127.0.0.1:4566/000000000000/${name}`;
}

function outcomeOf(request: InvocationRequest, value: unknown): InvocationOutcome {
  const isError = value instanceof Error;
  const shown = isError ? { errorMessage: value.message, errorType: value.name } : (value ?? null);
  return {
    payload: new TextEncoder().encode(value instanceof RawAnswer ? value.text : JSON.stringify(shown)),
    ...(isError ? { functionError: 'Unhandled' as const, errorType: value.name } : {}),
    durationMs: 1,
    billedMs: 1,
    memoryUsedMb: 10,
    logTail: '',
    logStream: `2026/01/15/[${request.config.version}]0`,
    lines: [],
  };
}
