// The parts of examples/order-pipeline on their own: books that survive a torn line, a stock that does not mind repetition and order, thumbnails,
// orders that are the same for the same seed, and the reader of the Terraform files.

import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventBridge } from '@aws-sdk/client-eventbridge';
import type { Message } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deployModule } from '../../examples/order-pipeline/source/deploy/evaluate.ts';
import { readModule } from '../../examples/order-pipeline/source/deploy/hcl.ts';
import { Ledger } from '../../examples/order-pipeline/source/ledger.ts';
import { makeOrders } from '../../examples/order-pipeline/source/load/orders.ts';
import { initialStock } from '../../examples/order-pipeline/source/load/products.ts';
import { Inventory } from '../../examples/order-pipeline/source/services/inventory.ts';
import { decodePpm, encodePpm, resize } from '../../examples/order-pipeline/source/services/pixels.ts';
import { temporaryFolder } from '../system/eddy-process.ts';

let folder: ReturnType<typeof temporaryFolder>;
let files = 0;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const newFile = (): string => {
  files += 1;
  return join(folder.path, `${files}.jsonl`);
};

describe('a ledger', () => {
  test('takes an entry once, also after it was opened again', async () => {
    const path = newFile();
    const first = await Ledger.open<{ id: string }>(path);
    expect(await first.add([{ id: 'a' }, { id: 'b' }, { id: 'a' }])).toEqual([{ id: 'a' }, { id: 'b' }]);
    await first.close();
    const again = await Ledger.open<{ id: string }>(path);
    expect(await again.add([{ id: 'b' }, { id: 'c' }])).toEqual([{ id: 'c' }]);
    await again.close();
  });

  test('cuts off a line that was not finished, and goes on behind it', async () => {
    const path = newFile();
    writeFileSync(path, '{"id":"a"}\n');
    appendFileSync(path, '{"id":"ö');
    const ledger = await Ledger.open<{ id: string }>(path);
    expect([...ledger.values()]).toEqual([{ id: 'a' }]);
    await ledger.add([{ id: 'b' }]);
    await ledger.close();
    const again = await Ledger.open<{ id: string }>(path);
    expect([...again.values()]).toEqual([{ id: 'a' }, { id: 'b' }]);
    await again.close();
  });
});

describe('the inventory', () => {
  const news: string[] = [];
  const events = {
    async putEvents({ Entries }: { Entries: { Detail: string }[] }) {
      news.push(...Entries.map(({ Detail }) => (JSON.parse(Detail) as { sku: string }).sku));
      return { Entries: Entries.map(() => ({ EventId: 'e' })) };
    },
  } as unknown as EventBridge;
  const options = { events, bus: 'shop', initial: { a: 20, b: 20 }, threshold: 10 };
  const message = (type: string, order: number): Message => {
    const lines = [{ sku: order % 2 === 0 ? 'a' : 'b', quantity: order, priceCents: 1 }];
    return { Body: JSON.stringify({ 'detail-type': type, detail: { orderId: `o-${order}`, lines } }) };
  };

  test('is the same whatever comes twice, in whatever order, over whatever restarts', async () => {
    const coming = fc.record({
      isDeclined: fc.boolean(),
      shuffle: fc.array(fc.nat(), { minLength: 24, maxLength: 24 }),
      restartAt: fc.nat(12),
    });
    await fc.assert(
      fc.asyncProperty(coming, async ({ isDeclined, shuffle, restartAt }) => {
        const kinds = [1, 2, 3, 4].flatMap((order) => {
          const placed = message('OrderPlaced', order);
          const declined = isDeclined && order > 2 ? message('OrderDeclined', order) : placed;
          return [placed, placed, declined];
        });
        const mixed = kinds.map((one, i) => [shuffle[i] ?? 0, one] as const).sort(([one], [other]) => one - other);
        const path = newFile();
        let inventory = await Inventory.open(path, options);
        for (const [i, [, one]] of mixed.entries()) {
          if (i === restartAt) {
            await inventory.close();
            inventory = await Inventory.open(path, options);
          }
          expect(await inventory.handle([one])).toEqual([one]);
        }
        const left = [inventory.available('a'), inventory.available('b')];
        await inventory.close();
        expect(left).toEqual(isDeclined ? [18, 19] : [14, 16]);
      }),
      { numRuns: 30 },
    );
  });

  test('reports what runs low, once, and again only when it could not tell whether it had', async () => {
    news.length = 0;
    const path = newFile();
    const inventory = await Inventory.open(path, options);
    await inventory.handle([message('OrderPlaced', 8)]);
    expect(news).toEqual([]);
    await inventory.handle([message('OrderPlaced', 4)]);
    await inventory.handle([message('OrderPlaced', 4), message('OrderPlaced', 2)]);
    await inventory.close();
    expect(news).toEqual(['a']);
    const again = await Inventory.open(path, options);
    await again.handle([message('OrderPlaced', 6)]);
    expect(news).toEqual(['a']);
    expect(again.available('a')).toBe(0);
    await again.close();
  });
});

