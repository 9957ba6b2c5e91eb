// Sends what is in EmailQueue and SMSQueue through the provider, under the order's id: the provider sends each once. What it refuses, or
// cannot take now, is reported back alone, comes again, and is a dead letter after three times.

import type { OutgoingMessage } from '../contracts.ts';

const { PROVIDER_URL = '' } = process.env;

interface QueueEvent {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export async function handler({ Records }: QueueEvent): Promise<BatchAnswer> {
  const sent = await Promise.all(Records.map(({ body }) => send(JSON.parse(body) as OutgoingMessage)));
  const failed = Records.filter((_, i) => sent[i] !== true);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function send({ orderId, kind, to, text }: OutgoingMessage): Promise<boolean> {
  try {
    const response = await fetch(`${PROVIDER_URL}/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': `${orderId}/${kind}` },
      body: JSON.stringify({ orderId, to, text }),
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) console.warn(`${kind} about ${orderId}: the provider answered ${response.status}`);
    return response.ok;
  } catch (error) {
    console.warn(`${kind} about ${orderId}: ${String(error)}`);
    return false;
  }
}
