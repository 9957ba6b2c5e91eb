// Groups: the default one is there without anybody making it; a deleted one takes its schedules along, some per turn.

import { type Refused, refuse } from '#model/aws-error.ts';
import type { Scope } from '#model/scope.ts';
import { scopePrefix } from '#model/scope.ts';
import { groupKey } from './arns.ts';
import type { GroupDoc } from './documents.ts';
import { groupDoesNotExist } from './errors.ts';
import { DEFAULT_GROUP, DELETIONS_PER_TURN } from './limits.ts';
import type { SchedulerTurn } from './state.ts';

const UNTOUCHED_DEFAULT: GroupDoc = { tags: {}, requestDigest: '' };

export function findGroup(turn: SchedulerTurn, scope: Scope, name: string): GroupDoc | Refused {
  const found = turn.state.groups.get(groupKey(scope, name));
  if (found !== undefined) return found;
  return name === DEFAULT_GROUP ? UNTOUCHED_DEFAULT : refuse(groupDoesNotExist(name));
}

/** Groups of the scope in order of their names; the default one among them, whether it has a document or not. */
export function groupsOf(turn: SchedulerTurn): readonly { readonly name: string; readonly group: GroupDoc }[] {
  const prefix = scopePrefix(turn.scope);
  const { groups } = turn.state;
  const found = groups.page({ prefix, limit: Number.POSITIVE_INFINITY }).items.map(({ key, doc }) => ({
    name: key.slice(prefix.length),
    group: doc,
  }));
  if (groups.has(groupKey(turn.scope, DEFAULT_GROUP))) return found;
  const all = [...found, { name: DEFAULT_GROUP, group: UNTOUCHED_DEFAULT }];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Takes some schedules of a group that is being deleted, and at last the group. */
export function emptyGroup(turn: SchedulerTurn, key: string): void {
  const { groups, schedules } = turn.state;
  const group = groups.get(key);
  if (group?.deletingAtMs === undefined) return;
  const { items, lastKey } = schedules.page({ prefix: `${key}/`, limit: DELETIONS_PER_TURN });
  for (const item of items) turn.drop(schedules, item.key);
  // Written again, so that its timer is set again.
  if (lastKey !== undefined) turn.put(groups, key, { ...group, deletingAtMs: turn.nowMs });
  else turn.drop(groups, key);
}
