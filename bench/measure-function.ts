// From Publish to a warm function: topic → queue → event source mapping → handler, end to end by one machine's clock.

import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateEventSourceMappingCommand, CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { clients } from './clients.ts';
import { type Figure, median } from './figures.ts';
import { startEddy } from './processes.ts';

const PUBLISHES = 200;
const HANDLER = `exports.handler = async (event) => {
  const now = performance.timeOrigin + performance.now();
  for (const { body } of event.Records) console.log('took ' + (now - Number(body)).toFixed(3));
};`;
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

export async function* measureFunction(folder: (name: string) => string): AsyncGenerator<Figure> {
  const eddy = await startEddy({ dataDirectory: folder('eddy') });
  const sns = clients.sns(eddy);
  const logs = clients.logs(eddy);
  const { Role } = await clients
    .iam(eddy)
    .send(new CreateRoleCommand({ RoleName: 'bench', AssumeRolePolicyDocument: TRUST }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'events' }));
  await clients.sqs(eddy).send(new CreateQueueCommand({ QueueName: 'events' }));
  const queueArn = 'arn:aws:sqs:us-east-1:000000000000:events';
  const Attributes = { RawMessageDelivery: 'true' };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn, Attributes }));
  const lambda = clients.lambda(eddy);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'took',
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: Role?.Arn,
      Code: { ZipFile: zipSync({ 'index.js': strToU8(HANDLER) }) },
    }),
  );
  await lambda.send(
    new CreateEventSourceMappingCommand({ FunctionName: 'took', EventSourceArn: queueArn, BatchSize: 1 }),
  );
  const publish = () =>
    sns.send(new PublishCommand({ TopicArn, Message: String(performance.timeOrigin + performance.now()) }));
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let i = 0; i < 10; i += 1) {
    await publish();
    await pause(100);
  }
  await pause(1000);
  for (let i = 0; i < PUBLISHES; i += 1) {
    await publish();
    await pause(20);
  }
  await pause(1000);
  const took: number[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/took', nextToken }));
    for (const { message = '' } of page.events ?? []) {
      const ms = /took ([\d.]+)/.exec(message)?.[1];
      if (ms !== undefined) took.push(Number(ms));
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  await eddy.stop();
  yield {
    what: 'Publish to function invoked (warm), p50 end to end',
    value: median(took.slice(-PUBLISHES)),
    unit: 'ms',
    goal: { kind: 'at-most', reach: 15, beyond: 5 },
    note: `${took.length} invocations seen`,
  };
}
