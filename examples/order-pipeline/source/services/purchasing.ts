// Buys more of what runs low: one purchase for each product, however often it is reported.

import type { Message } from '@aws-sdk/client-sqs';
import type { BusEvent, InventoryLow } from '../contracts.ts';
import { Ledger } from '../ledger.ts';

export interface Purchase {
  /** The product's. */
  readonly id: string;
}

export class Purchasing {
  private constructor(readonly purchases: Ledger<Purchase>) {}

  static async open(path: string): Promise<Purchasing> {
    return new Purchasing(await Ledger.open<Purchase>(path));
  }

  readonly handle = async (messages: readonly Message[]): Promise<readonly Message[]> => {
    const skus = messages.map(({ Body = '' }) => (JSON.parse(Body) as BusEvent<InventoryLow>).detail.sku);
    await this.purchases.add(skus.map((id) => ({ id })));
    return messages;
  };
}
