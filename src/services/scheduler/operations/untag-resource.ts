import { operation } from '#cell/service-definition.ts';
import { isRefused, refuse } from '#model/aws-error.ts';
import type { UntagResourceInput, UntagResourceOutput } from '#wire/generated/scheduler.ts';
import { onTaggedGroup } from '../access.ts';
import type { SchedulerState } from '../state.ts';
import { findTagged, withoutTags } from '../tags.ts';
import { tagKeysProblem } from '../validation.ts';

export const untagResource = operation<SchedulerState, UntagResourceInput, UntagResourceOutput>({
  authorize: onTaggedGroup('UntagResource'),
  decide(turn, { ResourceArn, TagKeys: keys }) {
    const found = findTagged(turn, ResourceArn);
    if (isRefused(found)) return found;
    const problem = tagKeysProblem(keys);
    if (problem !== undefined) return refuse(problem);
    const { key, group } = found;
    const tags = withoutTags(group.tags, keys ?? []);
    turn.put(turn.state.groups, key, { ...group, tags, modifiedAtMs: turn.nowMs });
    return { output: {} };
  },
});
