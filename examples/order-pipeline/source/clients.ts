// The AWS clients of everything that runs here. Where they lead is the environment's business, as everywhere with the SDK:
// AWS_ENDPOINT_URL leads to Eddy, nothing at all leads to AWS.

import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { Firehose } from '@aws-sdk/client-firehose';
import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';

/** A server that is away for a moment is asked again; whoever calls decides how long. */
const shared = { maxAttempts: 5 };

export const makeEvents = () => new EventBridge(shared);
export const makeFirehose = () => new Firehose(shared);
export const makeIam = () => new IAM(shared);
export const makeKinesis = () => new Kinesis(shared);
export const makeLambda = () => new Lambda(shared);
export const makeLogs = () => new CloudWatchLogs(shared);
/** Buckets in the path: names of hosts below 127.0.0.1 lead nowhere. */
export const makeS3 = () => new S3({ ...shared, forcePathStyle: true });
export const makeSns = () => new SNS(shared);
export const makeSqs = () => new SQS(shared);
