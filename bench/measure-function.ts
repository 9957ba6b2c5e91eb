// From Publish to a warm function: topic → queue → event source mapping → handler, end to end by one machine's clock.

import { CreateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { clients } from './clients.ts';
import { type Figure, median } from './figures.ts';
import { startEddy } from './processes.ts';
import { makeTimedFunction, now, RUNS, timesOf } from './timed-function.ts';

export async function* measureFunction(folder: (name: string) => string): AsyncGenerator<Figure> {
  const eddy = await startEddy({ dataDirectory: folder('eddy') });
  const sns = clients.sns(eddy);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'events' }));
  await clients.sqs(eddy).send(new CreateQueueCommand({ QueueName: 'events' }));
  const queueArn = 'arn:aws:sqs:us-east-1:000000000000:events';
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn, Attributes }));
  await makeTimedFunction(eddy, 'event.Records.map(({ body }) => body)');
  await clients
    .lambda(eddy)
    .send(new CreateEventSourceMappingCommand({ FunctionName: 'took', EventSourceArn: queueArn, BatchSize: 1 }));
  const took = await timesOf(eddy, () => sns.send(new PublishCommand({ TopicArn, Message: now() })));
  await eddy.stop();
  yield {
    what: 'Publish to function invoked (warm), p50 end to end',
    value: median(took.slice(-RUNS)),
    unit: 'ms',
    goal: { kind: 'at-most', reach: 15, beyond: 5 },
    note: `${took.length} invocations seen`,
  };
}
