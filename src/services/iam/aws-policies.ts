// table: AWS's own managed policies, the ones that notification systems and their functions use. Documents are AWS's,
// in the version named. Attaching any other policy of AWS's is refused: its document is not known here.
// AWS: "AWS Managed Policy Reference Guide"; documents and versions as collected in github.com/zoph-io/MAMIP.

import type { Digest } from '#base/digest.ts';
import { derivedId } from '#wire/credential-ids.ts';
import { AWS_STREAM_POLICIES } from './aws-stream-policies.ts';
import type { PolicyDoc } from './state.ts';

export interface AwsPolicy {
  readonly path?: string;
  readonly version: string;
  readonly createdAt: string;
  readonly statements: readonly object[];
}

const allow = (actions: readonly string[], resource = '*', sid?: string): object => ({
  ...(sid === undefined ? {} : { Sid: sid }),
  Effect: 'Allow',
  Action: actions,
  Resource: resource,
});

const LAMBDA_LOGS = 'arn:aws:logs:*:*:log-group:/aws/lambda/*';
const WRITE_LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const LAMBDA_READS = [
  'cloudformation:DescribeStacks',
  'cloudformation:ListStackResources',
  'cloudwatch:ListMetrics',
  'cloudwatch:GetMetricData',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeVpcs',
  'kms:ListAliases',
  'iam:GetPolicy',
  'iam:GetPolicyVersion',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:ListRoles',
  'logs:DescribeLogGroups',
  'states:DescribeStateMachine',
  'states:ListStateMachines',
  'tag:GetResources',
  'xray:GetTraceSummaries',
  'xray:BatchGetTraces',
];
const SERVICE_ROLE = '/service-role/';

