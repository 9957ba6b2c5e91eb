// The services of the shop in one process: five consumers, each with its queue and its books. On AWS this is a container with a volume; what
// is where comes from the environment (PIPELINE, as JSON). Prints a line when it is ready; ends on SIGTERM, and may be killed at any time.

import { join } from 'node:path';
import { makeEvents, makeKinesis, makeS3, makeSqs } from '../clients.ts';
import { type Polling, pollQueue } from '../poll-queue.ts';
import { imageWorker } from './images.ts';
import { Inventory } from './inventory.ts';
import { Purchasing } from './purchasing.ts';
import { reportWorker } from './reports.ts';
import { Shipping } from './shipping.ts';

export interface ServicesConfig {
  readonly outputs: Readonly<Record<string, string>>;
  readonly books: string;
  readonly initial: Readonly<Record<string, number>>;
  readonly threshold: number;
  /** How many loops take from the two queues that every order passes. */
  readonly pollers: number;
  readonly forgetsOneIn: number;
}

async function run(): Promise<void> {
  const config = JSON.parse(process.env['PIPELINE'] ?? '{}') as ServicesConfig;
  const { outputs, books, initial, threshold, forgetsOneIn, pollers } = config;
  const [bus = '', bucket = '', stream = ''] = [outputs['bus_name'], outputs['lake'], outputs['audit_stream']];
  const sqs = makeSqs();
  const s3 = makeS3();
  const ending = new AbortController();
  const stock = { events: makeEvents(), bus, initial, threshold };
  const inventory = await Inventory.open(join(books, 'inventory.jsonl'), stock);
  const shipping = await Shipping.open(join(books, 'shipping.jsonl'));
  const purchasing = await Purchasing.open(join(books, 'purchasing.jsonl'));
  const consume = (queue: string, handle: Polling['handle']): Promise<void> =>
    pollQueue({
      sqs,
      queueUrl: outputs[queue] ?? '',
      handle,
      signal: ending.signal,
      forgetsOneIn,
      onProblem: (error) => console.error(`${queue}: ${error instanceof Error ? error.message : String(error)}`),
    });
  const loops = [
    ...Array.from({ length: pollers }, () => consume('inventory_queue_url', inventory.handle)),
    ...Array.from({ length: pollers }, () => consume('shipping_queue_url', shipping.handle)),
    consume('purchasing_queue_url', purchasing.handle),
    consume('image_queue_url', imageWorker(s3, bucket)),
    consume('report_queue_url', reportWorker({ kinesis: makeKinesis(), stream, s3, bucket })),
  ];
  process.on('SIGTERM', () => ending.abort());
  console.log('Ready.');
  await Promise.all(loops);
}

void run().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
