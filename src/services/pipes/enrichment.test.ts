// What an enrichment is asked and what becomes of its answer; input templates; a pipe's log.

import { beforeEach, describe, expect, it } from 'vitest';
import { ARN, ok, PipesTest, queueArn, RawAnswer } from './testing.ts';

let test: PipesTest;
beforeEach(async () => {
  test = await PipesTest.open();
  await test.queue('target');
});

const TARGET = queueArn('target');
const BODY = { TargetParameters: { InputTemplate: '<$.body>' } };

describe('a function that enriches', () => {
  it('PIP-ENR-01 gets the batch as an array, and the target what it answers', async () => {
    await test.queue('orders');
    const ids = [await test.send('1'), await test.send('2')];
    const Enrichment = await test.function('enrich', (events: { body: string }[]) =>
      events.map(({ body }) => ({ total: Number(body) * 10 })),
    );
    await test.pipe({ Source: queueArn('orders'), Target: TARGET, Enrichment });
    await test.cell.settle();
    expect(test.invoked).toMatchObject([{ event: [{ messageId: ids[0] }, { messageId: ids[1] }] }]);
    expect(await test.bodies('target')).toEqual(['{"total":10}', '{"total":20}']);
    expect(await test.counts()).toBe('0 0');
  });

  it.each([
    ['""', '""'],
    ['{}', '{}'],
    ['[]', '[]'],
    ['nothing', 'null'],
    ['no bytes', ''],
  ])('PIP-ENR-02 with %s as its answer, the target gets nothing and the messages are done', async (_what, answer) => {
    const Enrichment = await test.function('enrich', () => new RawAnswer(answer));
    await test.pipe({ Target: TARGET, Enrichment });
    await test.send('1');
    await test.cell.settle();
    expect([await test.counts(), await test.counts('target')]).toEqual(['0 0', '0 0']);
    expect(test.facts('PipeBatchEnriched')).toMatchObject([{ eventCount: 0 }]);
  });

  it.each([
    ['an empty object in an array', '[{}]', ['{}']],
    ['an object', '{"a": 1.50}', ['{"a":1.50}']],
    ['more events than there were', '[1,"two",{"n":3}]', ['1', '"two"', '{"n":3}']],
    ['a text that is not JSON', 'hello', ['hello']],
  ])('PIP-ENR-03 with %s, the target gets just that', async (_what, answer, bodies) => {
    const Enrichment = await test.function('enrich', () => new RawAnswer(answer));
    await test.pipe({ Target: TARGET, Enrichment });
    await test.send('1');
    await test.cell.settle();
    expect(await test.bodies('target')).toEqual(bodies);
  });

  it('PIP-ENR-04 a function as the target gets an array or an object as it was answered', async () => {
    const Enrichment = await test.function('enrich', () => ({ a: 1 }));
    const Target = await test.function('end');
    await test.pipe({ Target, Enrichment });
    await test.send('1');
    await test.cell.settle();
    test.functions.set('enrich', () => [{ a: 1 }]);
    await test.send('2');
    await test.cell.settle();
    expect(test.invoked.filter(({ name }) => name === 'end').map(({ event }) => event)).toEqual([{ a: 1 }, [{ a: 1 }]]);
  });

  it('PIP-ENR-05 more events than the target takes at once are not sent', async () => {
    const Enrichment = await test.function('enrich', () => Array.from({ length: 11 }, (_, i) => i));
    await test.pipe({ Target: TARGET, Enrichment });
    await test.send('1');
    await test.cell.settle();
    expect([await test.counts(), await test.counts('target')]).toEqual(['0 1', '0 0']);
    expect(test.facts('PipeBatchEnded')).toMatchObject([{ code: 'BatchTooLarge' }]);
  });

  it('PIP-ENR-06 fails the batch when it fails, and is asked again for what comes back', async () => {
    const Enrichment = await test.function('enrich', () => {
      throw new RangeError('broken');
    });
    await test.pipe({ Target: TARGET, Enrichment });
    await test.send('1');
    await test.cell.settle();
    expect(test.facts('PipeBatchEnded')).toMatchObject([{ failedArn: Enrichment, code: 'RangeError' }]);
    test.functions.set('enrich', (events) => events);
    await test.cell.advance(31_000);
    expect(await test.counts('target')).toBe('1 0');
  });

  it('PIP-ENR-07 events that keep their messageId can fail one by one', async () => {
    await test.queue('orders');
    for (const body of ['1', '2', '3']) await test.send(body);
    const Enrichment = await test.function('enrich', (events: { messageId: string; body: string }[]) =>
      events.map(({ messageId, body }) => ({ messageId, text: body === '2' ? 'x'.repeat(2000) : body })),
    );
    await test.queue('small', { MaximumMessageSize: '1024' });
    await test.pipe({ Source: queueArn('orders'), Target: queueArn('small'), Enrichment });
    await test.cell.settle();
    expect([await test.counts(), await test.counts('small')]).toEqual(['0 1', '2 0']);
  });

  it('PIP-ENR-08 without ids all come back when one fails', async () => {
    await test.queue('orders');
    for (const body of ['1', '2', '3']) await test.send(body);
    const Enrichment = await test.function('enrich', (events: { body: string }[]) =>
      events.map(({ body }) => (body === '2' ? 'x'.repeat(2000) : body)),
    );
    await test.queue('small', { MaximumMessageSize: '1024' });
    await test.pipe({ Source: queueArn('orders'), Target: queueArn('small'), Enrichment });
    await test.cell.settle();
    expect([await test.counts(), await test.counts('small')]).toEqual(['0 3', '1 0']);
  });
});

