// Clients of an event bus. One rule leads to a queue, another one to an HTTP endpoint that answers, refuses for now or for good, or not at all when
// the process dies. Every acknowledged event must be in the queue; every one for the endpoint must have been taken there, or be a dead letter.

import type { HttpOutcome, HttpRequest } from '#cell/http-request.ts';
import type { PerformRequest } from '#cell/ports.ts';
import { promise } from './violation.ts';
import type { World } from './world.ts';

const QUEUE = 'routed';
const DEAD = 'undelivered';
const ACCOUNT = '000000000000';
const queueArn = (name: string): string => `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;

interface Running {
  readonly serial: number;
  readonly end: (outcome: HttpOutcome) => void;
}

interface PutItem {
  presence: 'maybe' | 'there';
  readonly isWanted: boolean;
  isTaken: boolean;
}

interface BusEvent {
  readonly detail: { readonly serial: number };
}

export class BusClients {
  private readonly items = new Map<number, PutItem>();
  private running: Running[] = [];
  private serial = 0;
  private world!: World;

  /** Requests end when a step says so. */
  readonly performers = {
    'http-request': ({ input }: PerformRequest): Promise<HttpOutcome> => {
      const { serial } = (JSON.parse((input as HttpRequest).body ?? '{}') as BusEvent).detail;
      return new Promise((end) => this.running.push({ serial, end }));
    },
  };

  async setUp(world: World): Promise<void> {
    this.world = world;
    for (const QueueName of [QUEUE, DEAD]) await world.ask('sqs', 'CreateQueue', { QueueName });
    const EventBusName = 'simulated';
    await world.ask('events', 'CreateEventBus', { Name: EventBusName });
    const ApiKeyAuthParameters = { ApiKeyName: 'x-key', ApiKeyValue: 'key' };
    const { ConnectionArn } = await world.ask<{ ConnectionArn: string }>('events', 'CreateConnection', {
      Name: 'endpoint',
      AuthorizationType: 'API_KEY',
      AuthParameters: { ApiKeyAuthParameters },
    });
    const { ApiDestinationArn } = await world.ask<{ ApiDestinationArn: string }>('events', 'CreateApiDestination', {
      Name: 'endpoint',
      ConnectionArn,
      HttpMethod: 'POST',
      InvocationEndpoint: 'https://endpoint.example/events',
    });
    const rule = async (Name: string, pattern: object, target: object): Promise<void> => {
      await world.ask('events', 'PutRule', { Name, EventBusName, EventPattern: JSON.stringify(pattern) });
      await world.ask('events', 'PutTargets', { Rule: Name, EventBusName, Targets: [{ Id: 'one', ...target }] });
    };
    await rule('to-queue', { source: ['simulation'] }, { Arn: queueArn(QUEUE) });
    await rule(
      'to-endpoint',
      { detail: { kind: [{ prefix: 'want' }] } },
      {
        Arn: ApiDestinationArn,
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/bus`,
        RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3_600 },
        DeadLetterConfig: { Arn: queueArn(DEAD) },
      },
    );
  }

  step(): void {
    if (this.world.random.chance(0.4)) this.put();
    else this.endOne(this.outcome());
  }

  /** Requests of a process that died never end. */
  crashed(): void {
    this.running = [];
  }

  /** A clean end waits for running requests. */
  finish(): void {
    while (this.running.length > 0) this.endOne(this.outcome());
  }

  private put(): void {
    const { random } = this.world;
    const entries = Array.from({ length: 1 + random.below(3) }, () => {
      this.serial += 1;
      const isWanted = random.chance(0.5);
      const item: PutItem = { presence: 'maybe', isWanted, isTaken: false };
      this.items.set(this.serial, item);
      const Detail = JSON.stringify({ serial: this.serial, kind: isWanted ? 'wanted' : 'other' });
      return { item, entry: { EventBusName: 'simulated', Source: 'simulation', DetailType: 'Put', Detail } };
    });
    const Entries = entries.map(({ entry }) => entry);
    this.world.call('events', 'PutEvents', { Entries }, (reply) => {
      promise('output' in reply, () => `PutEvents was refused: ${JSON.stringify(reply)}`);
      for (const { item } of entries) item.presence = 'there';
    });
  }

  private outcome(): HttpOutcome {
    const { random } = this.world;
    if (random.chance(0.1)) return { failure: { kind: 'timeout', detail: 'no answer' } };
    const status = random.pick([200, 200, 200, 204, 429, 500, 503, 400]);
    const headers: Record<string, string> = status === 429 ? { 'retry-after': '7' } : {};
    return { status, headers, body: new Uint8Array(), isBodyCut: false };
  }

  private endOne(outcome: HttpOutcome): void {
    const [running] = this.running.splice(this.world.random.below(Math.max(1, this.running.length)), 1);
    if (running === undefined) return;
    const item = this.items.get(running.serial);
    promise(item?.isWanted === true, () => `the endpoint got event ${running.serial}, which no rule sends there`);
    if ('status' in outcome && outcome.status < 300) (item as PutItem).isTaken = true;
    running.end(outcome);
  }

  /** Lets every delivery come to its end, then looks where everything is. */
  async checkEnd(): Promise<void> {
    for (let round = 0; round < 60; round += 1) {
      await this.world.settle();
      if (this.running.length === 0) await this.world.advance(120_000);
      while (this.running.length > 0) {
        this.endOne(this.outcome());
        await this.world.settle();
      }
    }
    const routed = await this.serialsIn(QUEUE);
    const dead = await this.serialsIn(DEAD);
    for (const [serial, { presence, isWanted, isTaken }] of this.items) {
      if (presence !== 'there') continue;
      promise(routed.has(serial), () => `event ${serial} was acknowledged and is not in its queue`);
      promise(!isWanted || isTaken || dead.has(serial), () => `event ${serial} was not taken, and is no dead letter`);
      promise(isWanted || !dead.has(serial), () => `event ${serial} is a dead letter of a rule that did not match`);
    }
  }

  private async serialsIn(name: string): Promise<Set<number>> {
    const serials = new Set<number>();
    for (let empty = 0; empty < 3; ) {
      const { Messages = [] } = await this.world.ask<{ Messages?: readonly { Body: string }[] }>(
        'sqs',
        'ReceiveMessage',
        { QueueUrl: `http://sim/${ACCOUNT}/${name}`, MaxNumberOfMessages: 10, VisibilityTimeout: 43_200 },
      );
      for (const { Body } of Messages) serials.add((JSON.parse(Body) as BusEvent).detail.serial);
      empty = Messages.length === 0 ? empty + 1 : 0;
    }
    return serials;
  }
}