const AWS_POLICIES: Readonly<Record<string, AwsPolicy>> = {
  ...AWS_STREAM_POLICIES,
  AdministratorAccess: { version: 'v1', createdAt: '2015-02-06T18:39:46Z', statements: [allow(['*'])] },
  PowerUserAccess: {
    version: 'v12',
    createdAt: '2026-02-12T17:59:14Z',
    statements: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      allow([
        'account:GetAccountInformation',
        'account:GetGovCloudAccountInformation',
        'account:GetPrimaryEmail',
        'account:ListRegions',
        'iam:CreateServiceLinkedRole',
        'iam:DeleteServiceLinkedRole',
        'iam:ListRoles',
        'organizations:DescribeEffectivePolicy',
        'organizations:DescribeOrganization',
      ]),
    ],
  },
  IAMFullAccess: {
    version: 'v2',
    createdAt: '2019-06-21T19:40:00Z',
    statements: [
      allow([
        'iam:*',
        'organizations:DescribeAccount',
        'organizations:DescribeOrganization',
        'organizations:DescribeOrganizationalUnit',
        'organizations:DescribePolicy',
        'organizations:ListChildren',
        'organizations:ListParents',
        'organizations:ListPoliciesForTarget',
        'organizations:ListRoots',
        'organizations:ListPolicies',
        'organizations:ListTargetsForPolicy',
      ]),
    ],
  },
  IAMReadOnlyAccess: {
    version: 'v4',
    createdAt: '2018-01-25T19:11:27Z',
    statements: [
      allow([
        'iam:GenerateCredentialReport',
        'iam:GenerateServiceLastAccessedDetails',
        'iam:Get*',
        'iam:List*',
        'iam:SimulateCustomPolicy',
        'iam:SimulatePrincipalPolicy',
      ]),
    ],
  },
  AmazonSQSFullAccess: { version: 'v1', createdAt: '2015-02-06T18:41:07Z', statements: [allow(['sqs:*'])] },
  AmazonSQSReadOnlyAccess: {
    version: 'v3',
    createdAt: '2023-06-15T15:37:35Z',
    statements: [
      allow([
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ListDeadLetterSourceQueues',
        'sqs:ListQueues',
        'sqs:ListMessageMoveTasks',
      ]),
    ],
  },
  AmazonSNSFullAccess: { version: 'v1', createdAt: '2015-02-06T18:41:05Z', statements: [allow(['sns:*'])] },
  AmazonSNSReadOnlyAccess: {
    version: 'v1',
    createdAt: '2015-02-06T18:41:06Z',
    statements: [allow(['sns:GetTopicAttributes', 'sns:List*'])],
  },
  CloudWatchLogsFullAccess: {
    version: 'v3',
    createdAt: '2025-05-20T17:07:06Z',
    statements: [
      allow(
        ['logs:*', 'cloudwatch:GenerateQuery', 'cloudwatch:GenerateQueryResultsSummary'],
        '*',
        'CloudWatchLogsFullAccess',
      ),
    ],
  },
  CloudWatchLogsReadOnlyAccess: {
    version: 'v6',
    createdAt: '2023-11-26T18:11:33Z',
    statements: [
      allow(
        [
          'logs:Describe*',
          'logs:Get*',
          'logs:List*',
          'logs:StartQuery',
          'logs:StopQuery',
          'logs:TestMetricFilter',
          'logs:FilterLogEvents',
          'logs:StartLiveTail',
          'logs:StopLiveTail',
          'cloudwatch:GenerateQuery',
        ],
        '*',
        'CloudWatchLogsReadOnlyAccess',
      ),
    ],
  },
  AWSLambda_FullAccess: {
    version: 'v5',
    createdAt: '2026-02-11T22:18:56Z',
    statements: [
      allow([...LAMBDA_READS, 'kms:DescribeKey', 'lambda:*']),
      {
        ...allow(['iam:PassRole']),
        Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      },
      allow(
        [
          'logs:DescribeLogStreams',
          'logs:GetLogEvents',
          'logs:FilterLogEvents',
          'logs:StartLiveTail',
          'logs:StopLiveTail',
        ],
        LAMBDA_LOGS,
      ),
      {
        ...allow(
          ['iam:CreateServiceLinkedRole'],
          'arn:aws:iam::*:role/aws-service-role/lambda.amazonaws.com/AWSServiceRoleForLambda',
        ),
        Condition: { StringEquals: { 'iam:AWSServiceName': 'lambda.amazonaws.com' } },
      },
    ],
  },
  AWSLambda_ReadOnlyAccess: {
    version: 'v2',
    createdAt: '2023-07-27T17:32:05Z',
    statements: [
      allow([...LAMBDA_READS, 'cloudformation:ListStacks', 'lambda:Get*', 'lambda:List*']),
      allow(
        [
          'logs:DescribeLogStreams',
          'logs:GetLogEvents',
          'logs:FilterLogEvents',
          'logs:StartQuery',
          'logs:StopQuery',
          'logs:DescribeQueries',
          'logs:GetLogGroupFields',
          'logs:GetLogRecord',
          'logs:GetQueryResults',
        ],
        LAMBDA_LOGS,
      ),
    ],
  },
  AWSLambdaExecute: {
    version: 'v1',
    createdAt: '2015-02-06T18:40:46Z',
    statements: [allow(['logs:*'], 'arn:aws:logs:*:*:*'), allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::*')],
  },
  AWSXRayDaemonWriteAccess: {
    version: 'v2',
    createdAt: '2024-02-13T21:58:30Z',
    statements: [
      allow(
        [
          'xray:PutTraceSegments',
          'xray:PutTelemetryRecords',
          'xray:GetSamplingRules',
          'xray:GetSamplingTargets',
          'xray:GetSamplingStatisticSummaries',
        ],
        '*',
        'AWSXRayDaemonWriteAccess',
      ),
    ],
  },
  AWSLambdaBasicExecutionRole: {
    path: SERVICE_ROLE,
    version: 'v1',
    createdAt: '2015-04-09T15:03:43Z',
    statements: [allow(WRITE_LOGS)],
  },
  AWSLambdaSQSQueueExecutionRole: {
    path: SERVICE_ROLE,
    version: 'v1',
    createdAt: '2018-06-14T21:50:45Z',
    statements: [allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', ...WRITE_LOGS])],
  },
  AWSLambdaVPCAccessExecutionRole: {
    path: SERVICE_ROLE,
    version: 'v3',
    createdAt: '2024-01-05T22:38:26Z',
    statements: [
      allow(
        [
          ...WRITE_LOGS,
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        '*',
        'AWSLambdaVPCAccessExecutionPermissions',
      ),
    ],
  },
  AWSLambdaRole: {
    path: SERVICE_ROLE,
    version: 'v1',
    createdAt: '2015-02-06T18:41:28Z',
    statements: [allow(['lambda:InvokeFunction'])],
  },
};

const made = new Map<string, PolicyDoc>();

/** By ARN: `arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole`, in any partition. */
export function findAwsPolicy(arn: string, digest: Digest): PolicyDoc | undefined {
  const known = made.get(arn);
  if (known !== undefined) return known;
  const [, partition, path = '/', name = ''] = /^arn:([a-z-]+):iam::aws:policy(\/(?:[^/]+\/)*)([^/]+)$/.exec(arn) ?? [];
  const policy = partition !== undefined && Object.hasOwn(AWS_POLICIES, name) ? AWS_POLICIES[name] : undefined;
  if (policy === undefined || partition === undefined || (policy.path ?? '/') !== path) return undefined;
  const document = makeAwsPolicy(name, policy, { partition, digest });
  made.set(arn, document);
  return document;
}

export function listAwsPolicies(partition: string, digest: Digest): readonly PolicyDoc[] {
  return Object.entries(AWS_POLICIES).map(([name, policy]) => makeAwsPolicy(name, policy, { partition, digest }));
}

function makeAwsPolicy(
  name: string,
  { path = '/', version, createdAt, statements }: AwsPolicy,
  { partition, digest }: { partition: string; digest: Digest },
): PolicyDoc {
  const arn = `arn:${partition}:iam::aws:policy${path}${name}`;
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const createdAtMs = Date.parse(createdAt);
  return {
    account: 'aws',
    name,
    path,
    // AWS's own id of the policy is not known; this one is the same everywhere.
    id: derivedId('ANPA', name, digest),
    arn,
    createdAtMs,
    updatedAtMs: createdAtMs,
    defaultVersionId: version,
    nextVersion: Number(version.slice(1)) + 1,
    versions: [{ id: version, document: document.replaceAll('arn:aws:', `arn:${partition}:`), createdAtMs }],
    tags: [],
  };
}
