// The analytics company: subscribed to the topic of paid orders by HTTP. Confirms the subscription when asked to, counts what it hears by order,
// and is overloaded now and then.

import type { Answer, Asked, Books } from './run.ts';

const isCalm = process.env['CALM'] === 'yes';
const OVERLOADED_ONE_IN = 100;
let asked = 0;

export async function takeNotification({ headers, body }: Asked, books: Books): Promise<Answer> {
  if (headers['x-amz-sns-message-type'] === 'SubscriptionConfirmation') {
    const { SubscribeURL } = JSON.parse(body) as { SubscribeURL: string };
    // After the answer: whoever asks waits for it first.
    setImmediate(() => void fetch(SubscribeURL).catch(() => {}));
    return { status: 200 };
  }
  asked += 1;
  if (!isCalm && asked % OVERLOADED_ONE_IN === 0) {
    books.broken += 1;
    return { status: 503 };
  }
  const { Message } = JSON.parse(body) as { Message: string };
  const { orderId } = (JSON.parse(Message) as { detail: { orderId: string } }).detail;
  books.heard[orderId] = (books.heard[orderId] ?? 0) + 1;
  return { status: 200 };
}
