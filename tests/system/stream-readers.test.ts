// What reads streams and what writes them, deployed by Terraform against the real program: applied, unchanged, at work, destroyed.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  type _Record,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanEnvironment, type EddyProcess, PROJECT, run, startEddy, temporaryFolder } from './eddy-process.ts';
import { expectNoChanges, type Module, openModule, whyNoTerraform } from './terraform.ts';

const reason = await whyNoTerraform('aws', 'python3');

const CODE = `import base64, json
def handler(event, context):
    if "Records" not in event:
        raise Exception("cannot")
    failures = []
    for record in event["Records"]:
        order = json.loads(base64.b64decode(record["kinesis"]["data"]))
        print("READ", record["kinesis"]["partitionKey"], order["n"])
        if order["n"] == "bad":
            raise Exception("a bad order")
    return {"batchItemFailures": failures}
`;

describe.skipIf(reason !== undefined)(
  `readers of streams${reason === undefined ? '' : ` (not run: ${reason})`}`,
  () => {
    let folder: ReturnType<typeof temporaryFolder>;
    let module: Module;
    let server: EddyProcess;
    let outputs: Record<string, string>;

    beforeAll(async () => {
      folder = temporaryFolder();
      const code = join(folder.path, 'reader.zip');
      writeFileSync(code, zipSync({ 'app.py': new TextEncoder().encode(CODE) }));
      server = await startEddy(['--data-dir', join(folder.path, 'data'), '--clock', 'frozen']);
      const source = join(PROJECT, 'tests', 'system', 'modules', 'stream-readers');
      module = openModule(source, folder.path, () => ({ endpoint: server.url, code }));
    });

    afterAll(async () => {
      await server.end('SIGKILL');
      folder.remove();
    });

    async function aws<O = Record<string, never>>(...args: string[]): Promise<O> {
      const key = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_DEFAULT_REGION: 'us-east-1' };
      const command = ['--endpoint-url', server.url, '--output', 'json', ...args];
      const { code, stdout, stderr } = await run('aws', command, { env: cleanEnvironment(key) });
      expect(`${code} ${stderr}`).toBe('0 ');
      return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as O;
    }

    /** Moves the server's clock; everything that is due on the way is done when it answers. */
    async function advance(ms: number): Promise<void> {
      const moved = await fetch(`${server.url}/_eddy/clock`, {
        method: 'POST',
        body: JSON.stringify({ action: 'advance', ms }),
      });
      expect(`${moved.status} ${moved.ok ? '' : await moved.text()}`).toBe('200 ');
    }

    async function bodies(queue: string): Promise<string[]> {
      const { QueueUrl } = await aws<{ QueueUrl: string }>('sqs', 'get-queue-url', '--queue-name', queue);
      const found: string[] = [];
      for (;;) {
        const taken = await aws<{ Messages?: { Body: string }[] }>(
          ...['sqs', 'receive-message', '--queue-url', QueueUrl, '--max-number-of-messages', '10'],
        );
        if (taken.Messages === undefined) return found;
        found.push(...taken.Messages.map(({ Body }) => Body));
      }
    }

    // The command line takes bytes in base64 or not, by its version.
    const put = (StreamName: string, PartitionKey: string, data: object) =>
      clients().kinesis.send(
        new PutRecordCommand({ StreamName, PartitionKey, Data: Buffer.from(JSON.stringify(data)) }),
      );

    async function recordsOf(StreamName: string): Promise<readonly _Record[]> {
      const { kinesis } = clients();
      const ShardId = 'shardId-000000000000';
      const start = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' as const };
      let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(start));
      const records: _Record[] = [];
      for (let isBehind = true; isBehind; ) {
        const page = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
        records.push(...(page.Records ?? []));
        ShardIterator = page.NextShardIterator;
        isBehind = (page.MillisBehindLatest ?? 0) > 0;
      }
      return records;
    }

    function clients() {
      const settings = {
        endpoint: server.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      };
      return { kinesis: new KinesisClient(settings), lambda: new LambdaClient(settings) };
    }

    test('are applied, and the second plan is empty', async () => {
      outputs = await module.apply();
      await expectNoChanges(module);
      const shown = await aws('lambda', 'get-event-source-mapping', '--uuid', outputs['mapping'] ?? '');
      expect(shown).toMatchObject({ ParallelizationFactor: 2, LastProcessingResult: 'No records processed' });
    }, 300_000);

    test('orders reach the function and the pipe, and those that fail their destination', async () => {
      for (const n of ['one', 'two', 'bad']) await put('orders', n, { kind: 'order', n });
      await put('orders', 'x', { kind: 'other', n: 'x' });
      await advance(10_000);
      const { events } = await aws<{ events: { message: string }[] }>(
        ...['logs', 'filter-log-events', '--log-group-name', '/aws/lambda/reader', '--filter-pattern', 'READ'],
      );
      const read = new Set(events.map(({ message }) => message.trim()));
      expect([...read].sort()).toEqual(['READ bad bad', 'READ one one', 'READ two two']);
      const [letter = '{}', ...more] = await bodies('failed');
      expect(more).toEqual([]);
      expect(JSON.parse(letter)).toMatchObject({
        requestContext: { condition: 'RetryAttemptsExhausted' },
        KinesisBatchInfo: { batchSize: 1 },
      });
      const piped = (await bodies('piped')).map((body) => (JSON.parse(body) as { n: string }).n);
      expect(piped.sort()).toEqual(['bad', 'one', 'two', 'x']);
    }, 120_000);

    test('rules, schedules and log groups put records', async () => {
      const entry = { Source: 'shop', DetailType: 'sold', Detail: '{"customer":"ann"}' };
      await aws('events', 'put-events', '--entries', JSON.stringify([entry]));
      const logStream = ['--log-group-name', '/shop/web', '--log-stream-name', 'one'];
      await aws('logs', 'create-log-stream', ...logStream);
      const { nowMs } = (await (await fetch(`${server.url}/_eddy/clock`)).json()) as { nowMs: number };
      const event = { timestamp: nowMs, message: 'ERROR out of stock' };
      await aws('logs', 'put-log-events', ...logStream, '--log-events', JSON.stringify([event]));
      // The schedule's day is over, the stream's is not.
      await advance(24 * 3_600_000 - 5_000);
      const records = await recordsOf('signals');
      const keys = records.map(({ PartitionKey }) => PartitionKey);
      expect(keys).toContain('ann');
      expect(keys).toContain('clock');
      const texts = records.map(({ Data = new Uint8Array() }) =>
        (Data[0] === 0x1f ? gunzipSync(Data) : Buffer.from(Data)).toString(),
      );
      expect(texts.join('\n')).toContain('ERROR out of stock');
      expect(texts.join('\n')).toContain('tick');
    }, 120_000);

    test('a topic fills the delivery stream, and a failed event becomes an object', async () => {
      await aws('sns', 'publish', '--topic-arn', outputs['topic'] ?? '', '--message', 'hello archive');
      const event = { FunctionName: 'reader', InvocationType: 'Event' as const, Payload: Buffer.from('{}') };
      await clients().lambda.send(new InvokeCommand(event));
      await advance(120_000);
      const { Contents } = await aws<{ Contents: { Key: string; Size: number }[] }>(
        ...['s3api', 'list-objects-v2', '--bucket', 'artifacts'],
      );
      const keys = Contents.map(({ Key }) => Key);
      expect(keys.some((key) => /^aws\/lambda\/async\/reader\//.test(key))).toBe(true);
      const archived = keys.find((key) => key.includes('archive')) ?? '';
      const file = join(folder.path, 'object');
      await aws('s3api', 'get-object', '--bucket', 'artifacts', '--key', archived, file);
    }, 120_000);

    test('leave nothing behind', async () => {
      await module.destroy();
      expect(await aws('lambda', 'list-event-source-mappings')).toMatchObject({ EventSourceMappings: [] });
      expect(await aws('pipes', 'list-pipes')).toMatchObject({ Pipes: [] });
    }, 300_000);
  },
);
