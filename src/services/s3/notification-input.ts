// The configuration of PutBucketNotificationConfiguration, checked. Texts as AWS's replies are recorded in LocalStack's snapshots
// (test_s3_notifications_sqs.snapshot.json), and in the S3 user guide, "Configuring event notifications using object key name filtering".

import { parseArn } from '#model/arn.ts';
import { type AwsError, clientError, type Refused, refuse } from '#model/aws-error.ts';
import type { FilterRule, NotificationConfiguration, NotificationConfigurationFilter } from '#wire/generated/s3.ts';
import { invalidArgument, malformedXml } from './errors.ts';
import { namesOf } from './events.ts';
import { type NotificationRule, rulesOf } from './notification-rules.ts';
import type { S3Turn } from './state.ts';

interface RuleInput {
  readonly Id?: string | undefined;
  readonly Events?: readonly string[] | undefined;
  readonly Filter?: NotificationConfigurationFilter | undefined;
}

/** With ids for those that came without one, and names of filters as AWS answers them. */
export function readNotifications(
  turn: S3Turn,
  given: NotificationConfiguration | undefined,
): NotificationConfiguration | Refused {
  if (given === undefined) return refuse(malformedXml());
  const { QueueConfigurations, TopicConfigurations, LambdaFunctionConfigurations, EventBridgeConfiguration } = given;
  const problem =
    firstProblem(QueueConfigurations, ({ QueueArn }) => arnProblem('Queue', 'sqs', QueueArn)) ??
    firstProblem(TopicConfigurations, ({ TopicArn }) => arnProblem('Topic', 'sns', TopicArn)) ??
    firstProblem(LambdaFunctionConfigurations, ({ LambdaFunctionArn }) =>
      arnProblem('CloudFunction', 'lambda', LambdaFunctionArn),
    );
  if (problem !== undefined) return refuse(problem);
  const read: NotificationConfiguration = {
    ...(QueueConfigurations === undefined ? {} : { QueueConfigurations: completed(turn, QueueConfigurations) }),
    ...(TopicConfigurations === undefined ? {} : { TopicConfigurations: completed(turn, TopicConfigurations) }),
    ...(LambdaFunctionConfigurations === undefined
      ? {}
      : { LambdaFunctionConfigurations: completed(turn, LambdaFunctionConfigurations) }),
    ...(EventBridgeConfiguration === undefined ? {} : { EventBridgeConfiguration: {} }),
  };
  const conflict = overlapProblem(rulesOf(read));
  return conflict === undefined ? read : refuse(conflict);
}

function firstProblem<T extends RuleInput>(
  rules: readonly T[] | undefined,
  arnProblemOf: (rule: T) => AwsError | undefined,
): AwsError | undefined {
  for (const rule of rules ?? []) {
    const problem = arnProblemOf(rule) ?? ruleProblem(rule);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function arnProblem(name: string, service: string, arn: string | undefined): AwsError | undefined {
  if (arn === undefined) return malformedXml();
  const parsed = parseArn(arn);
  return parsed?.service === service ? undefined : invalidArgument(name, arn, 'The ARN could not be parsed');
}

function ruleProblem({ Events, Filter, Id }: RuleInput): AwsError | undefined {
  if (Events === undefined || Events.length === 0) return malformedXml();
  const unknown = Events.find((event) => namesOf(event).length === 0);
  if (unknown !== undefined) {
    return invalidArgument('Event', unknown, 'The event is not supported for notifications');
  }
  if (Id !== undefined && Id.length > 255) return invalidArgument('Id', Id.slice(0, 255), 'The id is too long');
  const filters = Filter?.Key?.FilterRules ?? [];
  for (const filter of filters) {
    const problem = filterProblem(filter);
    if (problem !== undefined) return problem;
  }
  const names = filters.map(({ Name }) => Name?.toLowerCase());
  const isDouble = new Set(names).size !== names.length;
  if (!isDouble) return undefined;
  const [first = ''] = names;
  const text = `Cannot specify more than one ${first} rule in a filter.`;
  return invalidArgument('FilterRule', 'FilterRule', text);
}

function filterProblem({ Name = '', Value }: FilterRule): AwsError | undefined {
  if (!/^(prefix|suffix)$/i.test(Name)) {
    return invalidArgument('FilterRule.Name', Name, 'filter rule name must be either prefix or suffix');
  }
  if (Value === undefined) return malformedXml();
  const isTooLong = Value.length > 1024;
  return isTooLong ? invalidArgument('FilterRule.Value', Value.slice(0, 200), 'Size limit exceeded') : undefined;
}

function completed<T extends RuleInput>(turn: S3Turn, rules: readonly T[]): readonly T[] {
  return rules.map((rule) => {
    const filters = rule.Filter?.Key?.FilterRules;
    const shown = filters?.map(({ Name, Value }) => ({ Name: /^p/i.test(Name ?? '') ? 'Prefix' : 'Suffix', Value }));
    return {
      ...rule,
      Id: rule.Id ?? turn.uuid(),
      ...(shown === undefined || shown.length === 0 ? {} : { Filter: { Key: { FilterRules: shown } } }),
    };
  });
}

/** AWS: two rules must not take the same event of the same key. Texts and arguments as quoted in issues of aws-cli (2387) and minio (2472). */
function overlapProblem(rules: readonly NotificationRule[]): AwsError | undefined {
  for (const [at, rule] of rules.entries()) {
    const other = rules.slice(at + 1).find((candidate) => doOverlap(rule, candidate));
    if (other === undefined) continue;
    const hasFilter = [rule, other].some(({ prefix, suffix }) => prefix !== '' || suffix !== '');
    if (hasFilter) return clientError('InvalidArgument', AMBIGUOUS);
    const shared = [...rule.events].filter((event) => other.events.has(event)).map((event) => `s3:${event}`);
    return invalidArgument('Event', shared.join(', '), OVERLAP);
  }
  return undefined;
}

const AMBIGUOUS =
  'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.';
const OVERLAP = 'Configurations overlap. Configurations on the same bucket cannot share a common event type.';

function doOverlap(one: NotificationRule, other: NotificationRule): boolean {
  const havePrefix = one.prefix.startsWith(other.prefix) || other.prefix.startsWith(one.prefix);
  const haveSuffix = one.suffix.endsWith(other.suffix) || other.suffix.endsWith(one.suffix);
  return havePrefix && haveSuffix && [...one.events].some((event) => other.events.has(event));
}
