// Tags of log groups, and of what belongs to vended logs: by ARN (TagResource …) and the older way by name (TagLogGroup …).

import type { AuthorizationRequest } from '#cell/authorization.ts';
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
import { tooManyTags, validationFailed } from '../errors.ts';
import { type GroupReference, groupNameOfArn, groupOf, type LogsTurn, permission } from '../find-group.ts';
import { TAGS_MAX } from '../limits.ts';
import type { LogsState } from '../state.ts';
import { type Tagged, taggedByArn, vendedNameOf } from '../tagged.ts';
import { type Tags, tagsText } from '../tags.ts';

function byArn(turn: LogsTurn, action: string, resourceArn: string | undefined): AuthorizationRequest {
  const isVended = resourceArn !== undefined && vendedNameOf(resourceArn) !== undefined;
  if (isVended) return { action: `logs:${action}`, resource: resourceArn, resourceAccount: turn.scope.account };
  return permission(turn, action, { logGroupName: groupNameOfArn(resourceArn ?? '') });
}

function tag(tagged: Tagged, added: Tags | undefined): AwsError | undefined {
  const wrong = added === undefined ? new Validation().required('tags', added).text : tagsText(added);
  if (wrong !== undefined) return validationFailed(wrong);
  const tags = { ...tagged.tags, ...added };
  if (Object.keys(tags).length > TAGS_MAX) return tooManyTags();
  tagged.retag(tags);
  return undefined;
}

function untag(tagged: Tagged, keys: readonly string[]): void {
  tagged.retag(Object.fromEntries(Object.entries(tagged.tags).filter(([key]) => !keys.includes(key))));
}

/** The older operations name a group. */
function taggedGroup(turn: LogsTurn, input: GroupReference): Tagged | Refused {
  const group = groupOf(turn, input);
  return isRefused(group) ? group : taggedByArn(turn, group.arn);
}

export const tagResource = operation<LogsState, TagResourceInput, object>({
  authorize: (turn, input) => byArn(turn, 'TagResource', input.resourceArn),
  decide(turn, input) {
    const tagged = taggedByArn(turn, input.resourceArn);
    if (isRefused(tagged)) return tagged;
    const refused = tag(tagged, input.tags);
    return refused === undefined ? { output: {} } : refuse(refused);
  },
});

export const untagResource = operation<LogsState, UntagResourceInput, object>({
  authorize: (turn, input) => byArn(turn, 'UntagResource', input.resourceArn),
  decide(turn, input) {
    const tagged = taggedByArn(turn, input.resourceArn);
    if (isRefused(tagged)) return tagged;
    untag(tagged, input.tagKeys ?? []);
    return { output: {} };
  },
});

export const listTagsForResource = operation<LogsState, ListTagsForResourceInput, ListTagsForResourceOutput>({
  authorize: (turn, input) => byArn(turn, 'ListTagsForResource', input.resourceArn),
  decide(turn, input) {
    const tagged = taggedByArn(turn, input.resourceArn);
    return isRefused(tagged) ? tagged : { output: { tags: tagged.tags } };
  },
});

export const tagLogGroup = operation<LogsState, TagLogGroupInput, object>({
  authorize: (turn, input) => permission(turn, 'TagLogGroup', input),
  decide(turn, input) {
    const tagged = taggedGroup(turn, input);
    if (isRefused(tagged)) return tagged;
    const refused = tag(tagged, input.tags);
    return refused === undefined ? { output: {} } : refuse(refused);
  },
});

export const untagLogGroup = operation<LogsState, UntagLogGroupInput, object>({
  authorize: (turn, input) => permission(turn, 'UntagLogGroup', input),
  decide(turn, input) {
    const tagged = taggedGroup(turn, input);
    if (isRefused(tagged)) return tagged;
    untag(tagged, input.tags ?? []);
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
