// Tags of groups. AWS: TagResource, "You can only assign tags to schedule groups."

import { isRefused, type Refused, refuse } from '#model/aws-error.ts';
import type { Tag } from '#wire/generated/scheduler.ts';
import { groupKey, parseGroupArn } from './arns.ts';
import type { GroupDoc } from './documents.ts';
import { groupDoesNotExist, reservedTagKey, tooManyTags } from './errors.ts';
import { findGroup } from './groups.ts';
import { TAGS_MAX } from './limits.ts';
import type { SchedulerTurn } from './state.ts';
import { groupArnProblem } from './validation.ts';

type Tags = GroupDoc['tags'];

export function findTagged(
  turn: SchedulerTurn,
  arn: string | undefined,
): { readonly key: string; readonly group: GroupDoc } | Refused {
  const problem = groupArnProblem(arn);
  if (problem !== undefined) return refuse(problem);
  const parsed = parseGroupArn(arn ?? '');
  const { account, region } = turn.scope;
  const isOwn = parsed?.scope.account === account && parsed.scope.region === region;
  if (parsed === undefined || !isOwn) return refuse(groupDoesNotExist(parsed?.group ?? ''));
  const found = findGroup(turn, turn.scope, parsed.group);
  return isRefused(found) ? found : { key: groupKey(turn.scope, parsed.group), group: found };
}

export function withTags(tags: Tags, added: readonly Tag[]): Tags | Refused {
  const entries = new Map(Object.entries(tags));
  for (const { Key = '', Value = '' } of added) {
    if (/^aws:/i.test(Key)) return refuse(reservedTagKey(Key));
    entries.set(Key, Value);
  }
  return entries.size > TAGS_MAX ? refuse(tooManyTags(TAGS_MAX)) : Object.fromEntries(entries);
}

export function withoutTags(tags: Tags, keys: readonly string[]): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));
}
