// What there is in an account, read through the AWS SDK and brought into a form in which two accounts can be compared: without ids, times and
// addresses that are different in every deployment.

import {
  makeEvents,
  makeFirehose,
  makeIam,
  makeKinesis,
  makeLambda,
  makeLogs,
  makeS3,
  makeSns,
  makeSqs,
  type Where,
} from '../../examples/order-pipeline/source/clients.ts';

type Described = Record<string, unknown>;

export async function describeDeployed(where: Where): Promise<Described> {
  const [events, queues, topics, functions, roles, policies, groups, streams, deliveries, buckets] = await Promise.all([
    eventsOf(where),
    queuesOf(where),
    topicsOf(where),
    functionsOf(where),
    rolesOf(where),
    policiesOf(where),
    groupsOf(where),
    streamsOf(where),
    deliveriesOf(where),
    bucketsOf(where),
  ]);
  return comparable(
    { events, queues, topics, functions, roles, policies, groups, streams, deliveries, buckets },
    where,
  ) as Described;
}

const VARYING =
  /^(\$metadata|Create\w*|LastModified\w*|\w*Timestamp|creationTime|UUID|RevisionId|RoleId|VersionId|ResponseMetadata|CodeSha256|CodeSize|LastProcessingResult|StateTransitionReason|Location|\w*ETag|storedBytes|RuntimeVersionConfig|arn|logGroupArn|EventSourceMappingArn|SubscriptionArn)$/;

/** Numbers of ports and ids go; policies, which are texts, become what they say. */
function comparable(value: unknown, where: Where): unknown {
  if (Array.isArray(value)) return value.map((one) => comparable(one, where));
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    const kept = Object.entries(value).filter(([name]) => !VARYING.test(name));
    return Object.fromEntries(kept.map(([name, one]) => [name, comparable(one, where)]));
  }
  if (typeof value !== 'string') return value;
  const text = /^\s*[{[]|^%7B/.test(value) ? sorted(value) : value;
  return text.replaceAll(where.endpoint ?? '', 'ENDPOINT').replace(/:[0-9a-f]{8}-[0-9a-f-]{27}/g, ':ID');
}

/** JSON with its members in order; what only looks like JSON (an expression of jq) as it is. */
function sorted(text: string): string {
  try {
    return JSON.stringify(ordered(JSON.parse(text.startsWith('%') ? decodeURIComponent(text) : text)));
  } catch {
    return text;
  }
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, one]) => [name, ordered(one)]));
}

function byName<T>(list: readonly T[], nameOf: (one: T) => string | undefined): Record<string, T> {
  const named = list.map((one) => [nameOf(one) ?? '', one] as const);
  return Object.fromEntries(named.sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function eventsOf(where: Where): Promise<Described> {
  const events = makeEvents(where);
  const { EventBuses = [] } = await events.listEventBuses({});
  const found: Described = {};
  for (const { Name = '' } of EventBuses) {
    const { Rules = [] } = await events.listRules({ EventBusName: Name });
    for (const rule of Rules) {
      const { Targets } = await events.listTargetsByRule({ Rule: rule.Name ?? '', EventBusName: Name });
      found[`${Name}/${rule.Name}`] = { rule, Targets };
    }
  }
  return byName(Object.entries(found), ([name]) => name);
}

async function queuesOf(where: Where): Promise<Described> {
  const sqs = makeSqs(where);
  const { QueueUrls = [] } = await sqs.listQueues({});
  const found: Described = {};
  for (const QueueUrl of [...QueueUrls].sort()) {
    const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
    found[QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)] = Attributes;
  }
  return found;
}

async function topicsOf(where: Where): Promise<Described> {
  const sns = makeSns(where);
  const { Topics = [] } = await sns.listTopics({});
  const found: Described = {};
  for (const { TopicArn = '' } of Topics) {
    const { Attributes } = await sns.getTopicAttributes({ TopicArn });
    const { Subscriptions = [] } = await sns.listSubscriptionsByTopic({ TopicArn });
    const shown = Subscriptions.map(async ({ SubscriptionArn = '', Protocol }) => {
      return [Protocol, (await sns.getSubscriptionAttributes({ SubscriptionArn })).Attributes] as const;
    });
    found[TopicArn] = { Attributes, subscriptions: Object.fromEntries((await Promise.all(shown)).sort()) };
  }
  return found;
}

async function functionsOf(where: Where): Promise<Described> {
  const lambda = makeLambda(where);
  const { Functions = [] } = await lambda.listFunctions({});
  const found: Described = {};
  for (const { FunctionName = '' } of Functions) {
    const { Configuration, Concurrency } = await lambda.getFunction({ FunctionName });
    const policy = await lambda.getPolicy({ FunctionName }).catch(() => undefined);
    const invoking = await lambda.getFunctionEventInvokeConfig({ FunctionName }).catch(() => undefined);
    const { EventSourceMappings } = await lambda.listEventSourceMappings({ FunctionName });
    found[FunctionName] = { Configuration, Concurrency, policy: policy?.Policy, invoking, EventSourceMappings };
  }
  return byName(Object.entries(found), ([name]) => name);
}

async function rolesOf(where: Where): Promise<Described> {
  const iam = makeIam(where);
  const { Roles = [] } = await iam.listRoles({});
  const found: Described = {};
  for (const { RoleName = '' } of Roles) {
    const { Role } = await iam.getRole({ RoleName });
    const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
    const policies = PolicyNames.map((PolicyName) => iam.getRolePolicy({ RoleName, PolicyName }));
    const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName });
    found[RoleName] = { Role, AttachedPolicies, policies: await Promise.all(policies) };
  }
  return byName(Object.entries(found), ([name]) => name);
}

async function policiesOf(where: Where): Promise<Described> {
  const iam = makeIam(where);
  const { Policies = [] } = await iam.listPolicies({ Scope: 'Local' });
  const found: Described = {};
  for (const { PolicyName = '', Arn: PolicyArn = '', DefaultVersionId: VersionId = '' } of Policies) {
    const { PolicyVersion } = await iam.getPolicyVersion({ PolicyArn, VersionId });
    found[PolicyName] = PolicyVersion?.Document;
  }
  return byName(Object.entries(found), ([name]) => name);
}

async function groupsOf(where: Where): Promise<Described> {
  const { logGroups = [] } = await makeLogs(where).describeLogGroups({});
  return byName(logGroups, ({ logGroupName }) => logGroupName);
}

async function streamsOf(where: Where): Promise<Described> {
  const kinesis = makeKinesis(where);
  const { StreamNames = [] } = await kinesis.listStreams({});
  const found: Described = {};
  for (const StreamName of [...StreamNames].sort()) {
    found[StreamName] = (await kinesis.describeStreamSummary({ StreamName })).StreamDescriptionSummary;
  }
  return found;
}

async function deliveriesOf(where: Where): Promise<Described> {
  const firehose = makeFirehose(where);
  const { DeliveryStreamNames = [] } = await firehose.listDeliveryStreams({});
  const found: Described = {};
  for (const DeliveryStreamName of DeliveryStreamNames) {
    found[DeliveryStreamName] = (
      await firehose.describeDeliveryStream({ DeliveryStreamName })
    ).DeliveryStreamDescription;
  }
  return found;
}

async function bucketsOf(where: Where): Promise<readonly (string | undefined)[]> {
  const { Buckets = [] } = await makeS3(where).listBuckets({});
  return Buckets.map(({ Name }) => Name);
}
