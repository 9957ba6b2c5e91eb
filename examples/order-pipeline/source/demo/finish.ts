// After the load: everything arrives, the sales report is asked for and written, the books are compared.

import { THUMBNAIL_WIDTHS } from '../load/orders.ts';
import { sendReportJob } from '../load/side-load.ts';
import { type Check, reconcile, type Sent } from '../reconcile/checks.ts';
import { type Ends, REPORT_ID, readEnds } from '../reconcile/ends.ts';
import type { Pipeline } from './pipeline.ts';
import { settle } from './settle.ts';

/** Lambda tries an event again after one minute, and after two more. */
const RETRIES_SECONDS = 200;

export interface Finished {
  readonly checks: readonly Check[];
  readonly ends: Ends;
  readonly isReconciled: boolean;
}

export async function finish(pipeline: Pipeline, sent: Sent, onState: (line: string) => void): Promise<Finished> {
  const { orders, clickIds, images } = sent;
  const thumbnails = images.length * THUMBNAIL_WIDTHS.length;
  const settling = { pipeline, orders, clicks: clickIds.length, thumbnails, onState };
  await settle({ ...settling, restSeconds: RETRIES_SECONDS });
  // Twice, as everything here: it is written once.
  for (let i = 0; i < 2; i += 1)
    await sendReportJob(pipeline.clients.sqs, pipeline.output('report_queue_url'), REPORT_ID);
  await settle({ ...settling, restSeconds: 0 });
  const ends = await readEnds(pipeline);
  const checks = reconcile(sent, ends);
  return { checks, ends, isReconciled: checks.every(({ problems }) => problems.length === 0) };
}

/** A line for each check, and below it what is wrong. */
export function linesOfChecks(checks: readonly Check[]): string[] {
  return checks.flatMap(({ what, problems }) => [
    `  ${problems.length === 0 ? 'ok  ' : 'FAIL'}  ${what}`,
    ...problems.map((problem) => `          ${problem}`),
  ]);
}

/** Orders a second from the first order to the last arrival in the shipping queue, and how long one took: milliseconds. */
export function figuresOf({ shipments }: Ends): {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
} {
  const took = shipments.map(({ placedAtMs, queuedAtMs }) => queuedAtMs - placedAtMs).sort((a, b) => a - b);
  const firstMs = Math.min(...shipments.map(({ placedAtMs }) => placedAtMs));
  const lastMs = Math.max(...shipments.map(({ queuedAtMs }) => queuedAtMs));
  const at = (part: number): number => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0;
  return { perSecond: (shipments.length * 1_000) / Math.max(1, lastMs - firstMs), p50: at(0.5), p99: at(0.99) };
}
