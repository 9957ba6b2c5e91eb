// A bucket's notification configuration made ready for events: where each event goes, by its name and the key. Made once a configuration: it is
// replaced as a whole, never changed.

import type { NotificationConfiguration, NotificationConfigurationFilter } from '#wire/generated/s3.ts';
import { namesOf } from './events.ts';

export interface NotificationRule {
  readonly id: string;
  readonly targetArn: string;
  readonly kind: 'queue' | 'topic' | 'function';
  readonly events: ReadonlySet<string>;
  readonly prefix: string;
  readonly suffix: string;
}

const compiled = new WeakMap<NotificationConfiguration, readonly NotificationRule[]>();

export function rulesOf(configuration: NotificationConfiguration): readonly NotificationRule[] {
  const known = compiled.get(configuration);
  if (known !== undefined) return known;
  const rules = [
    ...(configuration.QueueConfigurations ?? []).map((rule) => ruleOf('queue', rule.QueueArn, rule)),
    ...(configuration.TopicConfigurations ?? []).map((rule) => ruleOf('topic', rule.TopicArn, rule)),
    ...(configuration.LambdaFunctionConfigurations ?? []).map((rule) =>
      ruleOf('function', rule.LambdaFunctionArn, rule),
    ),
  ];
  compiled.set(configuration, rules);
  return rules;
}

function ruleOf(
  kind: NotificationRule['kind'],
  targetArn: string | undefined,
  rule: {
    readonly Id?: string | undefined;
    readonly Events?: readonly string[] | undefined;
    readonly Filter?: NotificationConfigurationFilter | undefined;
  },
): NotificationRule {
  const filters = rule.Filter?.Key?.FilterRules ?? [];
  const filterOf = (name: string): string => filters.find(({ Name }) => Name?.toLowerCase() === name)?.Value ?? '';
  return {
    id: rule.Id ?? '',
    targetArn: targetArn ?? '',
    kind,
    events: new Set((rule.Events ?? []).flatMap(namesOf)),
    prefix: filterOf('prefix'),
    suffix: filterOf('suffix'),
  };
}

export function wants(rule: NotificationRule, eventName: string, key: string): boolean {
  return rule.events.has(eventName) && key.startsWith(rule.prefix) && key.endsWith(rule.suffix);
}
