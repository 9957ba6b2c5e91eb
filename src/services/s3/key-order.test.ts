import fc from 'fast-check';
import { expect, test } from 'vitest';
import { orderedKey, shownKey } from './key-order.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'é', '\ud7ff', '\ue000', '\uffff', '😀', '𐀀', '/') });

test('ordered keys compare as the UTF-8 bytes of the keys do, and lead back to them', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const byBytes = Math.sign(Buffer.compare(Buffer.from(one), Buffer.from(other)));
      const [first, second] = [orderedKey(one), orderedKey(other)];
      expect(first < second ? -1 : Number(first > second)).toBe(byBytes);
      expect(shownKey(first)).toBe(one);
    }),
  );
});
