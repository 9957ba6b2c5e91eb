// Waits until the pipeline has done what it was given. What waits for time (retries of Lambda's, visibility timeouts, the buffer of clicks) need
// not be waited for: when nothing moves any more, the clock is moved. On AWS one would have to be patient instead.

import { hasWrongPhone, type NewOrder } from '../load/orders.ts';
import { linesOf, type QueueDepth, readBooks, readQueues } from '../reconcile/ends.ts';
import { keysOf, readLake } from '../reconcile/lake.ts';
import type { Pipeline } from './pipeline.ts';

export interface Settling {
  readonly pipeline: Pipeline;
  readonly orders: readonly NewOrder[];
  readonly clicks: number;
  readonly thumbnails: number;
  /** Time is moved at least so far, for what nobody sees waiting: Lambda's second attempts. */
  readonly restSeconds: number;
  onState(line: string): void;
}

const STEP_SECONDS = 30;
/** Virtual: what has not come by then does not come. */
const PATIENCE_SECONDS = 3_600;
const LOOK_EVERY_MS = 50;
/** A minute in which nothing happens: somebody is gone. */
const PATIENCE_LOOKS = 1_200;
/**
 * So many looks at the same state, and it stands still. What a service has in its hands (or has forgotten to delete: nobody can tell) gets more
 * of them: time that is moved under its hands brings the message back, and too often makes it a dead letter.
 */
const STILL_LOOKS = 6;
const STILL_LOOKS_IN_HANDS = 30;
/** Their consumers are processes of their own, in real time. */
const SERVED = ['inventory', 'shipping', 'purchasing', 'image-jobs', 'report-jobs'];

/** True when everything has arrived; false when time was moved on and on, and something has not. */
export async function settle(settling: Settling): Promise<boolean> {
  const { pipeline, restSeconds, onState } = settling;
  const { eddy } = pipeline;
  await eddy.freeze();
  try {
    let moved = 0;
    let isLakeFull = false;
    for (let still = 0, before = ''; ; ) {
      const state = await look(settling, isLakeFull);
      isLakeFull ||= state.isDone;
      if (state.isDone && moved >= restSeconds) return true;
      onState(state.line);
      still = state.line === before ? still + 1 : 0;
      before = state.line;
      if (still > PATIENCE_LOOKS) return false;
      if (state.isToBeTaken || still < (state.isInHands ? STILL_LOOKS_IN_HANDS : STILL_LOOKS)) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
        continue;
      }
      if (moved >= PATIENCE_SECONDS) return false;
      await eddy.advance(STEP_SECONDS);
      moved += STEP_SECONDS;
      still = 0;
    }
  } finally {
    await eddy.resume();
  }
}

interface Look {
  readonly isDone: boolean;
  /** A service will take a message any moment. */
  readonly isToBeTaken: boolean;
  readonly isInHands: boolean;
  readonly line: string;
}

/** The bucket is read only when all else is done, and no more once everything was in it. */
async function look(settling: Settling, isLakeFull: boolean): Promise<Look> {
  const { pipeline, orders } = settling;
  const [books, queues, shipments] = await Promise.all([
    readBooks(pipeline),
    readQueues(pipeline),
    linesOf<{ id: string }>(pipeline, 'shipping'),
  ]);
  const paid = orders.filter(({ orderId }) => books.charges[orderId]?.status === 'paid');
  const phoned = paid.filter((order) => order.customer.phone !== undefined && !hasWrongPhone(order)).length;
  const counts = {
    decided: [Object.keys(books.charges).length, orders.length],
    shipped: [shipments.length, paid.length],
    sent: [Object.keys(books.messages).length, paid.length + phoned],
    heard: [Object.keys(books.heard).length, paid.length],
    'dead SMS': [queues['SMSQueue-dlq']?.visible ?? 0, paid.filter(hasWrongPhone).length],
  } as const;
  const waiting = waitingIn(queues);
  const isQuiet = waiting === 0 && Object.values(counts).every(([is, should]) => is >= should);
  const lake = isQuiet && !isLakeFull ? await lookAtLake(settling) : undefined;
  const isFull = lake !== undefined && lake.clicks >= settling.clicks && lake.thumbnails >= settling.thumbnails;
  const isDone = isQuiet && (isLakeFull || isFull);
  const said = Object.entries(counts).map(([name, [is, should]]) => `${name} ${is}/${should}`);
  said.push(`in queues ${waiting}`);
  if (lake !== undefined) said.push(`clicks ${lake.clicks}/${settling.clicks}`, `thumbnails ${lake.thumbnails}`);
  const served = SERVED.map((name) => queues[name]);
  const isToBeTaken = served.some((depth) => (depth?.visible ?? 0) > 0);
  const isInHands = served.some((depth) => (depth?.inFlight ?? 0) > 0);
  return { isDone, isToBeTaken, isInHands, line: said.join(', ') };
}

async function lookAtLake({ pipeline }: Settling): Promise<{ clicks: number; thumbnails: number }> {
  const { s3 } = pipeline.clients;
  const bucket = pipeline.output('lake');
  const keys = await keysOf(s3, bucket, 'images/');
  const { clicks } = await readLake(s3, bucket);
  return { clicks: clicks.size, thumbnails: keys.filter((key) => !key.includes('/originals/')).length };
}

function waitingIn(queues: Readonly<Record<string, QueueDepth>>): number {
  const working = Object.entries(queues).filter(([name]) => !/-dlq$|^undelivered$|^payment-failures$/.test(name));
  return working.reduce((sum, [, { visible, inFlight, delayed }]) => sum + visible + inFlight + delayed, 0);
}
