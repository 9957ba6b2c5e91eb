// Tags of log groups: by ARN (TagResource …) and the older way by name (TagLogGroup …).

import { operation } from '#cell/service-definition.ts';
import { type AwsError, isRefused, type Refused, refuse } from '#model/aws-error.ts';
import { Validation } from '#model/validation.ts';
import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  ListTagsLogGroupInput,
  ListTagsLogGroupOutput,
  TagLogGroupInput,
  TagResourceInput,
  UntagLogGroupInput,
  UntagResourceInput,
} from '#wire/generated/logs.ts';
import { resourceDoesNotExist, tooManyTags, validationFailed } from '../errors.ts';
import { groupNameOfArn, groupOf, type LogsTurn, permission } from '../find-group.ts';
import { TAGS_MAX } from '../limits.ts';
import { groupKey, type LogGroupDoc, type LogsState } from '../state.ts';

function groupByArn(turn: LogsTurn, resourceArn: string | undefined): LogGroupDoc | Refused {
  const problem = new Validation().required('resourceArn', resourceArn).text;
  if (problem !== undefined) return refuse(validationFailed(problem));
  const name = groupNameOfArn(resourceArn as string);
  const group = name === undefined ? undefined : turn.state.groups.get(groupKey(turn.scope, name));
  return group ?? refuse(resourceDoesNotExist());
}

function byArn(turn: LogsTurn, action: string, resourceArn: string | undefined) {
  return permission(turn, action, { logGroupName: groupNameOfArn(resourceArn ?? '') });
}

function tag(turn: LogsTurn, group: LogGroupDoc, added: Readonly<Record<string, string>>): AwsError | undefined {
  const tags = { ...group.tags, ...added };
  if (Object.keys(tags).length > TAGS_MAX) return tooManyTags();
  turn.put(turn.state.groups, groupKey(turn.scope, group.name), { ...group, tags });
  return undefined;
}

function untag(turn: LogsTurn, group: LogGroupDoc, keys: readonly string[]): void {
  const tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !keys.includes(key)));
  turn.put(turn.state.groups, groupKey(turn.scope, group.name), { ...group, tags });
}

export const tagResource = operation<LogsState, TagResourceInput, object>({
  authorize: (turn, input) => byArn(turn, 'TagResource', input.resourceArn),
  decide(turn, input) {
    const group = groupByArn(turn, input.resourceArn);
    if (isRefused(group)) return group;
    const refused = tag(turn, group, input.tags ?? {});
    return refused === undefined ? { output: {} } : refuse(refused);
  },
});

export const untagResource = operation<LogsState, UntagResourceInput, object>({
  authorize: (turn, input) => byArn(turn, 'UntagResource', input.resourceArn),
  decide(turn, input) {
    const group = groupByArn(turn, input.resourceArn);
    if (isRefused(group)) return group;
    untag(turn, group, input.tagKeys ?? []);
    return { output: {} };
  },
});

export const listTagsForResource = operation<LogsState, ListTagsForResourceInput, ListTagsForResourceOutput>({
  authorize: (turn, input) => byArn(turn, 'ListTagsForResource', input.resourceArn),
  decide(turn, input) {
    const group = groupByArn(turn, input.resourceArn);
    return isRefused(group) ? group : { output: { tags: group.tags } };
  },
});

export const tagLogGroup = operation<LogsState, TagLogGroupInput, object>({
  authorize: (turn, input) => permission(turn, 'TagLogGroup', input),
  decide(turn, input) {
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    const refused = tag(turn, group, input.tags ?? {});
    return refused === undefined ? { output: {} } : refuse(refused);
  },
});

export const untagLogGroup = operation<LogsState, UntagLogGroupInput, object>({
  authorize: (turn, input) => permission(turn, 'UntagLogGroup', input),
  decide(turn, input) {
    const group = groupOf(turn, input);
    if (isRefused(group)) return group;
    untag(turn, group, input.tags ?? []);
    return { output: {} };
  },
});

export const listTagsLogGroup = operation<LogsState, ListTagsLogGroupInput, ListTagsLogGroupOutput>({
  authorize: (turn, input) => permission(turn, 'ListTagsLogGroup', input),
  decide(turn, input) {
    const group = groupOf(turn, input);
    return isRefused(group) ? group : { output: { tags: group.tags } };
  },
});
