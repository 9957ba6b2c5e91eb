// Who listens to which shard now. Not state: a subscription dies with the process, and its client subscribes again.

import type { Ticket } from '#cell/turn.ts';
import type { Shard, Stream } from '../shard.ts';
import { TAKE_OVER_MS } from './limits.ts';

export interface Subscription {
  readonly ticket: Ticket;
  readonly consumerArn: string;
  readonly stream: Stream;
  readonly shard: Shard;
  readonly startedAtMs: number;
  /** Of the next record to be sent. */
  place: number;
  /** Records that arrived before are left out. */
  sinceMs: number;
  /** Records are being read, or an event is on its way to the client. */
  isBusy: boolean;
  isOver: boolean;
  /** When the last event was sent; none yet: -Infinity. */
  eventAtMs: number;
  /** Of the last record that was sent. */
  sequenceNumber: string | undefined;
}

export class Subscriptions {
  private readonly byTicket = new Map<Ticket, Subscription>();
  /** The last one that was begun, by shard and consumer. They go with the shard. */
  private readonly latest = new WeakMap<Shard, Map<string, Subscription>>();

  get count(): number {
    return this.byTicket.size;
  }

  find(ticket: Ticket): Subscription | undefined {
    return this.byTicket.get(ticket);
  }

  /** Also one that is over. */
  latestOf(shard: Shard, consumerArn: string): Subscription | undefined {
    return this.latest.get(shard)?.get(consumerArn);
  }

  add(subscription: Subscription): void {
    const { shard, ticket, consumerArn, startedAtMs } = subscription;
    this.byTicket.set(ticket, subscription);
    const known = this.latest.get(shard) ?? new Map<string, Subscription>();
    this.latest.set(shard, known);
    for (const [arn, { isOver, startedAtMs: atMs }] of known) {
      if (isOver && startedAtMs - atMs >= TAKE_OVER_MS) known.delete(arn);
    }
    known.set(consumerArn, subscription);
  }

  /** All of a stream's. */
  *of(stream: Stream): Generator<Subscription> {
    for (const subscription of this.byTicket.values()) if (subscription.stream === stream) yield subscription;
  }

  end(subscription: Subscription): void {
    subscription.isOver = true;
    this.byTicket.delete(subscription.ticket);
  }
}
