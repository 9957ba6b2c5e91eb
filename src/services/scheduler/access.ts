// What IAM is asked. AWS: Service Authorization Reference, "Amazon EventBridge Scheduler"; creating and updating a schedule also needs
// iam:PassRole for its role (Scheduler user guide, "Setting up").

import type { AuthorizationRequest } from '#cell/authorization.ts';
import { passRole } from '#cell/service-role.ts';
import type { CreateScheduleInput, Tag } from '#wire/generated/scheduler.ts';
import { groupArn, groupKey, parseGroupArn, scheduleArn } from './arns.ts';
import { DEFAULT_GROUP } from './limits.ts';
import { SCHEDULER_SERVICE } from './role.ts';
import type { SchedulerTurn } from './state.ts';

interface NamedSchedule {
  readonly Name?: string | undefined;
  readonly GroupName?: string | undefined;
}

export function onSchedule(action: string) {
  return (turn: SchedulerTurn, input: NamedSchedule): AuthorizationRequest => ({
    action: `scheduler:${action}`,
    resource: arnOf(turn, input),
    resourceAccount: turn.scope.account,
  });
}

export function onWrittenSchedule(action: string) {
  return (turn: SchedulerTurn, input: CreateScheduleInput): readonly AuthorizationRequest[] => {
    const asked = onSchedule(action)(turn, input);
    const roleArn = input.Target?.RoleArn;
    if (roleArn === undefined) return [asked];
    return [asked, passRole(turn, roleArn, { service: SCHEDULER_SERVICE, ofArn: asked.resource })];
  };
}

function arnOf(turn: SchedulerTurn, { Name = '', GroupName = DEFAULT_GROUP }: NamedSchedule): string {
  return scheduleArn({ scope: turn.scope, group: GroupName, name: Name });
}

export function onGroup(action: string) {
  return (
    turn: SchedulerTurn,
    input: { readonly Name?: string | undefined; readonly Tags?: readonly Tag[] | undefined },
  ): AuthorizationRequest => groupRequest(turn, { action, group: input.Name ?? '', tags: input.Tags });
}

/** Tagging: the group is named by its ARN. */
export function onTaggedGroup(action: string) {
  return (
    turn: SchedulerTurn,
    input: { readonly ResourceArn?: string | undefined; readonly Tags?: readonly Tag[] | undefined },
  ): AuthorizationRequest => {
    const parsed = parseGroupArn(input.ResourceArn ?? '');
    return groupRequest(turn, { action, group: parsed?.group ?? '', tags: input.Tags });
  };
}

export function onEverything(action: string) {
  return (turn: SchedulerTurn): AuthorizationRequest => ({
    action: `scheduler:${action}`,
    resource: '*',
    resourceAccount: turn.scope.account,
  });
}

function groupRequest(
  turn: SchedulerTurn,
  asked: {
    readonly action: string;
    readonly group: string;
    readonly tags: readonly Tag[] | undefined;
  },
): AuthorizationRequest {
  const { action, group, tags = [] } = asked;
  const context: Record<string, string | readonly string[]> = {};
  const kept = turn.state.groups.get(groupKey(turn.scope, group))?.tags ?? {};
  for (const [key, value] of Object.entries(kept)) context[`aws:ResourceTag/${key}`] = value;
  for (const { Key = '', Value = '' } of tags) context[`aws:RequestTag/${Key}`] = Value;
  if (tags.length > 0) context['aws:TagKeys'] = tags.map(({ Key = '' }) => Key);
  return {
    action: `scheduler:${action}`,
    resource: groupArn(turn.scope, group),
    resourceAccount: turn.scope.account,
    context,
  };
}
