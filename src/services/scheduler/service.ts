// The room of EventBridge Scheduler: what answers, what is kept, what is due.

import { defineService, type ServiceDefinition } from '#cell/service-definition.ts';
import type { WireServices } from '#wire/services.ts';
import { EMPTY_GROUP_TIMER, factBindings, RUN_TIMER, tableBindings } from './apply.ts';
import { emptyGroup } from './groups.ts';
import { createSchedule } from './operations/create-schedule.ts';
import { createScheduleGroup } from './operations/create-schedule-group.ts';
import { deleteSchedule } from './operations/delete-schedule.ts';
import { deleteScheduleGroup } from './operations/delete-schedule-group.ts';
import { getSchedule } from './operations/get-schedule.ts';
import { getScheduleGroup } from './operations/get-schedule-group.ts';
import { listScheduleGroups } from './operations/list-schedule-groups.ts';
import { listSchedules } from './operations/list-schedules.ts';
import { listTagsForResource } from './operations/list-tags-for-resource.ts';
import { tagResource } from './operations/tag-resource.ts';
import { untagResource } from './operations/untag-resource.ts';
import { updateSchedule } from './operations/update-schedule.ts';
import { run } from './run.ts';
import { snapshot } from './snapshot.ts';
import { SchedulerState, type SchedulerTurn } from './state.ts';
import { ANSWERED, acceptForOperation, answered } from './universal/target.ts';

/** `wire`: the schemas of the services that universal targets can call. */
export function schedulerService({ wire }: { readonly wire: WireServices }): ServiceDefinition {
  return defineService<SchedulerState>({
    name: 'scheduler',
    createState: () => new SchedulerState(wire),
    tables: tableBindings,
    facts: factBindings,
    operations: {
      CreateSchedule: createSchedule,
      CreateScheduleGroup: createScheduleGroup,
      DeleteSchedule: deleteSchedule,
      DeleteScheduleGroup: deleteScheduleGroup,
      GetSchedule: getSchedule,
      GetScheduleGroup: getScheduleGroup,
      ListScheduleGroups: listScheduleGroups,
      ListSchedules: listSchedules,
      ListTagsForResource: listTagsForResource,
      TagResource: tagResource,
      UntagResource: untagResource,
      UpdateSchedule: updateSchedule,
    },
    timers: { [RUN_TIMER]: run, [EMPTY_GROUP_TIMER]: emptyGroup },
    reactions: { [ANSWERED]: answered },
    snapshot,
    doors: () => ({
      target: { accept: (turn, handOver) => acceptForOperation(turn as SchedulerTurn, handOver) },
    }),
  });
}
