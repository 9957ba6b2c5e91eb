import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { TagResourceInput, TagResourceOutput } from '#wire/generated/scheduler.ts';
import { onTaggedGroup } from '../access.ts';
import type { SchedulerState } from '../state.ts';
import { findTagged, withTags } from '../tags.ts';
import { tagsProblem } from '../validation.ts';

export const tagResource = operation<SchedulerState, TagResourceInput, TagResourceOutput>({
  authorize: onTaggedGroup('TagResource'),
  decide(turn, { ResourceArn, Tags: tags = [] }) {
    const found = findTagged(turn, ResourceArn);
    if (isRefused(found)) return found;
    const problem = tagsProblem(tags);
    if (problem !== undefined) return refuse(problem);
    const { key, group } = found;
    const after = withTags(group.tags, tags);
    if (isRefused(after)) return after;
    turn.put(turn.state.groups, key, { ...group, tags: after, modifiedAtMs: turn.nowMs });
    return { output: {} };
  },
});
