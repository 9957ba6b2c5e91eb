// Values for the fuzz, by the name of the member they are for, so that most requests get as far as something that exists. Handles, tokens
// and ids cannot be known beforehand: the marks of `recalled` stand for what the server said last.

import { ACCOUNT, CODE, POLICY, QUEUES, queueArn, ROLE_ARN, TOPICS, TRUST, topicArn } from './playground.ts';

const LONG = 'x'.repeat(3_000);

/** Fits nowhere, or only by accident. */
export const ABSURD: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e308,
    2 ** 31,
    2 ** 53,
    '',
    ' ',
    '0',
    '-1',
    '1e9',
    'NaN',
    'true',
    '*',
    '__proto__',
  ],
  ...[[], {}, [[]], [{}], [null], { a: null }, 'constructor', '\u0000', '\ud800', 'ü€😀', '../../etc/passwd', LONG],
  ...['{', '[]', '{"a":1}', 'null', '"x"', '%', 'arn:aws:sqs:::', 'arn:::::', ':', '/', 'AAEC', `${'['.repeat(500)}`],
];

export const ATTRIBUTE_NAMES = [
  ...['VisibilityTimeout', 'DelaySeconds', 'MaximumMessageSize', 'MessageRetentionPeriod', 'Policy', 'RedrivePolicy'],
  ...[
    'ReceiveMessageWaitTimeSeconds',
    'FifoQueue',
    'ContentBasedDeduplication',
    'KmsMasterKeyId',
    'RedriveAllowPolicy',
  ],
  ...['DeduplicationScope', 'FifoThroughputLimit', 'SqsManagedSseEnabled', 'DisplayName', 'DeliveryPolicy', 'All'],
  ...['RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope', 'AWSTraceHeader', 'FifoTopic', 'SignatureVersion'],
];

export const TEXTS = [
  ...['0', '1', '30', '43200', 'true', 'false', '{"a":["x"]}', '{"a":[{"wildcard":"*a*"}]}', 'MessageBody', 'queue'],
  ...[JSON.stringify({ deadLetterTargetArn: queueArn('dead'), maxReceiveCount: 1 }), 'perQueue', 'messageGroup', '{}'],
  ...[JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [queueArn('one')] }), POLICY, 'hello', 'a'],
];

