// What depth costs: receive and delete at a thousand and at a million waiting messages, memory per message, restart.

import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { clients } from './clients.ts';
import { type Figure, median } from './figures.ts';
import { type Running, residentBytes, startEddy } from './processes.ts';

const DEEP = 1_000_000;
const SHALLOW = 1_000;
const ROUNDS = 300;
const BODY = 'x'.repeat(1024);

async function fill(sqs: SQSClient, QueueUrl: string, count: number): Promise<void> {
  const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: String(i), MessageBody: BODY }));
  let left = count / 10;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  await Promise.all(Array.from({ length: 32 }, worker));
}

/** One receive of ten and their delete; what was taken is sent again outside the measured time. */
async function cycle(sqs: SQSClient, QueueUrl: string): Promise<number> {
  const startedAt = performance.now();
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }),
  );
  const Entries = Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  const took = performance.now() - startedAt;
  await fill(sqs, QueueUrl, 10);
  return took;
}

async function restarted(dataDirectory: string, eddy: Running, signal: NodeJS.Signals): Promise<Running> {
  await eddy.stop(signal);
  return startEddy({ dataDirectory });
}

export async function* measureDepth(folder: (name: string) => string): AsyncGenerator<Figure> {
  const dataDirectory = folder('eddy');
  let eddy = await startEddy({ dataDirectory });
  let sqs = clients.sqs(eddy);
  const { QueueUrl: shallow } = await sqs.send(new CreateQueueCommand({ QueueName: 'shallow' }));
  const { QueueUrl: deep } = await sqs.send(new CreateQueueCommand({ QueueName: 'deep' }));
  await fill(sqs, shallow as string, SHALLOW);
  for (let i = 0; i < 50; i += 1) await cycle(sqs, shallow as string);
  const before = residentBytes(eddy.pid);
  await fill(sqs, deep as string, DEEP);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const perMessage = (residentBytes(eddy.pid) - before) / DEEP;
  const shallowMs: number[] = [];
  const deepMs: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    shallowMs.push(await cycle(sqs, shallow as string));
    deepMs.push(await cycle(sqs, deep as string));
  }
  yield {
    what: 'receive 10 + delete batch, p50 at depth 1,000,000 / 1,000',
    value: median(deepMs) / median(shallowMs),
    unit: 'x',
    goal: { kind: 'at-most', reach: 1.3, beyond: 1.1 },
    note: `${median(deepMs).toFixed(2)} and ${median(shallowMs).toFixed(2)} ms`,
  };
  yield {
    what: 'memory per waiting 1 KiB message (resident set growth)',
    value: perMessage,
    unit: 'B',
    goal: { kind: 'at-most', reach: 400, beyond: 200 },
  };
  eddy = await restarted(dataDirectory, eddy, 'SIGTERM');
  yield {
    what: 'start to Ready. with 1,000,000 messages, after SIGTERM',
    value: eddy.startedMs / 1000,
    unit: 's',
    goal: { kind: 'at-most', reach: 3, beyond: 1.5 },
  };
  sqs = clients.sqs(eddy);
  await cycle(sqs, `${eddy.url}/000000000000/deep`);
  eddy = await restarted(dataDirectory, eddy, 'SIGKILL');
  yield {
    what: 'start to Ready. with 1,000,000 messages, after kill -9',
    value: eddy.startedMs / 1000,
    unit: 's',
    goal: { kind: 'at-most', reach: 3, beyond: 1.5 },
  };
  await eddy.stop();
}
