// Buses, rules, queues and topics, created through the SDK from what the Terraform files say.

import { makeEvents, makeSns, makeSqs, type Where } from '../clients.ts';
import { block, defined, optionalText, text } from './arguments.ts';
import type { Arguments, Create } from './evaluate.ts';

/** As Terraform names SQS's attributes. */
const QUEUE_ATTRIBUTES: Readonly<Record<string, string>> = {
  visibility_timeout_seconds: 'VisibilityTimeout',
  receive_wait_time_seconds: 'ReceiveMessageWaitTimeSeconds',
  message_retention_seconds: 'MessageRetentionPeriod',
  delay_seconds: 'DelaySeconds',
  redrive_policy: 'RedrivePolicy',
};

/** What Terraform's provider says where the files say nothing. */
const QUEUE_DEFAULTS: Readonly<Record<string, string>> = { MaximumMessageSize: '262144' };

export function messagingCreators(where: Where): Readonly<Record<string, Create>> {
  const events = makeEvents(where);
  const sqs = makeSqs(where);
  const sns = makeSns(where);
  return {
    async aws_cloudwatch_event_bus(args) {
      const name = text(args, 'name');
      const { EventBusArn = '' } = await events.createEventBus({ Name: name });
      return { name, arn: EventBusArn };
    },
    async aws_cloudwatch_event_rule(args) {
      const name = text(args, 'name');
      const { RuleArn = '' } = await events.putRule(
        defined({
          Name: name,
          EventBusName: optionalText(args, 'event_bus_name'),
          Description: optionalText(args, 'description'),
          EventPattern: optionalText(args, 'event_pattern'),
          State: 'ENABLED' as const,
        }),
      );
      return { name, arn: RuleArn };
    },
    async aws_cloudwatch_event_target(args) {
      const { FailedEntries = [] } = await events.putTargets(
        defined({
          Rule: text(args, 'rule'),
          EventBusName: optionalText(args, 'event_bus_name'),
          Targets: [targetOf(args)],
        }),
      );
      if (FailedEntries.length > 0)
        throw new Error(`${FailedEntries[0]?.ErrorCode}: ${FailedEntries[0]?.ErrorMessage}`);
      return {};
    },
    async aws_sqs_queue(args) {
      const Attributes: Record<string, string> = { ...QUEUE_DEFAULTS };
      for (const [name, attribute] of Object.entries(QUEUE_ATTRIBUTES)) {
        const value = optionalText(args, name);
        if (value !== undefined) Attributes[attribute] = value;
      }
      const { QueueUrl = '' } = await sqs.createQueue({ QueueName: text(args, 'name'), Attributes });
      const shown = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
      return { id: QueueUrl, url: QueueUrl, arn: shown.Attributes?.QueueArn ?? '', name: text(args, 'name') };
    },
    async aws_sqs_queue_policy(args) {
      await sqs.setQueueAttributes({ QueueUrl: text(args, 'queue_url'), Attributes: { Policy: text(args, 'policy') } });
      return {};
    },
    async aws_sns_topic(args) {
      const { TopicArn = '' } = await sns.createTopic({ Name: text(args, 'name') });
      return { arn: TopicArn, name: text(args, 'name') };
    },
    async aws_sns_topic_policy(args) {
      const given = { TopicArn: text(args, 'arn'), AttributeName: 'Policy', AttributeValue: text(args, 'policy') };
      await sns.setTopicAttributes(given);
      return {};
    },
    async aws_sns_topic_subscription(args) {
      const { SubscriptionArn = '' } = await sns.subscribe({
        TopicArn: text(args, 'topic_arn'),
        Protocol: text(args, 'protocol'),
        Endpoint: text(args, 'endpoint'),
        Attributes: subscriptionAttributes(args),
        ReturnSubscriptionArn: true,
      });
      if (args.values['endpoint_auto_confirms'] === true) await untilConfirmed(SubscriptionArn);
      return { arn: SubscriptionArn };
    },
  };

  async function untilConfirmed(SubscriptionArn: string): Promise<void> {
    const deadlineMs = Date.now() + 60_000;
    for (;;) {
      const { Attributes } = await sns.getSubscriptionAttributes({ SubscriptionArn });
      if (Attributes?.['PendingConfirmation'] === 'false') return;
      if (Date.now() > deadlineMs) throw new Error(`${Attributes?.['Endpoint']} has not confirmed its subscription`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function targetOf(args: Arguments) {
  const dead = block(args, 'dead_letter_config');
  const stream = block(args, 'kinesis_target');
  return defined({
    Id: text(args, 'target_id'),
    Arn: text(args, 'arn'),
    RoleArn: optionalText(args, 'role_arn'),
    DeadLetterConfig: dead === undefined ? undefined : { Arn: text(dead, 'arn') },
    KinesisParameters: stream === undefined ? undefined : { PartitionKeyPath: text(stream, 'partition_key_path') },
  });
}

function subscriptionAttributes(args: Arguments): Record<string, string> {
  return defined({
    RawMessageDelivery: optionalText(args, 'raw_message_delivery'),
    DeliveryPolicy: optionalText(args, 'delivery_policy'),
    RedrivePolicy: optionalText(args, 'redrive_policy'),
  }) as Record<string, string>;
}
