// The shop's products, and how many of each there are before the first order: most in plenty, some run low, a few run out. None is low before
// somebody has ordered.

export const PRODUCTS = 20;
/** Below it a product runs low. */
export const LOW_THRESHOLD = 10;

export const skuOf = (i: number): string => `sku-${String(i).padStart(2, '0')}`;
export const priceOf = (i: number): number => 499 + i * 250;

/** Per product, for so many orders. */
export function initialStock(orders: number): Record<string, number> {
  const expected = Math.ceil((orders * 3) / PRODUCTS);
  const stock: Record<string, number> = {};
  for (let i = 0; i < PRODUCTS; i += 1) {
    const isScarce = i % 10 === 3;
    const isShort = i % 5 === 1;
    const count = isScarce ? Math.floor(expected / 3) : isShort ? expected : expected * 3;
    stock[skuOf(i)] = Math.max(LOW_THRESHOLD, count);
  }
  return stock;
}
