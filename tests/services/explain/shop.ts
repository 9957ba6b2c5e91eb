// A whole server with AWS's clients and `eddy explain`. Not part of the product.

import { FirehoseClient } from '@aws-sdk/client-firehose';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { zipSync } from 'fflate';
import { explain } from '../../../src/cli/commands/watch.ts';
import { ServerClient } from '../../../src/cli/server-client.ts';
import { startTestServer, type TestServer } from '../../../src/server/testing.ts';

export const ROLE = 'arn:aws:iam::000000000000:role/shop';
export const SHARD = 'shardId-000000000000';

const ANY_UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const ANY_INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const ANY_NUMBER = /\b\d{56}\b/g;

export class Shop {
  readonly firehose: FirehoseClient;
  readonly kinesis: KinesisClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;

  /** Of a client of AWS's. */
  readonly config: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };

  private constructor(readonly server: TestServer) {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const config = { endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 };
    this.config = config;
    this.firehose = new FirehoseClient(config);
    this.kinesis = new KinesisClient(config);
    this.lambda = new LambdaClient(config);
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    this.sns = new SNSClient(config);
    this.sqs = new SQSClient(config);
  }

  static async open(): Promise<Shop> {
    return new Shop(await startTestServer(['--clock', 'frozen', '--iam', 'off']));
  }

  async close(): Promise<void> {
    for (const client of [this.firehose, this.kinesis, this.lambda, this.s3, this.sns, this.sqs]) client.destroy();
    await this.server.close();
  }

  /** Virtual time goes on, and everything that is due is done. */
  async advance(seconds: number): Promise<void> {
    const body = JSON.stringify({ action: 'advance', ms: seconds * 1_000 });
    const { status } = await fetch(`${this.server.url}/_eddy/clock`, { method: 'POST', body });
    if (status !== 200) throw new Error(`the clock answered ${status}`);
  }

  /** What the command shows, line by line, in which ids, sequence numbers and instants are `<id>`, `<number>`, `<time>`. */
  async explain(id: string): Promise<readonly string[]> {
    const text = await this.explained(id);
    const shown = text.replace(ANY_INSTANT, '<time>').replace(ANY_UUID, '<id>').replace(ANY_NUMBER, '<number>');
    return shown.split('\n').filter((line) => line !== '');
  }

  explained(id: string): Promise<string> {
    return explain(new ServerClient(this.server.url), id, false);
  }

  async bucket(Bucket: string): Promise<void> {
    await this.s3.send(new CreateBucketCommand({ Bucket }));
  }

  async queue(QueueName: string): Promise<string> {
    await this.sqs.send(new CreateQueueCommand({ QueueName }));
    return `arn:aws:sqs:us-east-1:000000000000:${QueueName}`;
  }

  async function(FunctionName: string, code: string): Promise<string> {
    const { FunctionArn = '' } = await this.lambda.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Runtime: 'nodejs20.x', Handler: 'index.handler', Role: ROLE },
        Code: { ZipFile: zipSync({ 'index.mjs': Buffer.from(code) }) },
      }),
    );
    return FunctionArn;
  }

  async mapping(FunctionName: string, stream: string, more: object = {}): Promise<string> {
    const { UUID = '' } = await this.lambda.send(
      new CreateEventSourceMappingCommand({
        ...{ FunctionName, EventSourceArn: streamArn(stream), StartingPosition: 'TRIM_HORIZON' },
        ...more,
      }),
    );
    return UUID;
  }
}

export const streamArn = (name: string): string => `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`;
