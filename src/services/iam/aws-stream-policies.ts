// table: AWS's managed policies for streams, delivery streams and buckets, and for the functions and rules that work with them. Documents and versions are AWS's.
// AWS: "AWS Managed Policy Reference Guide", which tells the minute of creation and not the second.

import type { AwsPolicy } from './aws-policies.ts';

const allow = (Action: string | readonly string[], Sid?: string): object => ({
  ...(Sid === undefined ? {} : { Sid }),
  Effect: 'Allow',
  Action,
  Resource: '*',
});
const SERVICE_ROLE = '/service-role/';

export const AWS_STREAM_POLICIES: Readonly<Record<string, AwsPolicy>> = {
  AmazonKinesisFullAccess: { version: 'v1', createdAt: '2015-02-06T18:40:00Z', statements: [allow('kinesis:*')] },
  AmazonKinesisReadOnlyAccess: {
    version: 'v1',
    createdAt: '2015-02-06T18:40:00Z',
    statements: [allow(['kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*'])],
  },
  AmazonKinesisFirehoseFullAccess: {
    version: 'v1',
    createdAt: '2015-10-07T18:45:00Z',
    statements: [allow(['firehose:*'])],
  },
  AmazonKinesisFirehoseReadOnlyAccess: {
    version: 'v1',
    createdAt: '2015-10-07T18:43:00Z',
    statements: [allow(['firehose:Describe*', 'firehose:List*'])],
  },
  AmazonS3FullAccess: {
    version: 'v2',
    createdAt: '2015-02-06T18:40:00Z',
    statements: [allow(['s3:*', 's3-object-lambda:*'])],
  },
  AmazonS3ReadOnlyAccess: {
    version: 'v3',
    createdAt: '2015-02-06T18:40:00Z',
    statements: [allow(['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*', 's3-object-lambda:List*'])],
  },
  AWSLambdaKinesisExecutionRole: {
    path: SERVICE_ROLE,
    version: 'v2',
    createdAt: '2015-04-09T15:14:00Z',
    statements: [
      allow([
        'kinesis:DescribeStream',
        'kinesis:DescribeStreamSummary',
        'kinesis:GetRecords',
        'kinesis:GetShardIterator',
        'kinesis:ListShards',
        'kinesis:ListStreams',
        'kinesis:SubscribeToShard',
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:PutLogEvents',
      ]),
    ],
  },
  CloudWatchEventsInvocationAccess: {
    path: SERVICE_ROLE,
    version: 'v1',
    createdAt: '2016-01-14T18:36:00Z',
    statements: [allow(['kinesis:PutRecord'], 'CloudWatchEventsInvocationAccess')],
  },
};
