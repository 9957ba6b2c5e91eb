// Rule 2: an order is charged, and the shop told how it ended. The gateway is asked under the order's id, so that an order that comes twice
// (a producer's retry, a retry of Lambda's after this function broke down) is charged once; its event may then go out twice.

import { makeEvents } from '../clients.ts';
import type { BusEvent, OrderDeclined, OrderPaid, OrderPlaced } from '../contracts.ts';
import { publish } from '../publish.ts';

const ATTEMPTS = 4;
const TIMEOUT_MS = 3_000;

const events = makeEvents();
const { BUS_NAME = '', GATEWAY_URL = '', FAILS_AFTER_CHARGING = '0' } = process.env;

interface Charge {
  readonly status: 'paid' | 'declined';
  readonly chargeId: string;
  readonly reason: string;
  /** The gateway had done it already, under the same key. */
  readonly isReplay: boolean;
}

export async function handler({ detail: order }: BusEvent<OrderPlaced>): Promise<void> {
  const { card: _card, ...rest } = order;
  const { subject, orderId, lines } = order;
  const { status, chargeId, reason, isReplay } = await charge(order);
  const paid: OrderPaid = { ...rest, chargeId };
  const declined: OrderDeclined = { subject, orderId, lines, reason };
  const isPaid = status === 'paid';
  const type = isPaid ? 'OrderPaid' : 'OrderDeclined';
  await publish(events, BUS_NAME, [{ source: 'shop.payments', type, detail: isPaid ? paid : declined }]);
  if (!isReplay && isChosen(orderId)) throw new Error(`broke down after ${orderId} was done, as it was told to`);
}

/** A gateway that does not answer, or not now, is asked again: with the same key that is safe. */
async function charge(order: OrderPlaced): Promise<Charge> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask(order);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20 * 3 ** attempt));
    }
  }
}

async function ask({ orderId, totalCents, card }: OrderPlaced): Promise<Charge> {
  const response = await fetch(`${GATEWAY_URL}/charges`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': orderId },
    body: JSON.stringify({ amountCents: totalCents, card }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the gateway answered ${response.status}`);
  const isReplay = response.headers.get('idempotent-replayed') === 'true';
  return { ...((await response.json()) as Omit<Charge, 'isReplay'>), isReplay };
}

/** By the id alone, so that a run can be repeated. */
function isChosen(orderId: string): boolean {
  let hash = 0;
  for (const char of orderId) hash = (hash * 31 + char.charCodeAt(0)) % 1_000_003;
  return hash % 1_000 < Number(FAILS_AFTER_CHARGING);
}
