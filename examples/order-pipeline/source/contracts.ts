// What the shop's events say. `subject` is what an event is about: the audit stream keeps events of one subject in order by it.

export interface Customer {
  readonly id: string;
  readonly email: string;
  /** Who gave one gets an SMS, too. */
  readonly phone?: string;
}

export interface OrderLine {
  readonly sku: string;
  readonly quantity: number;
  readonly priceCents: number;
}

/** Source `shop.orders`. */
export interface OrderPlaced {
  readonly subject: string;
  readonly orderId: string;
  readonly customer: Customer;
  readonly lines: readonly OrderLine[];
  readonly totalCents: number;
  /** The gateway's token for the customer's card. */
  readonly card: string;
  readonly placedAtMs: number;
}

/** Source `shop.payments`. */
export interface OrderPaid extends Omit<OrderPlaced, 'card'> {
  readonly chargeId: string;
}

/** Source `shop.payments`. */
export interface OrderDeclined {
  readonly subject: string;
  readonly orderId: string;
  readonly lines: readonly OrderLine[];
  readonly reason: string;
}

/** Source `shop.inventory`: published when a product runs low; it may come more than once. */
export interface InventoryLow {
  readonly subject: string;
  readonly sku: string;
  readonly available: number;
}

/** An event as EventBridge hands it to its targets. */
export interface BusEvent<Detail> {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: Detail;
}

/** A message of EmailQueue and of SMSQueue. */
export interface OutgoingMessage {
  readonly orderId: string;
  readonly kind: 'email' | 'sms';
  readonly to: string;
  readonly text: string;
}

/** A record of the click stream, as JSON. */
export interface Click {
  readonly clickId: string;
  readonly kind: 'view' | 'search' | 'cart';
  readonly customer: string;
  readonly sku: string;
  readonly atMs: number;
}

/** A message of the queue of image jobs. */
export interface ImageJob {
  readonly imageId: string;
  readonly widths: readonly number[];
}

/** A message of the queue of report jobs. */
export interface ReportJob {
  readonly reportId: string;
}

export interface Report {
  readonly reportId: string;
  readonly paidOrders: number;
  readonly revenueCents: number;
  readonly unitsBySku: Readonly<Record<string, number>>;
}