async function destination(): Promise<string> {
  const { ConnectionArn } = await test.cell.call<{ ConnectionArn: string }>('events', 'CreateConnection', {
    Name: 'shop',
    AuthorizationType: 'API_KEY',
    AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: 'X-Key', ApiKeyValue: 'secret' } },
  });
  const { ApiDestinationArn } = await test.cell.call<{ ApiDestinationArn: string }>('events', 'CreateApiDestination', {
    Name: 'shop',
    ConnectionArn,
    InvocationEndpoint: 'https://api.test/orders/*',
    HttpMethod: 'POST',
  });
  return ApiDestinationArn;
}

describe('an API destination', () => {
  it('PIP-ENR-09 enriches one event at a time, with parameters of the event', async () => {
    const Enrichment = await destination();
    test.http = () => ok('{"enriched":true}');
    await test.pipe({
      Target: TARGET,
      Enrichment,
      EnrichmentParameters: {
        InputTemplate: '{"id":<$.body.id>}',
        HttpParameters: {
          PathParameterValues: ['$.body.id'],
          HeaderParameters: { 'X-Kind': '$.body.kind' },
          QueryStringParameters: { source: 'pipe' },
        },
      },
    });
    expect(await test.describe()).toMatchObject({ SourceParameters: { SqsQueueParameters: { BatchSize: 1 } } });
    await test.send({ id: 7, kind: 'new' });
    await test.cell.settle();
    expect(test.requests).toMatchObject([
      { method: 'POST', url: 'https://api.test/orders/7?source=pipe', body: '{"id":7}' },
    ]);
    expect(test.requests[0]?.headers).toContainEqual(['X-Kind', 'new']);
    expect(await test.bodies('target')).toEqual(['{"enriched":true}']);
  });

  it('PIP-TGT-09 as the target gets the event, which is deleted when it has answered', async () => {
    const Target = await destination();
    await test.pipe({
      Target,
      TargetParameters: { InputTemplate: '{"order":<$.body>}', HttpParameters: { PathParameterValues: ['1'] } },
    });
    test.http = () => ({ status: 400, headers: {}, body: new Uint8Array(), isBodyCut: false });
    await test.send({ n: 1 });
    await test.cell.settle();
    expect(await test.counts()).toBe('0 1');
    test.http = () => ok('{"batchItemFailures":[{"itemIdentifier":"x"}]}');
    await test.cell.advance(31_000);
    expect(test.requests.map(({ body }) => body)).toEqual(['{"order":{"n":1}}', '{"order":{"n":1}}']);
    expect(await test.counts()).toBe('0 0');
  });

  it('PIP-ERR-09 what cannot be reached is asked again while the messages are hidden', async () => {
    const Target = await destination();
    test.http = () => ({ failure: { kind: 'connection', detail: 'refused' } });
    await test.pipe({ Target, TargetParameters: { HttpParameters: { PathParameterValues: ['1'] } } });
    await test.send('1');
    await test.cell.advance(1_000);
    expect(test.requests).toHaveLength(2);
    test.http = () => ok('');
    await test.cell.advance(2_000);
    expect(test.requests).toHaveLength(3);
    expect(await test.counts()).toBe('0 0');
    expect(test.facts('PipePaused')).toEqual([]);
  });
});

