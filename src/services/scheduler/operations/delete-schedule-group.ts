// AWS: "Deleting a schedule group results in EventBridge Scheduler deleting all schedules associated with the group. When you delete a group, it
// remains in a DELETING state until all of its associated schedules are deleted." A small group is gone with the reply.

import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { DeleteScheduleGroupInput, DeleteScheduleGroupOutput } from '#wire/generated/scheduler.ts';
import { onGroup } from '../access.ts';
import { groupKey } from '../arns.ts';
import { defaultGroupStays, groupIsDeleting } from '../errors.ts';
import { emptyGroup, findGroup } from '../groups.ts';
import { DEFAULT_GROUP } from '../limits.ts';
import { isRepeatedDeletion, rememberDeletion } from '../requests.ts';
import type { SchedulerState } from '../state.ts';
import { nameProblem } from '../validation.ts';

export const deleteScheduleGroup = operation<SchedulerState, DeleteScheduleGroupInput, DeleteScheduleGroupOutput>({
  authorize: onGroup('DeleteScheduleGroup'),
  decide(turn, input): Reply<DeleteScheduleGroupOutput> {
    const problem = nameProblem(input);
    if (problem !== undefined) return refuse(problem);
    const { Name: name = '', ClientToken: token } = input;
    const what = `schedule-group/${name}`;
    if (isRepeatedDeletion(turn, what, token)) return { output: {} };
    if (name === DEFAULT_GROUP) return refuse(defaultGroupStays());
    const found = findGroup(turn, turn.scope, name);
    if (isRefused(found)) return found;
    if (found.deletingAtMs !== undefined) return refuse(groupIsDeleting(name));
    const key = groupKey(turn.scope, name);
    turn.put(turn.state.groups, key, { ...found, modifiedAtMs: turn.nowMs, deletingAtMs: turn.nowMs });
    emptyGroup(turn, key);
    rememberDeletion(turn, what, token);
    return { output: {} };
  },
});
