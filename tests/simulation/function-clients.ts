// A function that reads a queue through an event source mapping: it succeeds, fails, or is in the middle when the process
// dies. What it succeeded with is done; everything else acknowledged must be in the queue or its dead-letter queue.

import { zipSync } from 'fflate';
import type { PerformRequest } from '#cell/ports.ts';
import type { InvocationOutcome, InvocationRequest } from '#services/lambda/invocation.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

const QUEUE = 'worked';
const DEAD = 'worked-dead';
const CODE = zipSync({ 'app.py': new TextEncoder().encode('def handler(e, c): pass') });

interface Running {
  readonly bodies: readonly string[];
  readonly end: (outcome: InvocationOutcome) => void;
}

interface WorkItem {
  presence: 'maybe' | 'there';
  isDone: boolean;
}

export class FunctionClients {
  private readonly items = new Map<string, WorkItem>();
  private running: Running[] = [];
  private serial = 0;
  private world!: World;

  /** Performers of the simulated runtime: invocations end when a step says so. */
  readonly performers = {
    'invoke-function': ({ input, payloads }: PerformRequest): Promise<InvocationOutcome> => {
      const { payload } = input as InvocationRequest;
      const event = JSON.parse(new TextDecoder().decode(payload ?? payloads[0])) as { Records: { body: string }[] };
      const bodies = event.Records.map(({ body }) => body);
      return new Promise((end) => this.running.push({ bodies, end }));
    },
    'retire-function': async (): Promise<void> => {},
    'delete-code': async (): Promise<void> => {},
    'sweep-code': async (): Promise<void> => {},
  };

  async setUp(world: World): Promise<void> {
    this.world = world;
    await world.ask('sqs', 'CreateQueue', { QueueName: DEAD });
    const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${DEAD}`;
    const Attributes = {
      VisibilityTimeout: '60',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 4 }),
    };
    await world.ask('sqs', 'CreateQueue', { QueueName: QUEUE, Attributes });
    await world.ask('lambda', 'CreateFunction', {
      FunctionName: 'worker',
      Role: 'arn:aws:iam::000000000000:role/worker',
      Runtime: 'python3.12',
      Handler: 'app.handler',
      Code: { ZipFile: CODE },
    });
    const EventSourceArn = `arn:aws:sqs:us-east-1:000000000000:${QUEUE}`;
    await world.ask('lambda', 'CreateEventSourceMapping', { FunctionName: 'worker', EventSourceArn, BatchSize: 5 });
  }

  step(): void {
    if (this.world.random.chance(0.4)) this.send();
    else this.endOne();
  }

  /** Invocations of a process that died never end. */
  crashed(): void {
    this.running = [];
  }

  /** A clean end waits for running invocations. */
  finish(): void {
    while (this.running.length > 0) this.endOne();
  }

  private send(): void {
    this.serial += 1;
    const MessageBody = `w-${this.serial}`;
    const item: WorkItem = { presence: 'maybe', isDone: false };
    this.items.set(MessageBody, item);
    const QueueUrl = `http://sim/000000000000/${QUEUE}`;
    this.world.call('sqs', 'SendMessage', { QueueUrl, MessageBody }, (reply) => {
      promise('output' in reply, () => `SendMessage was refused: ${JSON.stringify(reply)}`);
      item.presence = 'there';
    });
  }

  private endOne(fails = this.world.random.chance(0.3)): void {
    const [running] = this.running.splice(this.world.random.below(Math.max(1, this.running.length)), 1);
    if (running === undefined) return;
    if (!fails) {
      for (const body of running.bodies) {
        const item = this.items.get(body);
        promise(item !== undefined, () => `the function got ${body}, which nobody sent`);
        (item as WorkItem).isDone = true;
      }
    }
    running.end(outcome(fails));
  }

  /** Lets the function work off its queue, then looks where everything is. */
  async checkEnd(): Promise<void> {
    for (let round = 0; round < 200; round += 1) {
      await this.world.settle();
      if (this.running.length === 0) await this.world.advance(30_000);
      while (this.running.length > 0) {
        this.endOne(false);
        await this.world.settle();
      }
    }
    const dead = await this.bodiesOf(DEAD);
    const left = await this.bodiesOf(QUEUE);
    promise(left.size === 0, () => `the function left ${[...left].join(', ')} in its queue`);
    for (const [body, { presence, isDone }] of this.items) {
      if (presence !== 'there' || isDone) continue;
      promise(dead.has(body), () => `${body} was acknowledged, never done, and is no dead letter`);
    }
  }

  private async bodiesOf(name: string): Promise<Set<string>> {
    const bodies = new Set<string>();
    for (let empty = 0; empty < 3; ) {
      const { Messages = [] } = await this.world.ask<{ Messages?: readonly { Body: string }[] }>(
        'sqs',
        'ReceiveMessage',
        {
          QueueUrl: `http://sim/000000000000/${name}`,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 43_200,
        },
      );
      for (const { Body } of Messages) bodies.add(Body);
      empty = Messages.length === 0 ? empty + 1 : 0;
    }
    return bodies;
  }
}

function outcome(fails: boolean): InvocationOutcome {
  const shown = fails ? { errorMessage: 'planned', errorType: 'Planned' } : null;
  return {
    payload: new TextEncoder().encode(JSON.stringify(shown)),
    ...(fails ? { functionError: 'Unhandled' as const, errorType: 'Planned' } : {}),
    durationMs: 1,
    billedMs: 1,
    memoryUsedMb: 10,
    logTail: '',
    logStream: '2026/01/01/[$LATEST]0',
    lines: [],
  };
}
