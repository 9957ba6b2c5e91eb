// What is at every end of the pipeline, gathered from where it is: the third parties' books, the services' books, the bucket, the streams, the
// queues.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../contracts.ts';
import type { Pipeline } from '../demo/pipeline.ts';
import { initialStock, LOW_THRESHOLD } from '../load/products.ts';
import { auditEvents } from '../services/audit-stream.ts';
import { Inventory } from '../services/inventory.ts';
import type { Purchase } from '../services/purchasing.ts';
import type { Shipment } from '../services/shipping.ts';
import type { Books } from '../third-parties/run.ts';
import { type Lake, readLake, readReport } from './lake.ts';

export interface Ends {
  readonly books: Books;
  readonly shipments: readonly Shipment[];
  readonly purchases: readonly Purchase[];
  /** By product, before the first order. */
  readonly initial: Readonly<Record<string, number>>;
  /** By product, as the inventory service has it. */
  readonly available: Readonly<Record<string, number>>;
  readonly low: readonly string[];
  readonly lake: Lake;
  readonly report: Report | undefined;
  /** Ids of the events in the audit stream. */
  readonly audited: ReadonlySet<string>;
  /** By order: types of its events in the audit stream. */
  readonly auditedTypes: ReadonlyMap<string, ReadonlySet<string>>;
  readonly queues: Readonly<Record<string, QueueDepth>>;
  /** Bodies in the dead-letter queue of SMS. */
  readonly deadSms: readonly string[];
}

export interface QueueDepth {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export const REPORT_ID = 'sales';

export async function readEnds(pipeline: Pipeline): Promise<Ends> {
  const { events, s3 } = pipeline.clients;
  const bucket = pipeline.output('lake');
  const initial = initialStock(pipeline.options.orders);
  const stock = { events, bus: '', initial, threshold: LOW_THRESHOLD };
  const inventory = await Inventory.open(join(pipeline.books, 'inventory.jsonl'), stock);
  const [books, shipments, purchases, lake, report, audit, queues, deadSms] = await Promise.all([
    readBooks(pipeline),
    linesOf<Shipment>(pipeline, 'shipping'),
    linesOf<Purchase>(pipeline, 'purchasing'),
    readLake(s3, bucket),
    readReport(s3, bucket, REPORT_ID),
    readAudit(pipeline),
    readQueues(pipeline),
    readDeadSms(pipeline),
  ]);
  const available = Object.fromEntries(Object.keys(initial).map((sku) => [sku, inventory.available(sku)]));
  const low = inventory.lowSkus();
  await inventory.close();
  return { books, shipments, purchases, initial, available, low, lake, report, ...audit, queues, deadSms };
}

export async function readBooks({ thirdPartiesUrl }: Pipeline): Promise<Books> {
  return (await (await fetch(`${thirdPartiesUrl}/books`)).json()) as Books;
}

/** Of all queues, by name. */
export async function readQueues({ clients: { sqs } }: Pipeline): Promise<Record<string, QueueDepth>> {
  const { QueueUrls = [] } = await sqs.listQueues({});
  const found = QueueUrls.map(async (QueueUrl) => {
    const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
    const depth: QueueDepth = {
      visible: Number(Attributes['ApproximateNumberOfMessages']),
      inFlight: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
      delayed: Number(Attributes['ApproximateNumberOfMessagesDelayed']),
    };
    return [QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1), depth] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** A line that is being written is left out. */
export async function linesOf<T>({ books }: Pipeline, name: string): Promise<T[]> {
  const path = join(books, `${name}.jsonl`);
  if (!existsSync(path)) return [];
  const text = await readFile(path, 'utf8');
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}

async function readAudit(pipeline: Pipeline): Promise<Pick<Ends, 'audited' | 'auditedTypes'>> {
  const audited = new Set<string>();
  const auditedTypes = new Map<string, Set<string>>();
  for await (const event of auditEvents(pipeline.clients.kinesis, pipeline.output('audit_stream'))) {
    audited.add(event.id);
    const { orderId } = event.detail as { orderId?: string };
    if (orderId === undefined) continue;
    const types = auditedTypes.get(orderId) ?? new Set();
    auditedTypes.set(orderId, types.add(event['detail-type']));
  }
  return { audited, auditedTypes };
}

async function readDeadSms({ eddy }: Pipeline): Promise<string[]> {
  type Peeked = { readonly messages: readonly { readonly body: string }[] };
  const { messages } = await eddy.get<Peeked>('/_eddy/peek?queue=SMSQueue-dlq&limit=1000');
  return messages.map(({ body }) => body);
}