const DOCUMENTS = [POLICY, TRUST, TRUST, POLICY, '{"Statement":[]}', '{"Statement":{"Effect":"Allow"}}'];
const TARGETS = [...QUEUES.map(queueArn), ...TOPICS.map(topicArn), `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`];
const POLICY_ARNS = [`arn:aws:iam::${ACCOUNT}:policy/p`, 'arn:aws:iam::aws:policy/AmazonSQSFullAccess'];
const busArn = (name: string): string => `arn:aws:events:us-east-1:${ACCOUNT}:event-bus/${name}`;
const PATTERNS = [
  ...['{"source":["shop"]}', '{"detail":{"a":[{"prefix":"x"}]}}', '{"detail":{"a":[{"exists":false}]}}'],
  ...['{"detail":{"c":[{"numeric":[">",1,"<=",5]}]}}', '{"$or":[{"source":["a"]},{"detail":{"b":[null]}}]}'],
];
const LOG_GROUP_ARN = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:g`;

/** Stands for the value of this name that the server gave last. */
export const mark = (name: string): string => `RECALL-${name}-RECALL`;

type Pool = readonly [member: RegExp, values: readonly unknown[]];

const SAID_BY_SERVER = /^(ReceiptHandle|TaskHandle|UUID|AccessKeyId|RevisionId|NextToken|nextToken|Marker|Token)$/;

const SHARED: readonly Pool[] = [
  [/^VersionId$/, ['v1', 'v2', mark('VersionId')]],
  [/^WaitTimeSeconds$/, [0]],
  [/^(MessageGroupId|MessageDeduplicationId|ReceiveRequestAttemptId|Id|Sid|Label|StatementId)$/, ['a', 'b', 'c', 'd']],
  [/^(StartTime|EndTime|timestamp|startTime|endTime)$/, [0, Date.UTC(2026, 0, 1), 4e12]],
  [/^DataType$/, ['String', 'Number', 'Binary', 'String.Array', 'String']],
  [/^(StringValue|MessageBody|Message|message)$/, TEXTS],
  [/^(PolicyDocument|AssumeRolePolicyDocument|Policy)$/, DOCUMENTS],
  [/^Attribute(Name|Names)$/, ATTRIBUTE_NAMES],
  [/^(Max\w+|limit|MaxResults|VisibilityTimeout|DelaySeconds)$/, [1, 2, 10, 100]],
];

const OWN: Readonly<Record<string, readonly Pool[]>> = {
  s3: [
    [/^Bucket$/, ['fuzzed-bucket', 'fuzzed-bucket', 'other-fuzzed-bucket']],
    [/^(Key|Prefix)$/, ['a', 'a/b', '../a', 'ü/ ']],
    [/^UploadId$/, [mark('UploadId')]],
    [/^CopySource$/, ['fuzzed-bucket/a', '/fuzzed-bucket/a?versionId=null', 'other-fuzzed-bucket/a%2Fb']],
    [/^Range$/, ['bytes=0-1', 'bytes=-5', 'bytes=9-', 'bytes=2-1', 'lines=1']],
    [/^Checksum(CRC|SHA|MD5|XX)/, ['AAAAAA==', 'not base64']],
    [/^ContentMD5$/, ['1B2M2Y8AsgTpgAmY7PhCfg==']],
    [/^ExpectedBucketOwner$/, [ACCOUNT]],
  ],
  sqs: [
    [/^QueueName$/, QUEUES],
    [/Arn$/, QUEUES.map(queueArn)],
    [/^Actions?$/, ['SendMessage', '*', 'ReceiveMessage']],
    [/^AWSAccountIds?$/, ['222222222222', ACCOUNT]],
  ],
  sns: [
    [/^(TopicArn|TargetArn|ResourceArn)$/, TOPICS.map(topicArn)],
    [/^SubscriptionArn$/, [mark('SubscriptionArn')]],
    [/^Name$/, TOPICS],
    [/^Endpoint$/, [...TARGETS, 'http://127.0.0.1:1/', 'a@b.c']],
    [/^Protocol$/, ['sqs', 'sqs', 'sqs', 'lambda', 'http', 'email']],
    [/^MessageStructure$/, ['json']],
    [/^(PhoneNumber)$/, []],
    [/^ActionNames?$/, ['Publish', 'Subscribe']],
    [/^AWSAccountIds?$/, ['222222222222', ACCOUNT]],
  ],
  lambda: [
    [/^FunctionName$/, ['f', 'f', `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`, 'f:1', 'g']],
    [/^Resource$/, [`arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`]],
    [/^EventSourceArn$/, QUEUES.map(queueArn)],
    [/^(Destination)$/, TARGETS],
    [/^Role$/, [ROLE_ARN]],
    [/^Runtime$/, ['nodejs20.x']],
    [/^Handler$/, ['index.handler']],
    [/^ZipFile$/, [CODE]],
    [/^(S3\w+|ImageUri|KMSKeyArn|Layers?|Architectures|Topics|Queues|StartingPosition\w*)$/, []],
    [/^(\w+(Config|Configs|Settings|Arguments)|SourceAccessConfigurations|ParallelizationFactor|Tumbling\w+)$/, []],
    [/^RecursiveLoop$/, ['Allow', 'Terminate']],
    [/^(PackageType)$/, ['Zip']],
    [/^(Bisect\w+|MaximumRecordAgeInSeconds|MaximumRetryAttempts|VpcConfig|FileSystem\w+|PublishTo)$/, []],
    [/^(FunctionVersion)$/, ['1', '$LATEST', '2']],
    [/^Qualifier$/, ['1', '$LATEST', 'live']],
    [/^(Name|AliasName)$/, ['live', 'next']],
    [/^InvocationType$/, ['Event', 'DryRun', 'DryRun', 'RequestResponse']],
    [/^LogType$/, ['None', 'Tail']],
    [/^Action$/, ['lambda:InvokeFunction']],
    [/^Principal$/, ['sns.amazonaws.com', '222222222222']],
    [/^Pattern$/, ['{"body":["x"]}', '{"body":{"a":[{"prefix":"x"}]}}']],
    [/^(Timeout|MemorySize)$/, [128, 3, 900]],
    [/^BatchSize$/, [1, 10]],
  ],
  logs: [
    [/^logGroupName$/, ['g']],
    [/^logStreamName$/, ['s']],
    [/^(logGroupIdentifier|resourceArn)$/, [LOG_GROUP_ARN, 'g']],
    [/^retentionInDays$/, [1, 7, 3653]],
    [/^filterPattern$/, ['hello', '"a b"', '{ $.a = 1 }', '[a, b, c]', '?a ?b', '-a', '%a+%', '{ $.a[0].b = "x*" }']],
    [/(Prefix)$/, ['g', 's']],
    [/^(unmask|kmsKeyId|logGroupClass|bearerTokenAuthenticationEnabled|deletionProtectionEnabled)$/, []],
  ],
  iam: [
    [/^RoleName$/, ['r', 'r', 'r2']],
    [/^(UserName|NewUserName)$/, ['u', 'u', 'u2']],
    [/^PolicyName$/, ['p', 'p2']],
    [/^(PolicyArn|PermissionsBoundary)$/, POLICY_ARNS],
    [/^PolicySourceArn$/, [ROLE_ARN, `arn:aws:iam::${ACCOUNT}:user/u`]],
    [/^(Path|NewPath|PathPrefix)$/, ['/', '/a/']],
    [/^(PolicyInputList|PermissionsBoundaryPolicyInputList)$/, [POLICY]],
    [/^(ActionNames?)$/, ['sqs:SendMessage', 'iam:*']],
    [/^Status$/, ['Active', 'Inactive']],
  ],
  events: [
    [/^(Name|EventSourceName)$/, ['bus', 'rule', 'connection', 'destination', 'aws.partner/acme.com/one']],
    [/^(EventBusName)$/, ['bus', 'bus', 'default', busArn('bus')]],
    [/^(Rule|RuleName)$/, ['rule']],
    [/^(ArchiveName|ReplayName)$/, ['archive', 'replay']],
    [/^(EventSourceArn|Destination)$/, [busArn('bus'), `arn:aws:events:us-east-1:${ACCOUNT}:archive/archive`]],
    [/^(Arn|TargetArn)$/, [...TARGETS, busArn('default'), busArn('bus'), LOG_GROUP_ARN]],
    [/^(ResourceARN)$/, [busArn('bus'), `arn:aws:events:us-east-1:${ACCOUNT}:rule/bus/rule`]],
    [/^RoleArn$/, [ROLE_ARN]],
    [/^EventPattern$/, PATTERNS],
    [/^(Detail|Event|Input)$/, ['{}', '{"a":"x"}', '{"a":[{"b":1}],"c":null}', '{"id":"1"}']],
    [/^Source$/, ['shop', 'aws.ec2', 'shop']],
    [/^DetailType$/, ['Sold']],
    [/^Time$/, [0, Date.UTC(2026, 0, 1) / 1000]],
    [/^ScheduleExpression$/, ['rate(5 minutes)', 'cron(0 10 * * ? *)', 'rate(1 day)']],
    [/^(InputPath|InputPathsMap)$/, ['$.detail', '$.detail.a', '$']],
    [/^InputTemplate$/, ['{"a":<a>}', '"<a>"', '<aws.events.event.json>']],
    [/^(State)$/, ['ENABLED', 'DISABLED']],
    [/^(Action)$/, ['events:PutEvents']],
    [/^(Principal)$/, ['222222222222', '*']],
    [/^(ApiDestinationArn|ConnectionArn)$/, [mark('ConnectionArn')]],
    [/^(AuthorizationType)$/, ['BASIC', 'API_KEY']],
    [/^(InvocationEndpoint|AuthorizationEndpoint)$/, ['https://127.0.0.1:1/', 'https://example.invalid/*']],
    [/^HttpMethod$/, ['POST', 'PUT']],
    [/^(RetentionDays|MaximumRetryAttempts)$/, [0, 1, 185]],
    [/^MaximumEventAgeInSeconds$/, [60, 86_400]],
    [/^(Kms\w+|\w*ConnectivityParameters|EndpointId|RoutingConfig|ReplicationConfig|LogConfig)$/, []],
    [/^(Ecs|Batch|Kinesis|RunCommand|RedshiftData|SageMakerPipeline|AppSync|OAuth)Parameters$/, []],
  ],
  scheduler: [
    [/^(Name|GroupName|ScheduleGroup)$/, ['group', 'schedule', 'default']],
    [/^Arn$/, [...TARGETS, 'arn:aws:scheduler:::aws-sdk:sqs:sendMessage']],
    [/^RoleArn$/, [ROLE_ARN]],
    [/^ResourceArn$/, [`arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule-group/group`]],
    [/^ScheduleExpression$/, ['rate(5 minutes)', 'cron(0 10 * * ? *)', 'at(2031-01-01T00:00:00)']],
    [/^ScheduleExpressionTimezone$/, ['UTC', 'Europe/Berlin', 'America/New_York']],
    [/^Mode$/, ['OFF', 'FLEXIBLE']],
    [/^(State)$/, ['ENABLED', 'DISABLED']],
    [/^ActionAfterCompletion$/, ['NONE', 'DELETE']],
    [/^Input$/, ['{}', 'text', '{"QueueUrl":"q"}']],
    [/^(StartDate|EndDate)$/, [Date.UTC(2026, 0, 1) / 1000, 4e9]],
    [/^(Ecs|Kinesis|SageMakerPipeline)Parameters$|^KmsKeyArn$/, []],
  ],
  pipes: [
    [/^Name$/, ['pipe']],
    [/^(Source|Target)$/, QUEUES.map(queueArn)],
    [/^Enrichment$/, [`arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`]],
    [/^RoleArn$/, [ROLE_ARN]],
    [/^resourceArn$/, [`arn:aws:pipes:us-east-1:${ACCOUNT}:pipe/pipe`]],
    [/^DesiredState$/, ['RUNNING', 'STOPPED']],
    [/^Pattern$/, ['{"body":["x"]}', '{"body":{"a":[{"prefix":"x"}]}}']],
    [/^InputTemplate$/, ['{"a":<$.body>}', '"<$.messageId>"']],
    [/^(Kms\w+|LogConfiguration)$/, []],
    [/^(?!Sqs|Filter|Target|Source|Enrichment|Http|Lambda)\w+Parameters$/, []],
  ],
  schemas: [
    [/^RegistryName$/, ['registry', 'discovered-schemas']],
    [/^SchemaName$/, ['schema', 'shop@Sold']],
    [/^SchemaVersion$/, ['1', '2']],
    [/^Type$/, ['OpenApi3', 'JSONSchemaDraft4']],
    [/^Content$/, ['{"openapi":"3.0.0","info":{"version":"1","title":"t"},"paths":{},"components":{"schemas":{}}}']],
    [/^SourceArn$/, [busArn('bus')]],
    [/^DiscovererId$/, [mark('DiscovererId')]],
    [/^Language$/, ['TypeScript3', 'Python36', 'Java8', 'Go1']],
    [/^Keywords$/, ['shop']],
    [/^ResourceArn$/, [`arn:aws:schemas:us-east-1:${ACCOUNT}:registry/registry`]],
    [/^Event$/, ['{"a":1}', '{"detail":{}}']],
  ],
  sts: [
    [/^RoleArn$/, [ROLE_ARN]],
    [/^RoleSessionName$/, ['session']],
    [/^DurationSeconds$/, [900, 3600]],
    [/^(SerialNumber|TokenCode|SourceIdentity|TransitiveTagKeys|ProvidedContexts|Tags|ExternalId)$/, []],
  ],
};

/** Values that fit a member: none when it is refused as not available, undefined when its type alone decides. */
export function pool(service: string, member: string, base: string): readonly unknown[] | undefined {
  if (/QueueUrl$/.test(member)) return QUEUES.map((name) => `${base}/${ACCOUNT}/${name}`);
  if (SAID_BY_SERVER.test(member)) return [mark(member)];
  return [...(OWN[service] ?? []), ...SHARED].find(([pattern]) => pattern.test(member))?.[1];
}

const RECALLED =
  /"(ReceiptHandle|TaskHandle|UUID|RevisionId|NextToken|nextToken|nextForwardToken|NextMarker|ConnectionArn|DiscovererId)":"([^"]+)"|<(AccessKeyId|UploadId|SubscriptionArn|Token|NextToken|Marker|VersionId|ReceiptHandle)>([^<]+)</g;
const ALIASES: Readonly<Record<string, string>> = { NextMarker: 'Marker', nextForwardToken: 'nextToken' };

/** What the server said: the last value of each kind. */
export class Memory {
  private readonly values = new Map<string, string>();

  listen(text: string): void {
    for (const [, inJson, jsonValue, inXml, xmlValue] of text.matchAll(RECALLED)) {
      const name = inJson ?? inXml ?? '';
      this.values.set(ALIASES[name] ?? name, jsonValue ?? xmlValue ?? '');
    }
  }

  /** The text with its marks replaced, each written the way the text is. */
  filledIn(text: string, write: (value: string) => string = (value) => value): string {
    return text.replace(/RECALL-(\w+)-RECALL/g, (_, name: string) => write(this.values.get(name) ?? 'nothing'));
  }
}
