import { operation, type Reply } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import { scopePrefix } from '#model/scope.ts';
import type { CreateScheduleGroupInput, CreateScheduleGroupOutput } from '#wire/generated/scheduler.ts';
import { onGroup } from '../access.ts';
import { groupArn, groupKey } from '../arns.ts';
import { groupExists, tooMany } from '../errors.ts';
import { DEFAULT_GROUP, GROUPS_MAX } from '../limits.ts';
import { requestDigest } from '../requests.ts';
import type { SchedulerState } from '../state.ts';
import { withTags } from '../tags.ts';
import { nameProblem, tagsProblem } from '../validation.ts';

export const createScheduleGroup = operation<SchedulerState, CreateScheduleGroupInput, CreateScheduleGroupOutput>({
  authorize: onGroup('CreateScheduleGroup'),
  decide(turn, input): Reply<CreateScheduleGroupOutput> {
    const problem = nameProblem(input) ?? tagsProblem(input.Tags);
    if (problem !== undefined) return refuse(problem);
    const { Name: name = '' } = input;
    const tags = withTags({}, input.Tags ?? []);
    if (isRefused(tags)) return tags;
    const key = groupKey(turn.scope, name);
    const output = { ScheduleGroupArn: groupArn(turn.scope, name) };
    const digest = requestDigest(turn, input);
    const { groups } = turn.state;
    const existing = groups.get(key);
    const isRepeated = digest !== '' && existing?.requestDigest === digest;
    if (isRepeated) return { output };
    if (existing !== undefined || name === DEFAULT_GROUP) return refuse(groupExists(name));
    const isFull = turn.limits.mode === 'aws' && groups.list(scopePrefix(turn.scope)).length >= GROUPS_MAX;
    if (isFull) return refuse(tooMany('schedule groups', GROUPS_MAX));
    turn.put(groups, key, {
      tags,
      createdAtMs: turn.nowMs,
      modifiedAtMs: turn.nowMs,
      requestDigest: digest,
    });
    return { output };
  },
});
