// The reconciliation: what went in against what came out at every end. A check that fails names what is missing, or too much.

import { hasWrongPhone, isDeclined, type NewImage, type NewOrder, THUMBNAIL_WIDTHS } from '../load/orders.ts';
import { LOW_THRESHOLD } from '../load/products.ts';
import { thumbnailKey } from '../services/images.ts';
import { differences, missing, twice } from './differences.ts';
import type { Ends } from './ends.ts';

/** What went in. */
export interface Sent {
  readonly orders: readonly NewOrder[];
  /** Ids of the OrderPlaced events that the bus acknowledged. */
  readonly eventIds: readonly string[];
  readonly clickIds: readonly string[];
  readonly images: readonly NewImage[];
}

export interface Check {
  readonly what: string;
  /** Empty: it holds. */
  readonly problems: readonly string[];
}

/** Messages that must be dead letters in the end: those to numbers that cannot be. All other dead-letter queues stay empty. */
const EXPECTED_DEAD = 'SMSQueue-dlq';
const DEAD_LETTERS = /-dlq$|^undelivered$|^payment-failures$/;

const idsOf = (orders: readonly NewOrder[]): string[] => orders.map(({ orderId }) => orderId);

export function reconcile(sent: Sent, ends: Ends): Check[] {
  const paid = sent.orders.filter(({ orderId }) => ends.books.charges[orderId]?.status === 'paid');
  const shipped = ends.shipments.map(({ id }) => id);
  const heard = Object.keys(ends.books.heard);
  return [
    decisions(sent, paid, ends),
    money(paid, ends),
    stock(paid, ends),
    {
      what: `shipped, each once: ${shipped.length}`,
      problems: [...differences('shipment', idsOf(paid), shipped), ...twice('shipment', shipped)],
    },
    messages(paid, ends),
    { what: `analytics heard of ${heard.length}`, problems: differences('word to analytics', idsOf(paid), heard) },
    purchases(ends),
    audit(sent, paid, ends),
    clicks(sent, ends),
    jobs(sent, ends),
    deadLetters(paid, ends),
    workingQueues(ends),
  ];
}

function decisions({ orders }: Sent, paid: readonly NewOrder[], { books }: Ends): Check {
  const declined = orders.filter(({ orderId }) => books.charges[orderId]?.status === 'declined');
  return {
    what: `orders in = paid + declined: ${orders.length} = ${paid.length} + ${declined.length}`,
    problems: [
      ...differences('decision', idsOf(orders), Object.keys(books.charges)),
      ...differences('declined order', idsOf(orders.filter(isDeclined)), idsOf(declined)),
    ],
  };
}

function money(paid: readonly NewOrder[], { books, report }: Ends): Check {
  const due = paid.reduce((sum, { totalCents }) => sum + totalCents, 0);
  const charged = Object.values(books.charges).reduce((sum, { amountCents }) => sum + amountCents, 0);
  const problems = due === charged ? [] : [`paid orders come to ${due} cents, the gateway charged ${charged}`];
  if (report === undefined) problems.push('the sales report is not there');
  else if (report.revenueCents !== due || report.paidOrders !== paid.length) {
    problems.push(
      `the report says ${report.paidOrders} orders, ${report.revenueCents} cents; it is ${paid.length}, ${due}`,
    );
  }
  return { what: `money is the same at the gateway and in the report: ${(charged / 100).toFixed(2)} EUR`, problems };
}

function stock(paid: readonly NewOrder[], { initial, available }: Ends): Check {
  const taken: Record<string, number> = {};
  for (const { lines } of paid) for (const { sku, quantity } of lines) taken[sku] = (taken[sku] ?? 0) + quantity;
  const problems = Object.entries(initial).flatMap(([sku, before]) => {
    const should = before - (taken[sku] ?? 0);
    return available[sku] === should ? [] : [`${sku}: the inventory says ${available[sku]}, it is ${should}`];
  });
  const units = Object.values(taken).reduce((sum, quantity) => sum + quantity, 0);
  return { what: `stock is exact: ${units} units of ${Object.keys(initial).length} products`, problems };
}

