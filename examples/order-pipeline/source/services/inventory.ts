// Keeps the stock. An order takes from it, a declined one gives back, in whatever order and however often the two events come: what counts is
// which orders the books know as placed and as declined. More than there is may be ordered: it is owed until purchasing delivers.

import type { EventBridge } from '@aws-sdk/client-eventbridge';
import type { Message } from '@aws-sdk/client-sqs';
import type { BusEvent, InventoryLow, OrderDeclined, OrderLine, OrderPlaced } from '../contracts.ts';
import { Ledger } from '../ledger.ts';
import { publish } from '../publish.ts';

interface Entry {
  /** `placed/o-1`, `declined/o-1` or `low/sku-1`. */
  readonly id: string;
  readonly lines?: readonly OrderLine[];
}

export class Inventory {
  private readonly taken = new Map<string, number>();
  private readonly placed = new Set<string>();
  private readonly declined = new Set<string>();

  private constructor(
    private readonly ledger: Ledger<Entry>,
    private readonly options: InventoryOptions,
  ) {
    for (const entry of ledger.values()) this.count(entry);
  }

  static async open(path: string, options: InventoryOptions): Promise<Inventory> {
    return new Inventory(await Ledger.open<Entry>(path), options);
  }

  /** Below zero: owed to customers. */
  available(sku: string): number {
    return (this.options.initial[sku] ?? 0) - (this.taken.get(sku) ?? 0);
  }

  /** Reported low, whether the event went out yet or not. */
  lowSkus(): string[] {
    return [...this.ledger.values()].filter(({ id }) => id.startsWith('low/')).map(({ id }) => id.slice(4));
  }

  close(): Promise<void> {
    return this.ledger.close();
  }

  readonly handle = async (messages: readonly Message[]): Promise<readonly Message[]> => {
    const entries = messages.map(({ Body = '' }) => entryOf(JSON.parse(Body) as BusEvent<OrderPlaced | OrderDeclined>));
    for (const entry of await this.ledger.add(entries)) this.count(entry);
    await this.reportLow(entries);
    return messages;
  };

  /**
   * Published first, written then: a process that dies in between publishes again, and purchasing knows it again. The other way round nobody
   * would ever publish.
   */
  private async reportLow(entries: readonly Entry[]): Promise<void> {
    const skus = new Set(entries.flatMap(({ lines = [] }) => lines.map(({ sku }) => sku)));
    const low = [...skus].filter(
      (sku) => this.available(sku) < this.options.threshold && !this.ledger.has(`low/${sku}`),
    );
    if (low.length === 0) return;
    const { events, bus } = this.options;
    const news = low.map((sku) => {
      const detail: InventoryLow = { subject: sku, sku, available: this.available(sku) };
      return { source: 'shop.inventory', type: 'InventoryLow', detail };
    });
    for (let at = 0; at < news.length; at += 10) await publish(events, bus, news.slice(at, at + 10));
    await this.ledger.add(low.map((sku) => ({ id: `low/${sku}` })));
  }

  /** An order takes while it is placed and not declined: neither the order nor the repetition of the two matters. */
  private count({ id, lines = [] }: Entry): void {
    const [kind = '', orderId = ''] = id.split('/');
    if (kind === 'low') return;
    const { placed, declined } = this;
    if (kind === 'placed' && !declined.has(orderId)) this.take(lines, 1);
    if (kind === 'declined' && placed.has(orderId)) this.take(lines, -1);
    (kind === 'placed' ? placed : declined).add(orderId);
  }

  private take(lines: readonly OrderLine[], sign: number): void {
    for (const { sku, quantity } of lines) this.taken.set(sku, (this.taken.get(sku) ?? 0) + sign * quantity);
  }
}

export interface InventoryOptions {
  readonly events: EventBridge;
  readonly bus: string;
  readonly initial: Readonly<Record<string, number>>;
  /** Below it a product runs low. */
  readonly threshold: number;
}

function entryOf({ 'detail-type': type, detail }: BusEvent<OrderPlaced | OrderDeclined>): Entry {
  const { orderId, lines } = detail;
  return { id: `${type === 'OrderPlaced' ? 'placed' : 'declined'}/${orderId}`, lines };
}
