// The order pipeline of examples/order-pipeline, calm: orders a second end to end with as many customers as keep it busy, and from OrderPlaced to
// the shipping queue with a few. Everything runs on this machine: Eddy, ten functions, the services, the third parties and the customers.

import { figuresOf, finish } from '../examples/order-pipeline/source/demo/finish.ts';
import { Pipeline } from '../examples/order-pipeline/source/demo/pipeline.ts';
import { runLoad } from '../examples/order-pipeline/source/demo/run-load.ts';
import type { Figure } from './figures.ts';

const BUSY = { orders: 1_000, customers: 64 };
const QUIET = { orders: 200, customers: 2 };

export async function* measurePipeline(folder: (name: string) => string): AsyncGenerator<Figure> {
  const busy = await measure(folder('busy'), BUSY);
  yield {
    what: 'order pipeline, end to end',
    value: busy.perSecond,
    unit: 'orders/s',
    note: `${BUSY.orders} orders, ${BUSY.customers} customers at once; ${busy.books}`,
  };
  const quiet = await measure(folder('quiet'), QUIET);
  yield {
    what: 'OrderPlaced to shipping queue, p99',
    value: quiet.p99,
    unit: 'ms',
    note: `${QUIET.customers} customers at once; p50 ${quiet.p50} ms; busy: p50 ${busy.p50} ms, p99 ${busy.p99} ms`,
  };
}

async function measure(work: string, { orders, customers }: { orders: number; customers: number }) {
  const options = { project: process.cwd(), work, orders, hasMishaps: false, deployBy: 'sdk' as const };
  const pipeline = await Pipeline.start({ ...options, onStep: () => {} });
  try {
    // The first orders start the functions.
    const first = await runLoad(pipeline, { orders: 20, seed: 1, customers: 8, duplicateShare: 0, onPlaced: () => {} });
    const loaded = await runLoad(pipeline, { orders, seed: 2, customers, duplicateShare: 0, onPlaced: () => {} });
    const all = {
      orders: [...first.orders, ...loaded.orders],
      eventIds: [...first.eventIds, ...loaded.eventIds],
      clickIds: [...first.clickIds, ...loaded.clickIds],
      images: [...first.images, ...loaded.images],
    };
    const { ends, checks } = await finish(pipeline, all, () => {});
    const measured = new Set(loaded.orders.map(({ orderId }) => orderId));
    const shipments = ends.shipments.filter(({ id }) => measured.has(id));
    const problems = checks.flatMap((check) => check.problems);
    const books = problems.length === 0 ? 'the books add up' : `the books do not add up: ${problems.join('; ')}`;
    return { ...figuresOf({ ...ends, shipments }), books };
  } finally {
    await pipeline.end();
  }
}
