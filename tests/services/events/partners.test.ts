// A partner and its customer, each with AWS's own client and its own account.

import {
  ActivateEventSourceCommand,
  CreateEventBusCommand,
  CreatePartnerEventSourceCommand,
  DeactivateEventSourceCommand,
  DeletePartnerEventSourceCommand,
  DescribeEventBusCommand,
  DescribeEventSourceCommand,
  DescribePartnerEventSourceCommand,
  EventBridgeClient,
  ListEventSourcesCommand,
  ListPartnerEventSourceAccountsCommand,
  ListPartnerEventSourcesCommand,
  PutPartnerEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '#server/testing.ts';

const Name = 'aws.partner/example.com/shop/orders';
const CUSTOMER = '444455556666';
let server: TestServer;
let partner: EventBridgeClient;
let customer: EventBridgeClient;

beforeAll(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  partner = clientOf('111122223333');
  customer = clientOf(CUSTOMER);
});

afterAll(async () => {
  expect(server.problems).toEqual([]);
  partner.destroy();
  customer.destroy();
  await server.close();
});

/** A key of twelve digits is the account. */
function clientOf(accessKeyId: string): EventBridgeClient {
  const credentials = { accessKeyId, secretAccessKey: 'test' };
  return new EventBridgeClient({ endpoint: server.url, region: 'eu-central-1', credentials, maxAttempts: 1 });
}

const sold = () =>
  partner.send(new PutPartnerEventsCommand({ Entries: [{ Source: Name, DetailType: 'sold', Detail: '{"n":1}' }] }));

test('from the offer to the event, and to the end', async () => {
  const created = await partner.send(new CreatePartnerEventSourceCommand({ Name, Account: CUSTOMER }));
  expect(created.EventSourceArn).toBe(`arn:aws:events:eu-central-1::event-source/${Name}`);
  expect((await partner.send(new DescribePartnerEventSourceCommand({ Name }))).Name).toBe(Name);
  const listed = await partner.send(new ListPartnerEventSourcesCommand({ NamePrefix: 'aws.partner/example.com/' }));
  expect(listed.PartnerEventSources).toHaveLength(1);
  const accounts = await partner.send(new ListPartnerEventSourceAccountsCommand({ EventSourceName: Name }));
  expect(accounts.PartnerEventSourceAccounts).toMatchObject([{ Account: CUSTOMER, State: 'PENDING' }]);

  const offered = await customer.send(new ListEventSourcesCommand({}));
  expect(offered.EventSources).toMatchObject([{ Name, State: 'PENDING', ExpirationTime: expect.any(Date) }]);
  await customer.send(new CreateEventBusCommand({ Name, EventSourceName: Name }));
  expect((await customer.send(new DescribeEventBusCommand({ Name }))).Arn).toBe(
    `arn:aws:events:eu-central-1:${CUSTOMER}:event-bus/${Name}`,
  );
  const sqs = server.sqs({ accessKeyId: CUSTOMER, secretAccessKey: 'test' }, 'eu-central-1');
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'seen' }));
  const EventPattern = JSON.stringify({ source: [{ prefix: 'aws.partner/example.com/' }] });
  await customer.send(new PutRuleCommand({ EventBusName: Name, Name: 'all', EventPattern }));
  const Targets = [{ Id: 'q', Arn: `arn:aws:sqs:eu-central-1:${CUSTOMER}:seen` }];
  await customer.send(new PutTargetsCommand({ EventBusName: Name, Rule: 'all', Targets }));

  const put = await sold();
  expect(put.FailedEntryCount).toBe(0);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  expect(JSON.parse(Messages?.[0]?.Body ?? '')).toMatchObject({
    id: put.Entries?.[0]?.EventId,
    source: Name,
    account: CUSTOMER,
    region: 'eu-central-1',
    detail: { n: 1 },
  });

  await customer.send(new DeactivateEventSourceCommand({ Name }));
  expect((await sold()).FailedEntryCount).toBe(0);
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
  await customer.send(new ActivateEventSourceCommand({ Name }));
  expect((await customer.send(new DescribeEventSourceCommand({ Name }))).State).toBe('ACTIVE');
  await partner.send(new DeletePartnerEventSourceCommand({ Name, Account: CUSTOMER }));
  expect((await customer.send(new DescribeEventSourceCommand({ Name }))).State).toBe('DELETED');
  expect((await sold()).Entries).toMatchObject([{ ErrorCode: 'NotAuthorizedForSourceException' }]);
});

test('a source that is not there has AWS’s exception', async () => {
  const asked = customer.send(new DescribeEventSourceCommand({ Name: `${Name}/none` }));
  await expect(asked).rejects.toBeInstanceOf(ResourceNotFoundException);
});
