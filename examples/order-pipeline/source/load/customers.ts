// Customers: so many at once, each orders, waits until the gateway has decided, and goes. Some press the button twice: the same order comes
// again, as when a producer's answer was lost. Nothing here gives up: a bus that is away is asked until it has taken the order.

import type { EventBridge } from '@aws-sdk/client-eventbridge';
import type { OrderPlaced } from '../contracts.ts';
import { publish } from '../publish.ts';
import { chanceOf } from '../third-parties/chance.ts';
import type { NewOrder } from './orders.ts';

export interface Placing {
  readonly events: EventBridge;
  readonly bus: string;
  readonly orders: readonly NewOrder[];
  /** How many are at it at once. */
  readonly customers: number;
  /** Part of the orders that come twice. */
  readonly duplicateShare: number;
  /** Resolves when the gateway knows the order, or after a while. */
  untilDecided(orderId: string): Promise<void>;
  onPlaced(): void;
}

export interface Placed {
  /** Of every event that the bus has acknowledged, repetitions included. */
  readonly eventIds: string[];
  duplicates: number;
}

export async function placeOrders(placing: Placing): Promise<Placed> {
  const placed: Placed = { eventIds: [], duplicates: 0 };
  let next = 0;
  const customer = async (): Promise<void> => {
    for (let i = next++; i < placing.orders.length; i = next++)
      await placeOne(placing, placing.orders[i] as NewOrder, placed);
  };
  await Promise.all(Array.from({ length: placing.customers }, customer));
  return placed;
}

async function placeOne(placing: Placing, order: NewOrder, placed: Placed): Promise<void> {
  const detail: OrderPlaced = { ...order, placedAtMs: Date.now() };
  placed.eventIds.push(await put(placing, detail));
  const isTwice = chanceOf(`twice ${order.orderId}`) < placing.duplicateShare;
  if (isTwice) {
    placed.eventIds.push(await put(placing, detail));
    placed.duplicates += 1;
  }
  await placing.untilDecided(order.orderId);
  placing.onPlaced();
}

async function put({ events, bus }: Placing, detail: OrderPlaced): Promise<string> {
  for (;;) {
    try {
      const [id = ''] = await publish(events, bus, [{ source: 'shop.orders', type: 'OrderPlaced', detail }]);
      return id;
    } catch {
      // Unanswered or refused for now: the order is sent again, and may be on the bus twice.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
