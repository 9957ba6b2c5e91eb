// Ships what was paid, each order once however often its message comes. Notes when the order reached the queue, for the figure of the demo.

import type { Message } from '@aws-sdk/client-sqs';
import type { BusEvent, OrderPaid } from '../contracts.ts';
import { Ledger } from '../ledger.ts';

export interface Shipment {
  /** The order's. */
  readonly id: string;
  readonly placedAtMs: number;
  readonly queuedAtMs: number;
}

export class Shipping {
  /** Messages about orders that had been shipped. */
  repeated = 0;

  private constructor(readonly shipments: Ledger<Shipment>) {}

  static async open(path: string): Promise<Shipping> {
    return new Shipping(await Ledger.open<Shipment>(path));
  }

  readonly handle = async (messages: readonly Message[]): Promise<readonly Message[]> => {
    const entries = messages.map(({ Body = '', Attributes }) => {
      const { orderId, placedAtMs } = (JSON.parse(Body) as BusEvent<OrderPaid>).detail;
      return { id: orderId, placedAtMs, queuedAtMs: Number(Attributes?.SentTimestamp) };
    });
    const fresh = await this.shipments.add(entries);
    this.repeated += entries.length - fresh.length;
    return messages;
  };
}
