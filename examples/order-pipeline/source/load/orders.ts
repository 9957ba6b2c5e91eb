// Orders, clicks and images as customers would make them; the same seed makes the same ones.

import type { Click, OrderLine, OrderPlaced } from '../contracts.ts';
import { encodePpm } from '../services/pixels.ts';
import { randomOf } from '../third-parties/chance.ts';
import { PRODUCTS, priceOf, skuOf } from './products.ts';

const DECLINED_SHARE = 0.05;
const PHONE_SHARE = 0.3;
/** Of those who give a phone: numbers that no provider takes. Their messages must end as dead letters. */
const WRONG_PHONE_SHARE = 0.02;
const CLICKS_PER_ORDER = 2;
const ORDERS_PER_IMAGE = 100;
export const THUMBNAIL_WIDTHS = [32, 16];

export type NewOrder = Omit<OrderPlaced, 'placedAtMs'>;

export function makeOrders(count: number, seed: number): NewOrder[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, i) => makeOrder(`o-${seed}-${i}`, random));
}

export const isDeclined = ({ card }: NewOrder): boolean => card === 'card-declined';
export const hasWrongPhone = ({ customer }: NewOrder): boolean => customer.phone?.startsWith('+0') === true;

function makeOrder(orderId: string, random: () => number): NewOrder {
  const lines = makeLines(random);
  const phone = random() < PHONE_SHARE ? phoneOf(random) : undefined;
  return {
    subject: orderId,
    orderId,
    customer: { id: `c-${orderId}`, email: `${orderId}@example.com`, ...(phone === undefined ? {} : { phone }) },
    lines,
    totalCents: lines.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0),
    card: random() < DECLINED_SHARE ? 'card-declined' : 'card-good',
  };
}

function makeLines(random: () => number): OrderLine[] {
  const first = Math.floor(random() * PRODUCTS);
  const count = 1 + Math.floor(random() * 3);
  return Array.from({ length: count }, (_, n) => {
    const i = (first + n * 7) % PRODUCTS;
    return { sku: skuOf(i), quantity: 1 + Math.floor(random() * 2), priceCents: priceOf(i) };
  });
}

function phoneOf(random: () => number): string {
  const isWrong = random() < WRONG_PHONE_SHARE;
  return `+${isWrong ? '0' : '49'}${String(Math.floor(random() * 1e9)).padStart(9, '0')}`;
}

const KINDS: readonly Click['kind'][] = ['view', 'view', 'view', 'search', 'cart'];

/** What customers looked at before they ordered. */
export function makeClicks(orders: readonly NewOrder[], seed: number): Omit<Click, 'atMs'>[] {
  const random = randomOf(seed + 1);
  return orders.flatMap(({ orderId, customer, lines }) =>
    Array.from({ length: CLICKS_PER_ORDER }, (_, i) => ({
      clickId: `${orderId}/${i}`,
      kind: KINDS[Math.floor(random() * KINDS.length)] ?? 'view',
      customer: customer.id,
      sku: lines[0]?.sku ?? '',
    })),
  );
}

export interface NewImage {
  readonly imageId: string;
  readonly content: Uint8Array;
}

export function makeImages(orders: number, seed: number): NewImage[] {
  const random = randomOf(seed + 2);
  const [width, height] = [64, 48];
  return Array.from({ length: Math.ceil(orders / ORDERS_PER_IMAGE) }, (_, i) => {
    const pixels = Uint8Array.from({ length: width * height * 3 }, () => Math.floor(random() * 256));
    return { imageId: `i-${seed}-${i}`, content: encodePpm({ width, height, pixels }) };
  });
}