function messages(paid: readonly NewOrder[], { books }: Ends): Check {
  const phoned = paid.filter((order) => order.customer.phone !== undefined && !hasWrongPhone(order));
  const expected = [...idsOf(paid).map((id) => `${id}/email`), ...idsOf(phoned).map((id) => `${id}/sms`)];
  const what = `mails and SMS sent, each once: ${paid.length} + ${phoned.length}`;
  return { what, problems: differences('message', expected, Object.keys(books.messages)) };
}

/** What is below the threshold was reported; what was reported is bought, once. */
function purchases({ available, low, purchases: bought }: Ends): Check {
  const skus = bought.map(({ id }) => id);
  const short = Object.keys(available).filter((sku) => (available[sku] ?? 0) < LOW_THRESHOLD);
  const problems = [
    ...missing('report of low stock', short, new Set(low)),
    ...differences('purchase', low, skus),
    ...twice('purchase', skus),
  ];
  return { what: `low products bought, each once: ${skus.length}`, problems };
}

function audit({ orders, eventIds }: Sent, paid: readonly NewOrder[], { audited, auditedTypes }: Ends): Check {
  const of = (type: string): Set<string> => {
    return new Set([...auditedTypes].filter(([, types]) => types.has(type)).map(([orderId]) => orderId));
  };
  const isPaid = new Set(idsOf(paid));
  const declined = idsOf(orders).filter((orderId) => !isPaid.has(orderId));
  const problems = [
    ...missing('audit record of event', eventIds, audited),
    ...differences('audit record OrderPlaced', idsOf(orders), [...of('OrderPlaced')]),
    ...differences('audit record OrderPaid', idsOf(paid), [...of('OrderPaid')]),
    ...differences('audit record OrderDeclined', declined, [...of('OrderDeclined')]),
  ];
  return { what: `every audit record is there: ${audited.size} events of ${auditedTypes.size} orders`, problems };
}

function clicks({ clickIds }: Sent, { lake }: Ends): Check {
  const problems = differences('click', clickIds, [...lake.clicks.keys()]);
  if (lake.misplaced.length > 0) problems.push(`${lake.misplaced.length} clicks are in another kind’s partition`);
  return { what: `clicks in the lake: ${lake.clicks.size} in ${lake.files} files`, problems };
}

function jobs({ images }: Sent, { lake, report }: Ends): Check {
  const expected = images.flatMap(({ imageId }) => THUMBNAIL_WIDTHS.map((width) => thumbnailKey(imageId, width)));
  const problems = missing('thumbnail', expected, lake.keys);
  if (report === undefined) problems.push('the sales report is not there');
  return { what: `jobs done: ${expected.length} thumbnails and a report`, problems };
}

function deadLetters(paid: readonly NewOrder[], { queues, deadSms }: Ends): Check {
  const dead = deadSms.map((body) => (JSON.parse(body) as { orderId: string }).orderId);
  const problems = differences('dead letter', idsOf(paid.filter(hasWrongPhone)), [...new Set(dead)]);
  for (const [name, { visible, inFlight }] of Object.entries(queues)) {
    const count = DEAD_LETTERS.test(name) && name !== EXPECTED_DEAD ? visible + inFlight : 0;
    if (count > 0) problems.push(`${name} holds ${count}`);
  }
  return { what: `dead letters: ${dead.length} SMS to numbers that cannot be, and nothing else`, problems };
}

function workingQueues({ queues }: Ends): Check {
  const left = Object.entries(queues).filter(([name]) => !DEAD_LETTERS.test(name));
  const problems = left.flatMap(([name, { visible, inFlight, delayed }]) =>
    visible + inFlight + delayed === 0 ? [] : [`${name} holds ${visible} + ${inFlight} + ${delayed}`],
  );
  return { what: `nothing left in ${left.length} queues`, problems };
}
