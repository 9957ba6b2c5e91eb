import { type Refused, refuse } from '#model/aws-error.ts';
import { scheduleKey } from './arns.ts';
import type { ScheduleDoc } from './documents.ts';
import { scheduleDoesNotExist } from './errors.ts';
import { DEFAULT_GROUP } from './limits.ts';
import type { SchedulerTurn } from './state.ts';
import { nameProblem } from './validation.ts';

export interface FoundSchedule {
  readonly key: string;
  readonly schedule: ScheduleDoc;
}

export interface ScheduleName {
  readonly Name?: string | undefined;
  readonly GroupName?: string | undefined;
  readonly ClientToken?: string | undefined;
}

export function findSchedule(turn: SchedulerTurn, input: ScheduleName): FoundSchedule | Refused {
  const problem = nameProblem(input);
  if (problem !== undefined) return refuse(problem);
  const { Name = '', GroupName = DEFAULT_GROUP } = input;
  const key = scheduleKey(turn.scope, GroupName, Name);
  const schedule = turn.state.schedules.get(key);
  return schedule === undefined ? refuse(scheduleDoesNotExist(Name)) : { key, schedule };
}
