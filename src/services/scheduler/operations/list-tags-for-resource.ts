import { operation } from '#cell/service-definition.ts';
import { isRefused } from '#model/aws-error.ts';
import type { ListTagsForResourceInput, ListTagsForResourceOutput } from '#wire/generated/scheduler.ts';
import { onTaggedGroup } from '../access.ts';
import type { SchedulerState } from '../state.ts';
import { findTagged } from '../tags.ts';

export const listTagsForResource = operation<SchedulerState, ListTagsForResourceInput, ListTagsForResourceOutput>({
  authorize: onTaggedGroup('ListTagsForResource'),
  decide(turn, { ResourceArn }) {
    const found = findTagged(turn, ResourceArn);
    if (isRefused(found)) return found;
    const Tags = Object.entries(found.group.tags).map(([Key, Value]) => ({ Key, Value }));
    return { output: { Tags } };
  },
});
