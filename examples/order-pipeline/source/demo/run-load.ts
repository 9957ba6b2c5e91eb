// The load: customers order while others click, images come in and reports are asked for. Ends when the last customer has gone.

import { placeOrders } from '../load/customers.ts';
import { makeClicks, makeImages, makeOrders, type NewOrder } from '../load/orders.ts';
import { sendClicks, sendImages } from '../load/side-load.ts';
import type { Sent } from '../reconcile/checks.ts';
import type { Pipeline } from './pipeline.ts';

export interface LoadOptions {
  readonly orders: number;
  readonly seed: number;
  /** How many order at once. */
  readonly customers: number;
  readonly duplicateShare: number;
  onPlaced(): void;
}

export interface Loaded extends Sent {
  readonly duplicates: number;
  /** From the first order to the end of the last one's payment. */
  readonly tookMs: number;
}

/** A customer who has heard nothing for so long goes. */
const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 20;

export async function runLoad(pipeline: Pipeline, options: LoadOptions): Promise<Loaded> {
  const { seed, duplicateShare, customers, onPlaced } = options;
  const orders = makeOrders(options.orders, seed);
  const clicks = makeClicks(orders, seed);
  const images = makeImages(options.orders, seed);
  const decisions = new Decisions(pipeline.thirdPartiesUrl);
  const { events, kinesis, s3, sqs } = pipeline.clients;
  const startMs = performance.now();
  const sides = [
    sendClicks(kinesis, pipeline.output('click_stream'), clicks),
    sendImages(
      { s3, bucket: pipeline.output('lake'), sqs, queueUrl: pipeline.output('image_queue_url') },
      images,
      duplicateShare > 0,
    ),
  ];
  const untilDecided = (orderId: string): Promise<void> => decisions.until(orderId);
  const bus = pipeline.output('bus_name');
  const placing = { events, bus, orders, customers, duplicateShare, untilDecided, onPlaced };
  const { eventIds, duplicates } = await placeOrders(placing);
  const tookMs = performance.now() - startMs;
  await Promise.all(sides);
  decisions.end();
  return { orders, eventIds, duplicates, tookMs, images, clickIds: clicks.map(({ clickId }) => clickId) };
}

/** What the gateway has decided, asked for all customers together. */
class Decisions {
  private readonly known = new Set<string>();
  private readonly waiting = new Map<string, () => void>();
  private readonly timer: NodeJS.Timeout;
  private isAsking = false;

  constructor(private readonly url: string) {
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  until(orderId: NewOrder['orderId']): Promise<void> {
    if (this.known.has(orderId)) return Promise.resolve();
    return new Promise((resolve) => {
      const patience = setTimeout(resolve, PATIENCE_MS);
      this.waiting.set(orderId, () => {
        clearTimeout(patience);
        resolve();
      });
    });
  }

  end(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      const response = await fetch(`${this.url}/decided/${this.known.size}`);
      for (const orderId of (await response.json()) as string[]) {
        this.known.add(orderId);
        this.waiting.get(orderId)?.();
        this.waiting.delete(orderId);
      }
    } finally {
      this.isAsking = false;
    }
  }
}