describe('input templates', () => {
  const shaped = async (InputTemplate: string, body: unknown, more: object = {}): Promise<string | undefined> => {
    await test.pipe({ Target: TARGET, TargetParameters: { InputTemplate }, ...more });
    await test.send(body);
    await test.cell.settle();
    return (await test.bodies('target'))[0];
  };

  it.each([
    ['a text', '"Hello, sender"', 'x', '"Hello, sender"'],
    ['a path', '<$.attributes.SenderId>', 'x', '"000000000000"'],
    ['a path in a text', '"Hello, <$.attributes.SenderId>"', 'x', '"Hello, 000000000000"'],
    [
      'JSON in a body',
      '{"key":<$.body.key>,"item":<$.body.list[1]>}',
      { key: 'k', list: [1, 2.0] },
      '{"key":"k","item":2}',
    ],
    ['the digits of a number', '{"n":<$.body.n>}', '{"n":12345678901234567890.10}', '{"n":12345678901234567890.10}'],
    ['a wildcard', '<$.body.items[*].id>', { items: [{ id: 1 }, { id: 2 }] }, '[1,2]'],
    ['an object alone, as a text', '<$.body>', { key: 'value', list: ['a', 1] }, '{key:value,list:[a,1]}'],
    ['an object in a text', 'got <$.body.o>', { o: { k: 'v' } }, 'got {k:v}'],
    ['an object in JSON', '[<$.body>]', { key: 'value' }, '[{"key":"value"}]'],
    ['a text of the body alone', '<$.body.key>', { key: 'value' }, '"value"'],
    ['a missing value', '{"none":<$.body.none>}', { a: 1 }, '{"none":""}'],
    ['a body that is not JSON', '{"text":<$.body>}', 'a "quoted" text', '{"text":"a \\"quoted\\" text"}'],
    ['the pipe', '{"arn":<aws.pipes.pipe-arn>,"name":<aws.pipes.pipe-name>}', 'x', `{"arn":"${ARN}","name":"orders"}`],
    [
      'source and target',
      '[<aws.pipes.source-arn>,<aws.pipes.target-arn>,<aws.pipes.enrichment-arn>]',
      'x',
      `["${queueArn('orders')}","${TARGET}",""]`,
    ],
    ['the time', '<aws.pipes.event.ingestion-time>', 'x', '"2026-01-15T12:00:00Z"'],
  ])('PIP-TPL-01 %s', async (_what, template, body, expected) => {
    expect(await shaped(template, body)).toBe(expected);
  });

  it('PIP-TPL-02 the event is as it came; as JSON its body is part of it', async () => {
    const text = await shaped('{"event":<aws.pipes.event>,"json":<aws.pipes.event.json>}', { n: 1 });
    const { event, json } = JSON.parse(text ?? '');
    expect(event.body).toBe('{"n":1}');
    expect(json).toEqual({ ...event, body: { n: 1 } });
  });

  it('PIP-TPL-03 without JSON in the body there is no event as JSON', async () => {
    expect(await shaped('{"json":<aws.pipes.event.json>}', 'text')).toBe('{"json":""}');
  });

  it('PIP-TPL-04 the enrichment has one, and the target one for what it answered', async () => {
    const Enrichment = await test.function('enrich', (events: unknown[]) => events.map((event) => ({ got: event })));
    const EnrichmentParameters = { InputTemplate: '{"id":<$.body.id>}' };
    expect(
      await shaped('{"all":<aws.pipes.event.json>,"id":<$.got.id>}', { id: 5 }, { Enrichment, EnrichmentParameters }),
    ).toBe('{"all":{"got":{"id":5}},"id":5}');
  });

  it('PIP-TPL-05 a template that makes no JSON fails for a function', async () => {
    const Target = await test.function('end');
    await test.pipe({ Target, TargetParameters: { InputTemplate: 'Hello <$.body>' } });
    await test.send('x');
    await test.cell.settle();
    expect(test.invoked).toEqual([]);
    expect(test.facts('PipeBatchEnded')).toMatchObject([{ code: 'TransformationFailed' }]);
  });
});

