// The AWS clients of everything that runs here. Where they lead is the environment's business, as everywhere with the SDK: AWS_ENDPOINT_URL
// leads to Eddy, nothing at all leads to AWS. What drives several pipelines from one process says it instead.

import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { Firehose } from '@aws-sdk/client-firehose';
import { IAM } from '@aws-sdk/client-iam';
import { Kinesis } from '@aws-sdk/client-kinesis';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';

export interface Where {
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A server that is away for a moment is asked again; whoever calls decides how long. */
const shared = { maxAttempts: 5 };

export const makeEvents = (where: Where = {}) => new EventBridge({ ...shared, ...where });
export const makeFirehose = (where: Where = {}) => new Firehose({ ...shared, ...where });
export const makeIam = (where: Where = {}) => new IAM({ ...shared, ...where });
export const makeKinesis = (where: Where = {}) => new Kinesis({ ...shared, ...where });
export const makeLambda = (where: Where = {}) => new Lambda({ ...shared, ...where });
export const makeLogs = (where: Where = {}) => new CloudWatchLogs({ ...shared, ...where });
/** Buckets in the path: names of hosts below 127.0.0.1 lead nowhere. */
export const makeS3 = (where: Where = {}) => new S3({ ...shared, ...where, forcePathStyle: true });
export const makeSns = (where: Where = {}) => new SNS({ ...shared, ...where });
export const makeSqs = (where: Where = {}) => new SQS({ ...shared, ...where });
