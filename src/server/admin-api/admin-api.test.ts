import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../testing.ts';
import type { ClockAnswer, JourneyStep, PeekAnswer } from './contract.ts';

let server: TestServer;
let sqs: SQSClient;

beforeAll(async () => {
  server = await startTestServer(['--clock', 'frozen']);
  sqs = server.sqs();
});

afterAll(async () => {
  expect(server.problems).toEqual([]);
  await server.close();
});

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(server.url + path, { headers });
}

function post(path: string, body: unknown): Promise<Response> {
  return fetch(server.url + path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });
}

async function queueWith(QueueName: string, ...bodies: string[]): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
  for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  return QueueUrl!;
}

describe('probes', () => {
  test.each(['/_eddy/live', '/_eddy/ready', '/_eddy/health', '/_localstack/health'])('%s answers 200', async (path) => {
    expect((await get(path)).status).toBe(200);
    expect((await fetch(server.url + path, { method: 'HEAD' })).status).toBe(200);
  });

  test('the health of LocalStack names services as its clients expect', async () => {
    const { services } = (await (await get('/_localstack/health')).json()) as { services: Record<string, string> };
    expect(services).toMatchObject({ sqs: 'available', sns: 'available', lambda: 'available', iam: 'available' });
  });
});

describe('what is not there', () => {
  test.each([
    ['/_eddy', 404],
    ['/_eddy/nothing', 404],
    ['/_eddy/explain/%zz', 404],
    ['/_eddy/explain/no-uuid', 404],
    ['/_aws/ses', 404],
    ['/_eddy/peek?queue=missing', 404],
    ['/_eddy/peek?queue=q&limit=-1', 404],
    ['/_aws/sqs/messages', 400],
  ])('%s answers %i and says why', async (path, status) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { message: string }).message).toMatch(/\.$/);
  });

  test('a method that does nothing is refused', async () => {
    expect((await post('/_eddy/status', {})).status).toBe(405);
  });
});

describe('the clock', () => {
  test('moves, and tells where it stands and what is due', async () => {
    const before = (await (await get('/_eddy/clock')).json()) as ClockAnswer;
    expect(before.mode).toBe('virtual');
    const after = (await (await post('/_eddy/clock', { action: 'advance', ms: 90_000 })).json()) as ClockAnswer;
    expect(after.nowMs - before.nowMs).toBe(90_000);
    const set = await post('/_eddy/clock', { action: 'set', to: new Date(after.nowMs + 1_000).toISOString() });
    expect(((await set.json()) as ClockAnswer).nowMs).toBe(after.nowMs + 1_000);
  });

  test.each([
    ['no JSON', 400],
    ['[]', 400],
    [{ action: 'jump' }, 400],
    [{ action: 'advance' }, 409],
    [{ action: 'advance', ms: -1 }, 409],
    [{ action: 'set', to: 'yesterday' }, 409],
    [{ action: 'set', to: '1999-01-01T00:00:00Z' }, 409],
  ])('%j is refused with %i', async (body, status) => {
    expect((await post('/_eddy/clock', body)).status).toBe(status);
  });
});

describe('peek', () => {
  test('tells visible, hidden and delayed messages apart', async () => {
    const QueueUrl = await queueWith('states', 'received', 'visible');
    await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'delayed', DelaySeconds: 60 }));
    const { messages } = (await (await get('/_eddy/peek?queue=states')).json()) as PeekAnswer;
    expect(messages.map(({ body, state }) => [body, state])).toEqual([
      ['received', 'in flight'],
      ['visible', 'visible'],
      ['delayed', 'delayed'],
    ]);
    for (const named of [QueueUrl, 'arn:aws:sqs:us-east-1:000000000000:states']) {
      const { messages: same } = (await (
        await get(`/_eddy/peek?queue=${encodeURIComponent(named)}`)
      ).json()) as PeekAnswer;
      expect(same).toEqual(messages);
    }
  });

  test('the alias that tools know answers as ReceiveMessage, and hides what is hidden', async () => {
    const QueueUrl = await queueWith('alias', 'one', 'two');
    await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const query = new URLSearchParams({ QueueUrl });
    const xml = await (await get(`/_aws/sqs/messages?${query}`)).text();
    expect(xml.match(/<Body>/g)).toHaveLength(1);
    const json = { accept: 'application/json' };
    const answer = await get('/_aws/sqs/messages/us-east-1/000000000000/alias?ShowInvisible=true', json);
    const shown = (await answer.json()) as { ReceiveMessageResponse: { ReceiveMessageResult: { Message: unknown[] } } };
    expect(shown.ReceiveMessageResponse.ReceiveMessageResult.Message).toHaveLength(2);
  });
});