describe('a log group', () => {
  beforeEach(async () => {
    await test.cell.call('logs', 'CreateLogGroup', { logGroupName: 'lines' });
  });

  it('PIP-TGT-10 as the target gets a line an event, with its stream and time', async () => {
    await test.pipe({
      Target: 'arn:aws:logs:us-east-1:000000000000:log-group:lines:*',
      TargetParameters: {
        InputTemplate: '<$.body.text>',
        CloudWatchLogsParameters: { LogStreamName: '$.body.stream', Timestamp: '$.body.at' },
      },
    });
    await test.send({ text: 'one', stream: 'first', at: Date.UTC(2026, 0, 15, 11) });
    await test.cell.settle();
    expect(await test.logLines('lines')).toEqual([{ message: '"one"', stream: 'first' }]);
  });

  const logged = (Level: string, IncludeExecutionData?: string[]) => ({
    LogConfiguration: {
      Level,
      CloudwatchLogsLogDestination: { LogGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:lines' },
      ...(IncludeExecutionData === undefined ? {} : { IncludeExecutionData }),
    },
  });
  const steps = async () => (await test.logLines('lines')).map(({ message }) => JSON.parse(message));

  it('PIP-LOG-01 tells at TRACE every step of an execution, in order', async () => {
    const Enrichment = await test.function('enrich', (events) => events);
    await test.pipe({ Target: TARGET, Enrichment, ...BODY, ...logged('TRACE') });
    await test.send('1');
    await test.cell.settle();
    const records = await steps();
    expect(records.map(({ messageType }) => messageType)).toEqual([
      ...['ExecutionStarted', 'EnrichmentStageEntered', 'EnrichmentInvocationStarted'],
      ...['EnrichmentInvocationSucceeded', 'EnrichmentStageSucceeded', 'TargetStageEntered'],
      ...['TargetTransformationStarted', 'TargetTransformationSucceeded', 'TargetInvocationStarted'],
      ...['TargetInvocationSucceeded', 'TargetStageSucceeded', 'ExecutionSucceeded'],
    ]);
    expect(new Set(records.map(({ executionId }) => executionId)).size).toBe(1);
    expect(records[0]).toEqual({
      resourceArn: ARN,
      timestamp: Date.UTC(2026, 0, 15, 12),
      executionId: records[0].executionId,
      messageType: 'ExecutionStarted',
      logLevel: 'INFO',
    });
  });

  it('PIP-LOG-02 tells at ERROR what failed, where and why', async () => {
    await test.pipe({ Target: queueArn('missing'), ...logged('ERROR') });
    await test.send('1');
    await test.cell.settle();
    const records = await steps();
    expect(records.map(({ messageType }) => messageType)).toEqual([
      ...['TargetInvocationFailed', 'TargetStageFailed', 'ExecutionFailed'],
    ]);
    expect(records[2].error).toEqual({
      message: 'Target invocation failed with error from sqs. The specified queue does not exist.',
      awsService: 'sqs',
      exceptionType: 'AWS.SimpleQueueService.NonExistentQueue',
      resourceArn: queueArn('missing'),
    });
  });

  it('PIP-LOG-02 tells the status that an endpoint answered', async () => {
    const Target = await destination();
    test.http = () => ({ status: 404, headers: {}, body: new Uint8Array(), isBodyCut: false });
    await test.pipe({ Target, ...logged('ERROR') });
    await test.send('1');
    await test.cell.settle();
    const records = await steps();
    expect(records.at(-1).error).toMatchObject({ httpStatusCode: 404, awsService: 'events', resourceArn: Target });
  });

  it('PIP-LOG-03 tells at INFO the stages, and the data when it is asked to', async () => {
    await test.pipe({ Target: TARGET, ...BODY, ...logged('INFO', ['ALL']) });
    const messageId = await test.send('1');
    await test.cell.settle();
    const records = await steps();
    expect(records.map(({ messageType }) => messageType)).toEqual([
      ...['ExecutionStarted', 'TargetStageEntered', 'TargetStageSucceeded', 'ExecutionSucceeded'],
    ]);
    expect(JSON.parse(records[0].payload)).toMatchObject([{ messageId, body: '1' }]);
  });

  it('PIP-LOG-04 cuts data that is too long for a record, and says so', async () => {
    await test.pipe({ Target: TARGET, ...BODY, ...logged('INFO', ['ALL']) });
    await test.send('x'.repeat(300_000));
    await test.cell.settle();
    const [first] = await test.logLines('lines');
    expect(new TextEncoder().encode(first?.message).length).toBeLessThanOrEqual(256 * 1024);
    expect(JSON.parse(first?.message ?? '')).toMatchObject({ truncatedFields: ['payload'] });
  });
});
