// The reference model of the queues: what clients were told, nothing of how it is kept. Tiny and obvious on purpose. A
// message is known by its body, which is unique. "Maybe" states come from crashes: a request without a reply may or may
// not have happened.

import { promise } from './violation.ts';

export interface ModelQueue {
  readonly name: string;
  readonly url: string;
  readonly isFifo: boolean;
  readonly visibilityMs: number;
  readonly receivesMax: number | undefined;
  readonly deadLetterName: string | undefined;
}

export type Presence = 'maybe' | 'there' | 'maybe-gone' | 'gone';

export interface ModelMessage {
  readonly body: string;
  readonly group: string | undefined;
  readonly order: number;
  queueName: string;
  presence: Presence;
  /** No other receiver may get it before; 0 when nobody holds it or a crash may have forgotten the holder. */
  heldUntilMs: number;
  heldBy: number;
  receives: number;
}

export interface Holding {
  readonly body: string;
  readonly handle: string;
  readonly queue: ModelQueue;
  readonly call: number;
}

export class QueueModel {
  private readonly byBody = new Map<string, ModelMessage[]>();
  private readonly byGroup = new Map<string, ModelMessage[]>();
  private order = 0;

  sent(body: string, queue: ModelQueue, group: string | undefined): ModelMessage {
    const message: ModelMessage = {
      body,
      group,
      order: this.order,
      queueName: queue.name,
      presence: 'maybe',
      heldUntilMs: 0,
      heldBy: 0,
      receives: 0,
    };
    this.order += 1;
    add(this.byBody, body, message);
    if (group !== undefined) add(this.byGroup, `${queue.name}/${group}`, message);
    return message;
  }

  find(body: string, queue: ModelQueue): ModelMessage | undefined {
    return this.byBody.get(body)?.find((message) => message.queueName === queue.name);
  }

  /** One message of a receive's reply. Times are the earliest and latest at which the receive can have been decided. */
  received(taken: {
    readonly body: string;
    readonly queue: ModelQueue;
    readonly call: number;
    readonly earliestMs: number;
    readonly latestMs: number;
    readonly visibilityMs: number;
    /** Whether the service itself may move a message from one queue to the other: dead letters, and back. */
    readonly mayMove: (from: string, to: string) => boolean;
  }): void {
    const { body, queue, call, earliestMs, latestMs, visibilityMs } = taken;
    const message = this.find(body, queue) ?? this.movedHere(body, queue, taken.mayMove);
    promise(message !== undefined, () => `${queue.name} gave a message nobody sent there: ${short(body)}`);
    if (message === undefined) return;
    promise(
      message.presence !== 'gone',
      () => `${queue.name} gave ${short(body)} again after its delete was acknowledged`,
    );
    promise(
      latestMs >= message.heldUntilMs || message.heldBy === call,
      () =>
        `${queue.name} gave ${short(body)} to a second receiver while the first held it until ${message.heldUntilMs}`,
    );
    message.receives += 1;
    message.heldUntilMs = earliestMs + visibilityMs;
    message.heldBy = call;
    if (message.presence === 'maybe') message.presence = 'there';
    if (queue.isFifo) this.checkOrder(message, queue, call);
  }

  private movedHere(
    body: string,
    queue: ModelQueue,
    mayMove: (from: string, to: string) => boolean,
  ): ModelMessage | undefined {
    const message = this.byBody.get(body)?.find((known) => mayMove(known.queueName, queue.name));
    if (message === undefined) return undefined;
    message.queueName = queue.name;
    message.heldUntilMs = 0;
    return message;
  }

  /** FIFO: nothing of a group is given while an earlier message of it is known to be there and not in the same batch. */
  private checkOrder(message: ModelMessage, queue: ModelQueue, call: number): void {
    if (queue.receivesMax !== undefined || message.group === undefined) return;
    for (const earlier of this.byGroup.get(`${queue.name}/${message.group}`) ?? []) {
      if (earlier.order >= message.order) break;
      if (earlier.presence !== 'there' || earlier.heldBy === call) continue;
      promise(
        false,
        () => `${queue.name} gave ${short(message.body)} of group ${message.group} before ${short(earlier.body)}`,
      );
    }
  }

  /** Everything that is in the queue now will be gone once the purge is acknowledged. */
  purging(queue: ModelQueue): readonly ModelMessage[] {
    const affected = [...this.all()].filter(
      ({ queueName, presence }) => queueName === queue.name && presence !== 'gone',
    );
    for (const message of affected) message.presence = 'maybe-gone';
    return affected;
  }

  /** The process died: nobody knows who holds what; receives of standard queues may be forgotten. */
  crashed(): void {
    for (const message of this.all()) {
      message.heldUntilMs = 0;
      message.heldBy = 0;
    }
  }

  /** At the end, `found` is all that the queues still had: nothing acknowledged is missing, nothing gone is there. */
  checkEnd(found: ReadonlySet<string>): void {
    for (const message of this.all()) {
      if (message.presence !== 'there') continue;
      const key = `${message.queueName}/${message.body}`;
      promise(found.has(key), () => `${short(message.body)} was acknowledged in ${message.queueName} and is lost`);
    }
  }

  private *all(): Generator<ModelMessage> {
    for (const messages of this.byBody.values()) yield* messages;
  }
}

/** Bodies are filled up to their size: their beginning names them. */
export function short(body: string): string {
  return body.length <= 12 ? body : `${body.slice(0, 12)}…`;
}

function add(map: Map<string, ModelMessage[]>, key: string, message: ModelMessage): void {
  const messages = map.get(key);
  if (messages === undefined) map.set(key, [message]);
  else messages.push(message);
}
