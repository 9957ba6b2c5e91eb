// What a fan-out writes: one body, and a small fact for each of a hundred queues.

import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { clients } from './clients.ts';
import type { Figure } from './figures.ts';
import { ROOT_KEY, type Running, startEddy } from './processes.ts';

const QUEUES = 100;
const PUBLISHES = 200;
const MESSAGE = 'y'.repeat(1024);

async function journalEnd(eddy: Running): Promise<number> {
  const pair = `${ROOT_KEY.accessKeyId}:${ROOT_KEY.secretAccessKey}`;
  const headers = { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  const answer = await fetch(`${eddy.url}/_eddy/status`, { headers });
  const status = (await answer.json()) as { journal: { end: number } };
  return status.journal.end;
}

export async function* measureFanOut(folder: (name: string) => string): AsyncGenerator<Figure> {
  const eddy = await startEddy({ dataDirectory: folder('eddy') });
  const sns = clients.sns(eddy);
  const sqs = clients.sqs(eddy);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'fan' }));
  const publish = () => sns.send(new PublishCommand({ TopicArn, Message: MESSAGE }));
  await publish();
  const alone = await journalEnd(eddy);
  await publish();
  const oneBody = (await journalEnd(eddy)) - alone;
  for (let i = 0; i < QUEUES; i += 1) {
    await sqs.send(new CreateQueueCommand({ QueueName: `fan-${i}` }));
    await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: `arn:aws:sqs:us-east-1:000000000000:fan-${i}` }),
    );
  }
  await publish();
  const before = await journalEnd(eddy);
  for (let i = 0; i < PUBLISHES; i += 1) await publish();
  const perPublish = ((await journalEnd(eddy)) - before) / PUBLISHES;
  await eddy.stop();
  yield {
    what: 'SNS publish to 100 queues: bytes per delivery beyond the one body',
    value: (perPublish - oneBody) / QUEUES,
    unit: 'B',
    goal: { kind: 'at-most', reach: 200, beyond: 100 },
    note: `${Math.round(perPublish)} bytes a publish, ${Math.round(oneBody)} without subscribers`,
  };
}
