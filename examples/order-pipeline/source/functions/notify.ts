// Subscribed to the topic of paid orders: decides who is told what, and leaves the telling to the queues. Called twice it queues twice;
// what is sent is the senders' business, and they know an order again.

import { makeSqs } from '../clients.ts';
import type { BusEvent, OrderPaid, OutgoingMessage } from '../contracts.ts';

const sqs = makeSqs();
const { EMAIL_QUEUE_URL = '', SMS_QUEUE_URL = '' } = process.env;

interface TopicEvent {
  readonly Records: readonly { readonly Sns: { readonly Message: string } }[];
}

export async function handler({ Records }: TopicEvent): Promise<void> {
  const paid = Records.map(({ Sns }) => (JSON.parse(Sns.Message) as BusEvent<OrderPaid>).detail);
  await Promise.all(paid.flatMap((order) => [mail(order), sms(order)]));
}

async function mail({ orderId, customer, totalCents }: OrderPaid): Promise<void> {
  const text = `Dear customer, order ${orderId} over ${(totalCents / 100).toFixed(2)} EUR is paid.`;
  await queue(EMAIL_QUEUE_URL, { orderId, kind: 'email', to: customer.email, text });
}

async function sms({ orderId, customer: { phone } }: OrderPaid): Promise<void> {
  if (phone !== undefined) await queue(SMS_QUEUE_URL, { orderId, kind: 'sms', to: phone, text: `${orderId} is paid.` });
}

async function queue(QueueUrl: string, message: OutgoingMessage): Promise<void> {
  await sqs.sendMessage({ QueueUrl, MessageBody: JSON.stringify(message) });
}
