// Clients of queues: they send, receive, delete, change visibility, repeat themselves, and give up without a reply when the
// process dies. What they learn goes into the model, which says when a promise is broken.

import { type Holding, type ModelQueue, QueueModel } from './queue-model.ts';
import { promise } from './violation.ts';
import type { Call, World } from './world.ts';

interface SentEntry {
  readonly body: string;
  readonly queue: ModelQueue;
  readonly group: string | undefined;
}

interface ReceivedMessage {
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly MessageId: string;
}

const GROUPS = ['a', 'b', 'c', 'd'];
const VISIBILITY_SECONDS = 30;
const RECEIVES_MAX = 3;

export class QueueClients {
  readonly model = new QueueModel();
  readonly queues: ModelQueue[] = [];
  private holdings: Holding[] = [];
  private serial = 0;
  /** FIFO sends that were acknowledged lately: repeated, they must not arrive twice. */
  private repeatable: { entry: SentEntry; messageId: string; sentAtMs: number }[] = [];

  constructor(private readonly world: World) {}

  async setUp(): Promise<void> {
    await this.makeQueue({ name: 'dead', isFifo: false });
    await this.makeQueue({ name: 'plain', isFifo: false });
    await this.makeQueue({ name: 'redriven', isFifo: false, deadLetterName: 'dead' });
    await this.makeQueue({ name: 'ordered.fifo', isFifo: true });
    await this.makeQueue({ name: 'dead.fifo', isFifo: true });
    await this.makeQueue({ name: 'redriven.fifo', isFifo: true, deadLetterName: 'dead.fifo' });
    for (const name of ['fan-one', 'fan-two']) await this.makeQueue({ name, isFifo: false });
  }

  queue(name: string): ModelQueue {
    const queue = this.queues.find((known) => known.name === name);
    promise(queue !== undefined, () => `queue ${name} was made`);
    return queue as ModelQueue;
  }

