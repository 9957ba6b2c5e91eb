// Keys of documents, and the ARNs that clients see. AWS: the ARN of a schedule always names its group, also the default one.

import { formatArn, parseArn } from '#model/arn.ts';
import { type Scope, scopeOf, scopePrefix } from '#model/scope.ts';

export interface ScheduleAddress {
  readonly scope: Scope;
  readonly group: string;
  readonly name: string;
}

export function scheduleKey(scope: Scope, group: string, name: string): string {
  return `${scopePrefix(scope)}${group}/${name}`;
}

export function groupKey(scope: Scope, group: string): string {
  return `${scopePrefix(scope)}${group}`;
}

/** Names have no slash. */
export function addressOf(key: string): ScheduleAddress {
  const [account = '', region = '', group = '', name = ''] = key.split('/');
  return { scope: scopeOf(account, region), group, name };
}

export function scheduleArn({ scope, group, name }: ScheduleAddress): string {
  return formatArn('scheduler', scope, `schedule/${group}/${name}`);
}

export function groupArn(scope: Scope, group: string): string {
  return formatArn('scheduler', scope, `schedule-group/${group}`);
}

/** Region, account and name of a group's ARN, or undefined for anything else. */
export function parseGroupArn(arn: string): { readonly scope: Scope; readonly group: string } | undefined {
  const parsed = parseArn(arn);
  if (parsed === undefined || parsed.service !== 'scheduler') return undefined;
  const [, group] = /^schedule-group\/([0-9a-zA-Z\-_.]+)$/.exec(parsed.resource) ?? [];
  return group === undefined ? undefined : { scope: scopeOf(parsed.account, parsed.region), group };
}