test('a thumbnail is the mean of the pixels that it stands for', () => {
  const pixels = Uint8Array.from([0, 0, 0, 100, 100, 100, 10, 20, 30, 10, 20, 30]);
  const image = { width: 4, height: 1, pixels };
  expect([...resize(image, 2).pixels]).toEqual([50, 50, 50, 10, 20, 30]);
  expect(decodePpm(encodePpm(image))).toEqual({ width: 4, height: 1, pixels: Buffer.from(pixels) });
  expect(() => decodePpm(Buffer.from('GIF89a'))).toThrow('this is no image');
});

test('the same seed makes the same orders, another seed others', () => {
  expect(makeOrders(50, 7)).toEqual(makeOrders(50, 7));
  expect(makeOrders(50, 8)).not.toEqual(makeOrders(50, 7));
  expect(Object.values(initialStock(100)).every((count) => Number.isInteger(count) && count >= 0)).toBe(true);
});

describe('the reader of the Terraform files', () => {
  const read = (text: string) => {
    writeFileSync(join(folder.path, 'main.tf'), text);
    return readModule(folder.path);
  };
  const deploy = async (text: string, variables: Record<string, string> = {}) => {
    const order: string[] = [];
    const { outputs } = await deployModule({
      folder: folder.path,
      blocks: read(text),
      variables,
      creators: {
        async thing({ values, blocks }) {
          return { id: `id-of-${String(values['name'])}`, said: JSON.stringify({ values, blocks }) };
        },
      },
      onCreated: (address) => void order.push(address),
    });
    return { outputs, order };
  };

  test('makes each resource once, after those that it refers to', async () => {
    const { outputs, order } = await deploy(`
      # A comment.
      variable "size" { default = 3 }
      locals {
        both = ["\${var.size}", thing.one.id]
      }
      resource "thing" "two" {
        name = "two-\${thing.one.id}"
        list = local.both
        part {
          text = jsonencode({ "a:b" = true, c = [1, null], })
        }
        depends_on = [thing.three]
      }
      resource "thing" "three" {
        name = "three" // another one
      }
      resource "thing" "one" {
        name = "one"
      }
      output "said" { value = thing.two.said }
    `);
    expect(order.at(-1)).toBe('thing.two');
    expect([...order].sort()).toEqual(['thing.one', 'thing.three', 'thing.two']);
    expect(JSON.parse(String(outputs['said']))).toEqual({
      values: { name: 'two-id-of-one', list: ['3', 'id-of-one'] },
      blocks: { part: [{ values: { text: '{"a:b":true,"c":[1,null]}' }, blocks: {} }] },
    });
  });

  test.each([
    ['resource "thing" "a" {\n  name = upper("a")\n}', 'the function upper is not known'],
    ['resource "other" "a" {\n}', 'nothing here creates other through the SDK'],
    ['resource "thing" "a" {\n  name = thing.b.id\n}', 'there is no resource thing.b'],
  ])('refuses %j by name', async (text, problem) => {
    await expect(deploy(text)).rejects.toThrow(problem);
  });

  test.each([
    ['resource "thing" "a" {\n  name = 1 + 2\n}', 'main.tf:2: "+" is not understood here'],
    ['resource "thing" "a" {\n  name = "a\n}', 'main.tf:2: a text does not end'],
    ['resource "thing" "a" {\n  name = [for x in y : x]\n}', 'main.tf:2:'],
  ])('names file and line of %j', (text, problem) => {
    expect(() => read(text)).toThrow(problem);
  });
});