  private async makeQueue(made: { name: string; isFifo: boolean; deadLetterName?: string }): Promise<void> {
    const { name, isFifo, deadLetterName } = made;
    const attributes: Record<string, string> = {
      VisibilityTimeout: String(VISIBILITY_SECONDS),
      MessageRetentionPeriod: '1209600',
    };
    if (isFifo) attributes.FifoQueue = 'true';
    if (deadLetterName !== undefined) {
      const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${deadLetterName}`;
      attributes.RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: RECEIVES_MAX });
    }
    const made_ = await this.world.ask<{ QueueUrl: string }>('sqs', 'CreateQueue', {
      QueueName: name,
      Attributes: attributes,
    });
    this.queues.push({
      name,
      url: made_.QueueUrl,
      isFifo,
      visibilityMs: VISIBILITY_SECONDS * 1000,
      receivesMax: deadLetterName === undefined ? undefined : RECEIVES_MAX,
      deadLetterName,
    });
  }

  step(): void {
    const { random } = this.world;
    const queue = random.pick(this.queues.filter(({ name }) => !name.startsWith('dead') || random.chance(0.3)));
    const dice = random.below(100);
    if (dice < 24) this.send(queue);
    else if (dice < 30) this.sendBatch(queue);
    else if (dice < 34) this.repeat();
    else if (dice < 64) this.receive(queue);
    else if (dice < 92) for (let left = 1 + random.below(8); left > 0; left -= 1) this.delete();
    else if (dice < 98) this.changeVisibility();
    else if (dice < 99) this.moveBack();
    else this.purge();
  }

  /** Dead letters go back to where they came from, in the background. */
  private moveBack(): void {
    const name = this.world.random.pick(['dead', 'dead.fifo']);
    const input = { SourceArn: `arn:aws:sqs:us-east-1:000000000000:${name}` };
    // Refused while another task of the same source runs: both answers are right.
    this.world.call('sqs', 'StartMessageMoveTask', input, () => {});
  }

  private purge(): void {
    const queue = this.queue('fan-two');
    const affected = this.model.purging(queue);
    this.world.call('sqs', 'PurgeQueue', { QueueUrl: queue.url }, (reply) => {
      // Refused within 60 seconds of the last purge: then nothing went.
      for (const message of affected) {
        if (message.presence === 'maybe-gone') message.presence = 'output' in reply ? 'gone' : 'maybe';
      }
    });
  }

  private mayMove(from: string, to: string): boolean {
    const isDeadLetter = (source: string, dead: string): boolean =>
      this.queues.find(({ name }) => name === source)?.deadLetterName === dead;
    return isDeadLetter(from, to) || isDeadLetter(to, from);
  }

  /** A crash: calls in flight are never answered. */
  crashed(): void {
    this.model.crashed();
  }

  private entryFor(queue: ModelQueue): SentEntry {
    this.serial += 1;
    const filler = 'x'.repeat(this.world.random.below(600));
    const group = queue.isFifo ? this.world.random.pick(GROUPS) : undefined;
    return { body: `m-${this.serial}-${filler}`, queue, group };
  }

  private inputOf({ body, group }: SentEntry): Record<string, unknown> {
    const delay =
      group === undefined && this.world.random.chance(0.1) ? { DelaySeconds: 1 + this.world.random.below(20) } : {};
    const fifo = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: body.slice(0, 40) };
    return { MessageBody: body, ...delay, ...fifo };
  }

  private send(queue: ModelQueue): void {
    if (queue.name.startsWith('dead') || queue.name.startsWith('fan-')) return;
    const entry = this.entryFor(queue);
    const message = this.model.sent(entry.body, queue, entry.group);
    this.world.call('sqs', 'SendMessage', { QueueUrl: queue.url, ...this.inputOf(entry) }, (reply, call) => {
      promise('output' in reply, () => `SendMessage was refused: ${JSON.stringify(reply)}`);
      if (message.presence === 'maybe') message.presence = 'there';
      const { MessageId } = (reply as { output: { MessageId: string } }).output;
      if (queue.isFifo) this.repeatable.push({ entry, messageId: MessageId, sentAtMs: call.submittedAtMs });
    });
  }

  private sendBatch(queue: ModelQueue): void {
    if (queue.name.startsWith('dead') || queue.name.startsWith('fan-')) return;
    const entries = Array.from({ length: 1 + this.world.random.below(10) }, () => this.entryFor(queue));
    const messages = entries.map(({ body, group }) => this.model.sent(body, queue, group));
    const Entries = entries.map((entry, i) => ({ Id: String(i), ...this.inputOf(entry) }));
    this.world.call('sqs', 'SendMessageBatch', { QueueUrl: queue.url, Entries }, (reply) => {
      const output = 'output' in reply ? (reply.output as { Successful: readonly { Id: string }[] }) : undefined;
      promise(
        output?.Successful?.length === entries.length,
        () => `a batch was not accepted: ${JSON.stringify(reply)}`,
      );
      for (const message of messages) if (message.presence === 'maybe') message.presence = 'there';
    });
  }

  /** Sends again what was acknowledged within the deduplication window: the same id comes back, nothing new arrives. */
  private repeat(): void {
    const nowMs = this.world.clock.nowMs();
    this.repeatable = this.repeatable.filter(({ sentAtMs }) => nowMs - sentAtMs < 299_000);
    if (this.repeatable.length === 0) return;
    const { entry, messageId } = this.world.random.pick(this.repeatable);
    this.world.call('sqs', 'SendMessage', { QueueUrl: entry.queue.url, ...this.inputOf(entry) }, (reply) => {
      const id = 'output' in reply ? (reply.output as { MessageId: string }).MessageId : JSON.stringify(reply);
      promise(
        id === messageId,
        () => `a repeated send of ${entry.body.slice(0, 12)} got ${id} instead of ${messageId}`,
      );
    });
  }

  private receive(queue: ModelQueue): void {
    const { random } = this.world;
    const WaitTimeSeconds = random.chance(0.2) ? 1 + random.below(20) : 0;
    const input = { QueueUrl: queue.url, MaxNumberOfMessages: 1 + random.below(10), WaitTimeSeconds };
    const call = this.world.call('sqs', 'ReceiveMessage', input, (reply, answered) => {
      promise('output' in reply, () => `ReceiveMessage was refused: ${JSON.stringify(reply)}`);
      const { Messages = [] } = (reply as { output: { Messages?: readonly ReceivedMessage[] } }).output;
      for (const received of Messages) this.took(queue, received, answered, WaitTimeSeconds > 0);
    });
    if (WaitTimeSeconds > 0 && random.chance(0.1)) call.abort();
  }

  private took(queue: ModelQueue, received: ReceivedMessage, call: Call, waited: boolean): void {
    this.model.received({
      body: received.Body,
      queue,
      call: call.id,
      earliestMs: call.submittedAtMs,
      latestMs: waited ? this.world.clock.nowMs() : call.submittedAtMs,
      visibilityMs: queue.visibilityMs,
      mayMove: (from, to) => this.mayMove(from, to),
    });
    this.holdings.push({ body: received.Body, handle: received.ReceiptHandle, queue, call: call.id });
  }

  private takeHolding(): Holding | undefined {
    if (this.holdings.length === 0) return undefined;
    const at = this.world.random.below(this.holdings.length);
    const [holding] = this.holdings.splice(at, 1);
    return holding;
  }

  private delete(): void {
    const holding = this.takeHolding();
    if (holding === undefined) return;
    const message = this.model.find(holding.body, holding.queue);
    // A handle that is no longer the newest deletes nothing on a FIFO queue, and maybe nothing elsewhere.
    if (message?.presence !== 'there' || message.heldBy !== holding.call) return;
    if (message.heldUntilMs <= this.world.clock.nowMs()) return;
    message.presence = 'maybe-gone';
    this.world.call('sqs', 'DeleteMessage', { QueueUrl: holding.queue.url, ReceiptHandle: holding.handle }, (reply) => {
      promise('output' in reply, () => `DeleteMessage was refused: ${JSON.stringify(reply)}`);
      message.presence = 'gone';
    });
  }

  private changeVisibility(): void {
    const holding = this.takeHolding();
    if (holding === undefined) return;
    const message = this.model.find(holding.body, holding.queue);
    const nowMs = this.world.clock.nowMs();
    if (message?.presence !== 'there' || message.heldBy !== holding.call || message.heldUntilMs <= nowMs) return;
    const VisibilityTimeout = this.world.random.below(3) === 0 ? 0 : this.world.random.below(120);
    message.heldUntilMs = nowMs + VisibilityTimeout * 1000;
    if (VisibilityTimeout === 0) message.heldBy = 0;
    const input = { QueueUrl: holding.queue.url, ReceiptHandle: holding.handle, VisibilityTimeout };
    this.world.call('sqs', 'ChangeMessageVisibility', input, (reply) => {
      promise('output' in reply, () => `ChangeMessageVisibility was refused: ${JSON.stringify(reply)}`);
    });
    if (VisibilityTimeout > 0) this.holdings.push(holding);
  }

  /** Takes and deletes everything that the queues still have; time passes so that nothing stays hidden. */
  async drain(): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    let emptyRounds = 0;
    for (let round = 0; round < 400 && emptyRounds < 6; round += 1) {
      let count = 0;
      for (const queue of this.queues) {
        const input = { QueueUrl: queue.url, MaxNumberOfMessages: 10 };
        const { Messages = [] } = await this.world.ask<{ Messages?: readonly ReceivedMessage[] }>(
          'sqs',
          'ReceiveMessage',
          input,
        );
        count += Messages.length;
        for (const { Body, ReceiptHandle } of Messages) {
          const message = this.model.find(Body, queue);
          promise(message?.presence !== 'gone', () => `${queue.name} gave ${Body} at the end although it was deleted`);
          found.add(`${message?.queueName ?? this.sourceOf(Body, queue)}/${Body}`);
          await this.world.ask('sqs', 'DeleteMessage', { QueueUrl: queue.url, ReceiptHandle });
        }
      }
      emptyRounds = count === 0 ? emptyRounds + 1 : 0;
      if (count === 0) await this.world.advance(60_000);
    }
    promise(emptyRounds === 6, () => 'the queues never become empty');
    return found;
  }

  /** A message that the service moved and nobody received since is known under the queue it was in before. */
  private sourceOf(body: string, queue: ModelQueue): string {
    const source = this.queues.find(
      (other) => this.mayMove(other.name, queue.name) && this.model.find(body, other) !== undefined,
    );
    return source?.name ?? queue.name;
  }
}
