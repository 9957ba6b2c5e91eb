// AWS SDK clients for setting up what the bench measures.

import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { ROOT_KEY, type Running } from './processes.ts';

function settings(server: Running): { endpoint: string; region: string; credentials: typeof ROOT_KEY } {
  return { endpoint: server.url, region: 'us-east-1', credentials: ROOT_KEY };
}

export const clients = {
  sqs: (server: Running): SQS => new SQS({ ...settings(server), md5: false as never }),
  sns: (server: Running): SNSClient => new SNSClient(settings(server)),
  events: (server: Running): EventBridgeClient => new EventBridgeClient(settings(server)),
  kinesis: (server: Running): KinesisClient => new KinesisClient(settings(server)),
  lambda: (server: Running): LambdaClient => new LambdaClient(settings(server)),
  iam: (server: Running): IAMClient => new IAMClient(settings(server)),
  logs: (server: Running): CloudWatchLogsClient => new CloudWatchLogsClient(settings(server)),
};
