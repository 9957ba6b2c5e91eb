import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { CreateQueueCommand, GetQueueUrlCommand, ListQueuesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './testing.ts';

const ROOT = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root-secret-root-secret' };
const ENVIRONMENT = {
  EDDY_ROOT_ACCESS_KEY_ID: ROOT.accessKeyId,
  EDDY_ROOT_SECRET_ACCESS_KEY: ROOT.secretAccessKey,
};

let server: TestServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function started(...args: string[]): Promise<TestServer> {
  server = await startTestServer(args, ENVIRONMENT);
  return server;
}

async function refusalOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).name;
  }
  return 'accepted';
}

async function userKey(url: string): Promise<{ accessKeyId: string; secretAccessKey: string }> {
  const iam = new IAMClient({ endpoint: url, region: 'us-east-1', credentials: ROOT, maxAttempts: 1 });
  await iam.send(new CreateUserCommand({ UserName: 'anna' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'anna' }));
  iam.destroy();
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

describe('strict', () => {
  test('the root key and keys of users are let in', async () => {
    const { url, sqs } = await started('--auth', 'strict');
    expect(await refusalOf(sqs(ROOT).send(new ListQueuesCommand({})))).toBe('accepted');
    expect(await refusalOf(sqs(await userKey(url)).send(new ListQueuesCommand({})))).toBe('accepted');
  });

  test('unsigned requests, unknown keys, account numbers and wrong secrets are not', async () => {
    const { url, sqs } = await started('--auth', 'strict');
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' };
    const unsigned = await fetch(url, { method: 'POST', headers, body: '{}' });
    expect(unsigned.status).toBeGreaterThanOrEqual(400);
    expect(await unsigned.text()).toContain('MissingAuthenticationToken');
    const keys = [
      { accessKeyId: 'test', secretAccessKey: 'test' },
      { accessKeyId: '111111111111', secretAccessKey: 'test' },
      { accessKeyId: 'AKIAAAAAAAAAAAAAAAAA', secretAccessKey: 'test' },
    ];
    for (const key of keys) {
      expect(await refusalOf(sqs(key).send(new ListQueuesCommand({})))).toMatch(
        /UnrecognizedClient|InvalidClientTokenId/,
      );
    }
    const forged = { ...ROOT, secretAccessKey: 'not the secret' };
    expect(await refusalOf(sqs(forged).send(new ListQueuesCommand({})))).toMatch(
      /InvalidSignature|SignatureDoesNotMatch/,
    );
  });

  test('an unsigned request is anonymous to a queue, when policies are enforced, and its policy decides', async () => {
    const { url, sqs } = await started('--auth', 'strict', '--iam', 'enforce');
    const root = sqs(ROOT);
    const policyFor = (name: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: '*',
            Action: 'sqs:SendMessage',
            Resource: `arn:aws:sqs:us-east-1:000000000000:${name}`,
          },
        ],
      });
    await root.send(new CreateQueueCommand({ QueueName: 'open', Attributes: { Policy: policyFor('open') } }));
    await root.send(new CreateQueueCommand({ QueueName: 'closed' }));
    const unsigned = async (operation: string, queue: string) => {
      const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` };
      const body = JSON.stringify({ QueueUrl: `${url}/000000000000/${queue}`, MessageBody: 'from nobody' });
      const { status } = await fetch(url, { method: 'POST', headers, body });
      return status;
    };
    expect(await unsigned('SendMessage', 'open')).toBe(200);
    expect(await unsigned('SendMessage', 'closed')).toBe(403);
    expect(await unsigned('ReceiveMessage', 'open')).toBe(403);
    const { Messages } = await root.send(new ReceiveMessageCommand({ QueueUrl: `${url}/000000000000/open` }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['from nobody']);
  });

  test('the admin API wants the root key, probes do not', async () => {
    const { url } = await started('--auth', 'strict');
    const basic = (user: string, password: string) => ({
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    });
    expect((await fetch(`${url}/_eddy/live`)).status).toBe(200);
    expect((await fetch(`${url}/_eddy/ready`)).status).toBe(200);
    expect((await fetch(`${url}/_localstack/health`)).status).toBe(200);
    for (const path of ['status', 'clock', 'peek?queue=q', 'tail', 'metrics', 'explain/x']) {
      expect((await fetch(`${url}/_eddy/${path}`)).status).toBe(401);
      expect((await fetch(`${url}/_eddy/${path}`, { headers: basic(ROOT.accessKeyId, 'wrong') })).status).toBe(401);
    }
    const own = basic(ROOT.accessKeyId, ROOT.secretAccessKey);
    expect((await fetch(`${url}/_eddy/status`, { headers: own })).status).toBe(200);
  });
});

describe('relaxed', () => {
  test('any key is let in; a known key that signs wrongly is noted once', async () => {
    const { sqs, problems } = await started();
    expect(await refusalOf(sqs().send(new ListQueuesCommand({})))).toBe('accepted');
    const forged = sqs({ ...ROOT, secretAccessKey: 'not the secret' });
    expect(await refusalOf(forged.send(new ListQueuesCommand({})))).toBe('accepted');
    expect(await refusalOf(forged.send(new ListQueuesCommand({})))).toBe('accepted');
    expect(problems).toEqual([expect.stringContaining(`a request of ${ROOT.accessKeyId} would have been refused`)]);
  });
});

describe('permissions enforced', () => {
  test('a made-up key is nobody, and the refusal says what to do', async () => {
    const { sqs } = await started('--iam', 'enforce');
    const refused = sqs().send(new ListQueuesCommand({}));
    await expect(refused).rejects.toThrow(/access key test is not known.*eddy env/);
    expect(await refusalOf(sqs({ ...ROOT, secretAccessKey: 'wrong' }).send(new ListQueuesCommand({})))).not.toBe(
      'accepted',
    );
    expect(await refusalOf(sqs(ROOT).send(new ListQueuesCommand({})))).toBe('accepted');
  });

  test('a user may do what a policy allows, and nothing else', async () => {
    const { url, sqs } = await started('--iam', 'enforce');
    const anna = sqs(await userKey(url));
    expect(await refusalOf(anna.send(new ListQueuesCommand({})))).toBe('AccessDenied');
    const iam = new IAMClient({ endpoint: url, region: 'us-east-1', credentials: ROOT });
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sqs:ListQueues', Resource: '*' }],
    });
    await iam.send(new PutUserPolicyCommand({ UserName: 'anna', PolicyName: 'list', PolicyDocument }));
    iam.destroy();
    expect(await refusalOf(anna.send(new ListQueuesCommand({})))).toBe('accepted');
    expect(await refusalOf(anna.send(new GetQueueUrlCommand({ QueueName: 'q' })))).not.toBe('accepted');
  });
});