describe('tail', () => {
  /** Stories until one in which the text occurs. */
  async function storiesUntil(path: string, text: string, act: () => Promise<unknown>): Promise<JourneyStep[]> {
    const controller = new AbortController();
    const answer = await fetch(server.url + path, { signal: controller.signal });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    await act();
    const steps: JourneyStep[] = [];
    let rest = '';
    const decoder = new TextDecoder();
    for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
      rest += decoder.decode(piece, { stream: true });
      const lines = rest.split('\n\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.startsWith('data: ')) steps.push(JSON.parse(line.slice(6)) as JourneyStep);
      if (steps.some((step) => step.story.includes(text))) break;
    }
    controller.abort();
    return steps;
  }

  test('tells what happens while it happens, and of one resource when asked', async () => {
    await queueWith('tailed-one');
    await queueWith('tailed-two');
    const steps = await storiesUntil('/_eddy/tail?resource=tailed-two', 'tailed-two', async () => {
      await queueWith('tailed-one', 'unheard');
      await queueWith('tailed-two', 'heard');
    });
    expect(steps.map(({ service, fact, caller }) => ({ service, fact, caller }))).toEqual([
      { service: 'sqs', fact: 'MessageSent', caller: 'arn:aws:iam::000000000000:root' },
    ]);
  });

  test('tells verdicts of policies in words, also those that were given before', async () => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const sns = new SNSClient({ endpoint: server.url, region: 'us-east-1', credentials });
    await queueWith('tailed-verdict');
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'tailed' }));
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:tailed-verdict';
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    for (let round = 0; round < 2; round += 1) {
      const steps = await storiesUntil('/_eddy/tail', 'entered tailed-verdict', () =>
        sns.send(new PublishCommand({ TopicArn, Message: 'm' })),
      );
      const verdicts = steps.filter(({ fact }) => fact === 'VerdictNoted').map(({ story }) => story);
      expect(verdicts).toEqual([
        expect.stringContaining(`AWS would have denied sqs:SendMessage on ${Endpoint} to sns.amazonaws.com: `),
      ]);
    }
    sns.destroy();
  });
});

test('metrics count by operation, without anything that a client can invent', async () => {
  await post('/?Action=DoNotKnow', '');
  const text = await (await get('/_eddy/metrics')).text();
  expect(text).toMatch(/eddy_requests_total\{service="sqs",op="CreateQueue",code="OK"\} \d+/);
  expect(text).toMatch(/eddy_build_info\{version="\d+\.\d+\.\d+"/);
  expect(text).not.toContain('DoNotKnow');
});

test('capabilities list what is done and what is refused', async () => {
  const capabilities = (await (await get('/_eddy/capabilities')).json()) as {
    service: string;
    done: string[];
    refused: string[];
  }[];
  const sqsOnes = capabilities.find(({ service }) => service === 'sqs');
  expect(sqsOnes?.refused).toEqual([]);
  expect(sqsOnes?.done).toContain('SendMessage');
  const streams = capabilities.find(({ service }) => service === 'kinesis');
  expect(streams?.refused).toContain('StartStreamEncryption');
});
